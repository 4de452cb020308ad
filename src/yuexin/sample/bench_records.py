"""Subjects and records for benchmarks of what follows from records: made in the database itself.

Every field that a rule or a term reads is drawn by its declared type, from a hash of the row, so
the same seed gives the same rows and what is declared later is drawn as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from yuexin.engines.declare.types import Declarations, Field, RecordKind

FIRST_DAY: Final = dt.date(2014, 1, 1)
DAYS: Final = 4_700
YEARS: Final = 14
FILLING: Final = 120
"""Characters of text beside what is read, as records have."""
OFTEN: Final = {"registration": 1.0, "licence": 3.0, "annual_report": 2.5, "penalty": 0.8}
"""Records of a subject of the kinds that there are many of; the rest is spread over the others."""
ENDS: Final = ("remove", "until", "expire", "end", "cancel", "revoke")
"""Words in the names of fields that hold the end of something."""
TRADERS_IN_TEN: Final = 6
CITIES: Final = 21


def statements(
    *,
    declarations: Declarations,
    needed: Mapping[str, Collection[str]],
    subjects: int,
    records: int,
    seed: int,
) -> Iterator[str]:
    """SQL that fills `subject` and `record`, beside nothing else: so many subjects, and about so
    many records of the kinds in `needed`, with the fields named there."""
    yield _subjects(subjects, seed)
    rare = sorted(set(needed) - set(OFTEN))
    often = sum(OFTEN[kind] for kind in needed if kind in OFTEN)
    left = max(0.0, records / subjects - often) / max(1, len(rare))
    for kind in needed:
        rows = round(subjects * OFTEN.get(kind, left))
        yield _records(declarations, declarations.kinds[kind], needed[kind], rows, subjects, seed)


def _subjects(count: int, seed: int) -> str:
    trader = f"{_draw('trader', seed, 10)} < {TRADERS_IN_TEN}"
    city = f"(440100 + 100 * {_draw('city', seed, CITIES)})::text"
    return f"""
INSERT INTO subject (id, code, name, sole_trader, entity_type, city, est_date, authority,
    delivery, row)
SELECT {_subject("n")}, CASE WHEN {trader} THEN '92' ELSE '91' END || lpad(n::text, 16, '0'),
    '示例' || n || '号', {trader}, '', {city}, {_date("est", seed)}, 0, 1, n
FROM generate_series(0, {count - 1}) AS series(n)
"""


def _records(
    declarations: Declarations,
    kind: RecordKind,
    fields: Collection[str],
    rows: int,
    subjects: int,
    seed: int,
) -> str:
    # Of a state every subject has one.
    whose = "n" if kind.temporal == "state" else _draw("whose", seed, subjects)
    told = sorted(fields & kind.by_field.keys())
    own = {name: _value(declarations, kind.by_field[name], seed) for name in told}
    body = ", ".join(f"'{name}', {value}" for name, value in own.items())
    filling = f"'filling', repeat(md5(n::text), {FILLING // 32})"
    event = _date(kind.event_date, seed)
    return f"""
INSERT INTO record (id, subject, kind, source_key, version, event_date, valid_from, known_at,
    delivery, row, folded_in, content, body)
SELECT md5('{kind.id}' || n)::uuid, {_subject(whose)}, '{kind.id}', n::text, 1, {event}, {event},
    TIMESTAMPTZ '2026-01-05 10:00+08' + ({_draw("known", seed, 200)}) * INTERVAL '1 day',
    1, n, 1, md5('{kind.id}' || n)::uuid,
    jsonb_strip_nulls(jsonb_build_object({", ".join(filter(None, [body, filling]))}))
FROM generate_series(0, {rows - 1}) AS series(n)
"""


def _value(declarations: Declarations, field: Field, seed: int) -> str:
    if field.type in ("date", "open_date"):
        return f"({_date(field.id, seed)})::text"
    if field.codes:
        codes = [value.code for value in declarations.codes[field.codes].values][:40]
        listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
        drawn = f"(ARRAY[{listed}])[1 + {_draw(field.id, seed, len(codes))}]"
        return f"jsonb_build_array({drawn})" if field.many else drawn
    if field.type == "flag":
        return f"({_draw(field.id, seed, 2)} = 1)"
    if field.type == "integer":
        return f"(2013 + {_draw(field.id, seed, YEARS)})"
    if field.type in ("money_wan", "money_text", "decimal"):
        return f"({_draw(field.id, seed, 1_000_000)} / 100.0)"
    text = f"('字' || {_draw(field.id, seed, 1_000)})"
    return f"jsonb_build_array({text})" if field.many else text


def _date(name: str, seed: int) -> str:
    """A day; what ends something is open for half of the rows."""
    day = f"DATE '{FIRST_DAY}' + ({_draw(name, seed, DAYS)})::integer"
    if not any(word in name for word in ENDS):
        return f"({day})"
    return f"(CASE WHEN {_draw(name + '?', seed, 2)} = 0 THEN {day} + 700 END)"


def _draw(name: str, seed: int, below: int) -> str:
    drawn = f"hashint8extended(n, hashtextextended('{name}', {seed}))"
    return f"(({drawn} & 9223372036854775807) % {below})"


def _subject(number: str) -> str:
    return f"md5('subject' || {number})::uuid"
