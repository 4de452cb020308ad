"""How long a penalty is public, told from the law anew: the truth does not read the declared terms.

Source: 发改办财金〔2017〕1171号, 〔2019〕527号, NDRC Orders 58 (2023) and 36 (2026). Until 2019
there is one class of a year: three years for what is serious are confirmed by nobody. Nor is what
becomes of older records when a law comes: the milder holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import add_months

Weight = Literal["minor", "general", "serious"]


@dataclass(frozen=True, kw_only=True)
class Law:
    """Months of publicity by weight, nothing where it is not published at all."""

    since: dt.date
    minor: int = 12
    general: int = 12
    serious: int = 36

    def end(self, decided: dt.date, weight: Weight) -> dt.date:
        """The last public day; the day before the decision where there is none."""
        months = int(getattr(self, weight))
        return add_months(decided, months) if months else decided - dt.timedelta(days=1)


LAWS: Final = (
    Law(since=dt.date(1949, 10, 1), serious=12),
    Law(since=dt.date(2017, 7, 31), serious=12),
    Law(since=dt.date(2019, 7, 1)),
    Law(since=dt.date(2023, 5, 1), minor=0, general=36),
    Law(since=dt.date(2026, 4, 1), minor=0),
)


def is_public(*, decided: dt.date, weight: Weight, today: dt.date) -> bool:
    """Whether a penalty is public today, its last day included. What ended is not brought back."""
    return decided <= today <= _end(decided=decided, weight=weight, today=today)


def _end(*, decided: dt.date, weight: Weight, today: dt.date) -> dt.date:
    own = [law for law in LAWS if law.since <= decided][-1]
    end = own.end(decided, weight)
    for law in LAWS:
        if own.since < law.since <= min(today, end):
            end = min(end, law.end(decided, weight))
    return end


def decided_for_end(*, end: dt.date, weight: Weight, today: dt.date) -> dt.date:
    """A day of decision whose publicity ends on `end`, or a day earlier around 29 February.

    Raises `ValueError` where the laws in force today have no such day.
    """
    for months in (12, 36):
        day = add_months(end, -months)
        if _end(decided=day, weight=weight, today=today) == add_months(day, months):
            return day
    raise ValueError(f"no publicity ends on {end}")
