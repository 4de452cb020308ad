"""Whoever applied a measure is told once a check would call for it no more, whatever ended it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from tests.cast import COMPANY
from tests.domains.credit.handling.conftest import OFFICER, Asking
from tests.intake import Intake

from yuexin.domains.credit.handling import feedback
from yuexin.domains.credit.handling.liftings import Lifting, liftings, tell_liftings
from yuexin.engines.declare.types import Declarations

pytestmark = pytest.mark.usefixtures("undone")
MEASURE = "procurement_refused"
LAW = "finance-notice-125"
LAST_DAY = dt.date(2026, 12, 3)


def with_a_term(declared: Declarations, **changes: Any) -> Declarations:
    """The debtor's measure changed so; his entry is of 3 March 2025."""
    measure = replace(declared.measures[MEASURE], **changes)
    digest = f"{changes}"
    return replace(declared, digest=digest, measures={**declared.measures, MEASURE: measure})


def with_the_law_until(declared: Declarations, end: dt.date) -> Declarations:
    """The law that names the scene is in force to before this day."""
    law = replace(declared.laws[LAW], valid_to=end)
    return replace(declared, digest="a law", laws={**declared.laws, LAW: law})


def applied(ask: Asking, declared: Declarations, now: dt.datetime) -> None:
    """The officer's body refuses COMPANY."""
    number = ask([COMPANY.uscc], declarations=declared).number
    said = feedback.Report(
        subject=COMPANY.uscc, measure=MEASURE, applied=True, result="refused", done_on=now.date()
    )
    given: dict[str, Any] = {"declarations": declared, "actor": OFFICER, "now": now}
    feedback.acknowledge(number=number, **given)
    feedback.report(number=number, said=said, **given)


def open_on(declared: Declarations, day: dt.date, now: dt.datetime) -> tuple[Lifting, ...]:
    """What is to be ended, by the day; nothing is told before."""
    moment = dt.datetime.combine(day, now.timetz())
    told = tell_liftings(declarations=declared, now=moment)
    assert tell_liftings(declarations=declared, now=moment) == 0, "once"
    found = liftings(declarations=declared, actor=OFFICER, now=moment)
    assert told == len(found)
    return found


def test_a_measure_whose_own_term_ran_out_is_told_on_the_day_after(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    declared = with_a_term(filled.declarations, term_months=21)
    applied(ask, declared, now)
    assert ask([COMPANY.uscc], declarations=declared).subjects[0].hits[0].until == LAST_DAY
    assert open_on(declared, LAST_DAY, now) == ()
    (found,) = open_on(declared, LAST_DAY + dt.timedelta(days=1), now)
    assert (found.subject, found.measure) == (COMPANY.uscc, MEASURE)


def test_a_measure_whose_scene_no_law_names_any_more_is_told_on_the_day(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    ended = LAST_DAY + dt.timedelta(days=1)
    declared = with_the_law_until(filled.declarations, ended)
    applied(ask, declared, now)
    assert open_on(declared, LAST_DAY, now) == ()
    (found,) = open_on(declared, ended, now)
    assert found.measure == MEASURE
    later = dt.datetime.combine(ended, now.timetz())
    assert ask([COMPANY.uscc], declarations=declared, now=later).subjects[0].hits == ()


def test_a_measure_that_is_declared_no_more_in_its_scene_is_told(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    applied(ask, filled.declarations, now)
    assert open_on(filled.declarations, LAST_DAY, now) == ()
    assert len(open_on(with_a_term(filled.declarations, scenes=()), LAST_DAY, now)) == 1


def test_the_last_day_to_confirm_is_counted_in_the_unit_that_is_declared(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    declared = filled.declarations
    assert declared.handling is not None
    monthly = replace(declared.handling.lifting, limit=1, unit="months")
    feedback_in_days = replace(declared.handling.feedback, limit=11, unit="days")
    handling = replace(declared.handling, lifting=monthly, feedback=feedback_in_days)
    changed = replace(with_a_term(declared, scenes=()), digest="months", handling=handling)
    applied(ask, declared, now)
    (found,) = open_on(changed, LAST_DAY, now)
    assert found.due == dt.date(2027, 1, 4), "3 January is a Sunday"
    kept = ask([COMPANY.uscc], declarations=changed)
    assert kept.due == dt.date(2026, 12, 7), "5 December is a Saturday"
