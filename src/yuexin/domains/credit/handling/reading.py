"""The stored verdicts of subjects, and the records they rest on. Reads; no rule is run.

One statement for one subject and for ten thousand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from yuexin.domains.credit.handling.book import Said
from yuexin.domains.credit.rows import Row

# Of each subject: how many of the rules have said something, what they said that matters, and
# from which day on they say something else.
VERDICTS: Final = """
SELECT a.code, s.id, s.code, s.name, s.named_after_person, s.doubtful,
    ARRAY(SELECT j.code FROM subject j WHERE j.joined_to = s.id ORDER BY 1), v.judged, v.said
FROM unnest(%(codes)s::text[]) a(code)
JOIN subject m ON m.code = a.code
JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
CROSS JOIN LATERAL (
    SELECT count(*) AS judged, jsonb_agg(jsonb_build_array(w.rule, w.value, (
            SELECT min(n.valid_from) FROM verdict n
            WHERE n.subject = w.subject AND n.rule = w.rule AND n.valid_from > %(on)s
                AND n.value IS DISTINCT FROM w.value), w.reasons))
        FILTER (WHERE w.value IS NULL OR (w.rule || ' ' || w.value) = ANY(%(wanted)s)) AS said
    FROM verdict w
    WHERE w.subject = s.id AND w.rule = ANY(%(rules)s)
        AND w.valid_from <= %(on)s AND (w.valid_until IS NULL OR w.valid_until > %(on)s)
) v
"""
JUDGED: Final = """
SELECT rule FROM verdict WHERE subject = %(subject)s AND rule = ANY(%(rules)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until > %(on)s)
"""
RECORDS: Final = """
SELECT r.id, r.kind, d.agency, d.resource, r.event_date, r.valid_from, r.valid_until, NULL::date,
    r.known_at, r.delivery, r.row, r.body, m.code
FROM record r JOIN delivery d ON d.number = r.delivery JOIN subject m ON m.id = r.subject
WHERE r.id = ANY(%(records)s)
"""


class Verdict(NamedTuple):
    """What a rule says of a subject today, until before `until`, and by which records."""

    rule: str
    value: str | None
    until: dt.date | None
    records: tuple[UUID, ...]


class Found(NamedTuple):
    """A subject under a code that was asked for, with what matters of its verdicts."""

    subject: UUID
    code: str
    name: str
    doubtful: bool
    joined: tuple[str, ...]
    judged: int
    said: tuple[Verdict, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the file."""
        return (self.code, *self.joined)


def found_by(
    *, codes: Collection[str], rules: Collection[str], wanted: Collection[Said], on: dt.date
) -> Mapping[str, Found]:
    """The subjects that go on under these codes, by the code asked for."""
    values = {
        "codes": [*codes], "rules": [*rules], "wanted": [" ".join(said) for said in wanted],
        "on": on,
    }  # fmt: skip
    return {row[0]: _found(*row[1:]) for row in _fetched(VERDICTS, values)}


def judged_rules(*, subject: UUID, rules: Collection[str], on: dt.date) -> frozenset[str]:
    """The rules that have said something of a subject for this day."""
    values = {"subject": subject, "rules": [*rules], "on": on}
    return frozenset(rule for (rule,) in _fetched(JUDGED, values))


def rows_by_record(*, records: Collection[UUID]) -> Mapping[UUID, Row]:
    """The records of these ids as they stand; what is no more is left out."""
    if not records:
        return {}
    return {row[0]: _row(*row) for row in _fetched(RECORDS, {"records": [*records]})}


def _found(
    subject: UUID,
    code: str,
    name: str,
    personal: bool,
    doubtful: bool,
    joined: list[str],
    judged: int,
    said: Any,
) -> Found:
    parsed = json.loads(said) if isinstance(said, str) else said or ()
    return Found(
        subject=subject,
        code=code,
        name="" if personal else name,
        doubtful=doubtful,
        joined=tuple(joined),
        judged=judged,
        said=tuple(_verdict(*one) for one in parsed),
    )


def _verdict(rule: str, value: str | None, until: str | None, reasons: list[Any]) -> Verdict:
    named = (record for one in reasons if one["truth"] is True for record in one["records"])
    return Verdict(
        rule=rule,
        value=value,
        until=dt.date.fromisoformat(until) if until else None,
        records=tuple(UUID(record) for record in dict.fromkeys(named)),
    )


def _row(*found: Any) -> Row:
    (
        record,
        kind,
        agency,
        resource,
        event,
        since,
        until,
        shown,
        known,
        delivery,
        row,
        body,
        code,
    ) = found
    said = json.loads(body) if isinstance(body, str) else body
    return Row(
        record=record, kind=kind, agency=agency, resource=resource, event_date=event,
        valid_from=since, valid_until=until, shown_until=shown, known_at=known, delivery=delivery,
        row=row, body=said, code=code, latest=said, latest_event=event,
    )  # fmt: skip


def _fetched(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
