"""Of what a case is: the subject and the record, read, and which body handles it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection

from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.types import NO_RECORD, About
from yuexin.engines.declare.queries import heir_of, local_body
from yuexin.engines.declare.types import SOLE_TRADER, Declarations, Process, RecordKind
from yuexin.engines.deliveries.queries import NO_STOCK
from yuexin.engines.records.queries import typed
from yuexin.engines.rules.queries import frame_schema

OF_SUBJECT: Final = "SELECT id, code, name FROM subject WHERE id = %s"
CITY: Final = "SELECT city FROM subject WHERE id = %s"
OF_RECORD: Final = """
SELECT r.id, r.kind, r.source_key, r.body, r.event_date, r.delivery, r.row, d.agency
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %s AND r.id = %s AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
"""
ABOUT_MANY: Final = """
SELECT s.id, s.code, s.name,
    r.id, r.kind, r.source_key, r.body, r.event_date, r.delivery, r.row, d.agency
FROM record r JOIN delivery d ON d.number = r.delivery JOIN subject s ON s.id = r.subject
WHERE r.id = ANY(%(records)s) AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
"""
CURRENT: Final = """
SELECT r.id, r.kind, r.source_key, r.body, r.event_date, r.delivery, r.row, d.agency
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %s AND r.kind = %s AND r.source_key = %s AND r.superseded_at IS NULL
"""
CURRENT_OF: Final = """
SELECT r.id, r.kind, r.source_key, r.body, r.event_date, r.delivery, r.row, d.agency
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %s AND r.kind = %s AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
ORDER BY coalesce(r.valid_from, r.event_date) DESC NULLS LAST, r.known_at DESC, r.id LIMIT 1
"""
REGISTER: Final = """
SELECT d.agency FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %s AND r.kind = ANY(%s) AND r.superseded_at IS NULL
ORDER BY r.valid_from DESC NULLS LAST, r.known_at DESC LIMIT 1
"""
FILE: Final = """
SELECT r.kind, r.id::text, r.body, s.sole_trader
FROM record r JOIN subject s ON s.id = r.subject
WHERE (r.subject = %(subject)s
        OR r.subject IN (SELECT id FROM subject WHERE joined_to = %(subject)s))
    AND r.kind = ANY(%(kinds)s) AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
    AND (NOT r.kind = ANY(%(states)s)
        OR r.valid_from <= %(on)s AND (r.valid_until IS NULL OR r.valid_until > %(on)s))
