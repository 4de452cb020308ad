"""Names and numbers follow the records. All statements work on `stage` and `placed` of a fold.

A row that founds its subject teaches by itself. Another subject is told again, from all its
records, where a row of the batch may change its names or numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.domains.subjects.linkage.parts import cores
from yuexin.domains.subjects.names import NAME, Known, Version, known
from yuexin.domains.subjects.sounding import cues
from yuexin.engines.declare.types import Declarations, Names, RecordKind, Renames

BATCH_SUBJECTS = 5_000

RETOLD = """
CREATE TEMP TABLE IF NOT EXISTS retold (subject uuid PRIMARY KEY) ON COMMIT DROP;
TRUNCATE retold
"""
NEXT_RETOLD = """
SELECT subject FROM retold WHERE subject > %(last)s ORDER BY subject LIMIT %(most)s
"""
# Records are looked up for few rows of a batch, and nobody tells the planner how few.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
BY_ANY = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"

LEARN_NUMBERS = """
INSERT INTO alias (scheme, value, subject, valid_from, valid_until, delivery, row)
SELECT scheme, value, p.subject, p.valid_from, s.valid_until, p.delivery, p.row
FROM placed p JOIN stage s USING (delivery, row)
CROSS JOIN LATERAL (VALUES ('reg_no', s.reg_no), ('org_code', s.org_code)) n(scheme, value)
WHERE p.kind = %(kind)s AND p.action = 'new' AND p.fresh
    AND value IS NOT NULL AND scheme = ANY(%(schemes)s)
    AND (scheme <> 'org_code' OR value <> substr(s.uscc, 9, 9))
"""

# What names that are about to be learned are found by: SQL has no readings of characters.
HEARD = """
CREATE TEMP TABLE IF NOT EXISTS heard (
    key text PRIMARY KEY, cues text[], core text, sound text
) ON COMMIT DROP;
TRUNCATE heard
"""
NAMES_TO_HEAR = """
SELECT DISTINCT key
FROM placed p JOIN stage s USING (delivery, row)
CROSS JOIN LATERAL (
    SELECT s.name_key AS key
    UNION ALL SELECT former->>1 FROM jsonb_array_elements(s.former_names::jsonb) AS former
) said
WHERE p.kind = %(kind)s AND p.action = 'new' AND p.fresh AND key <> ''
"""
HEAR = "COPY heard (key, cues, core, sound) FROM STDIN"

# A name that is a person's own, the operator's, is not a public search term.
LEARN_NAMES = """
INSERT INTO subject_name (subject, key, name, valid_from, valid_until, known_at, delivery, row,
                          searchable, rank, grams, core, sound)
SELECT p.subject, s.name_key, s.name, p.valid_from, s.valid_until, p.known_at, p.delivery, p.row,
    NOT is_persons_name(u.sole_trader, s.name_key, s.operator),
    name_rank(u.prominence, s.valid_until IS NOT NULL, s.name_key), grams || cues, core, sound
FROM placed p JOIN stage s USING (delivery, row) JOIN subject u ON u.id = p.subject
JOIN heard ON heard.key = s.name_key
CROSS JOIN LATERAL bigrams(s.name_key) AS grams
WHERE p.kind = %(kind)s AND p.action = 'new' AND p.fresh AND s.name_key <> ''
"""

LEARN_FORMER_NAMES = """
INSERT INTO subject_name (subject, key, name, valid_until, known_at, delivery, row, searchable,
                          rank, grams, core, sound)
SELECT DISTINCT ON (p.subject, former->>1) p.subject, former->>1, former->>0, p.valid_from,
    p.known_at, p.delivery, p.row,
    NOT is_persons_name(u.sole_trader, former->>1, s.operator),
    name_rank(u.prominence, p.valid_from IS NOT NULL, former->>1), grams || cues, core, sound
FROM placed p JOIN stage s USING (delivery, row) JOIN subject u ON u.id = p.subject
CROSS JOIN LATERAL jsonb_array_elements(s.former_names::jsonb) WITH ORDINALITY names(former, place)
JOIN heard ON heard.key = former->>1
CROSS JOIN LATERAL bigrams(former->>1) AS grams
WHERE p.kind = %(kind)s AND p.action = 'new' AND p.fresh AND s.former_names IS NOT NULL
    AND former->>1 NOT IN ('', s.name_key)
ORDER BY p.subject, former->>1, place
"""

# What a corrected or withdrawn version said of names and numbers is not said again.
RETELL_CORRECTED = """
INSERT INTO retold (subject)
SELECT DISTINCT p.subject
FROM placed p JOIN record old ON old.id = p.current_id
LEFT JOIN record now ON now.id = p.record AND p.action = 'changed'
WHERE p.kind = %(kind)s AND p.action IN ('changed', 'withdrawn')
    AND ({old} IS DISTINCT FROM {now} OR old.valid_from <> now.valid_from)
