"""A penalty is public in time, repaired once its shortest period is over, and gone everywhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tests.stories import printed
from tests.stories.pages import Node
from tests.stories.province import TODAY, ago
from tests.stories.test_the_tour import PICTURE
from tests.stories.town import Town
from tests.stories.townsfolk import FINED, HELD_BACK, OLD, TARDY, YOUNG
from tests.stories.visitor import Visitor, awaited, link, main_form, take_step

FILE = f"/s/{FINED.uscc}"
HOUSING = "广东省住房和城乡建设厅"
ATOM, TOMBSTONE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
PROOF = {"p-proof": ("缴款凭证.png", PICTURE, "image/png")}
APPLICATION = {
    "f-performed_on": "2026-11-02", "f-correction": "已缴清罚款并完成整改", "f-commitment": "true",
    "f-contact": "陈示例", "f-phone": "13800000000",
}  # fmt: skip
EVERYWHERE = {
    FILE, f"{FILE}/timeline", f"{FILE}/history", f"{FILE}/feed.atom", f"{FILE}.json",
    f"/api/v1/subjects/{FINED.uscc}", "/agencies/environment/penalty", "report", "copy",
}  # fmt: skip


@pytest.fixture(scope="module")
def owner(town: Town) -> Visitor:
    return town.enter("fined")


def record(town: Town, code: str, number: str) -> str:
    """The id of the record of a penalty."""
    told = town.site.document(code)["records"]
    return next(str(one["record"]) for one in told if one["facts"].get("doc_no") == number)


def test_it_was_public_within_its_working_days_and_another_was_not(town: Town) -> None:
    in_time = town.site.page(f"{FILE}/records/{record(town, FINED.uscc, OLD)}").text
    late = town.site.page(f"/s/{TARDY.uscc}/records/{record(town, TARDY.uscc, HELD_BACK)}").text
    assert OLD in in_time
    assert "逾期公开" not in in_time
    assert "逾期公开" in late


def test_before_its_shortest_period_is_over_it_is_said_from_when_on(
    town: Town, owner: Visitor
) -> None:
    assert "起可以申请" in owner.open("/counter/").text
    young = f"/counter/apply/penalty_repair/{record(town, FINED.uscc, YOUNG)}"
    page = owner.open(young)
    for said in ("公示已满最短期限", "不符合", "起符合", "条件全部符合以后才能申请"):
        assert said in page.text, said
    assert not [f for f in page.one("main").all("form") if f.all("textarea")]
    old = f"/counter/apply/penalty_repair/{record(town, FINED.uscc, OLD)}"
    form = main_form(owner.open(old))
    form.attributes["action"] = young
    assert "公示已满最短期限" in owner.refused(form, PROOF, **APPLICATION).text
    assert "XF2" not in owner.open("/counter/cases").text


def test_once_repaired_it_is_gone_everywhere(town: Town, owner: Visitor) -> None:
    assert town.outlets(FINED.uscc, OLD) >= EVERYWHERE
    address = f"{FILE}/records/{record(town, FINED.uscc, OLD)}"
    paper = town.report(FINED.uscc)
    applied = applied_for(town, owner)
    assert "待受理" in applied.text
    clerk, head = town.enter("env.clerk"), town.enter("env.head")
    assert "已受理" in take_step(clerk, open_case(clerk), "accept").text
    assert "已修复" in take_step(head, open_case(head), "grant").text
    owner.until_gone(FILE, OLD)
    assert town.outlets(FINED.uscc, OLD) == set()
    assert town.outlets(FINED.uscc, YOUNG) >= EVERYWHERE, "the other stands"
    assert town.site.answer(address).status_code == 404
    assert "已修复" in owner.until("/account/notices", "已修复").text
    n, c = printed.number_and_code(paper)
    verified = town.visitor().open(f"/verify?n={n}&c={c}").text
    assert "报告是真的，但此后事实已有变化" in verified
    assert OLD not in verified
    who_keeps_copies_confirms(town)


def test_what_the_body_that_decided_delivers_as_repaired_is_recalled_as_well(town: Town) -> None:
    """No case is decided here: the row of an agency takes it down. Feeds tell that, not what."""
    assert town.outlets(FINED.uscc, YOUNG) >= EVERYWHERE, "the system that keeps copies looks, too"
    told = entries(town)
    repaired = FINED.penalty(CF_WSH=YOUNG, CF_JDRQ=ago(14), CF_ZT="已修复")
    town.deliver("penalties_2018", repaired, agency="environment")
    recall = awaited(
        lambda: next(iter(unconfirmed(town)), None), "the recall of what was delivered"
    )
    assert (recall["kind"], recall["code"]) == ("penalty", FINED.uscc)
    assert recall["due"] > TODAY.isoformat()
    assert town.outlets(FINED.uscc, YOUNG) == set()
    withdrawn = {one.attrib["ref"] for one in feed(town).iter(f"{TOMBSTONE}deleted-entry")}
    assert (told - entries(town)) <= withdrawn
    assert told - entries(town)
    for place in ("feed.atom", "history"):
        said = town.site.answer(f"{FILE}/{place}").text
        assert "一条此前公开的记录" in said
        assert "处罚" not in (said.partition("<main")[2] or said), place
    chief = town.enter("chief")
    assert HOUSING in waited_for(chief.open("/desk/corrections"))
    where = f"recalls/{recall['number']}/confirmed"
    assert town.say(where, "copier").status_code == 200
    assert HOUSING not in waited_for(chief.open("/desk/corrections"))
    town.deliver("penalties_2018", repaired, agency="environment")
    town.deliver("penalties_2018", {**repaired, "CF_NR_FK": "13"}, agency="environment")
    assert unconfirmed(town) == []


def unconfirmed(town: Town) -> list[dict[str, Any]]:
    """The recalls of the firm that the system that keeps copies has to confirm yet."""
    told: list[dict[str, Any]] = town.read("recalls", "copier").json()["recalls"]
    own = [one for one in told if one["code"] == FINED.uscc]
    return [one for one in own if one["confirmed_at"] is None]


def feed(town: Town) -> ET.Element:
    return ET.fromstring(town.site.answer(f"{FILE}/feed.atom").text)


def entries(town: Town) -> set[str]:
    """The names of the entries of the firm's feed."""
    return {one.findtext(f"{ATOM}id", "") for one in feed(town).iter(f"{ATOM}entry")}