"""
FIRST_TOLD: Final = f"""
SELECT (r.known_at AT TIME ZONE 'Asia/Shanghai')::date, {NO_STOCK}
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %s AND r.kind = %s AND r.source_key = %s ORDER BY r.known_at, r.id LIMIT 1
"""
HELD: Final = "SELECT DISTINCT kind FROM record WHERE subject = %s AND superseded_at IS NULL"


def about_of(*, subject: UUID, record: UUID | None) -> About:
    """The subject and, where one is named, its record, as they stand now. Refused where either is
    not there, or the record was withdrawn or replaced."""
    found = _one(OF_SUBJECT, [subject])
    if found is None:
        raise refusal("CASE_SUBJECT", "没有这个主体", "there is no such entity")
    plain = About(subject=found[0], code=found[1], name=found[2])
    if record is None:
        return plain
    row = _one(OF_RECORD, [subject, record])
    if row is None:
        raise refusal(
            NO_RECORD,
            "没有这条记录，或已被更正、撤回",
            "there is no such record, or it was corrected or withdrawn",
            remedy=Text("请从主体档案重新打开", "open it again from the file of the entity"),
        )
    return _with_record(plain, row)


def abouts_of(rows: Iterable[tuple[Any, ...]]) -> Iterator[About]:
    """Of what cases about records would be, of the rows of `ABOUT_MANY`."""
    for subject, code, name, *record in rows:
        yield _with_record(About(subject=subject, code=code, name=name), tuple(record))


def now_of(about: About) -> About | None:
    """The same as it stands now, by its key; none where the record was withdrawn."""
    found = _one(OF_SUBJECT, [about.subject])
    if found is None:
        return None
    plain = About(subject=found[0], code=found[1], name=found[2])
    if not about.kind:
        return plain
    row = _one(CURRENT, [about.subject, about.kind, about.source_key])
    return _with_record(plain, row) if row else None


def current_of(*, about: About, kind: str) -> About | None:
    """The record of a kind that a subject has now, the latest where there are several; none where
    it has none."""
    row = _one(CURRENT_OF, [about.subject, kind])
    return _with_record(about, row) if row else None


def office_of(
    *, declarations: Declarations, process: Process, about: About, opener: str = ""
) -> str:
    """The body that handles a case; where it has ended, whoever took over. `opener` is the agency
    of whoever opens it."""
    if process.office == "opener":
        return heir_of(declarations=declarations, agency=opener)
    return heir_of(declarations=declarations, agency=_office(declarations, process, about))


def body_that_decided(*, declarations: Declarations, record: UUID) -> str:
    """The body that decided what a record tells; where it has ended, whoever took over; '' where
    the record does not stand any more."""
    about = _of_record(record)
    if about is None:
        return ""
    return heir_of(declarations=declarations, agency=_decided_by(declarations, about))


def published_of(*, record: UUID) -> dt.date | None:
    """The day on which what a record tells was published first, as conditions of cases read it;
    none where it does not stand any more."""
    about = _of_record(record)
    return published_on(about) if about else None


def published_on(about: About) -> dt.date | None:
    """The day on which what a record tells was published first: when it came here, or of stock,
    which was published elsewhere long ago, the day of its event."""
    if about.event_date is None:
        return None
    found = _one(FIRST_TOLD, [about.subject, about.kind, about.source_key])
    return max(about.event_date, found[0]) if found and found[1] else about.event_date


def register_of(*, declarations: Declarations, subject: UUID) -> str:
    """The body that registered a subject, as it is told last; none where it is not known."""
    registers = [kind.id for kind in declarations.kinds.values() if kind.names]
    found = _one(REGISTER, [subject, registers])
    return heir_of(declarations=declarations, agency=str(found[0])) if found else ""


def frame_of(*, kind: RecordKind, bodies: Collection[Mapping[str, Any]]) -> pl.DataFrame:
    """Stored bodies as a typed frame."""
    schema = frame_schema(kind)
    rows = [{name: _text(body.get(name)) for name in schema} for body in bodies]
    raw = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String()))
    return raw.with_columns(typed(pl.col(name), dtype) for name, dtype in schema.items())


def file_frames(
    *, declarations: Declarations, subject: UUID, kinds: Collection[str], on: dt.date
) -> dict[str, pl.DataFrame]:
    """The records of a subject that count on a day, as rules read them."""
    states = [name for name in kinds if declarations.kinds[name].temporal == "state"]
    asked: dict[str, Any] = {"subject": subject, "kinds": list(kinds), "states": states, "on": on}
    found: dict[str, list[tuple[str, Mapping[str, Any], bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FILE, asked)
        for kind, record, body, trader in cursor.fetchall():
            found.setdefault(kind, []).append((record, parsed(body), trader))
    return {
        kind: frame_of(kind=declarations.kinds[kind], bodies=[b for _, b, _ in rows]).with_columns(
            pl.Series("record", [r for r, _, _ in rows], dtype=pl.String),
            pl.Series(SOLE_TRADER.id, [trader for _, _, trader in rows], dtype=pl.Boolean),
            subject=pl.lit(""),
        )
        for kind, rows in found.items()
    }


def kinds_held(*, subject: UUID) -> frozenset[str]:
    """The kinds of record that the platform has of a subject."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [subject])
        return frozenset(kind for (kind,) in cursor.fetchall())


def _of_record(record: UUID) -> About | None:
    with connection.cursor() as cursor:
        cursor.execute(ABOUT_MANY, {"records": [record]})
        return next(abouts_of(cursor.fetchall()), None)


def _office(declarations: Declarations, process: Process, about: About) -> str:
    if process.office == "register":
        found = register_of(declarations=declarations, subject=about.subject)
        if not found:
            raise refusal(
                "CASE_OFFICE", "查不到登记机关", "the body that registered it is not known"
            )
        return found
    if process.office == "decided_by":
        return _decided_by(declarations, about)
    if process.office == "local":
        return _local(declarations, about)
    return about.agency if process.office == "told" else process.office


def _local(declarations: Declarations, about: About) -> str:
    """The body of the subject's own city below the one that told the record, else that one."""
    (city,) = _one(CITY, [about.subject]) or ("",)
    return local_body(declarations=declarations, above=about.agency, city=city)


def _decided_by(declarations: Declarations, about: About) -> str:
    """The body that the record names as the one that decided, else the one that told it."""
    if not (field := declarations.kinds[about.kind].decided_by):
        return about.agency
    code = about.body.get(field)
    named = [one.id for one in declarations.agencies.values() if one.uscc == code]
    return named[0] if named else about.agency


def _with_record(plain: About, row: tuple[Any, ...]) -> About:
    record, kind, source_key, body, event_date, delivery, number, agency = row
    return About(
        subject=plain.subject, code=plain.code, name=plain.name, record=record, kind=kind,
        source_key=source_key, body=parsed(body), event_date=event_date, delivery=delivery,
        row=number, agency=agency,
    )  # fmt: skip


def _one(sql: str, values: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def parsed(body: Any) -> Mapping[str, Any]:
    """The body of a record: psycopg gives JSON as text where Django took its own reader away."""
    found: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    return found


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False)