ON CONFLICT DO NOTHING
"""

# The last state, saying what the one before it said, changes nothing while no other name is open.
RETELL_NEW_STATE = """
INSERT INTO retold (subject)
SELECT DISTINCT p.subject
FROM placed p JOIN record now ON now.id = p.record
WHERE p.kind = %(kind)s AND p.action = 'new' AND NOT p.fresh AND NOT (
    now.valid_until IS NULL
    AND EXISTS (
        SELECT FROM record old
        WHERE old.subject = p.subject AND old.kind = p.kind AND old.superseded_at IS NULL
            AND old.valid_until = now.valid_from
            AND split_part(old.source_key, E'\\x1f', 1) = split_part(now.source_key, E'\\x1f', 1)
            AND {old} IS NOT DISTINCT FROM {now})
    AND ARRAY[now.body->>'{name}'] IS NOT DISTINCT FROM (
        SELECT array_agg(n.name) FROM subject_name n
        WHERE n.subject = p.subject AND n.valid_until IS NULL))
ON CONFLICT DO NOTHING
"""

RETELL_NEW_CHANGE = """
INSERT INTO retold (subject)
SELECT DISTINCT p.subject
FROM placed p JOIN record now ON now.id = p.record
WHERE p.kind = %(kind)s AND p.action = 'new' AND {now} IS NOT NULL
ON CONFLICT DO NOTHING
"""

# Two arms, since each index of `record` holds either the current versions or the others.
VERSIONS = """
SELECT r.subject, r.kind, r.superseded_at IS NULL AS current,
    coalesce(r.valid_from <= (r.known_at AT TIME ZONE 'Asia/Shanghai')::date, false) AS due,
    r.valid_from, r.valid_until, r.known_at, r.folded_in, r.delivery, r.row, d.resource,
    ARRAY[{said}]
FROM (
    SELECT * FROM record
    WHERE subject = ANY(%(subjects)s) AND kind = ANY(%(kinds)s) AND superseded_at IS NULL
    UNION ALL
    SELECT * FROM record
    WHERE subject = ANY(%(subjects)s) AND kind = ANY(%(kinds)s) AND superseded_at IS NOT NULL
) r JOIN delivery d ON d.number = r.delivery
ORDER BY r.subject
"""

FORGET_NAMES = "DELETE FROM subject_name WHERE subject = ANY(%(subjects)s)"
FORGET_NUMBERS = """
DELETE FROM alias WHERE subject = ANY(%(subjects)s) RETURNING scheme, value
"""

KEEP_NAMES = """
INSERT INTO subject_name (subject, key, name, valid_from, valid_until, known_at, delivery, row,
                          searchable, rank, grams, core, sound)
SELECT n.subject, key, n.name, valid_from, valid_until, known_at, n.delivery, n.row,
    NOT is_persons_name(u.sole_trader, key, operator),
    name_rank(u.prominence, valid_until IS NOT NULL, key), grams || cues, core, sound
FROM unnest(%(subject)s::uuid[], %(key)s::text[], %(text)s::text[], %(valid_from)s::date[],
            %(valid_until)s::date[], %(known_at)s::timestamptz[], %(delivery)s::bigint[],
            %(row)s::bigint[], %(operator)s::text[])
    AS n(subject, key, name, valid_from, valid_until, known_at, delivery, row, operator)
JOIN subject u ON u.id = n.subject
JOIN heard USING (key)
CROSS JOIN LATERAL bigrams(key) AS grams
"""

KEEP_NUMBERS = """
INSERT INTO alias (scheme, value, subject, valid_from, valid_until, delivery, row)
SELECT scheme, value, n.subject, valid_from, valid_until, n.delivery, n.row
FROM unnest(%(scheme)s::text[], %(key)s::text[], %(subject)s::uuid[], %(valid_from)s::date[],
            %(valid_until)s::date[], %(delivery)s::bigint[], %(row)s::bigint[])
    AS n(scheme, value, subject, valid_from, valid_until, delivery, row)
