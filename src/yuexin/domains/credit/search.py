"""Find an entity by its code, an old number, or fragments of a name it has or had."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection

from yuexin.base.codes import check_uscc, identify
from yuexin.base.dates import today
from yuexin.base.regions import name_of
from yuexin.base.text import Text, bigrams, normalise_name
from yuexin.domains.credit.files import Reader, verdicts_of
from yuexin.domains.credit.types import Hit, SearchPage, Verdict
from yuexin.domains.credit.verdicts import STATUS_RULE
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

PAGE_SIZE = 20
TOTAL_CAP = 1_000
CANDIDATE_CAP = 5_000
LONGEST_QUERY = 100
FEWEST_CHARACTERS = 2

# A person's own name stands on its own file only.
OPEN_NAME = "CASE WHEN s.named_after_person THEN '' ELSE s.name END"

# Bigrams bound the candidates; the fragments themselves decide. A name that is a person's own is
# not searchable. Exact names first, then prefixes, then the shorter name.
BY_NAME = f"""
WITH candidates AS MATERIALIZED (
    SELECT subject, key, name FROM subject_name
    WHERE grams @> %(grams)s::text[] AND searchable LIMIT %(candidates)s
), matched AS (
    SELECT subject, key, name,
        CASE WHEN key = %(whole)s THEN 0 WHEN starts_with(key, %(whole)s) THEN 1 ELSE 2 END AS grade
    FROM candidates
    WHERE (SELECT bool_and(position(part IN key) > 0) FROM unnest(%(parts)s::text[]) AS part)
), best AS (
    SELECT DISTINCT ON (subject) * FROM matched ORDER BY subject, grade, length(key), key
)
SELECT count(*) OVER (), s.id, s.code, {OPEN_NAME}, b.name, s.entity_type, s.city, s.est_date
FROM best b JOIN subject s ON s.id = b.subject
ORDER BY b.grade, length(b.key), b.key, s.code
LIMIT %(size)s OFFSET %(skip)s
"""

BY_NUMBER = f"""
SELECT count(*) OVER (), s.id, s.code, {OPEN_NAME}, {OPEN_NAME}, s.entity_type, s.city, s.est_date
FROM subject s
WHERE s.code = %(code)s
    OR substr(s.code, 9, 9) = %(code)s
    OR s.id IN (SELECT subject FROM alias WHERE value = %(code)s AND NOT contested)
ORDER BY s.code
LIMIT %(size)s OFFSET %(skip)s
"""


def search(
    *, declarations: Declarations, actor: Actor, text: str, page: int, now: dt.datetime
) -> SearchPage:
    """A page of hits, ranked. A query that looks like a code is checked and explained."""
    query = text.strip()[:LONGEST_QUERY]
    whole = normalise_name(query)
    page = max(1, page)
    if len(whole) < FEWEST_CHARACTERS:
        short = Text("请至少输入两个字。", "Type at least two characters.")
        return SearchPage(query=query, page=1, pages=0, total=0, capped=False, hits=(), hint=short)
    window = {"size": PAGE_SIZE, "skip": (min(page, TOTAL_CAP // PAGE_SIZE) - 1) * PAGE_SIZE}
    hint: Text | None = None
    suggestion = ""
    rows: list[Any] = []
    if _looks_like_code(whole):
        number = whole.replace("-", "")
        rows = _fetch(BY_NUMBER, {"code": number, **window})
        if not rows:
            hint, suggestion = _explained(number)
    if not rows and hint is None:
        rows = _fetch(BY_NAME, {**_fragments(query), **window})
    reader = Reader(declarations=declarations, actor=actor, now=now, on=today(now))
    total = min(rows[0][0], TOTAL_CAP) if rows else 0
    return SearchPage(
        query=query,
        page=page,
        pages=-(-total // PAGE_SIZE),
        total=total,
        capped=bool(rows) and rows[0][0] >= TOTAL_CAP,
        hits=_hits(reader, rows),
        hint=hint,
        suggestion=suggestion,
    )


def _looks_like_code(text: str) -> bool:
    """Mostly ASCII letters and digits with some digits: a number, not a name."""
    return text.isascii() and len(text) >= 8 and sum(c.isdigit() for c in text) >= 6


def _explained(number: str) -> tuple[Text | None, str]:
    """What is wrong with a number that found nothing."""
    verdict = check_uscc(number) if len(number) == 18 else identify(number)
    suggestion = verdict.suggestion or ""
    errors = [problem.text for problem in verdict.problems if problem.severity == "error"]
    if errors:
        return errors[0], suggestion
    return Text(
        "代码格式正确，但已交付的数据中没有这个主体。",
        "The code is well formed, but no such entity is in the data delivered.",
    ), suggestion


def _fragments(query: str) -> dict[str, Any]:
    parts = [normalise_name(part) for part in query.split()]
    parts = [part for part in parts if len(part) >= FEWEST_CHARACTERS] or [normalise_name(query)]
    grams = sorted({gram for part in parts for gram in bigrams(part)})
    return {
        "grams": grams,
        "parts": parts,
        "whole": normalise_name(query),
        "candidates": CANDIDATE_CAP,
    }


def _fetch(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _hits(reader: Reader, rows: list[Any]) -> tuple[Hit, ...]:
    verdicts = verdicts_of(reader=reader, subjects=[row[1] for row in rows])
    types = reader.declarations.codes.get("entity_types")
    hits = []
    for _, subject, code, name, matched, entity_type, city, est_date in rows:
        status = _status(subject, verdicts)
        kind = types.by_code.get(entity_type) if types else None
        hits.append(
            Hit(
                code=code,
                name=name,
                matched=matched,
                status=status.outcome_label if status else Text("未知", "unknown"),
                tone=status.tone if status else "plain",
                type_label=kind.label if kind else Text(entity_type, entity_type),
                city=name_of(city) or Text(city, city),
                est_date=est_date,
            )
        )
    return tuple(hits)


def _status(subject: UUID, verdicts: dict[UUID, tuple[Verdict, ...]]) -> Verdict | None:
    return next((v for v in verdicts.get(subject, ()) if v.rule == STATUS_RULE), None)
