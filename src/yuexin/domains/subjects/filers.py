"""Who files, and what is known of it: one statement for one entity and for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.engines.declare.types import Declarations, Filed, Filing

# The prevailing registration says the type and the state. A report that was taken back is none; the
# first version of one that stands tells when it was filed.
_KNOWN: Final = """
WITH who AS (
    SELECT s.id, s.code, s.name, s.entity_type, s.city, s.est_date, s.sole_trader,
        coalesce(r.body->>%(state)s, '') AS state
    FROM subject s
    LEFT JOIN record r ON r.subject = s.id AND r.kind = %(register)s
        AND r.superseded_at IS NULL AND r.delivery = s.delivery AND r.row = s.row
    WHERE {whose}
), told AS (
    SELECT subject, min((body->>%(filed)s)::date) AS first_filed, max(event_date) AS event_date
    FROM record
    WHERE kind = %(kind)s AND body->>%(field)s = %(thing)s {told_by}
    GROUP BY subject HAVING bool_or(superseded_at IS NULL)
)
"""
ONE: Final = f"""{
    _KNOWN.format(whose="s.code = %(code)s", told_by="AND subject = (SELECT id FROM who)")
}
SELECT code, name, entity_type, city, est_date, sole_trader, state, first_filed, event_date, id
FROM who LEFT JOIN told ON told.subject = who.id
"""
# Many entities are of one sort; what is said of a sort is computed once.
SORTS: Final = f"""{_KNOWN.format(whose="s.joined_to IS NULL", told_by="")}
SELECT city, entity_type, state, CASE WHEN est_date > %(last)s THEN %(last)s + 1 END,
    first_filed, count(*)
FROM who LEFT JOIN told ON told.subject = who.id
GROUP BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """An entity as the register has it, with the day on which it first filed this, and that of the
    fact it told."""

    subject: Any
    code: str
    name: str
    city: str
    sole_trader: bool
    filed: Filed
    event_date: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Sort:
    """So many entities of one city, of which the same is to be said."""

    city: str
    filed: Filed
    count: int


def entity_of(
    *, declarations: Declarations, filing: Filing, code: str, thing: str
) -> Entity | None:
    """The entity under a code, and what it filed for this year or under this number."""
    values = {**_told(declarations, filing, thing), "code": code}
    with connection.cursor() as cursor:
        cursor.execute(ONE, values)
        row = cursor.fetchone()
    if row is None:
        return None
    code, name, kind, city, est_date, trader, state, first, event, subject = row
    filed = Filed(entity_type=kind, est_date=est_date, state=state, first_filed=first)
    return Entity(
        subject=subject,
        code=code,
        name=name,
        city=city,
        sole_trader=trader,
        filed=filed,
        event_date=event,
    )


def sorts_of(*, declarations: Declarations, filing: Filing, period: int) -> Iterator[Sort]:
    """All entities, by what a year's filing depends on."""
    last = dt.date(period, 12, 31)
    values = {**_told(declarations, filing, str(period)), "last": last}
    with connection.cursor() as cursor:
        cursor.execute(SORTS, values)
        rows = cursor.fetchall()
    for city, kind, state, founded_later, first, count in rows:
        filed = Filed(entity_type=kind, est_date=founded_later, state=state, first_filed=first)
        yield Sort(city=city, filed=filed, count=count)


def _told(declarations: Declarations, filing: Filing, thing: str) -> dict[str, Any]:
    resource = declarations.resources[filing.resource]
    field = resource.by_header[filing.period or filing.number].field
    filed = resource.by_header[filing.filed].field
    names = declarations.kinds[filing.register].names
    return {
        "kind": resource.kind, "field": field, "filed": filed, "thing": thing,
        "register": filing.register, "state": names.state if names else "",
    }  # fmt: skip
