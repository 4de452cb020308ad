"""What waits is compared again: once weights changed, once registers tell more. People stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tests.cast import COMPANY, OPERATOR, TRADER
from tests.intake import Intake, Row
from tests.judging import held_row, judge
from tests.state import all_rows, value

from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.relink import Relinked, foresee, relink
from yuexin.engines.declare.queries import current, load
from yuexin.engines.declare.types import Declarations

pytestmark = pytest.mark.usefixtures("undone")
MODEL = "linkage/subjects.yaml"


@cache
def bounds(link_at: int, ask_at: int = 2) -> Declarations:
    """What is declared, but for the bits from which on a row is linked, or asked about."""
    files = dict(current().files)
    said = (
        files[MODEL]
        .decode()
        .replace("link_at: 6\nask_at: 2", f"link_at: {link_at}\nask_at: {ask_at}")
    )
    return load({**files, MODEL: said.encode()})


@pytest.fixture
def wary(deliver: Intake) -> Intake:
    """An intake that links nothing, for all rows without a code."""
    told = replace(deliver, declarations=bounds(60))
    told("registration", [COMPANY.registration(), TRADER.registration()])
    told("penalties_2018", [without_code()])
    return told


def without_code(number: str = "1", **changes: str) -> Row:
    return COMPANY.penalty(number, CF_XDR_SHXYM="", **changes)


def again(deliver: Intake, declarations: Declarations | None = None, days: int = 1) -> Relinked:
    now = deliver.now + dt.timedelta(days=days)
    return relink(declarations=declarations or current(), actor=OPERATOR, clock=lambda: now)


def said() -> list[tuple[Any, ...]]:
    return all_rows("SELECT verdict, author, folding FROM judgement ORDER BY number")


def same_again(deliver: Intake) -> None:
    now = deliver.now + dt.timedelta(days=9)
    found = rebuild(home=deliver.home, declarations=current(), check=True, now=now)
    assert found.differences == ()


def test_what_waits_is_linked_once_the_weights_allow_it(wary: Intake) -> None:
    assert said() == [("unsure", "matcher", True)]
    found = again(wary)
    assert (found.compared, found.linked, found.rows, found.asked) == (1, 1, 1, 0)
    assert said()[1:] == [("same", "matcher", False)]
    assert value("SELECT count(*) FROM waiting") == 0
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 1
    same_again(wary)


def test_comparing_twice_says_nothing_new(wary: Intake) -> None:
    wary("penalties_2018", [without_code("2", CF_XDR_MC="佛山岭奥示例家俱有限公司")])
    again(wary)
    before = said()
    found = again(wary, days=2)
    assert found.is_nothing
    assert said() == before
    assert value("SELECT count(*) FROM waiting") == 1


def test_a_dry_run_says_it_and_writes_nothing(wary: Intake) -> None:
    before = said()
    found = foresee(declarations=current(), actor=OPERATOR)
    assert (found.linked, found.rows) == (1, 1)
    (shown,) = found.shown
    assert (shown.delivery, shown.row, shown.code) == (2, 1, COMPANY.uscc)
    assert said() == before
    assert value("SELECT count(*) FROM waiting") == 1


@pytest.mark.parametrize("verdict", ["unsure", "different", "taken_back"])
def test_what_a_person_said_stands(wary: Intake, verdict: Any) -> None:
    if verdict == "taken_back":
        judge(wary, held_row(), "same", COMPANY.uscc)
    judge(wary, held_row(), verdict, COMPANY.uscc, reason="看过原件")
    before = said()
    assert again(wary).is_nothing
    assert said() == before
    assert value("SELECT count(*) FROM waiting") == 1


def test_what_a_person_led_elsewhere_stays_there(wary: Intake) -> None:
    judge(wary, held_row(), "same", TRADER.uscc)
    before = said()
    assert again(wary).is_nothing
    assert said() == before
    assert value("SELECT subject FROM led_row") == value(
        "SELECT id FROM subject WHERE code = %s", TRADER.uscc
    )


def test_after_a_person_said_whose_it_is_not_another_one_is_only_asked_about(wary: Intake) -> None:
    judge(wary, held_row(), "different", TRADER.uscc)
    found = again(wary)
    assert (found.linked, found.asked) == (0, 1)
    assert value("SELECT count(*) FROM waiting") == 1
    assert again(wary).is_nothing
    same_again(wary)


def test_whom_it_asked_about_in_vain_it_asks_no_more(wary: Intake) -> None:
    found = again(wary, bounds(90, 80))
    assert (found.linked, found.asked, found.dropped) == (0, 0, 1)
    assert said()[-1] == ("taken_back", "matcher", False)
    assert again(wary, bounds(90, 80)).is_nothing
    assert again(wary).linked == 1
    same_again(wary)


def test_each_piece_counts_by_itself(wary: Intake) -> None:
    wary("penalties_2018", [without_code("2", CF_XDR_MC=COMPANY.name + "*")])
    seen: list[tuple[int, int]] = []
    found = relink(
        declarations=current(),
        actor=OPERATOR,
        clock=lambda: wary.now,
        at_once=1,
        progress=lambda _, done, of: seen.append((done, of)),
    )
    assert (found.compared, found.linked) == (2, 2)
    assert seen[:2] == [(1, 2), (2, 2)]
    assert value("SELECT count(DISTINCT act) FROM judgement WHERE NOT folding") == 2
    same_again(wary)


def test_where_nothing_waits_nothing_is_compared(deliver: Intake) -> None:
    assert again(deliver) == Relinked()
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'judgement.relinked'") == 0


# --- in the fold that tells of somebody new ---


@pytest.fixture
def early(deliver: Intake) -> Intake:
    """An intake whose rows without a code came before their firm was known."""
    deliver("registration", [TRADER.registration()])
    deliver("penalties_2018", [without_code()])
    assert value("SELECT count(*) FROM judgement") == 0
    return deliver


def test_a_register_that_brings_the_firm_links_what_waited_for_it(early: Intake) -> None:
    found = early("registration", [COMPANY.registration()])
    assert (found["rows_new"], found["rows_waiting"]) == (1, 0)
    assert all_rows("SELECT verdict, after, folding FROM judgement") == [("same", 3, True)]
    assert all_rows("SELECT delivery, folded_in FROM record WHERE kind = 'penalty'") == [(2, 3)]
    assert value("SELECT count(*) FROM waiting") == 0
    same_again(early)


def test_a_row_is_found_by_how_its_name_sounds(early: Intake) -> None:
    told = {"CF_XDR_MC": "佛山岭奥示例家俱有限公司", "CF_FRDB": "李四"}
    early("penalties_2018", [without_code("2", **told)])
    early("registration", [COMPANY.registration(名称="佛山岭奥示例家具有限公司")])
    rows = "SELECT DISTINCT verdict FROM judgement JOIN waiting ON mention = about"
    assert all_rows(rows) == [("unsure",)]
    same_again(early)


def test_a_code_that_becomes_known_is_compared_by_its_name(deliver: Intake) -> None:
    deliver("registration", [TRADER.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=COMPANY.name + "*")])
    assert value("SELECT reason FROM waiting") == "UNREGISTERED"
    deliver("registration", [COMPANY.registration()])
    assert value("SELECT count(*) FROM waiting") == 0
    assert value("SELECT reason FROM led_row") == "NAME_DISAGREES"
    same_again(deliver)


def test_a_name_that_is_told_anew_finds_what_waited_under_it(early: Intake) -> None:
    early("registration", [COMPANY.registration(名称="佛山别名有限公司")])
    assert value("SELECT count(*) FROM waiting") == 1
    early("registration", [COMPANY.registration(核准日期="2025-01-01")])
    assert value("SELECT count(*) FROM waiting") == 0
    same_again(early)


def test_what_a_person_said_stands_when_a_register_comes(early: Intake) -> None:
    judge(early, held_row(), "unsure", TRADER.uscc)
    early("registration", [COMPANY.registration()])
    assert value("SELECT count(*) FROM judgement") == 1
    assert value("SELECT count(*) FROM waiting") == 1
    assert again(early).is_nothing
