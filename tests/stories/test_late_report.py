"""A firm is late with its report: proposed, listed by an officer, told, filed, removed, gone."""

from __future__ import annotations

import re

from tests.stories import printed
from tests.stories.pages import Node
from tests.stories.town import Town
from tests.stories.townsfolk import LATE, TARDY
from tests.stories.visitor import Visitor, file_report, link, main_form, take_step

ROOM = "/desk/lists/proposed?process=abnormal_listing"
FILE = f"/s/{LATE.uscc}"
LISTS = {
    "/agencies/market_regulation/abnormal_operation", "/announcements", "/announcements.atom",
    "/lists/abnormal_operations", "/lists/abnormal_operations.csv",
}  # fmt: skip
REMOVAL = {"/announcements", "/announcements.atom"}
CAUSE = "未按期公示年度报告"
OF_THE_FIRM = {FILE, f"{FILE}.json", f"/api/v1/subjects/{LATE.uscc}", "report", "copy"}
LISTED = f"决定列入（{CAUSE}）"
NOTICE = re.compile("/account/notices/[0-9a-f-]{36}")
OUTDATED = "报告是真的，但此后事实已有变化"


def test_who_is_late_is_listed_by_an_officer_told_files_and_is_removed_everywhere(
    town: Town,
) -> None:
    owner, registrar = town.enter("late"), town.enter("registrar")
    assert "逾期未报" in owner.open("/counter/filings").text
    assert town.outlets(LATE.uscc, LATE.name) & LISTS == set(), "a rule lists nobody"
    sign_for(registrar, LATE.uscc)
    number = case_of(registrar, "YCLR")
    owner.until(FILE, number)
    assert town.outlets(LATE.uscc, number) >= OF_THE_FIRM
    assert town.outlets(LATE.uscc, LATE.name) >= LISTS
    paper = town.report(LATE.uscc)
    told = owner.until("/account/notices", LISTED)
    notice = owner.open(next(one for one in told.links if NOTICE.fullmatch(one)))
    assert "列入经营异常名录" in notice.text

    early = owner.open(link(owner.open("/counter/"), "/counter/apply/abnormal_removal/"))
    assert "列入所因的年度报告已经补报" in early.text, "why he cannot apply yet"
    assert "先补报并公示列入时已经逾期的那一年度的年度报告" in early.text
    assert "证明材料：平台已有" not in early.text
    filings = owner.open("/counter/filings")
    sent = file_report(owner, owner.open(link(filings, "/counter/filings/annual_report/")))
    assert "逾期" in sent.text
    owner.until(owner.at, "已公示")
    applied = apply_for_removal(owner)
    assert "待决定" in applied.text

    assert "移出经营异常名录" in registrar.until("/desk/cases", "YCYC2").text
    case = registrar.open(link(registrar.open("/desk/cases"), "/desk/cases/YCYC2"))
    assert "已移出" in take_step(registrar, case, "remove", reason="已补报年度报告").text
    owner.until_gone(FILE, number)
    assert town.outlets(LATE.uscc, number) == set()
    assert town.outlets(LATE.uscc, LATE.name) & LISTS == REMOVAL, "that it was removed is announced"
    assert town.outlets(LATE.uscc, CAUSE) & LISTS == set()
    assert "已移出" in owner.until("/account/notices", "已移出").text
    assert LATE.uscc not in registrar.open(ROOM).text, "who filed is proposed no more"
    n, c = printed.number_and_code(paper)
    assert OUTDATED in town.visitor().open(f"/verify?n={n}&c={c}").text


def sign_for(registrar: Visitor, code: str) -> None:
    """Choose one of those proposed, read once more for whom, and sign."""
    page = registrar.open(ROOM)
    assert TARDY.uscc in page.text, "others are proposed as well"
    chosen = row_of(page, code).one("input").attributes["value"]
    told = registrar.submit(main_form(page), subject=chosen, act="choose")
    assert "将为 1 户签署决定" in told.text
    signed = registrar.submit(main_form(told), subject=chosen, act="sign")
    assert "已签署 1 户" in signed.text
    assert code not in registrar.open(ROOM).text


def row_of(page: Node, code: str) -> Node:
    return next(row for row in page.all("tr") if code in row.text)


def case_of(officer: Visitor, letters: str) -> str:
    """The number of the last case of this process that was closed."""
    closed = officer.open("/desk/cases?state=closed")
    return link(closed, f"/desk/cases/{letters}2").rpartition("/")[2]


def apply_for_removal(owner: Visitor) -> Node:
    """From one's own credit: what the platform has is not asked for again."""
    page = owner.open(link(owner.open("/counter/"), "/counter/apply/abnormal_removal/"))
    assert "证明材料：平台已有" in page.text
    return owner.submit(main_form(page), **{"f-performed": "已补报年度报告并公示"})
