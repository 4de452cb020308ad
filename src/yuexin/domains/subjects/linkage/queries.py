"""Candidates for rows that name no subject for certain: blocked, compared, weighed.

The same for one row and for a whole delivery; the caller fills `mention` in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.domains.subjects.linkage.blocking import block, paired
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.scoring import (
    CANDIDATES,
    MENTIONS,
    NAMES,
    SAID,
    SUBJECTS,
    Evidence,
    Schema,
    compared,
    prepared,
    ranked,
    with_counts,
)

BATCH_MENTIONS = 10_000
MOST_COUNTED = 1_000

MENTION = """
CREATE TEMP TABLE mention (
    mention uuid PRIMARY KEY, agency text, uscc text, org_code text, reg_no text, name text,
    name_key text, person text, address text, phone text, city text, agency_city text,
    established date, on_date date, not_subjects uuid[]
) ON COMMIT DROP
"""
"""The table of the caller: one line for each distinct "who a row says it is about"."""

_MENTIONS = """
SELECT mention::text, coalesce(uscc, ''), coalesce(org_code, ''), coalesce(reg_no, ''),
    coalesce(name_key, ''), coalesce(person, ''), coalesce(address, ''), coalesce(phone, ''),
    coalesce(city, ''), coalesce(agency_city, ''), established, on_date
FROM mention WHERE mention > %(last)s::uuid ORDER BY mention LIMIT %(most)s
"""
_KNOWN = "SELECT code FROM subject WHERE code = ANY(%s)"
_ABOUT = "(SELECT DISTINCT subject FROM candidate) c"
_SUBJECTS = f"""
SELECT s.id::text, s.code, s.city, s.est_date FROM subject s JOIN {_ABOUT} ON c.subject = s.id
"""
_NAMES = f"""
SELECT n.subject::text, n.key, n.name, n.valid_from, n.valid_until
FROM subject_name n JOIN {_ABOUT} USING (subject)
"""
_SAID = """
SELECT r.subject::text, '{what}', r.body->>'{field}' FROM record r JOIN {about} USING (subject)
WHERE r.kind = '{kind}' AND r.superseded_at IS NULL AND r.body ? '{field}'
"""
_SUBJECTS_THERE = """
SELECT CASE WHEN reltuples >= 10000 THEN reltuples::bigint
    ELSE (SELECT count(*) FROM subject) END
FROM pg_class WHERE oid = 'subject'::regclass
"""
_CORE_COUNTS = """
SELECT core, (SELECT count(DISTINCT subject) FROM (
    SELECT subject FROM subject_name n WHERE n.core = asked.core LIMIT %(most)s) borne)
FROM unnest(%(texts)s::text[]) asked(core)
"""
_BRAND_COUNTS = """
SELECT brand, (SELECT count(DISTINCT subject) FROM (
    SELECT subject FROM subject_name n
    WHERE n.core >= brand AND n.core < brand || U&'\\+10FFFF' LIMIT %(most)s) borne)
FROM unnest(%(texts)s::text[]) asked(brand)
"""


def candidates(*, cursor: CursorWrapper, model: Model) -> pl.DataFrame:
    """Who the lines of `mention` may be about, of each the best first.

    Columns: `mention`, `subject`, `name` (the one it was matched by), `weight`, `probability`,
    `levels` (a level of agreement for each field) and `weights` (its bits).
    """
    subjects = subjects_there(cursor=cursor)
    found = [
        ranked(levels=levels, model=model, subjects=subjects)
        for levels in levels_of_candidates(cursor=cursor, model=model)
    ]
    return pl.concat([pl.DataFrame(schema=CANDIDATES), *found])


def compared_with(*, cursor: CursorWrapper, model: Model, subject: UUID) -> pl.DataFrame:
    """How the lines of `mention` compare with one subject, whatever leads from one to the other;
    in the columns of `candidates`."""
    subjects = subjects_there(cursor=cursor)
    found = []
    for mentions in prepared_mentions(cursor=cursor, model=model):
        pairs = paired(cursor=cursor, mentions=mentions, subject=subject)
        levels = levels_of(cursor=cursor, pairs=pairs, mentions=mentions, model=model)
        own = levels.filter(pl.col("subject") == str(subject))
        found.append(ranked(levels=own, model=model, subjects=subjects))
    return pl.concat([pl.DataFrame(schema=CANDIDATES), *found])


def subjects_there(*, cursor: CursorWrapper) -> int:
    """How many subjects there are; of many, as the planner knows it."""
    cursor.execute(_SUBJECTS_THERE)
    ((subjects,),) = cursor.fetchall()
    return int(subjects)


def levels_of_candidates(*, cursor: CursorWrapper, model: Model) -> Iterator[pl.DataFrame]:
    """The levels of all pairs that the blocking gives, a batch of mentions at a time."""
    for mentions in prepared_mentions(cursor=cursor, model=model):
        pairs = block(cursor=cursor, mentions=mentions)
        yield levels_of(cursor=cursor, pairs=pairs, mentions=mentions, model=model)


def prepared_mentions(*, cursor: CursorWrapper, model: Model) -> Iterator[pl.DataFrame]:
    """The lines of `mention` with what is compared of them, a batch at a time."""
    for mentions in _batches(cursor):
        cursor.execute(_KNOWN, [mentions["uscc"].unique().to_list()])
        known = {code for (code,) in cursor.fetchall()}
        yield prepared(mentions=mentions, known=known, model=model)


def levels_of(
    *, cursor: CursorWrapper, pairs: pl.DataFrame, mentions: pl.DataFrame, model: Model
) -> pl.DataFrame:
    """The levels of pairs that stand in `candidate`, and how many bear such a core or brand."""
    levels = compared(
        pairs=pairs, mentions=mentions, evidence=_evidence(cursor, model), model=model
    )
    cores = _counts(cursor, _CORE_COUNTS, _of_rarity(levels, model, "core"))
    brands = _counts(cursor, _BRAND_COUNTS, _of_rarity(levels, model, "brand"))
    return with_counts(levels=levels, cores=cores, brands=brands)


def _batches(cursor: CursorWrapper) -> Iterator[pl.DataFrame]:
    last = str(UUID(int=0))
    while True:
        cursor.execute(_MENTIONS, {"last": last, "most": BATCH_MENTIONS})
        found = pl.DataFrame(cursor.fetchall(), schema=MENTIONS, orient="row")
        if found.is_empty():
            return
        last = found["mention"][-1]
        yield found


def _evidence(cursor: CursorWrapper, model: Model) -> Evidence:
    said = " UNION ALL ".join(
        _SAID.format(what=what, field=field, kind=kind, about=_ABOUT)
        for kind, what, field in model.evidence
    )
    return Evidence(
        subjects=_fetched(cursor, _SUBJECTS, SUBJECTS),
        names=_fetched(cursor, _NAMES, NAMES),
        said=_fetched(cursor, said, SAID),
    ).plain()


def _fetched(cursor: CursorWrapper, statement: str, schema: Schema) -> pl.DataFrame:
    cursor.execute(statement)
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def _of_rarity(levels: pl.DataFrame, model: Model, rarity: str) -> list[str]:
    """The cores or brands whose number is asked for: of names whose level goes by it."""
    by = [level.id for level in model.declared.by_field["name"].levels if level.rarity == rarity]
    return levels.filter(pl.col("name").is_in(by))[f"{rarity}_s"].unique().to_list()


def _counts(cursor: CursorWrapper, statement: str, texts: list[str]) -> pl.DataFrame:
    cursor.execute(statement, {"texts": texts, "most": MOST_COUNTED})
    schema = {"text": pl.String, "count": pl.Int64}
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
