"""Until when the law asks that a fact be public, and whether it was: every period, not one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yuexin.base.dates import Calendar
from yuexin.engines.declare.types import PublishWithin, RecordKind

DeadlineState = Literal["kept", "late", "due", "overdue", "withheld", "stock"]
Excuse = Literal["", "withheld", "stock"]


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One period of the law and what became of it. The shortest one `binds`.

    `kept` and `late` count the working days from the event to the day it was known here, on which
    it could be shown; `due` the days that are left, today not counted; `overdue` the working days
    since the last day. For what is `withheld` by law, and for an agency's `stock`, none runs.
    `provisional`: it crosses a year whose calendar is not announced.
    """

    period: PublishWithin
    due: dt.date
    provisional: bool
    binds: bool
    state: DeadlineState
    days: int


def deadlines(
    *,
    calendar: Calendar,
    kind: RecordKind,
    event: dt.date,
    known_on: dt.date | None,
    today: dt.date,
    excuse: Excuse = "",
) -> tuple[Deadline, ...]:
    """The deadlines of a fact of this day, the binding one first.

    `known_on` is the day on which it was known here first; none while its row waits or went back.
    Before that nothing can be counted: late is what was shown for the first time after the day.
    """
    found = []
    for period in sorted(kind.publish_within, key=lambda one: one.workdays):
        due = calendar.add_workdays(event, period.workdays)
        state, days = _stands(calendar, event, due.date, known_on, today, excuse)
        found.append(
            Deadline(
                period=period,
                due=due.date,
                provisional=due.provisional,
                binds=period == kind.strictest,
                state=state,
                days=days,
            )
        )
    return tuple(found)


def _stands(
    calendar: Calendar,
    event: dt.date,
    due: dt.date,
    known_on: dt.date | None,
    today: dt.date,
    excuse: Excuse,
) -> tuple[DeadlineState, int]:
    if excuse:
        return excuse, 0
    if known_on is not None:
        return "kept" if known_on <= due else "late", calendar.workdays_between(event, known_on)
    if today <= due:
        return "due", (due - today).days
    return "overdue", calendar.workdays_between(due, today)
