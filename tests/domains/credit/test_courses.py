"""Officers and the entity see both deadlines of a record and the stages of its publicity."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from tests.cast import CLERK, COMPANY, OWNER, PUBLIC
from tests.intake import Intake
from tests.state import value

from yuexin.domains.credit import queries
from yuexin.domains.credit.courses import Course
from yuexin.engines.access.types import Actor

pytestmark = pytest.mark.usefixtures("undone")

RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"


@pytest.fixture
def connected(deliver: Intake) -> Intake:
    """An agency whose stock came long ago."""
    deliver("registration", [COMPANY.registration()])
    told(deliver, "stock", CF_JDRQ="2026-09-03")
    return deliver


def told(deliver: Intake, number: str, **changes: str) -> None:
    deliver("penalties_2018", [COMPANY.penalty(number, **changes)], agency="environment")


def seen(deliver: Intake, actor: Actor = CLERK) -> Mapping[UUID, Course]:
    file = queries.credit_file(actor=actor, code=COMPANY.uscc, on=None, now=deliver.now)
    assert file
    return queries.courses(actor=actor, file=file, now=deliver.now)


def course(deliver: Intake, number: str) -> Course:
    return seen(deliver)[value(RECORD, COMPANY.penalty(number)["CF_WSH"])]


def states(found: Course) -> list[str]:
    return [one.state for one in found.stages]


def test_both_deadlines_run_and_the_stricter_binds(connected: Intake) -> None:
    told(connected, "late", CF_JDRQ="2026-11-12")
    seven, twenty = (one.deadline for one in course(connected, "late").periods)
    assert (seven.period.workdays, seven.binds, seven.state, seven.days) == (7, True, "late", 8)
    assert (twenty.period.workdays, twenty.binds, twenty.state) == (20, False, "kept")
    assert (seven.due.isoformat(), twenty.due.isoformat()) == ("2026-11-23", "2026-12-10")
    assert states(course(connected, "late")) == ["draft", "validated", "published"]


def test_no_clock_runs_for_stock_nor_for_what_the_law_withholds(connected: Intake) -> None:
    told(connected, "warned", CF_CFLB="警告", CF_NR="警告", CF_NR_FK="", CF_JDRQ="2026-11-02")
    assert {one.deadline.state for one in course(connected, "stock").periods} == {"stock"}
    warned = course(connected, "warned")
    assert {one.deadline.state for one in warned.periods} == {"withheld"}
    assert warned.stands.state == "withheld"
    assert "信用修复管理办法" in warned.stands.why.zh


def test_a_deadline_in_a_year_without_a_calendar_is_provisional(connected: Intake) -> None:
    told(connected, "new", CF_JDRQ="2026-11-23")
    assert [one.deadline.provisional for one in course(connected, "new").periods] == [False, False]
    december = connected.now.replace(month=12, day=29)
    row = COMPANY.penalty("eve", CF_JDRQ="2026-12-28")
    connected("penalties_2018", [row], agency="environment", now=december)
    file = queries.credit_file(actor=CLERK, code=COMPANY.uscc, on=None, now=december)
    assert file
    found = queries.courses(actor=CLERK, file=file, now=december)
    record = value(RECORD, row["CF_WSH"])
    assert [one.deadline.provisional for one in found[record].periods] == [True, True]


def test_the_stages_follow_the_deliveries(connected: Intake) -> None:
    told(connected, "1", CF_JDRQ="2026-11-20")
    told(connected, "1", CF_JDRQ="2026-11-20", CF_ZT="异议")
    assert states(course(connected, "1"))[-1] == "flagged"
    told(connected, "1", CF_JDRQ="2026-11-20", CF_NR_FK="10")
    assert states(course(connected, "1"))[-2:] == ["amended", "published"]
    told(connected, "1", CF_JDRQ="2026-11-20", CF_NR_FK="10", CF_ZT="撤销")
    file = queries.credit_file(actor=OWNER, code=COMPANY.uscc, on=None, now=connected.now)
    assert file
    own = queries.courses(actor=OWNER, file=file, now=connected.now)
    revoked = own[value(RECORD, COMPANY.penalty("1")["CF_WSH"])]
    assert states(revoked)[-2:] == ["revoked", "archived"]


def test_a_withholding_with_its_reason_and_decision_hides_at_once_and_is_lifted(
    connected: Intake,
) -> None:
    told(connected, "1", CF_JDRQ="2026-11-20")
    why = {"CF_BGSYY": "商业秘密", "CF_BGSSP": "粤环审〔2026〕9号"}
    told(connected, "1", CF_JDRQ="2026-11-20", **why)
    record = value(RECORD, COMPANY.penalty("1")["CF_WSH"])
    assert queries.entry(actor=PUBLIC, record=record, now=connected.now) is None
    held = course(connected, "1")
    assert states(held)[-1] == "withheld"
    assert "商业秘密" in held.stands.why.zh
    assert "政府信息公开条例" in held.stands.why.zh
    told(connected, "1", CF_JDRQ="2026-11-20", BZ="解除不予公示")
    assert states(course(connected, "1"))[-1] == "published"


def test_the_public_is_told_of_no_course(connected: Intake) -> None:
    assert seen(connected, PUBLIC) == {}
