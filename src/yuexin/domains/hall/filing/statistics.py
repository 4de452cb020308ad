"""How many owe a year's filing, have filed it and are late: by city, by class of filer, by day.

What is said of each sort of entity is said by the function that says it of one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yuexin.base.dates import today
from yuexin.base.memo import Memo
from yuexin.base.text import Text
from yuexin.domains.subjects.filers import sorts_of
from yuexin.engines.declare.queries import calendar_of, year_standing
from yuexin.engines.declare.types import OWED, Declarations, Filing, Stand

REMEMBERED: Final = dt.timedelta(minutes=5)
UNKNOWN: Final = Text("不详", "unknown")

_counted: Final = Memo[tuple[str, str, int, dt.datetime], "Counted"](32)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Of one city or class: how many had to file, did in time, did late, and have not yet."""

    label: Text
    obliged: int
    in_time: int
    late: int
    missing: int

    @property
    def percent(self) -> int:
        """How many of a hundred have filed."""
        return 100 * (self.in_time + self.late) // self.obliged if self.obliged else 0


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A year's filings at a moment. `days` are those on which anything was first filed."""

    filing: Filing
    period: int
    at: dt.datetime
    due: dt.date | None
    whole: Line
    by_city: tuple[Line, ...]
    by_class: tuple[Line, ...]
    days: tuple[tuple[dt.date, int], ...]

    @property
    def months(self) -> tuple[tuple[str, int, int], ...]:
        """The filings of each month, and how wide a bar of the busiest is a hundred."""
        found: Counter[str] = Counter()
        for day, count in self.days:
            found[f"{day:%Y-%m}"] += count
        most = max(found.values(), default=1)
        return tuple((name, n, max(1, 100 * n // most)) for name, n in sorted(found.items()))


@dataclass(kw_only=True)
class _Tally:
    obliged: int = 0
    in_time: int = 0
    late: int = 0
    missing: int = 0

    def add(self, stand: Stand, filed: bool, count: int) -> None:
        self.obliged += count
        if not filed:
            self.missing += count
        elif stand.late:
            self.late += count
        else:
            self.in_time += count

    def line(self, label: Text) -> Line:
        return Line(
            label=label, obliged=self.obliged, in_time=self.in_time, late=self.late,
            missing=self.missing,
        )  # fmt: skip


@dataclass(kw_only=True)
class _Count:
    whole: _Tally = field(default_factory=_Tally)
    cities: dict[str, _Tally] = field(default_factory=dict)
    classes: dict[str, _Tally] = field(default_factory=dict)
    days: Counter[dt.date] = field(default_factory=Counter)
    due: dt.date | None = None


def counted(
    *, declarations: Declarations, filing: Filing, period: int, now: dt.datetime
) -> Counted:
    """The counts of a year, at most five minutes old."""
    step = REMEMBERED.total_seconds()
    at = dt.datetime.fromtimestamp(now.timestamp() // step * step, dt.UTC)
    key = (declarations.digest, filing.id, period, at)
    return _counted.get(key, lambda: count(
        declarations=declarations, filing=filing, period=period, now=now
    ))  # fmt: skip


def count(*, declarations: Declarations, filing: Filing, period: int, now: dt.datetime) -> Counted:
    """The counts of a year now. Who has filed counts, be it obliged no more."""
    found, calendar = _Count(), calendar_of(declarations=declarations)
    for sort in sorts_of(declarations=declarations, filing=filing, period=period):
        stand = year_standing(
            filing=filing, period=period, entity=sort.filed, on=today(now), calendar=calendar
        )
        filed = sort.filed.first_filed is not None
        if stand.filer is None or not (filed or stand.standing in OWED):
            continue
        found.due = stand.due.date if stand.due else None
        found.whole.add(stand, filed, sort.count)
        found.cities.setdefault(sort.city, _Tally()).add(stand, filed, sort.count)
        found.classes.setdefault(stand.filer.id, _Tally()).add(stand, filed, sort.count)
        if sort.filed.first_filed:
            found.days[sort.filed.first_filed] += sort.count
    return Counted(
        filing=filing, period=period, at=now, due=found.due,
        whole=found.whole.line(Text("合计", "All")),
        by_city=_lines(found.cities, _divisions(declarations)),
        by_class=_lines(found.classes, _classes(filing, period)),
        days=tuple(sorted(found.days.items())),
    )  # fmt: skip


def _lines(tallies: Mapping[str, _Tally], labels: Mapping[str, Text]) -> tuple[Line, ...]:
    ordered = sorted(tallies.items(), key=lambda one: (-one[1].obliged, one[0]))
    return tuple(tally.line(labels.get(name, UNKNOWN)) for name, tally in ordered)


def _divisions(declarations: Declarations) -> Mapping[str, Text]:
    listed = declarations.codes.get("divisions")
    return {one.code: one.label for one in listed.values} if listed else {}


def _classes(filing: Filing, period: int) -> Mapping[str, Text]:
    version = filing.version_of(period)
    return {one.id: one.label for one in version.filers} if version else {}
