"""Whether a filing may be made, is owed or late, by law and date. Pure: one function for a page,
a refusal, a reminder and a statistic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import Calendar, Deadline
from yuexin.engines.declare.filing import Filer, Filing, FilingVersion

Standing = Literal[
    "open", "filed", "late", "closed", "ordered", "too_early", "not_founded", "ended", "no_law"
]
"""To be filed, filed and still correctable, overdue, filed and no longer correctable, to be
corrected by order, before its window, of a time before the entity, of one that is no more, of a
time without a law."""

MAY_FILE: Final[frozenset[Standing]] = frozenset({"open", "filed", "late", "ordered"})
OWED: Final[frozenset[Standing]] = frozenset({"open", "late"})


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What is known of an entity and of what it filed for a period.

    `ordered_until` is the last day on which an order of the register has it corrected.
    """

    entity_type: str
    est_date: dt.date | None
    state: str
    first_filed: dt.date | None = None
    ordered_until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Stand:
    """How a filing stands on a day. `opens` and `due` bound its window; none without a law.
    `late`: what was, or would be, filed first is too late."""

    standing: Standing
    opens: dt.date | None = None
    due: Deadline | None = None
    late: bool = False
    version: FilingVersion | None = None
    filer: Filer | None = None

    @property
    def may_file(self) -> bool:
        return self.standing in MAY_FILE


def year_standing(
    *, filing: Filing, period: int, entity: Filed, on: dt.date, calendar: Calendar
) -> Stand:
    """How the report on the year `period` stands on a day.

    Civil Code Art. 203: the window ends on a working day.
    """
    version = _version(filing, period)
    filer = version.filer_of(entity.entity_type) if version else None
    if version is None or filer is None:
        return Stand(standing="no_law")
    opens, due = filer.window(period)[0], _due(filer, period, calendar)
    late = (entity.first_filed or on) > due.date
    found = _of_year(entity, period, on, opens, due.date, filing)
    return Stand(standing=found, opens=opens, due=due, late=late, version=version, filer=filer)


def surely_late(*, filing: Filing, period: int, filed: dt.date, calendar: Calendar) -> bool:
    """Whether a report on the year `period` that was filed on a day was too late for filers of
    every class: for whoever does not know of which its filer is."""
    version = _version(filing, period)
    filers = version.filers if version else ()
    return bool(filers) and all(filed > _due(one, period, calendar).date for one in filers)


def _version(filing: Filing, period: int) -> FilingVersion | None:
    return filing.version_of(period) if dt.MINYEAR < period < dt.MAXYEAR - 1 else None


def _due(filer: Filer, period: int, calendar: Calendar) -> Deadline:
    return calendar.roll(filer.window(period)[1])


def _of_year(
    entity: Filed, period: int, on: dt.date, opens: dt.date, due: dt.date, filing: Filing
) -> Standing:
    # A new entity reports from the next year on: on the year in which it was founded, too.
    if entity.est_date is not None and entity.est_date.year > period:
        return "not_founded"
    if entity.first_filed is None and entity.state in filing.ended:
        return "ended"
    if on < opens:
        return "too_early"
    if entity.first_filed is not None:
        if entity.ordered_until is not None and on <= entity.ordered_until:
            return "ordered"
        return "filed" if on <= due else "closed"
    return "open" if on <= due else "late"


def event_standing(
    *, filing: Filing, event: dt.date, entity: Filed, on: dt.date, calendar: Calendar
) -> Stand:
    """How the information on a fact of a day stands: so many working days, the day not counted."""
    version = filing.version_on(event)
    filer = version.filer_of(entity.entity_type) if version else None
    if version is None or filer is None:
        return Stand(standing="no_law")
    due = calendar.add_workdays(event, version.workdays)
    late = (entity.first_filed or on) > due.date
    return Stand(
        standing=_of_event(entity, event, on, due.date, filing),
        opens=event, due=due, late=late, version=version, filer=filer,
    )  # fmt: skip


def _of_event(entity: Filed, event: dt.date, on: dt.date, due: dt.date, filing: Filing) -> Standing:
    if entity.est_date is not None and event < entity.est_date:
        return "not_founded"
    if on < event:
        return "too_early"
    if entity.first_filed is not None:
        return "filed"
    if entity.state in filing.ended:
        return "ended"
    return "open" if on <= due else "late"
