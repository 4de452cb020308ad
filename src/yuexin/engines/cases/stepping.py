"""The law of a case as one pure function: its acts so far and a new one, and what follows.

Nothing here reads a clock or a table. A step that is not open is a `Refusal`, and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from yuexin.base.dates import Calendar, Deadline, PeriodUnit, period_end
from yuexin.base.text import Text
from yuexin.engines.cases.asked import refuse_incomplete
from yuexin.engines.cases.refusals import refusal, step_not_open, wrong_party
from yuexin.engines.cases.transitions import clock_on
from yuexin.engines.cases.types import Act, ClockState, Pressure, Standing
from yuexin.engines.declare.types import CaseClock, CodeList, Process, ProcessVersion, Step

BACK: Final = "back"
# How much of a period is used. Ours: supervision by colours has no law that sets the shares.
YELLOW: Final = 0.7
RED: Final = 0.9


def stepped(
    *,
    process: Process,
    version: ProcessVersion,
    acts: Sequence[Act],
    act: Act,
    calendar: Calendar,
    codes: Mapping[str, CodeList],
    held: frozenset[str] = frozenset(),
) -> Standing:
    """What a case is after one more act; without acts before, that act opens it.

    `version` is the one by which the case was opened; those of its process that came later change
    it as their transitions say. `held` are papers that the platform has, which are not asked for.
    Raises a `Refusal` where the step may not be taken so.
    """
    step = process.by_step.get(act.step)
    before = standing(process=process, version=version, acts=acts, calendar=calendar)
    if step is None or not _is_open(step, before):
        raise step_not_open(process, act.step, before.state if before else "")
    if acts and act.on < acts[-1].on:
        raise refusal(
            "CASE_BACKDATED",
            f"这一步的日期 {act.on} 早于上一步 {acts[-1].on}",
            f"this step is dated {act.on}, before the last one, {acts[-1].on}",
        )
    _refuse_party(process, step, act, acts)
    refuse_incomplete(step=step, act=act, codes=codes, held=held, calendar=calendar)
    _refuse_clocks(version, step, before, act.on)
    return _after(process, version, before, act, calendar)


def standing(
    *, process: Process, version: ProcessVersion, acts: Sequence[Act], calendar: Calendar
) -> Standing | None:
    """What follows from acts that were taken; none from none. They are not checked again."""
    found: Standing | None = None
    for act in acts:
        found = _after(process, version, found, act, calendar)
    return found


def followers(*, process: Process, state: str) -> tuple[Step, ...]:
    """The steps that may be taken in a state, in the order declared."""
    return tuple(step for step in process.steps if state in step.after)


def pressure(*, clock: ClockState, on: dt.date, calendar: Calendar) -> Pressure:
    """How near a clock is to its end on a day."""
    if clock.done is not None:
        return "done"
    if clock.paused_since is not None or clock.due is None:
        return "paused"
    if on > clock.due:
        return "overdue"
    total = _length(clock, calendar)
    share = 1 - _between(clock.declared, on, clock.due, calendar) / total if total else 1.0
    return "red" if share >= RED else "yellow" if share >= YELLOW else "running"


def left(*, clock: ClockState, on: dt.date, calendar: Calendar) -> int:
    """The working days (days) that are left, negative where it is overdue."""
    if clock.due is None or clock.done is not None:
        return clock.remaining
    return _between(clock.declared, on, clock.due, calendar)


def _is_open(step: Step, before: Standing | None) -> bool:
    return not step.after if before is None else before.state in step.after


def _refuse_party(process: Process, step: Step, act: Act, acts: Sequence[Act]) -> None:
    if act.party not in step.by:
        raise wrong_party(process, step)
    earlier = [one.step for one in acts if one.by == act.by and one.step in step.not_by]
    if earlier:
        did = process.by_step[earlier[0]]
        raise refusal(
            "CASE_FOUR_EYES",
            f"“{step.zh}”不得由办理“{did.zh}”的同一人办理",
            f"“{step.en}” may not be done by whoever did “{did.en}”",
            remedy=Text("请由另一位人员办理", "let another officer do it"),
        )


def _refuse_clocks(
    version: ProcessVersion, step: Step, before: Standing | None, on: dt.date
) -> None:
    """Only what runs is paused, what is paused resumed, and what runs extended, once."""
    clocks = before.clocks if before else {}
    for name in (*step.pauses, *step.extends):
        clock = clocks.get(name)
        if clock is None or not clock.runs:
            raise _clock_refused("CASE_CLOCK_STILL", version, name, "没有在计时", "does not run")
    for name in step.resumes:
        clock = clocks.get(name)
        if clock is None or clock.paused_since is None or clock.done:
            raise _clock_refused("CASE_CLOCK_RUNS", version, name, "没有中止", "is not paused")
    for name in step.extends:
        if clocks[name].extended:
            raise _clock_refused(
                "CASE_EXTENDED", version, name, "已经延长过一次", "was extended once already"
            )
        if (due := clocks[name].due) and on > due:
            raise _clock_refused(
                "CASE_OVERDUE", version, name, "已经超期，不能再延长", "has run out, and is past"
            )
    if step.when_due:
        clock = clocks.get(step.when_due)
        if clock is None or not clock.runs or clock.due is None or on <= clock.due:
            raise _clock_refused(
                "CASE_NOT_DUE", version, step.when_due, "还没有到期", "has not run out yet"
            )


def _clock_refused(code: str, version: ProcessVersion, name: str, zh: str, en: str) -> Exception:
    declared = version.by_clock[name]
    return refusal(code, f"时限“{declared.zh}”{zh}", f"the clock “{declared.en}” {en}")


def _after(
    process: Process,
    version: ProcessVersion,
    before: Standing | None,
    act: Act,
    calendar: Calendar,
) -> Standing:
    step, on = process.by_step[act.step], act.on
    clocks = dict(before.clocks) if before else {}
    for name in step.stops:
        clocks |= _stopped(clocks, name, on)
    for name in step.pauses:
        clocks[name] = _paused(clocks[name], on, calendar)
    for name in step.resumes:
        clocks[name] = _resumed(clocks[name], on, calendar)
    for name in step.extends:
        clocks[name] = _extended(clocks[name], calendar)
    for name in step.starts:
        declared = clock_on(process=process, version=version, name=name, on=on, calendar=calendar)
        clocks[name] = _started(declared, on, calendar)
    if step.when_due:
        clocks |= _stopped(clocks, step.when_due, on)
    here = before.state if before else ""
    state = (before.before_pause if before else "") if step.to == BACK else step.to
    if not process.by_state[state].open:
        clocks = _ended(process, clocks, state, on)
    kept = here if step.pauses else (before.before_pause if before else "")
    acts = before.acts + 1 if before else 1
    return Standing(state=state, before_pause=kept, clocks=clocks, acts=acts)


def _started(declared: CaseClock, on: dt.date, calendar: Calendar) -> ClockState:
    begun = declared.begun or on
    due = _end(declared, begun, declared.limit, calendar)
    return ClockState(
        id=declared.id, declared=declared, started=begun, due=due.date, provisional=due.provisional
    )


def _stopped(clocks: Mapping[str, ClockState], name: str, on: dt.date) -> dict[str, ClockState]:
    clock = clocks.get(name)
    return {name: replace(clock, done=on)} if clock and clock.done is None else {}


def _paused(clock: ClockState, on: dt.date, calendar: Calendar) -> ClockState:
    """The day of the pause is used, the days after it are kept."""
    assert clock.due is not None
    remaining = _between(clock.declared, on, clock.due, calendar)
    # What has run out stays so: a pause forgives nothing.
    due = clock.due if remaining < 0 else None
    return replace(clock, due=due, paused_since=on, remaining=remaining)


def _resumed(clock: ClockState, on: dt.date, calendar: Calendar) -> ClockState:
    if clock.due is not None:
        return replace(clock, paused_since=None, remaining=0)
    unit: PeriodUnit = "workdays" if clock.declared.unit == "workdays" else "days"
    due = period_end(unit=unit, amount=clock.remaining, on=on, calendar=calendar)
    provisional = clock.provisional or due.provisional
    return replace(clock, due=due.date, provisional=provisional, paused_since=None, remaining=0)


def _extended(clock: ClockState, calendar: Calendar) -> ClockState:
    assert clock.due is not None
    due = _end(clock.declared, clock.due, clock.declared.extension, calendar)
    provisional = clock.provisional or due.provisional
    return replace(clock, due=due.date, provisional=provisional, extended=True)


def _ended(
    process: Process, clocks: Mapping[str, ClockState], state: str, on: dt.date
) -> dict[str, ClockState]:
    """In a closed state nothing is owed any more, but for clocks by whose end a step is due."""
    owed = {step.when_due for step in followers(process=process, state=state)}
    return {
        name: clock if clock.done or name in owed else replace(clock, done=on)
        for name, clock in clocks.items()
    }


def _end(declared: CaseClock, on: dt.date, amount: int, calendar: Calendar) -> Deadline:
    return period_end(unit=declared.unit, amount=amount, on=on, calendar=calendar)


def _between(declared: CaseClock, on: dt.date, due: dt.date, calendar: Calendar) -> int:
    """What lies after a day up to a clock's end."""
    if declared.unit == "workdays":
        return calendar.workdays_between(on, due)
    return (due - on).days


def _length(clock: ClockState, calendar: Calendar) -> int:
    """The whole of a period: pauses are no part of it."""
    declared = clock.declared
    amount = declared.limit + (declared.extension if clock.extended else 0)
    if declared.unit in ("workdays", "days"):
        return amount
    return _between(
        declared, clock.started, _end(declared, clock.started, amount, calendar).date, calendar
    )
