"""A trial places and compares rows as their delivery would, and leaves nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from tests.cast import COMPANY, OPERATOR, TRADER, entity
from tests.intake import Intake, Row, table
from tests.judging import held_row, judge
from tests.state import all_rows, state, value

from yuexin.domains.collection.operations import try_out
from yuexin.domains.collection.trial import MOST_COMPARED, Trial
from yuexin.domains.collection.types import Offer

pytestmark = pytest.mark.usefixtures("undone")


def unnamed(number: str = "1", **changes: str) -> Row:
    return COMPANY.penalty(number, CF_XDR_SHXYM="", **changes)


@pytest.fixture(autouse=True)
def _register(deliver: Intake, undone: None) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()])


def tried(deliver: Intake, rows: list[Row], resource: str = "penalties_2018", **said: Any) -> Trial:
    agency = deliver.declarations.resources[resource].providers[0]
    return try_out(
        home=deliver.home,
        stream=io.BytesIO(table(deliver.headers(resource), rows).encode()),
        offer=Offer(resource=resource, agency=agency, channel="console", file_name="a.csv", **said),
        declarations=deliver.declarations,
        actor=OPERATOR,
        now=deliver.now,
    )


def left() -> tuple[Any, ...]:
    tables = all_rows("SELECT relname FROM pg_class WHERE relpersistence = 't' ORDER BY 1")
    return state(), value("SELECT count(*) FROM judgement"), tables


def test_a_trial_says_of_rows_in_doubt_what_their_delivery_says(deliver: Intake) -> None:
    rows = [
        COMPANY.penalty("1"),
        unnamed("2"),
        unnamed("3", CF_FRDB=""),
        unnamed("4", CF_XDR_MC="无人用过的名称有限公司", CF_FRDB=""),
        entity(7).penalty("5"),
        COMPANY.penalty("6", CF_XDR_MC="完全另外一家有限公司"),
    ]
    before = left()
    found = tried(deliver, rows)
    assert left() == before
    assert (found.received, found.rejected, found.compared) == (6, 0, 6)
    receipt = deliver("penalties_2018", rows)
    assert sum(found.waiting.values()) == receipt["rows_waiting"]
    reasons = all_rows("SELECT reason, count(*) FROM waiting GROUP BY 1 ORDER BY 1")
    assert list(found.waiting.items()) == reasons
    assert found.matched == value("SELECT count(*) FROM led_row") >= 1
    assert found.asked == value(
        "SELECT count(*) FROM waiting WHERE mention IN "
        "(SELECT about FROM judgement WHERE verdict = 'unsure')"
    )
    assert found.asked >= 1


def test_what_a_person_said_of_whom_it_mentions_counts_in_a_trial(deliver: Intake) -> None:
    row = unnamed("3", CF_FRDB="")
    deliver("penalties_2018", [row])
    assert tried(deliver, [row]).asked == 1
    judge(deliver, held_row(), "same", COMPANY.uscc)
    after = tried(deliver, [unnamed("4", CF_FRDB="")])
    assert (after.waiting, after.asked, after.matched) == ({}, 0, 1)


def test_rows_of_a_register_and_withdrawals_are_not_compared(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty("1")])
    register = tried(deliver, [entity(7).registration()], "registration")
    withdrawn = tried(deliver, [unnamed("2")], intent="withdraw")
    assert (register.compared, withdrawn.compared) == (0, 0)
    assert withdrawn.waiting == {"NO_CODE": 1}


def test_of_a_long_file_the_first_rows_are_compared(deliver: Intake) -> None:
    rows = [unnamed("1"), *[{}] * 3, *[unnamed("2")] * MOST_COMPARED]
    found = tried(deliver, rows)
    assert found.compared == MOST_COMPARED - 3
    assert found.matched == MOST_COMPARED - 3
    assert found.waiting == {"NO_CODE": 4}