JOIN subject u ON u.id = n.subject
WHERE scheme <> 'org_code' OR value <> substr(u.code, 9, 9)
"""

# Rows may have waited because two claimed the number.
TOUCH_OTHER_CLAIMANTS = """
INSERT INTO touched (subject)
SELECT DISTINCT a.subject FROM alias a
JOIN unnest(%(schemes)s::text[], %(values)s::text[]) freed(scheme, value) USING (scheme, value)
WHERE NOT a.subject = ANY(%(subjects)s)
ON CONFLICT DO NOTHING
"""


def learn(*, cursor: CursorWrapper, declarations: Declarations) -> None:
    """Let names and numbers say what the current records say, after a batch was placed."""
    cursor.execute(RETOLD)
    for kind in declarations.kinds.values():
        if kind.names:
            _learn_states(cursor, kind, kind.names)
        if kind.renames:
            _learn_changes(cursor, kind, kind.renames)
    retell(cursor=cursor, declarations=declarations)


def retell(*, cursor: CursorWrapper, declarations: Declarations) -> None:
    """Tell the names and numbers of every subject in `retold` again, from all its records."""
    kinds = {kind.id: kind for kind in declarations.kinds.values() if kind.taught}
    for subjects in _batches(cursor):
        found: list[Known] = []
        versions = _versions(cursor, subjects, kinds, declarations)
        for _, same in groupby(versions, key=lambda version: version.subject):
            found += known(versions=list(same), kinds=kinds)
        _keep(cursor, subjects, found)


def _learn_states(cursor: CursorWrapper, kind: RecordKind, names: Names) -> None:
    said: dict[str, Any] = {"kind": kind.id, "schemes": list(names.numbers)}
    cursor.execute(NAMES_TO_HEAR, said)
    _hear(cursor, [key for (key,) in cursor.fetchall()])
    for statement in (LEARN_NUMBERS, LEARN_NAMES, LEARN_FORMER_NAMES):
        cursor.execute(statement, said)
    old, now = (_array(version, names.fields) for version in ("old", "now"))
    cursor.execute(BY_INDEX)
    cursor.execute(RETELL_CORRECTED.format(old=old, now=now), said)
    cursor.execute(RETELL_NEW_STATE.format(old=old, now=now, name=names.name), said)
    cursor.execute(BY_ANY)


def _hear(cursor: CursorWrapper, keys: Iterable[str]) -> None:
    """Let `heard` hold what these names are found by, and of no others."""
    cursor.execute(HEARD)
    named = list(keys)
    parts = cores(pl.Series("key", named, dtype=pl.String))
    told = zip(named, parts["core"].to_list(), parts["sound"].to_list(), strict=True)
    with cursor.copy(HEAR) as copy:
        for key, core, sound in told:
            copy.write_row((key, list(cues(key)), core, sound))


def _learn_changes(cursor: CursorWrapper, kind: RecordKind, renames: Renames) -> None:
    said = {"kind": kind.id, "equals": renames.equals}
    old, now = (
        f"CASE WHEN {version}.body->>'{renames.item}' = %(equals)s"
        f" THEN {_array(version, renames.fields)} END"
        for version in ("old", "now")
    )
    cursor.execute(BY_INDEX)
    cursor.execute(RETELL_CORRECTED.format(old=old, now=now), said)
    cursor.execute(RETELL_NEW_CHANGE.format(now=now), said)
    cursor.execute(BY_ANY)


def _array(version: str, fields: Sequence[str]) -> str:
    said = ", ".join(f"{version}.body->>'{field}'" for field in fields)
    return f"ARRAY[{said}]"


def _batches(cursor: CursorWrapper) -> Iterator[list[UUID]]:
    last = UUID(int=0)
    while True:
        cursor.execute(NEXT_RETOLD, {"last": last, "most": BATCH_SUBJECTS})
        subjects = [subject for (subject,) in cursor.fetchall()]
        if not subjects:
            return
        yield subjects
        last = subjects[-1]


def _versions(
    cursor: CursorWrapper,
    subjects: list[UUID],
    kinds: Mapping[str, RecordKind],
    declarations: Declarations,
) -> Iterator[Version]:
    """Every version of the records that teach about these subjects, one subject after another."""
    fields = sorted({name for kind in kinds.values() for name in kind.taught})
    said = ", ".join(f"r.body->>'{field}'" for field in fields)
    cursor.execute(VERSIONS.format(said=said), {"subjects": subjects, "kinds": list(kinds)})
    authorities = {item.id: item.authority for item in declarations.resources.values()}
    for subject, kind, current, due, *times, resource, text in cursor.fetchall():
        valid_from, valid_until, known_at, folded_in, delivery, row = times
        yield Version(
            subject=subject,
            kind=kind,
            current=current,
            due=due,
            valid_from=valid_from,
            valid_until=valid_until,
            known_at=known_at,
            folded_in=folded_in,
            delivery=delivery,
            row=row,
            authority=authorities.get(resource, 0),
            said=dict(zip(fields, text, strict=True)),
        )


def _keep(cursor: CursorWrapper, subjects: list[UUID], found: list[Known]) -> None:
    """Put what was found in the place of what these subjects were known by."""
    cursor.execute(FORGET_NAMES, {"subjects": subjects})
    cursor.execute(FORGET_NUMBERS, {"subjects": subjects})
    before = set(cursor.fetchall())
    names = [item for item in found if item.scheme == NAME]
    numbers = [item for item in found if item.scheme != NAME]
    _hear(cursor, {item.key for item in names})
    cursor.execute(KEEP_NAMES, _columns(names))
    cursor.execute(KEEP_NUMBERS, _columns(numbers))
    freed = sorted(before - {(item.scheme, item.key) for item in numbers})
    if freed:
        schemes, values = zip(*freed, strict=True)
        claimed = {"schemes": list(schemes), "values": list(values), "subjects": subjects}
        cursor.execute(TOUCH_OTHER_CLAIMANTS, claimed)


def _columns(found: list[Known]) -> dict[str, list[Any]]:
    return {
        "subject": [item.subject for item in found],
        "scheme": [item.scheme for item in found],
        "key": [item.key for item in found],
        "text": [item.text for item in found],
        "valid_from": [item.valid_from for item in found],
        "valid_until": [item.valid_until for item in found],
        "operator": [item.operator for item in found],
        "known_at": [item.first.known_at for item in found],
        "delivery": [item.first.delivery for item in found],
        "row": [item.first.row for item in found],
    }
