"""Checks that come due: within how many months of a day something is looked at, and by which
process.

Whoever is drawn is checked once (`filing.RandomShare`), whoever stands in a list again and again
until it stands there no more (`regime.Regime`). Who has to check what is worked out in one place
(`domains.hall.checking`). `types` is the door.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.base.dates import Calendar, Deadline, period_end
from yuexin.base.text import Text
from yuexin.engines.declare.law import Dated


@dataclass(frozen=True, kw_only=True)
class CheckExample:
    """A worked example: what began on a day, and was last checked on another where it was, is to be
    checked by the day `due`."""

    name: str
    since: dt.date
    checked: dt.date | None = None
    due: dt.date


@dataclass(frozen=True, kw_only=True)
class CheckPeriod:
    """Something is checked by a case of the `process`, within `months` of the day on which that
    began. `what_*` says what is looked at."""

    process: str
    months: int
    what_zh: str
    what_en: str
    basis: str
    confirmed: bool = True
    examples: tuple[CheckExample, ...] = ()

    @property
    def what(self) -> Text:
        return Text(self.what_zh, self.what_en)

    def counts_from(self, *, since: dt.date, checked: dt.date | None) -> dt.date:
        """The day from which the months count: a check on the way changes nothing."""
        return since

    def due(self, *, since: dt.date, checked: dt.date | None, calendar: Calendar) -> Deadline:
        """By when what began on a day is to be checked, a working day."""
        on = self.counts_from(since=since, checked=checked)
        return period_end(unit="months", amount=self.months, on=on, calendar=calendar)


@dataclass(frozen=True, kw_only=True)
class FollowUp(Dated, CheckPeriod):
    """Whoever stands in a list is checked within so many months of the entry, and within as many of
    each check, while this is in force: of entries of before, they count from its first day."""

    def counts_from(self, *, since: dt.date, checked: dt.date | None) -> dt.date:
        return max(since, self.valid_from, checked or since)
