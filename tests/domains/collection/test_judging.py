"""Whose a row is: what a person says lets it through, holds it back, and can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.cast import CLERK, COMPANY, TRADER
from tests.intake import Intake, Row
from tests.judging import held_row, judge
from tests.state import all_rows, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.rebuild import rebuild

pytestmark = pytest.mark.usefixtures("undone")

MISSPELT = "佛山岭奥示例家俱有限公司"


def without_code(**changes: str) -> Row:
    return COMPANY.penalty(CF_XDR_SHXYM="", CF_XDR_MC=MISSPELT, **changes)


def judged(
    deliver: Intake, verdict: Any = "same", code: str = COMPANY.uscc, **said: Any
) -> int | None:
    return judge(deliver, held_row(), verdict, code, **said)


def penalties() -> list[tuple[str, str]]:
    return all_rows(
        "SELECT s.code, body->>'doc_no' FROM public_row p JOIN subject s ON s.id = p.subject "
        "WHERE p.kind = 'penalty' ORDER BY 1, 2"
    )


def same_again(deliver: Intake) -> None:
    found = rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    )
    assert found.differences == ()


@pytest.fixture(autouse=True)
def _register(deliver: Intake, undone: None) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()])


def test_a_row_that_is_judged_a_subjects_stands_on_its_file(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    assert judged(deliver, reason="一字之差")
    assert [code for code, _ in penalties()] == [COMPANY.uscc]
    assert value("SELECT count(*) FROM waiting") == 0
    same_again(deliver)


def test_what_was_judged_of_whom_counts_for_every_row_that_says_the_same(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code(), without_code(CF_WSH="粤环示例罚〔2026〕2号")])
    judged(deliver)
    later = deliver("penalties_2018", [without_code(CF_WSH="粤环示例罚〔2026〕3号")])
    assert (later["rows_new"], later["rows_waiting"]) == (1, 0)
    assert len(penalties()) == 3
    same_again(deliver)


def test_what_is_taken_back_waits_again_and_leaves_the_file(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    judged(deliver)
    assert judged(deliver, "taken_back", reason="是另一家")
    assert penalties() == []
    assert value("SELECT reason FROM waiting") == "NO_CODE"
    assert (
        value("SELECT count(*) FROM record WHERE kind = 'penalty' AND superseded_at IS NULL") == 0
    )
    again = deliver("penalties_2018", [without_code(CF_WSH="粤环示例罚〔2026〕2号")])
    assert again["rows_waiting"] == 1
    same_again(deliver)


def test_a_row_judged_anothers_moves_to_its_file(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    judged(deliver)
    judged(deliver, code=TRADER.uscc)
    assert [code for code, _ in penalties()] == [TRADER.uscc]
    same_again(deliver)


def test_what_a_wrong_row_had_corrected_holds_again(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty()])
    deliver("penalties_2018", [without_code(CF_NR_FK="3", CF_NR="罚款三万元")])
    judged(deliver)
    assert (
        value("SELECT body->>'fine_amount' FROM public_row WHERE kind = 'penalty'") == "30000.0000"
    )
    judged(deliver, "different")
    assert (
        value("SELECT body->>'fine_amount' FROM public_row WHERE kind = 'penalty'") == "120000.0000"
    )
    assert value("SELECT count(*) FROM waiting") == 1
    same_again(deliver)


def test_nothing_of_a_wrong_mention_stays_however_often_it_was_corrected(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty("9")])
    deliver("penalties_2018", [without_code(), without_code(CF_WSH=COMPANY.penalty("9")["CF_WSH"])])
    judged(deliver)
    told = {"CF_NR_FK": "3", "CF_NR": "罚款三万元"}
    deliver("penalties_2018", [without_code(**told)])
    deliver("penalties_2018", [without_code(CF_WSH=COMPANY.penalty("9")["CF_WSH"], **told)])
    assert value("SELECT max(version) FROM record WHERE kind = 'penalty'") == 3
    judged(deliver, "taken_back", reason="是另一家")
    assert penalties() == [(COMPANY.uscc, COMPANY.penalty("9")["CF_WSH"])]
    shown = "SELECT body->>'fine_amount' FROM public_row WHERE kind = 'penalty'"
    assert value(shown) == "120000.0000"
    assert value("SELECT count(*) FROM waiting") == 4
    same_again(deliver)


def test_a_person_holds_back_a_row_whose_code_is_another_ones(deliver: Intake) -> None:
    deliver("licences_2018", [COMPANY.licence(XK_XDR_MC="完全另外一家有限公司")])
    assert value("SELECT reason FROM waiting") == "NAME_DISAGREES"
    judged(deliver, "different")
    assert value("SELECT reason FROM waiting") == "NAME_DISAGREES"
    deliver(
        "registration", [COMPANY.registration(曾用名="完全另外一家有限公司", 核准日期="2022-01-01")]
    )
    assert value("SELECT reason FROM waiting") == "JUDGED_DIFFERENT"
    same_again(deliver)


def test_the_second_of_two_officers_looks_again(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    judged(deliver)
    with pytest.raises(Refusal) as refused:
        judged(deliver, "different", seen=0)
    assert refused.value.code == "JUDGED_MEANWHILE"
    assert len(penalties()) == 1


def test_taking_back_needs_a_reason(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    judged(deliver)
    with pytest.raises(Refusal, match="理由"):
        judged(deliver, "taken_back")


def test_who_may_not_judge_is_refused(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    with pytest.raises(Refusal) as refused:
        judged(deliver, actor=CLERK)
    assert refused.value.code == "ROOM"


def test_a_code_that_founds_another_firm_is_a_persons_to_judge(deliver: Intake) -> None:
    reused = COMPANY.registration(
        名称="完全另外一家有限公司", 成立日期="2020-01-01", 核准日期="2022-01-01"
    )
    deliver("registration", [reused])
    assert value("SELECT reason FROM waiting") == "CODE_REUSED"
    assert value("SELECT name FROM subject WHERE code = %s", COMPANY.uscc) == COMPANY.name
    judged(deliver)
    assert value("SELECT name FROM subject WHERE code = %s", COMPANY.uscc) == "完全另外一家有限公司"
    same_again(deliver)


def test_a_firm_that_changes_its_name_is_no_doubt(deliver: Intake) -> None:
    deliver(
        "registration", [COMPANY.registration(名称="完全另外一家有限公司", 核准日期="2022-01-01")]
    )
    assert value("SELECT count(*) FROM waiting") == 0


def test_what_the_public_is_shown_of_a_row_begins_when_it_was_judged(deliver: Intake) -> None:
    deliver("penalties_2018", [without_code()])
    late = deliver.now + dt.timedelta(days=3)
    judged(deliver, now=late)
    assert value("SELECT shown_from FROM public_row WHERE kind = 'penalty'") == late.date()
