"""Until when the law asks that a row be public which is no record yet: it waits, or went back.

Asked of a row that somebody was shown already.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection

from yuexin.base.dates import read_date, today
from yuexin.domains.collection.measures import NATURAL_PERSON
from yuexin.domains.collection.models import Quarantined, Waiting
from yuexin.engines.declare.queries import Deadline, calendar_of, deadlines
from yuexin.engines.declare.types import Declarations, Resource
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.queries import NO_STOCK

CLOCK_RUNS: Final = f"SELECT {NO_STOCK} FROM delivery d WHERE d.number = %s"


def deadlines_of_row(
    *, declarations: Declarations, delivery: int, row: int, now: dt.datetime
) -> tuple[Deadline, ...]:
    """The deadlines of a row, the binding one first; none where no clock runs for its kind, for a
    natural person's, or where its day cannot be read."""
    source = Delivery.objects.filter(number=delivery).first()
    resource = declarations.resources.get(source.resource) if source else None
    kind = declarations.kinds[resource.kind] if resource else None
    if resource is None or kind is None or kind.strictest is None:
        return ()
    event = _event(resource, kind.event_date, delivery, row)
    if event is None:
        return ()
    return deadlines(
        calendar=calendar_of(declarations=declarations),
        kind=kind,
        event=event,
        known_on=None,
        today=today(now),
        excuse="" if _clock_runs(delivery) else "stock",
    )


def _event(resource: Resource, field: str, delivery: int, row: int) -> dt.date | None:
    waits = Waiting.objects.filter(delivery=delivery, row=row).first()
    if waits is not None:
        day = waits.staged.get("event_date")
        return dt.date.fromisoformat(day) if day and waits.reason != NATURAL_PERSON else None
    held = Quarantined.objects.filter(delivery=delivery, row=row).first()
    raw: dict[str, Any] = held.raw if held else {}
    person = resource.natural_person
    if person and raw.get(person.column) == person.equals:
        return None
    days = [read_date(str(raw[c.header])) for c in resource.columns
            if c.field == field and raw.get(c.header)]  # fmt: skip
    return days[0] if days else None


def _clock_runs(delivery: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(CLOCK_RUNS, [delivery])
        (runs,) = cursor.fetchone()
    return bool(runs)
