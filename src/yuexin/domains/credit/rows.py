"""Reads of the stored rows: the public projection for the public, the records for officers.

The public road takes no content from the record table: what it cannot read it cannot leak.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from yuexin.domains.credit.statements import BEGUN, SHOWN
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

# A file holds what is known of every subject that is joined in it.
IN_FILE = "SELECT id FROM subject WHERE id = %(subject)s OR joined_to = %(subject)s"
ONE_FILE = "(m.id = %(subject)s OR m.joined_to = %(subject)s)"
BEGUN_THEN = BEGUN.format(states="%(states)s", on="%(on)s")

# A state ends where the next one begins; on a day on which the next was not known yet, where the
# next of those known then begins.
_PUBLIC = """
SELECT file, record, kind, agency, resource, event_date, valid_from,
    CASE WHEN kind = ANY(%(states)s) AND EXISTS (
        SELECT FROM public_row n WHERE n.subject = p.subject AND n.kind = p.kind
            AND n.agency = p.agency AND n.valid_from = p.valid_until
            AND n.version = 1 AND n.shown_from > %(on)s
    ) THEN following ELSE valid_until END, shown_until, known_at, delivery, row, body, code,
    version
FROM (
    SELECT r.*, m.code, coalesce(m.joined_to, m.id) AS file, lead(r.valid_from) OVER (
        PARTITION BY coalesce(m.joined_to, m.id), kind, agency
        ORDER BY r.valid_from, known_at, record) AS following
    FROM public_row r JOIN subject m ON m.id = r.subject
    WHERE {whose} AND {shown} AND shown_from <= %(on)s
) p
WHERE {begun}
"""
PUBLIC = f"""{_PUBLIC.format(whose=ONE_FILE, shown=SHOWN, begun=BEGUN_THEN)}
ORDER BY event_date DESC NULLS LAST, delivery DESC, row
"""
PUBLIC_OF_MANY = _PUBLIC.format(
    whose="(m.id = ANY(%(subjects)s) OR m.joined_to = ANY(%(subjects)s)) AND kind = ANY(%(kinds)s)",
    shown=SHOWN,
    begun=BEGUN_THEN,
)

ONE_PUBLIC = f"""
SELECT subject, record, kind, agency, resource, event_date, valid_from, valid_until, shown_until,
    known_at, delivery, row, body, '', version
FROM public_row WHERE record = %(record)s AND {SHOWN}
"""

# All that a file holds now of the fact that a record told, whichever of its codes tells it.
_THE_SAME_FACT = """
FROM record o
JOIN subject q ON q.id = o.subject
JOIN subject s ON s.id = coalesce(q.joined_to, q.id)
JOIN subject m ON m.id = s.id OR m.joined_to = s.id
JOIN record c ON c.subject = m.id AND c.kind = o.kind AND c.source_key = o.source_key
    AND c.superseded_at IS NULL AND c.id <> o.id
"""
# Of a version that was replaced, or is told under another code of the file since, nothing is read
# but which fact it told.
SHOWN_NOW = f"""
SELECT s.code, p.kind, p.record
{_THE_SAME_FACT}
JOIN public_row p ON p.record = c.id
WHERE o.id = %(record)s AND {SHOWN}
    AND (o.superseded_at IS NOT NULL OR EXISTS (SELECT FROM echo WHERE echo.record = o.id))
ORDER BY c.subject = o.subject DESC LIMIT 1
"""
COUNTED = f"""
SELECT c.id {_THE_SAME_FACT}
WHERE o.id = ANY(%(records)s) AND EXISTS (SELECT FROM echo WHERE echo.record = o.id)
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = c.id)
"""

# A state ends where the next one known at the moment begins, not where a later delivery put it.
# Whoever reads as one code of a file is given what that one told, be it told by another since.
RECORDS = f"""
SELECT id, kind, agency, resource, event_date, valid_from,
    CASE WHEN kind = ANY(%(states)s) THEN following ELSE valid_until END, NULL::date,
    known_at, delivery, row, body, code, version, latest, latest_event
