"""Looks in an open investigation are told to the entity later: by approval, and for a time only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cast import CLERK, COMPANY, OWNER, SIGNER, Entity
from tests.engines.notices.told import owner
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.calendar import deadlines
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.watching.operations import remind_owners
from yuexin.engines.access.models import LookDelay
from yuexin.engines.access.queries import delay_of_look, own_looks
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_due, take_step
from yuexin.engines.cases.queries import case_seen, own_cases
from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import CaseState, Step

pytestmark = pytest.mark.usefixtures("undone")

OTHER_BODY = dataclasses.replace(CLERK, id="clerk-of-housing", agency="housing")
OBJECTION = {"wrong": "不是本企业", "contact": "陈示例", "phone": "13800138000"}
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
Told = list[tuple[str, str]]


@pytest.fixture
def told(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    return deliver


def look(deliver: Intake, actor: Actor, now: dt.datetime, of: Entity = COMPANY) -> None:
    assert credit_file(actor=actor, code=of.uscc, on=None, now=now)


def looks(deliver: Intake, now: dt.datetime) -> Told:
    found = own_looks(declarations=deliver.declarations, actor=OWNER, now=now)
    assert found is not None
    assert found.total == len(found.lines)
    return [(one.body, one.delayed_by) for one in found.lines]


def ask(deliver: Intake, now: dt.datetime, actor: Actor = CLERK) -> str:
    return open_case(
        declarations=deliver.declarations, actor=actor, process="look_delay",
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc), record=None,
        form={"investigation": "粤环示例立〔2026〕1号"}, papers=(), reason="防止毁灭证据", now=now,
    )  # fmt: skip


def step(deliver: Intake, case: str, name: str, actor: Actor, seen: int, now: dt.datetime) -> None:
    take_step(
        declarations=deliver.declarations, actor=actor, case=case, step=name, seen=seen, form={},
        papers=(), reason="调查需要", now=now,
    )  # fmt: skip
    carry_out(home=deliver.home, declarations=deliver.declarations, clock=lambda: now)


def running(deliver: Intake) -> str:
    """A delay that was approved, with a look before it, one in it, and one by another body."""
    now = deliver.now
    look(deliver, CLERK, now)
    case = ask(deliver, now + MINUTE)
    step(deliver, case, "approve", SIGNER, 1, now + 2 * MINUTE)
    look(deliver, CLERK, now + 3 * MINUTE)
    look(deliver, OTHER_BODY, now + 4 * MINUTE)
    return case


def test_what_was_told_before_the_approval_does_not_vanish(told: Intake) -> None:
    now = told.now
    case = ask(told, now)
    look(told, CLERK, now + MINUTE)
    before = looks(told, now + 2 * MINUTE)
    assert before == [("environment", "")]
    step(told, case, "approve", SIGNER, 1, now + 3 * MINUTE)
    step(told, case, "prolong", SIGNER, 2, now + 4 * MINUTE)
    look(told, CLERK, now + 5 * MINUTE)
    assert looks(told, now + DAY) == before


def test_looks_of_the_body_wait_and_others_do_not(told: Intake) -> None:
    running(told)
    assert looks(told, told.now + DAY) == [("housing", ""), ("environment", "")]


def test_they_are_told_once_the_time_is_over_and_say_why_they_waited(told: Intake) -> None:
    case = running(told)
    (until,) = LookDelay.objects.filter(case=case).values_list("until", flat=True)
    late = told.now + (until - today(told.now))
    before = late - DAY
    assert len(looks(told, before)) == 2, "on the last day they wait"
    law = "personal-information-law:35"
    assert looks(told, late) == [("housing", ""), ("environment", law), ("environment", "")]
    assert take_due(declarations=told.declarations, now=late + DAY) == 1
    look(told, CLERK, late + 2 * DAY)
    assert looks(told, late + 2 * DAY)[0] == ("environment", "")


def test_whoever_ends_it_tells_at_once(told: Intake) -> None:
    case = running(told)
    step(told, case, "end", CLERK, 2, told.now + DAY)
    assert len(looks(told, told.now + DAY)) == 3
    people = LookDelay.objects.filter(case=case).values_list("asked_by", "approved_by")
    assert set(people) == {(CLERK.id, SIGNER.id)}


def test_who_asked_does_not_approve(told: Intake) -> None:
    case = ask(told, told.now, SIGNER)
    with pytest.raises(Refusal) as refused:
        step(told, case, "approve", SIGNER, 1, told.now + MINUTE)
    assert refused.value.code == "CASE_FOUR_EYES"
    assert not LookDelay.objects.exists()


def test_nobody_who_acts_for_the_entity_learns_of_the_case(told: Intake) -> None:
    case = running(told)
    now, declared = told.now + DAY, told.declarations
    assert case_seen(declarations=declared, actor=CLERK, number=case, now=now)
    assert case_seen(declarations=declared, actor=OWNER, number=case, now=now) is None
    assert own_cases(declarations=declared, actor=OWNER, now=now).total == 0


def test_no_calendar_and_no_reminder_names_the_case(told: Intake) -> None:
    owner("chen", COMPANY.uscc)
    declared, case = told.declarations, running(told)
    told("penalties_2018", [COMPANY.penalty()], agency="environment")
    own = open_case(
        declarations=declared, actor=OWNER, process="objection", form=OBJECTION, papers=(),
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc), reason="",
        record=value("SELECT id FROM record WHERE kind = 'penalty'"), now=told.now + 6 * MINUTE,
    )  # fmt: skip
    ahead = deadlines(declarations=declared, code=COMPANY.uscc, now=told.now, on=today(told.now))
    assert [one.detail.zh for one in ahead if one.what == "case"] == [own]
    for number in (own, case):
        due = value("SELECT due FROM case_file WHERE number = %s", number)
        sum(remind_owners(declarations=declared, now=told.now + (due - today(told.now)) - DAY))
    keys = " ".join(
        key for (key,) in all_rows("SELECT key FROM notice WHERE recipient = 'account:chen'")
    )
    assert f"/case/{own}/" in keys
    assert case not in keys


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda step, state: (step, dataclasses.replace(state, flags=True)), "marks no record"),
        (lambda step, state: (dataclasses.replace(step, by=("applicant",)), state), "is closed"),
    ],
)
def test_a_closed_process_that_tells_of_itself_is_not_declared(
    change: Callable[[Step, CaseState], tuple[Step, CaseState]], said: str
) -> None:
    declared = current()
    process = declared.processes["look_delay"]
    step, state = change(process.steps[0], process.states[0])
    told = dataclasses.replace(
        process, steps=(step, *process.steps[1:]), states=(state, *process.states[1:])
    )
    changed = dataclasses.replace(declared, processes={**declared.processes, told.id: told})
    assert said in " ".join(one.what.en for one in check_process(changed, told))


def forged() -> None:
    row = LookDelay.objects.get()
    row.pk, row.act, row.approved_by = None, 9, row.asked_by
    row.save(force_insert=True)


def shortened() -> None:
    LookDelay.objects.update(until=dt.date(2099, 1, 1))


def removed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM look_delay")


@pytest.mark.parametrize("change", [forged, shortened, removed])
def test_the_table_is_truth_and_knows_four_eyes(told: Intake, change: Callable[[], None]) -> None:
    running(told)
    before = all_rows("SELECT * FROM look_delay")
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert all_rows("SELECT * FROM look_delay") == before
    journal = "SELECT count(*) FROM journal_entry WHERE action = 'look.delayed'"
    assert value(journal) == 1


def test_looks_of_the_day_on_which_it_is_ended_say_why_they_waited(told: Intake) -> None:
    now = told.now
    case = ask(told, now)
    step(told, case, "approve", SIGNER, 1, now + MINUTE)
    look(told, CLERK, now + 2 * MINUTE)
    assert looks(told, now + 3 * MINUTE) == []
    step(told, case, "end", CLERK, 2, now + 4 * MINUTE)
    law = "personal-information-law:35"
    assert looks(told, now + 4 * MINUTE) == [("environment", law)]
    look(told, CLERK, now + 5 * MINUTE)
    assert looks(told, now + 6 * MINUTE) == [("environment", ""), ("environment", law)]


def test_whoever_looks_knows_whether_and_until_when_his_look_waits(told: Intake) -> None:
    case = running(told)
    (until,) = LookDelay.objects.filter(case=case).values_list("until", flat=True)

    def waits(actor: Actor, now: dt.datetime) -> dt.date | None:
        found = delay_of_look(
            declarations=told.declarations, actor=actor, code=COMPANY.uscc, now=now
        )
        return found.until if found else None

    assert waits(CLERK, told.now + DAY) == until
    assert waits(CLERK, told.now) is None, "before it was approved"
    assert waits(OTHER_BODY, told.now + DAY) is None
    step(told, case, "end", CLERK, 2, told.now + 2 * DAY)
    assert waits(CLERK, told.now + 2 * DAY) is None


def test_a_look_at_a_closed_case_is_journaled_and_never_told(told: Intake) -> None:
    now = told.now
    case = ask(told, now)
    before = looks(told, now + MINUTE)
    assert case_seen(declarations=told.declarations, actor=CLERK, number=case, now=now)
    assert value("SELECT thing FROM journal_entry WHERE action = 'case.read'") == f"case/{case}"
    assert looks(told, now + MINUTE) == before
