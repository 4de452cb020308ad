"""What a case announces is a public fact under its heading, corrected as the case goes on."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, OWNER, PUBLIC
from tests.intake import Intake
from tests.state import value

from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.queries import document
from yuexin.engines.cases.operations import open_case, take_due, take_step

pytestmark = pytest.mark.usefixtures("undone")

FOUND = """
SELECT body->>%s FROM record WHERE body->>'announcement_no' = %s AND superseded_at IS NULL
"""
CREDITORS = {
    "liquidation_from": "2026-11-02", "claim_place": "佛山市顺德区示例路1号",
    "claim_phone": "075700000000",
}  # fmt: skip


@pytest.fixture
def told(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    return deliver


def opened(deliver: Intake, process: str, form: dict[str, str]) -> str:
    case = open_case(
        declarations=deliver.declarations, actor=OWNER, process=process,
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc), record=None,
        form=form, papers=(), reason="", now=deliver.now,
    )  # fmt: skip
    worked(deliver, deliver.now)
    return case


def worked(deliver: Intake, now: dt.datetime) -> None:
    carry_out(home=deliver.home, declarations=deliver.declarations, clock=lambda: now)
    deliver.settle()


def announced(deliver: Intake, case: str, now: dt.datetime) -> tuple[str, str, bool]:
    """The state and the last day of the announcement, and whether the public reads of it."""
    body = document(actor=PUBLIC, code=COMPANY.uscc, now=now) or b""
    public = case in body.decode()
    return value(FOUND, "state", case), value(FOUND, "until_date", case), public


def test_creditors_are_told_for_as_long_as_the_clock_runs(told: Intake) -> None:
    case = opened(told, "creditors_announcement", CREDITORS)
    state, until, public = announced(told, case, told.now)
    assert (state, public) == ("running", True)
    late = dt.datetime.combine(dt.date.fromisoformat(until), told.now.timetz())
    assert take_due(declarations=told.declarations, now=late) == 0
    after = late + dt.timedelta(days=1)
    assert take_due(declarations=told.declarations, now=after) == 1
    worked(told, after)
    assert announced(told, case, after) == ("ended", until, True)


def test_what_is_withdrawn_is_public_no_more(told: Intake) -> None:
    case = opened(told, "creditors_announcement", CREDITORS)
    until = announced(told, case, told.now)[1]
    take_step(
        declarations=told.declarations, actor=OWNER, case=case, step="withdraw", seen=1, form={},
        papers=(), reason="清算方案变更", now=told.now,
    )  # fmt: skip
    worked(told, told.now)
    assert announced(told, case, told.now) == ("withdrawn", until, False)
