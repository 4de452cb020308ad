"""How long an entry in a list lasts by the versions of its regime and their transition clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from yuexin.base.dates import add_months
from yuexin.engines.declare.types import Regime, RegimeVersion

_ONE_DAY = dt.timedelta(days=1)


def last_day_by_term(*, regime: Regime, entered: dt.date) -> dt.date | None:
    """The last day of an entry of that day by time alone, None where no law sets a term.

    The version in force on the day of entry sets the term; each later one changes it from its first
    day on, as its transition clause says. An entry of before the first version is judged by the
    first.
    """
    last = None
    for start, end, months in _spans(regime, entered):
        if not months:
            last = None
            continue
        last = max(add_months(entered, months), start - _ONE_DAY)
        if end is None or last < end:
            return last
    return last


def _spans(regime: Regime, entered: dt.date) -> Iterator[tuple[dt.date, dt.date | None, int]]:
    """From when to before when an entry has which term."""
    versions = sorted(regime.versions, key=lambda one: one.valid_from)
    first = max((n for n, one in enumerate(versions) if one.valid_from <= entered), default=0)
    months, start = versions[first].term_months, entered
    for later in versions[first + 1 :]:
        yield start, later.valid_from, months
        months, start = _after(later, months), later.valid_from
    yield start, None, months


def _after(version: RegimeVersion, months: int) -> int:
    """The term of an entry of before once this version is in force."""
    if version.clause == "old_law":
        return months
    if version.clause == "new_law":
        return version.term_months
    return min((term for term in (months, version.term_months) if term), default=0)
