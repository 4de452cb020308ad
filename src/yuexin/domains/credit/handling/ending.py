"""Which measures that a body applied a check would call for no more: decided as a check decides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from yuexin.domains.credit.handling.book import Book, book_of
from yuexin.domains.credit.handling.hits import last_day_of
from yuexin.domains.credit.handling.reading import found_by, stored
from yuexin.domains.credit.handling.sayings import all_called, sets_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.types import CalledFor, Hit


class Applied(NamedTuple):
    """A measure that was applied to whoever goes on under a code, in a scene."""

    subject: str
    measure: str
    scene: str


def called_no_more(
    *, declarations: Declarations, applied: Collection[Applied], on: dt.date
) -> frozenset[Applied]:
    """Those that neither the law nor the verdicts of the subject call for in their scene on a day,
    and those whose own time is over. What is not known or not judged for the day has not ended."""
    by_scene: dict[str, set[Applied]] = defaultdict(set)
    for one in applied:
        by_scene[one.scene].add(one)
    return frozenset(
        one for scene, some in by_scene.items() for one in _ended(declarations, scene, some, on)
    )


def _ended(
    declarations: Declarations, scene: str, applied: Collection[Applied], on: dt.date
) -> Iterator[Applied]:
    book = book_of(declarations=declarations, scene=scene, on=on)
    found = found_by(codes={one.subject for one in applied}, book=book, on=on)
    sets = sets_of(found=found.values(), book=book)
    called = {
        code: all_called(
            declarations=declarations, found=one, book=book, sets=sets, scene=scene, on=on
        )
        for code, one in found.items()
    }
    asked = [
        (one, _Asked(book=book, measure=one.measure, called=called[one.subject]))
        for one in applied
        if one.subject in called
    ]
    limited = [hit for _, it in asked if (hit := it.hit) and hit.measure.term_months]
    dates = _dates(limited, on)
    return (one for one, it in asked if it.is_over(dates, on))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A measure, and what is called for of the subject."""

    book: Book
    measure: str
    called: CalledFor

    @property
    def hit(self) -> Hit | None:
        return next((one for one in self.called.hits if one.measure.id == self.measure), None)

    def is_over(self, dates: Mapping[UUID, dt.date], on: dt.date) -> bool:
        hit = self.hit
        if hit is None:
            return not self._is_undecided()
        until = last_day_of(hit, dates)
        return until is not None and until < on

    def _is_undecided(self) -> bool:
        """Whether the law still asks for it, and it is not known what a rule says."""
        asked = {
            trigger.rule
            for one in self.book.measures
            if one.id == self.measure
            for trigger in one.triggers
        }
        return not asked.isdisjoint(self.called.undecided)


def _dates(hits: Iterable[Hit], on: dt.date) -> Mapping[UUID, dt.date]:
    """Of the records that these rest on, the day of each that has one."""
    rows = stored(records={UUID(record) for hit in hits for record in hit.records}, on=on)
    return {record: day for record, one in rows.items() if (day := one.row.event_date)}