FROM (
    SELECT r.*, m.code, d.agency, d.resource, coalesce(c.body, r.body) AS latest,
        CASE WHEN c.id IS NULL THEN r.event_date ELSE c.event_date END AS latest_event,
        lead(r.valid_from) OVER (
        PARTITION BY r.kind, split_part(r.source_key, E'\\x1f', 1)
        ORDER BY r.valid_from, r.known_at, r.id) AS following
    FROM (
        SELECT *, EXISTS (SELECT FROM echo WHERE echo.record = record.id) AS echoes FROM record
        WHERE subject IN ({IN_FILE}) AND superseded_at IS NULL
        UNION ALL
        SELECT *, false FROM record WHERE subject IN ({IN_FILE}) AND superseded_at > %(moment)s
    ) r JOIN subject m ON m.id = r.subject
    JOIN delivery d ON d.number = r.delivery
    LEFT JOIN record c ON c.subject = r.subject AND c.kind = r.kind
        AND c.source_key = r.source_key AND c.superseded_at IS NULL
    WHERE r.known_at <= %(moment)s
) known
WHERE {BEGUN_THEN} AND CASE WHEN %(own)s = '' THEN NOT echoes ELSE code = %(own)s END
ORDER BY event_date DESC NULLS LAST, delivery DESC, row
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stored row, before anything is decided about its fields.

    `code` is the one under which a file was told it, `version` the place among what was told of
    the fact. `latest` is what is said of it today: what is sealed now is closed on every day.
    """

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
    code: str = ""
    version: int = 1
    latest: dict[str, Any] = field(default_factory=dict)
    latest_event: dt.date | None = None

    def stands(self, on: dt.date) -> bool:
        """Whether a state holds on that day."""
        return self.valid_until is None or self.valid_until > on


def subject_of(*, code: str) -> Subject | None:
    """Whose file a code leads to: one that goes on under another code, to that."""
    found = Subject.objects.filter(code=code).first()
    return file_subject(subject=found.joined_to) if found and found.joined_to else found


def file_subject(*, subject: UUID) -> Subject:
    """The subject in whose file another one's records stand: itself, or whom it is joined to."""
    found = Subject.objects.get(id=subject)
    return Subject.objects.get(id=found.joined_to) if found.joined_to else found


def public_rows(
    *, subject: UUID, today: dt.date, on: dt.date, states: list[str]
) -> tuple[Row, ...]:
    """What today's law shows of the subject, as far as it was shown and true on that day.

    `states` are the kinds of which one fact holds at a time.
    """
    found = _fetched(PUBLIC, {"subject": subject, "today": today, "on": on, "states": states})
    return tuple(_row(row[1:]) for row in found)


def public_rows_of(
    *, subjects: Collection[UUID], kinds: Collection[str], today: dt.date, states: list[str]
) -> Mapping[UUID, list[Row]]:
    """The same of many subjects and of these kinds only, today, by subject."""
    values = {"subjects": list(subjects), "kinds": list(kinds), "states": states}
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for subject, *row in _fetched(PUBLIC_OF_MANY, {**values, "today": today, "on": today}):
        rows[subject].append(_row(row))
    return rows


def codes_of(*, subject: UUID) -> tuple[str, ...]:
    """The codes of a file: its own, and those of subjects joined to it."""
    found = Subject.objects.filter(Q(id=subject) | Q(joined_to=subject))
    return tuple(found.order_by("code").values_list("code", flat=True))


def record_rows(
    *, subject: UUID, on: dt.date, moment: dt.datetime, states: list[str], own: str = ""
) -> tuple[Row, ...]:
    """Every record as it was known at `moment`; `states` as above. With `own` those alone that
    were told under this code of the file."""
    values = {"subject": subject, "on": on, "moment": moment, "states": states, "own": own}
    return tuple(map(_row, _fetched(RECORDS, values)))


def public_row(*, record: UUID, today: dt.date) -> tuple[UUID, Row] | None:
    """One public row and its subject, while it is shown."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_PUBLIC, {"record": record, "today": today})
        found = cursor.fetchone()
    return (found[0], _row(found[1:])) if found else None


def told_since(*, records: Collection[UUID]) -> frozenset[UUID]:
    """The records that count instead of these: of the same facts, told under another code of the
    file since."""
    return frozenset(one for (one,) in _fetched(COUNTED, {"records": list(records)}))


def shown_now(*, record: UUID, today: dt.date) -> tuple[str, str, UUID] | None:
    """Code of the file, kind and id of what is shown now of the fact that a record told which was
    replaced, or does not count beside another code's."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_NOW, {"record": record, "today": today})
        found: tuple[str, str, UUID] | None = cursor.fetchone()
    return found


def _fetched(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _row(found: Iterable[Any]) -> Row:
    values = dict(zip((*COLUMNS, "code", "version", "latest", "latest_event"), found, strict=False))
    for name in ("body", "latest"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])
    return Row(**values)
