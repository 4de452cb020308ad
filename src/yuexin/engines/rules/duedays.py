"""The day on which a yearly period ends: Civil Code Art. 203 moves it from a rest day to the next
working day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from yuexin.base.dates import Calendar

YEARS: Final = range(1949, 2100)
"""The years for which the calendar is asked; after them the week alone decides."""
FIRST, LAST = 1900, 2999
_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_ORDINARY_YEAR: Final = 2025


def is_day(given: Sequence[str]) -> bool:
    """Whether these are the month and the day of a date that every year has."""
    if len(given) != 2 or not all(_NUMBER.fullmatch(one) for one in given):
        return False
    try:
        dt.date(_ORDINARY_YEAR, int(given[0]), int(given[1]))
    except ValueError:
        return False
    return True


def due_on(*, calendar: Calendar, year: str, month: int, day: int) -> str:
    """SQL of that day of a year, or of the working day after it; NULL for no year of dates."""
    date = f"make_date(TRY_CAST({year} AS INTEGER), {month}, {day})"
    week = f"CASE isodow({date}) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END"
    moved = _unlike_the_week(calendar, month, day)
    cases = " ".join(f"WHEN {one} THEN {days}" for one, days in moved.items())
    days = f"CASE {year} {cases} ELSE {week} END" if cases else week
    whole = f"{year} BETWEEN {FIRST} AND {LAST}"
    return f"(CASE WHEN {whole} THEN {date} + CAST({days} AS INTEGER) END)"


def _unlike_the_week(calendar: Calendar, month: int, day: int) -> dict[int, int]:
    """By how many days the calendar moves it, in years in which the week would tell otherwise."""
    found = {}
    for year in YEARS:
        date = dt.date(year, month, day)
        days = (calendar.roll(date).date - date).days
        if days != {6: 2, 7: 1}.get(date.isoweekday(), 0):
            found[year] = days
    return found
