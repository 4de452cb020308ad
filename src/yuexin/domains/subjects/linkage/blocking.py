"""Which subjects a row may be about: looked up by index, and a bounded number for each row.

All statements work on `probe`, one line for each thing that a row is looked up by, and fill
`candidate`. An arm that is wider comes after those that found something, and only for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

BRAND_CHARACTERS = 2
WINDOW = 3
WINDOWS = 5
MANY_MENTIONS = 50

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS probe (mention uuid, how text, key text, full_key text, city text)
ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS candidate (
    mention uuid, subject uuid, by_number boolean, PRIMARY KEY (mention, subject)
) ON COMMIT DROP;
TRUNCATE probe, candidate
"""
KEEP_PROBES = """
INSERT INTO probe
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
"""
# Each probe is looked up, whatever the planner thinks of tables that were filled just now.
LOOK_UP = """
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off
"""
JOIN = """
SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL enable_seqscan = on
"""

# Names that came lately stand in a list beside the index, which each look-up reads to its end.
# For thousands of look-ups it is put in order first: 10,000 took 82 s with it and 1 s without.
PUT_IN_ORDER = "SELECT gin_clean_pending_list('subject_name_grams')"

_ARM = """
INSERT INTO candidate
SELECT p.mention, found.subject, {by_number}
FROM probe p CROSS JOIN LATERAL ({found}) found
WHERE p.how = '{how}' {only}
GROUP BY 1, 2
ON CONFLICT (mention, subject) DO UPDATE SET by_number = candidate.by_number OR excluded.by_number
"""
_REST = "AND NOT EXISTS (SELECT FROM candidate c WHERE c.mention = p.mention)"
_BY_CODE = "SELECT id AS subject FROM subject s WHERE s.code = p.key"
_BY_ORG_CODE = "SELECT id AS subject FROM subject s WHERE substring(s.code, 9, 9) = p.key"
_BY_ALIAS = """
SELECT subject FROM alias a WHERE a.scheme = '{scheme}' AND a.value = p.key LIMIT 4
"""
# The very name first, wherever it is; then those of the place.
_BY_NAME = """
(SELECT n.subject FROM subject_name n WHERE n.core = p.key AND n.key = p.full_key LIMIT 12)
UNION ALL
(SELECT few.subject FROM (
    SELECT n.subject FROM subject_name n WHERE n.core = p.key LIMIT 300
) few JOIN subject s ON s.id = few.subject
ORDER BY s.city = p.city DESC, few.subject LIMIT 12)
"""
_BY_SOUND = """
SELECT few.subject FROM (
    SELECT n.subject FROM subject_name n WHERE n.sound = p.key LIMIT 100
) few JOIN subject s ON s.id = few.subject
ORDER BY s.city = p.city DESC, few.subject LIMIT 8
"""
_BY_BRAND = """
SELECT few.subject FROM (
    SELECT n.subject FROM subject_name n
    WHERE n.core >= p.key AND n.core < p.key || U&'\\+10FFFF' LIMIT 300
) few JOIN subject s ON s.id = few.subject
ORDER BY s.city = p.city DESC, few.subject LIMIT 12
"""
_BY_WINDOW = """
SELECT few.subject FROM (
    SELECT n.subject, n.key FROM subject_name n
    WHERE n.grams @> ARRAY[left(p.key, 2), right(p.key, 2)] LIMIT 300
) few JOIN subject s ON s.id = few.subject
ORDER BY s.city = p.city DESC, abs(length(few.key) - length(p.full_key)), few.subject LIMIT 8
"""


def _arm(how: str, found: str, *, by_number: bool = False, rest: bool = False) -> str:
    return _ARM.format(how=how, found=found, by_number=by_number, only=_REST if rest else "")


ARMS = (
    _arm("code", _BY_CODE),
    _arm("org_code", _BY_ORG_CODE, by_number=True),
    _arm("org_code", _BY_ALIAS.format(scheme="org_code"), by_number=True),
    _arm("reg_no", _BY_ALIAS.format(scheme="reg_no"), by_number=True),
    _arm("inside", _BY_ORG_CODE),
    _arm("core", _BY_NAME),
    _arm("sound", _BY_SOUND, rest=True),
    _arm("brand", _BY_BRAND, rest=True),
    _arm("window", _BY_WINDOW, rest=True),
)
_PAIR = """
INSERT INTO candidate SELECT mention, %(subject)s, false FROM unnest(%(mentions)s::uuid[]) mention
ON CONFLICT DO NOTHING
"""
_FOUND = """
SELECT c.mention::text, c.subject::text, c.by_number FROM candidate c JOIN mention m USING (mention)
WHERE m.not_subjects IS NULL OR NOT c.subject = ANY(m.not_subjects)
"""


def block(*, cursor: CursorWrapper, mentions: pl.DataFrame) -> pl.DataFrame:
    """The pairs worth comparing, of mentions with what `told` says of their names."""
    _look_up(cursor, mentions)
    return _found(cursor)


def paired(*, cursor: CursorWrapper, mentions: pl.DataFrame, subject: UUID) -> pl.DataFrame:
    """The same, and each of these mentions with one subject, whatever leads to it or not."""
    _look_up(cursor, mentions)
    cursor.execute(_PAIR, {"mentions": mentions["mention"].to_list(), "subject": subject})
    return _found(cursor)


def _look_up(cursor: CursorWrapper, mentions: pl.DataFrame) -> None:
    cursor.execute(TABLES)
    probes = list(_probes(mentions))
    columns = list(zip(*probes, strict=True)) or [()] * 5
    cursor.execute(KEEP_PROBES, [list(column) for column in columns])
    if mentions.height >= MANY_MENTIONS:
        cursor.execute(PUT_IN_ORDER)
    cursor.execute(LOOK_UP)
    for arm in ARMS:
        cursor.execute(arm)
    cursor.execute(JOIN)


def _found(cursor: CursorWrapper) -> pl.DataFrame:
    cursor.execute(_FOUND)
    schema = {"mention": pl.String, "subject": pl.String, "by_number": pl.Boolean}
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


Probe = tuple[str, str, str, str, str]


def _probes(mentions: pl.DataFrame) -> Iterator[Probe]:
    for row in mentions.iter_rows(named=True):
        city = row["city"] or row["agency_city"]
        about = (row["name_key"], city)
        for how, key in _keys(row):
            yield (row["mention"], how, key, *about)


def _keys(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    uscc, core, brand = row["uscc"], row["core"], row["brand"]
    if uscc:
        yield "code", uscc
        yield from (("code", meant) for meant in row["repaired"] or ())
        if len(uscc) == 18:
            yield "inside", uscc[8:17]
    for scheme in ("org_code", "reg_no"):
        if row[scheme]:
            yield scheme, row[scheme]
    if core:
        yield "core", core
        yield "sound", str(row["whole_sound"])
        if len(brand) >= BRAND_CHARACTERS:
            yield "brand", brand
        yield from (("window", window) for window in _windows(row["stem"]))


def _windows(stem: str) -> Iterator[str]:
    """Runs of three characters from the front, where the brand is."""
    starts = range(min(WINDOWS, len(stem) - WINDOW + 1))
    return (stem[start : start + WINDOW] for start in starts)
