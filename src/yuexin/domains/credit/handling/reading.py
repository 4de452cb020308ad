"""The stored verdicts of subjects, and the records they rest on. Reads; no rule is run.

One statement for one subject and for ten thousand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from yuexin.domains.credit.handling.book import Book
from yuexin.domains.credit.rows import Row
from yuexin.domains.subjects.verdicts import said_that_matters
from yuexin.engines.deliveries.queries import STATE
from yuexin.engines.rules.types import Said
from yuexin.engines.statements.queries import fetched

# Of each subject what matters of its verdicts, in one round trip.
SAID: Final = said_that_matters(
    subject="s.id", rules="%(rules)s::text[]", wanted="%(wanted)s::text[]", on="%(on)s"
)
VERDICTS: Final = f"""
SELECT a.code, s.id, s.code, s.name, s.named_after_person, s.doubtful,
    ARRAY(SELECT j.code FROM subject j WHERE j.joined_to = s.id ORDER BY 1),
    v.judged, v.told, v.live, v.said
FROM unnest(%(codes)s::text[]) a(code)
JOIN subject m ON m.code = a.code
JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
CROSS JOIN LATERAL {SAID} v
"""
# In the same round trip, before them, how deliveries and verdicts stand.
VERDICTS_AND_STATE: Final = f"""
SELECT NULL::text, NULL::uuid, NULL::text, state.it, false, false, NULL::text[], NULL::uuid,
    NULL::text[], NULL::text[], NULL::jsonb
FROM ({STATE}) state(it)
UNION ALL {VERDICTS}
"""
RECORDS: Final = """
SELECT r.id, r.kind, d.agency, d.resource, r.event_date, r.valid_from, r.valid_until, NULL::date,
    r.known_at, r.delivery, r.row, r.body, m.code, EXISTS (
        SELECT FROM public_row p WHERE p.record = r.id AND p.shown_from <= %(on)s
            AND (p.shown_until IS NULL OR p.shown_until > %(on)s))
FROM record r JOIN delivery d ON d.number = r.delivery JOIN subject m ON m.id = r.subject
WHERE r.id = ANY(%(records)s)
"""


class Found(NamedTuple):
    """A subject under a code that was asked for, with what matters of its verdicts.

    `told` are the rules that have said something, `live` those that say something for today;
    `judged` is the digest of the rules by which it was judged, none where it was not yet.
    """

    subject: UUID
    code: str
    name: str
    doubtful: bool
    joined: tuple[str, ...]
    judged: UUID | None
    told: tuple[str, ...]
    live: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the file."""
        return (self.code, *self.joined)

    def is_clear(self, book: Book) -> bool:
        """Whether all was judged, and nothing that matters said."""
        return not self.said and self.is_judged(book)

    def is_judged(self, book: Book) -> bool:
        """Whether all was judged for today by the rules that hold now, and no row is in doubt."""
        whole = self.told == self.live or set(self.told) == set(self.live)
        return whole and self.judged == book.judged_by and not self.doubtful and book.quiet


class Stored(NamedTuple):
    """A record as it stands, and whether it is shown to the public on the day."""

    row: Row
    public: bool


def found_by(*, codes: Collection[str], book: Book, on: dt.date) -> Mapping[str, Found]:
    """The subjects that go on under these codes, by the code asked for."""
    rows = fetched(VERDICTS, _values(codes, book, on), alone=True)
    return {row[0]: _found(*row[1:]) for row in rows}


def found_with_state(
    *, codes: Collection[str], book: Book, on: dt.date
) -> tuple[Mapping[str, Found], str]:
    """As `found_by`, and how deliveries and verdicts stand."""
    first, *rows = fetched(VERDICTS_AND_STATE, _values(codes, book, on), alone=True)
    return {row[0]: _found(*row[1:]) for row in rows}, first[3]


def stored(*, records: Collection[UUID], on: dt.date) -> Mapping[UUID, Stored]:
    """The records of these ids as they stand; what is no more is left out."""
    if not records:
        return {}
    found = fetched(RECORDS, {"records": [*records], "on": on}, alone=True)
    return {row[0]: Stored(row=_row(*row[:-1]), public=row[-1]) for row in found}


def _values(codes: Collection[str], book: Book, on: dt.date) -> Mapping[str, Any]:
    return {"codes": [*codes], "rules": book.rules_array, "wanted": book.wanted_array, "on": on}


def _found(
    subject: UUID,
    code: str,
    name: str,
    personal: bool,
    doubtful: bool,
    joined: list[str],
    judged: UUID | None,
    told: list[str] | None,
    live: list[str] | None,
    said: Any,
) -> Found:
    parsed = orjson.loads(said) if isinstance(said, str) else said or ()
    return Found(
        subject=subject,
        code=code,
        name="" if personal else name,
        doubtful=doubtful,
        joined=tuple(joined),
        judged=judged,
        told=tuple(told or ()),
        live=tuple(live or ()),
        said=tuple(_verdict(*one) for one in parsed),
    )


def _verdict(rule: str, since: str, until: str | None, value: str | None, reasons: Any) -> Said:
    return Said(
        rule=rule,
        valid_from=dt.date.fromisoformat(since),
        valid_until=dt.date.fromisoformat(until) if until else None,
        value=value,
        reasons=reasons,
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
    said = orjson.loads(body) if isinstance(body, str) else body
    return Row(
        record=record, kind=kind, agency=agency, resource=resource, event_date=event,
        valid_from=since, valid_until=until, shown_until=shown, known_at=known, delivery=delivery,
        row=row, body=said, code=code, latest=said, latest_event=event,
    )  # fmt: skip
