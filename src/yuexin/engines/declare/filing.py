"""Filings: what an entity tells the register itself, by which day, and how it is asked for it.

A filing is delivered as one row in the layout of its resource; nothing here checks a value, the
layout does. `types` is the door.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from yuexin.base.text import Text
from yuexin.engines.declare.checked import CheckPeriod
from yuexin.engines.declare.law import Dated, Labelled, version_on


@dataclass(frozen=True, kw_only=True)
class Filer(Labelled):
    """Entities of these `types` (codes of entity_types; without any, of every other type), and
    the window of each year in which they report on the year before: two days as `MM-DD`."""

    types: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""
    basis: str
    confirmed: bool = True

    def window(self, period: int) -> tuple[dt.date, dt.date]:
        """The first and the last day of the window for what happened in the year `period`."""
        return _day(period + 1, self.opens), _day(period + 1, self.closes)


@dataclass(frozen=True, kw_only=True)
class FilingVersion(Dated):
    """Who files, and by when, of years that end, or facts that happen, from `valid_from` on.

    `workdays` is the period of a fact, none of a year. A fact that was told is corrected at any
    time, a year only while its window is open. `exempt` types of entities file nothing.
    """

    basis: tuple[str, ...]
    confirmed: bool = True
    workdays: int = 0
    filers: tuple[Filer, ...]
    exempt: tuple[str, ...] = ()

    def filer_of(self, entity_type: str) -> Filer | None:
        """The class of an entity of this type: the first that names it, else the rest."""
        if entity_type in self.exempt:
            return None
        rest = (filer for filer in self.filers if not filer.types)
        named = (filer for filer in self.filers if entity_type in filer.types)
        return next(named, next(rest, None))


PartType = Literal["", "date", "number", "uscc"]


@dataclass(frozen=True, kw_only=True)
class FilingPart(Labelled):
    """One cell of a repeated line: of a shareholder his name, of a web site its address. `known`
    is the field of the records that the platform offers lines of. A value that is not of the
    `type` is hinted at."""

    type: PartType = ""
    example: str = ""
    known: str = ""


@dataclass(frozen=True, kw_only=True)
class FilingItem:
    """One column asked for, by its own name where `zh` gives none. `known` names fields of kinds
    where the platform has the value already: the first that has it is offered, or is told beside
    the field (`beside`), where last year's would be wrong. `switch` is the column that says whether
    it is public. With `parts`, at most `most` lines are asked for and stand in the cell as one
    text; lines are offered from the records of the kind `lines_of`. `of` names classes of filers;
    without any, all are asked."""

    column: str
    zh: str = ""
    en: str = ""
    help_zh: str = ""
    help_en: str = ""
    known: tuple[str, ...] = ()
    beside: bool = False
    lines_of: str = ""
    switch: str = ""
    parts: tuple[FilingPart, ...] = ()
    most: int = 30
    of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FilingScreen(Labelled):
    """What is asked on one screen. `folded`: shown closed, since few have anything to say."""

    note_zh: str = ""
    note_en: str = ""
    of: tuple[str, ...] = ()
    folded: bool = False
    items: tuple[FilingItem, ...]


@dataclass(frozen=True, kw_only=True)
class FilingExample:
    """A worked example: an entity on a day, what it filed before, and what then may be done."""

    name: str
    on: dt.date
    period: int = 0
    event_date: dt.date | None = None
    entity_type: str = "1130"
    est_date: dt.date = dt.date(2009, 3, 2)
    state: str = "1"
    filed_on: dt.date | None = None
    ordered_until: dt.date | None = None
    standing: str
    due: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class RandomShare(Dated):
    """Of a year's filings so many in a thousand, at least, are checked, drawn at random, each by
    the `check` that counts from the draw."""

    permille: int
    basis: str
    confirmed: bool = True
    check: CheckPeriod | None = None


@dataclass(frozen=True, kw_only=True)
class Filing(Labelled):
    """What an entity files. `resource` is its layout, `keeper` the agency that keeps the register
    and in whose name it is delivered. `period` is the column of the year, `event` that of the day
    of a fact, `filed` that of the day of filing, `number` that of its number. `fixed` columns hold
    what the filing says by itself. `register` is the kind that says in which state an entity is,
    `ended` are the states in which nothing is owed any more. `reminded` is the notice that its
    window is open, `ordered` the process by which the register has it corrected.
    """

    resource: str
    keeper: str
    period: str = ""
    event: str = ""
    filed: str
    number: str
    fixed: dict[str, str] = dataclasses.field(default_factory=dict)
    register: str = ""
    ended: tuple[str, ...] = ()
    reminded: str = ""
    ordered: str = ""
    order: int = 0
    guide_zh: str = ""
    guide_en: str = ""
    versions: tuple[FilingVersion, ...]
    screens: tuple[FilingScreen, ...]
    shares: tuple[RandomShare, ...] = ()
    examples: tuple[FilingExample, ...]

    @property
    def guide(self) -> Text:
        return Text(self.guide_zh, self.guide_en)

    @property
    def yearly(self) -> bool:
        return bool(self.period)

    @cached_property
    def items(self) -> tuple[FilingItem, ...]:
        return tuple(item for screen in self.screens for item in screen.items)

    @property
    def columns(self) -> Iterator[str]:
        """Every column that it names."""
        named = (self.period, self.event, self.filed, self.number, *self.fixed)
        yield from (column for column in named if column)
        for item in self.items:
            yield from (column for column in (item.column, item.switch) if column)

    def version_on(self, day: dt.date) -> FilingVersion | None:
        return version_on(self.versions, day)

    def version_of(self, period: int) -> FilingVersion | None:
        """The version by which a year is reported on: that of its last day; none for no year."""
        if not dt.MINYEAR <= period <= dt.MAXYEAR:
            return None
        return self.version_on(dt.date(period, 12, 31))


def _day(year: int, written: str) -> dt.date:
    return dt.date.fromisoformat(f"{year:04}-{written}")
