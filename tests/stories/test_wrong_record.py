"""A record is wrong: objected to, marked as disputed everywhere, corrected or taken down."""

from __future__ import annotations

import re

import pytest
from tests.stories.pages import Node
from tests.stories.town import Town
from tests.stories.townsfolk import FOREIGN, MISTAKE, MISTAKEN, RIVAL, TRUTH, WRONGED
from tests.stories.visitor import Visitor, awaited, form_asking, link, main_form, take_step

FILE = f"/s/{WRONGED.uscc}"
DISPUTED = "异议处理中"
WORDS = {"f-wrong": "罚款金额写错", "f-contact": "陈示例", "f-phone": "020-12345678"}


@pytest.fixture(scope="module")
def owner(town: Town) -> Visitor:
    return town.enter("wronged")


@pytest.fixture(scope="module")
def clerk(town: Town) -> Visitor:
    return town.enter("env.clerk")


def record(town: Town, number: str) -> str:
    told = town.site.document(WRONGED.uscc)["records"]
    return next(str(one["record"]) for one in told if one["facts"].get("doc_no") == number)


def objected(town: Town, owner: Visitor, number: str) -> str:
    """The number of the case by which the owner objects to a penalty."""
    page = owner.open(f"/counter/apply/objection/{record(town, number)}")
    assert "待签收" in owner.submit(main_form(page), **WORDS).text
    return owner.at.rpartition("/")[2]


def stepped(officer: Visitor, case: str, step: str, **said: str) -> Node:
    return take_step(officer, officer.open(f"/desk/cases/{case}"), step, **said)


def looked(officer: Visitor) -> None:
    """An officer of another body reads the file, for a purpose."""
    asked = officer.open(f"/desk/subjects/{WRONGED.uscc}")
    read = officer.submit(form_asking(asked, "purpose"), purpose="licensing")
    assert MISTAKE in read.text


def told_and_confirmed(officer: Visitor) -> None:
    """Whoever had read it is told that a record is changed, and confirms it at the desk."""
    told = "您看过的档案中，一条记录已撤下或更改"
    assert told in officer.until("/account/notices", told).text
    page = officer.open("/desk/corrections")
    assert WRONGED.uscc in page.text
    assert MISTAKE not in page.text
    done = officer.submit(of_firm(page).one("form"))
    assert "已确认，并记入日志" in done.text
    assert not [f for f in of_firm(done).all("form") if "副本已删除或更新" in f.text]


def of_firm(page: Node) -> Node:
    """What the page says of the firm's record, whatever else was recalled."""
    (own,) = (one for one in page.all("article") if WRONGED.uscc in one.text)
    return own


def test_what_is_objected_to_is_marked_everywhere_and_then_right_everywhere(
    town: Town, owner: Visitor, clerk: Visitor
) -> None:
    address = f"{FILE}/records/{record(town, MISTAKEN)}"
    assert town.outlets(WRONGED.uscc, DISPUTED) == set()
    told = town.outlets(WRONGED.uscc, MISTAKE)
    assert {FILE, f"{FILE}.json", "report", "copy"} <= told
    buyer = town.enter("buyer")
    looked(buyer)
    case = objected(town, owner, MISTAKEN)
    assert DISPUTED in town.site.page(address).text
    assert {FILE, f"{FILE}/timeline", "report"} <= town.outlets(WRONGED.uscc, DISPUTED)
    disputed = [record(town, MISTAKEN)]
    assert town.site.document(WRONGED.uscc)["disputed"] == disputed
    assert town.read(f"subjects/{WRONGED.uscc}", "copier").json()["disputed"] == disputed
    assert DISPUTED in owner.open("/counter/").text
    clerk.until("/desk/cases", case)
    assert "核查中" in stepped(clerk, case, "receive").text
    right = {"f-field": "content", "f-value": TRUTH, "reason": "抄录有误"}
    assert "已更正" in stepped(clerk, case, "correct", **right).text
    town.visitor().until(FILE, TRUTH)
    assert town.outlets(WRONGED.uscc, MISTAKE) == set()
    assert town.outlets(WRONGED.uscc, TRUTH) >= told
    assert town.outlets(WRONGED.uscc, DISPUTED) == set()
    assert "已答复" in stepped(clerk, case, "answer", **{"f-answer": "已更正为二万元"}).text
    assert "已更正为二万元" in owner.open(f"/counter/cases/{case}").text
    told_and_confirmed(buyer)


def test_what_is_not_theirs_is_taken_down_by_another_officer(
    town: Town, owner: Visitor, clerk: Visitor
) -> None:
    address = f"{FILE}/records/{record(town, FOREIGN)}"
    case = objected(town, owner, FOREIGN)
    stepped(clerk, case, "receive")
    head = town.enter("env.head")
    assert "已撤下" in stepped(head, case, "take_down", reason="张冠李戴").text
    town.visitor().until_gone(FILE, FOREIGN)
    assert town.outlets(WRONGED.uscc, FOREIGN) == set()
    assert town.site.answer(address).status_code == 404
    assert case in owner.until("/account/notices", case).text


def test_a_firm_finds_no_way_to_object_to_what_is_of_another(town: Town) -> None:
    rival = town.enter("rival")
    page = rival.open(f"/counter/apply/objection/{record(town, MISTAKEN)}", status=400)
    assert WRONGED.name not in page.text


def test_a_visitor_tells_of_a_false_report_and_is_answered(town: Town) -> None:
    town.deliver("annual_reports", RIVAL.report(2024))
    told = town.site.document(RIVAL.uscc)["records"]
    report = next(one["record"] for one in told if one["kind"] == "annual_report")
    visitor, registrar = town.visitor(), town.enter("registrar")
    page = visitor.open(f"/s/{RIVAL.uscc}/records/{report}/tell")
    said = "从业人数与社保缴纳人数相差十倍，附近的人都知道。"
    received = visitor.submit(main_form(page), what=said, contact="teller@example.org")
    assert "已收到" in received.text
    number = re.search(r"NBJB\d+-\d+", received.text)
    assert number
    assert said not in visitor.open(f"/s/{RIVAL.uscc}").text
    cases = registrar.until("/desk/cases", "NBJB2")
    case = registrar.open(link(cases, "/desk/cases/NBJB2"))
    assert "不属实" in take_step(registrar, case, "unfounded", reason="经核查数据属实").text
    answered = "SELECT values->'result'->>0 FROM notice WHERE key = %s"
    told_of = f"told/{number[0]}"
    # The mail itself waits for the morning.
    assert awaited(lambda: town.site.console.rows(answered, told_of) or None, told_of) == [
        ("不属实",)
    ]
    kept = 'SELECT * FROM filing_teller WHERE "case" = %s'
    assert town.site.console.rows(kept, number[0]) == [], "where he may be answered is forgotten"
