"""By which law a clock counts in a case that goes on under a later version of its process.

Pure, like the stepping that asks it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from yuexin.base.dates import Calendar, period_end
from yuexin.engines.declare.types import CaseClock, Process, ProcessVersion


def clock_on(
    *, process: Process, version: ProcessVersion, name: str, on: dt.date, calendar: Calendar
) -> CaseClock:
    """A clock as a step of that day starts it, in a case that was opened by `version`.

    Each later version changes it from its first day on, as its transition clause says. A clock that
    runs goes on as it was started; one whose first day the case itself keeps counts from there.
    """
    found = version.by_clock[name]
    if found.begun is not None:
        return found
    came = (one for one in process.versions if version.valid_from < one.valid_from <= on)
    for later in sorted(came, key=lambda one: one.valid_from):
        new = later.by_clock.get(name)
        if new is None or later.clause == "old_law":
            continue
        if later.clause == "new_law" or _is_milder(new, found, on, calendar):
            found = new
    return found


def _is_milder(new: CaseClock, old: CaseClock, on: dt.date, calendar: Calendar) -> bool:
    ends = [
        period_end(unit=one.unit, amount=one.limit, on=on, calendar=calendar).date
        for one in (new, old)
    ]
    return ends[0] < ends[1] if old.milder == "shorter" else ends[0] > ends[1]


def with_later_versions(*, opened_under: Process, now: Process | None, on: dt.date) -> Process:
    """The process of a case opened on a day: as it was declared then, with the versions that are
    declared now and began later."""
    if now is None or now is opened_under:
        return opened_under
    began = tuple(one for one in opened_under.versions if one.valid_from <= on)
    later = tuple(one for one in now.versions if one.valid_from > on)
    return replace(opened_under, versions=(*began, *later))
