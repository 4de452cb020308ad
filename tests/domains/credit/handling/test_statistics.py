"""How checks are answered for, counted by hand from a few of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER, Entity, entity
from tests.domains.credit.handling.conftest import OFFICER, Asking
from tests.domains.credit.handling.rows import debtor, grade_a
from tests.domains.credit.handling.test_liftings import MEASURE, with_a_term
from tests.intake import Intake

from yuexin.domains.credit.handling import feedback
from yuexin.domains.credit.handling.liftings import confirm_lifting, liftings, tell_liftings
from yuexin.domains.credit.handling.statistics import Counted, counted
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

pytestmark = pytest.mark.usefixtures("undone")
THIRD = entity(3)
GRANTED = "green_channel"


def reported(
    declared: Declarations, number: str, code: str, measure: str, now: dt.datetime, *,
    applied: str = "",
) -> None:  # fmt: skip
    """What a body did by a measure: `applied` with this result, or not, for a reason."""
    said = feedback.Report(
        subject=code, measure=measure, applied=bool(applied), result=applied,
        done_on=now.date() if applied else None, reason="" if applied else "当事人没有申请",
    )  # fmt: skip
    feedback.report(declarations=declared, actor=OFFICER, number=number, said=said, now=now)


def refused(ask: Asking, declared: Declarations, of: Sequence[Entity], now: dt.datetime) -> str:
    """One check of debtors, each of whom is refused."""
    number = ask([one.uscc for one in of], declarations=declared).number
    feedback.acknowledge(declarations=declared, actor=OFFICER, number=number, now=now)
    for one in of:
        reported(declared, number, one.uscc, MEASURE, now, applied="refused")
    return number


def ended(declared: Declarations, check: str, code: str, at: dt.datetime) -> None:
    """The body confirms that the measure of a check ended."""
    (found,) = (
        one
        for one in liftings(declarations=declared, actor=OFFICER, now=at)
        if (one.check, one.subject) == (check, code)
    )
    confirm_lifting(
        declarations=declared, actor=OFFICER, lifting=found.id, withdrawn_on=at.date(), now=at
    )


def of_scene(declared: Declarations, scene: str, now: dt.datetime) -> Counted:
    (found,) = (
        one for one in counted(declarations=declared, actor=OFFICER, now=now) if one.scene == scene
    )
    return found


def test_the_days_to_an_end_are_the_mean_of_all_ends_and_not_of_the_checks(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    filled("judgement_debtors", [debtor(THIRD, "2")])
    declared = filled.declarations
    first = refused(ask, declared, [COMPANY, THIRD], now)
    second = refused(ask, declared, [COMPANY], now)
    refused(ask, declared, [THIRD], now)
    over = with_a_term(declared, scenes=())
    told_at = now + dt.timedelta(days=1)
    assert tell_liftings(declarations=over, now=told_at) == 4
    ended(over, first, COMPANY.uscc, told_at + dt.timedelta(days=1))
    ended(over, first, THIRD.uscc, told_at + dt.timedelta(days=2, hours=12))
    ended(over, second, COMPANY.uscc, told_at + dt.timedelta(days=7))
    found = of_scene(over, "procurement", told_at + dt.timedelta(days=8))
    assert (found.checks, found.told, found.released) == (3, 4, 3)
    # 1, 2.5 and 7 days: 10.5 / 3. The mean of the means of two checks would be 4.375.
    assert found.release_days == pytest.approx(3.5)


def test_what_was_ended_before_it_was_told_took_no_days(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    filled("judgement_debtors", [debtor(THIRD, "2")])
    declared = filled.declarations
    number = refused(ask, declared, [COMPANY, THIRD], now)
    over = with_a_term(declared, scenes=())
    told_at = now + dt.timedelta(days=1)
    ended(over, number, THIRD.uscc, told_at)
    assert of_scene(over, "procurement", told_at).release_days is None
    assert tell_liftings(declarations=over, now=told_at) == 1
    ended(over, number, COMPANY.uscc, told_at + dt.timedelta(days=4))
    found = of_scene(over, "procurement", told_at + dt.timedelta(days=5))
    assert (found.told, found.released) == (1, 2)
    assert found.release_days == pytest.approx(4.0)


def test_each_share_is_of_what_it_is_a_share_of(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    filled("tax_a_grades", [grade_a(THIRD)])
    declared = filled.declarations
    kept = ask([TRADER.uscc, THIRD.uscc, COMPANY.uscc], scene="licensing")
    feedback.acknowledge(declarations=declared, actor=OFFICER, number=kept.number, now=now)
    opened = [(one.code, easing.measure) for one in kept.subjects for easing in one.easings]
    called = [(one.code, hit.measure) for one in kept.subjects for hit in one.hits]
    assert len(opened) >= 2
    assert called
    (granted, declined, *_), (strict, *_) = opened, called
    reported(declared, kept.number, *granted, now, applied=GRANTED)
    reported(declared, kept.number, *declined, now)
    reported(declared, kept.number, *strict, now, applied="strict")
    found = of_scene(declared, "licensing", now)
    assert (found.eased, found.rewarded) == (len(opened), 1)
    assert found.incentive_rate == pytest.approx(1 / len(opened))
    assert found.punishment_rate == pytest.approx(1 / len(called))
    assert found.feedback_rate == pytest.approx(3 / (len(opened) + len(called)))
    assert found.release_days is None


def test_where_nothing_was_opened_there_is_no_share(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    ask([COMPANY.uscc])
    found = of_scene(filled.declarations, "procurement", now)
    assert (found.eased, found.incentive_rate) == (0, None)
    assert (found.punishment_rate, found.feedback_rate) == (0.0, 0.0)
    nobody: dict[str, Any] = {"declarations": filled.declarations, "now": now}
    elsewhere = Actor(id="clerk-he", role="clerk", agency="housing")
    assert counted(actor=elsewhere, **nobody) == ()
