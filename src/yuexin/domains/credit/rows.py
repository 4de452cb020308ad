"""Reads of the stored rows: the public projection for the public, the records for officers.

The public road never touches the record table: what it cannot read it cannot leak.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from yuexin.domains.subjects.models import Subject

COLUMNS = (
    "record",
    "kind",
    "agency",
    "resource",
    "event_date",
    "valid_from",
    "valid_until",
    "shown_until",
    "known_at",
    "delivery",
    "row",
    "body",
)

PUBLIC = """
SELECT record, kind, agency, resource, event_date, valid_from, valid_until, shown_until, known_at,
    delivery, row, body
FROM public_row
WHERE subject = %(subject)s AND shown_from <= %(today)s
    AND (shown_until IS NULL OR shown_until > %(today)s)
    AND shown_from <= %(on)s AND coalesce(valid_from, event_date, %(on)s) <= %(on)s
ORDER BY event_date DESC NULLS LAST, delivery DESC, row
"""

# A state ends where the next one known at the moment begins, not where a later delivery put it.
RECORDS = """
SELECT id, kind, agency, resource, event_date, valid_from,
    CASE WHEN kind = ANY(%(states)s) THEN following ELSE valid_until END, NULL::date,
    known_at, delivery, row, body
FROM (
    SELECT r.*, d.agency, d.resource, lead(r.valid_from) OVER (
        PARTITION BY r.kind, d.agency ORDER BY r.valid_from, r.known_at, r.id) AS following
    FROM record r JOIN delivery d ON d.number = r.delivery
    WHERE r.subject = %(subject)s AND r.known_at < %(moment)s
        AND (r.superseded_at IS NULL OR r.superseded_at >= %(moment)s)
) known
WHERE coalesce(valid_from, event_date, %(on)s) <= %(on)s
ORDER BY event_date DESC NULLS LAST, delivery DESC, row
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stored row, before anything is decided about its fields."""

    record: UUID
    kind: str
    agency: str
    resource: str
    event_date: dt.date | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    shown_until: dt.date | None
    known_at: dt.datetime
    delivery: int
    row: int
    body: dict[str, Any]

    def stands(self, on: dt.date) -> bool:
        """Whether a state holds on that day."""
        return self.valid_until is None or self.valid_until > on


def subject_of(*, code: str) -> Subject | None:
    return Subject.objects.filter(code=code).first()


def public_rows(*, subject: UUID, today: dt.date, on: dt.date) -> tuple[Row, ...]:
    """What today's law shows of the subject, as far as it was shown and true on that day."""
    return _rows(PUBLIC, {"subject": subject, "today": today, "on": on})


def record_rows(
    *, subject: UUID, on: dt.date, moment: dt.datetime, states: list[str]
) -> tuple[Row, ...]:
    """Every record as it was known just before `moment`. `states` are the kinds of that sort."""
    return _rows(RECORDS, {"subject": subject, "on": on, "moment": moment, "states": states})


def public_row(*, record: UUID, today: dt.date) -> tuple[UUID, Row] | None:
    """One public row and its subject, while it is shown."""
    statement = PUBLIC.replace("subject = %(subject)s", "record = %(record)s").replace(
        "SELECT record,", "SELECT subject, record,"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"record": record, "today": today, "on": today})
        found = cursor.fetchone()
    return (found[0], _row(found[1:])) if found else None


def _rows(statement: str, values: dict[str, Any]) -> tuple[Row, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(_row(found) for found in cursor.fetchall())


def _row(found: Iterable[Any]) -> Row:
    values = dict(zip(COLUMNS, found, strict=True))
    if isinstance(values["body"], str):
        values["body"] = json.loads(values["body"])
    return Row(**values)
