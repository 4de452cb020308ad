"""The working days that are declared."""

from __future__ import annotations

from yuexin.base.dates import Calendar, CalendarDay
from yuexin.engines.declare.types import Declarations


def calendar_of(*, declarations: Declarations) -> Calendar:
    """The working-day calendar with its declared overrides."""
    return Calendar(
        CalendarDay(date=d.date, is_workday=d.workday, name=d.zh, source=d.source)
        for d in declarations.calendar
    )