def who_keeps_copies_confirms(town: Town) -> None:
    """The system that read the file while it stood is told; until it confirms it is listed."""
    recall = town.recall(FINED.uscc, "copier")
    assert (recall["kind"], recall["confirmed_at"]) == ("penalty", None)
    assert recall["due"] > TODAY.isoformat()
    assert OLD not in str(recall)
    assert town.read("recalls", "elsewhere").json() == {"recalls": [], "more": False}
    where = f"recalls/{recall['number']}/confirmed"
    assert town.say(where, "elsewhere").status_code == 404
    chief = town.enter("chief")
    assert HOUSING in waited_for(chief.open("/desk/corrections"))
    at = town.say(where, "copier").json()["confirmed_at"]
    assert town.say(where, "copier").json()["confirmed_at"] == at, "once"
    assert HOUSING not in waited_for(chief.open("/desk/corrections"))


def waited_for(page: Node) -> str:
    """What the list of recalls says of the firm: who has not confirmed yet."""
    return " ".join(one.text for one in page.all("tr") if FINED.uscc in one.text)


def applied_for(town: Town, owner: Visitor) -> Node:
    """Apply for the repair of the old one, after reading whether one may."""
    page = owner.open(f"/counter/apply/penalty_repair/{record(town, FINED.uscc, OLD)}")
    assert "不符合" not in page.text
    assert page.text.count("符合") >= 2, "condition by condition"
    return owner.submit(main_form(page), PROOF, **APPLICATION)


def open_case(officer: Visitor) -> Node:
    cases = officer.until("/desk/cases", "XF2")
    return officer.open(link(cases, "/desk/cases/XF2"))
