"""How fresh each source is against its declared cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from yuexin.base.dates import Calendar, Deadline, last_moment, today
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations, Resource
from yuexin.engines.deliveries.models import Receipt
from yuexin.engines.deliveries.remembered import remembered

CYCLE_DAYS: Mapping[str, int] = {
    "real_time": 1,
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "quarterly": 92,
    "yearly": 366,
}


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """What one agency has delivered of one resource. `late_since` is none while on time.

    `first_received_at` is known also where it lies after the day. `due` is the last day on which
    the next delivery is in time: a cycle runs from the last one, so before the first none is due,
    and of the cycle `once` none after it. `provisional`: by a calendar that is not announced yet.
    """

    agency: str
    resource: str
    deliveries: int = 0
    rows: int = 0
    first_received_at: dt.datetime | None = None
    last_received_at: dt.datetime | None = None
    due: dt.date | None = None
    late_since: dt.date | None = None
    provisional: bool = False


def freshness(
    *, declarations: Declarations, on: dt.date, state: str | None = None
) -> tuple[Freshness, ...]:
    """One row per agency and resource it provides, delivered or not, as it stands on a day.

    What came until the end of that day counts. It is the same for whoever asks, so it is
    remembered until something is delivered. `state` is how deliveries stand, where it was read.
    """
    key = ("freshness", declarations.digest, on)
    return remembered(key=key, count=lambda: tuple(_found(declarations, on)), state=state)


def _found(declarations: Declarations, on: dt.date) -> Iterator[Freshness]:
    calendar = calendar_of(declarations=declarations)
    sums = _sums(until=last_moment(on))
    for resource in declarations.resources.values():
        for agency in resource.providers:
            row = sums.get((agency, resource.id))
            if row is None or row["last"] is None:
                first = row["first"] if row else None
                yield Freshness(agency=agency, resource=resource.id, first_received_at=first)
                continue
            due = _due(resource, row["last"], calendar)
            yield Freshness(
                agency=agency,
                resource=resource.id,
                deliveries=row["count"],
                rows=row["rows"],
                first_received_at=row["first"],
                last_received_at=row["last"],
                due=due.date if due else None,
                late_since=_late_since(due, on),
                provisional=due is not None and due.provisional,
            )


def _sums(*, until: dt.datetime) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Of each agency and resource: how many deliveries and rows came until then, and when the
    last; when the first came at all."""
    then = Q(delivery__received_at__lte=until)
    rows = Receipt.objects.filter(state="folded")
    grouped = rows.values("delivery__agency", "delivery__resource").annotate(
        count=Count("delivery", filter=then),
        rows=Sum("rows_received", filter=then),
        first=Min("delivery__received_at"),
        last=Max("delivery__received_at", filter=then),
    )
    return {(row["delivery__agency"], row["delivery__resource"]): row for row in grouped}


def _due(resource: Resource, last: dt.datetime, calendar: Calendar) -> Deadline | None:
    """The working day by which the next delivery is due.

    In a year whose calendar is not announced, Monday to Friday are worked, provisionally.
    """
    days = CYCLE_DAYS.get(resource.cycle)
    return None if days is None else calendar.roll(today(last) + dt.timedelta(days=days))


def _late_since(due: Deadline | None, on: dt.date) -> dt.date | None:
    """The first day after the one on which the next delivery was due, once it has come."""
    return due.date + dt.timedelta(days=1) if due and on > due.date else None
