"""Find an entity by its code, an old number, or fragments of a name it has or had."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.codes import check_tax_no, check_uscc, identify
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
SHORTEST_NUMBER = 8
FEWEST_DIGITS = 6
TAX_DIVISION = 6
# Organisation codes since the unified code came begin with MA, MB or MC, and may hold few digits.
NEW_ORG_CODE: Final = re.compile("M[A-C][0-9A-Z]{6}[0-9X]")

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
WHERE s.code = ANY(%(numbers)s)
    OR substr(s.code, 9, 9) = ANY(%(numbers)s)
    OR s.id IN (SELECT min(subject::text)::uuid FROM alias WHERE value = ANY(%(numbers)s)
                GROUP BY scheme, value HAVING count(*) = 1)
ORDER BY s.code
LIMIT %(size)s OFFSET %(skip)s
"""


def search(
    *, declarations: Declarations, actor: Actor, text: str, page: int, now: dt.datetime
) -> SearchPage:
    """A page of hits, ranked.

    What may be a number is looked up as one, then as a name. One that is neither is explained.
    """
    query = text.strip()[:LONGEST_QUERY]
    whole = normalise_name(query)
    page = max(1, page)
    if len(whole) < FEWEST_CHARACTERS:
        short = Text("请至少输入两个字。", "Type at least two characters.")
        return SearchPage(query=query, page=1, pages=0, total=0, capped=False, hits=(), hint=short)
    window = {"size": PAGE_SIZE, "skip": (min(page, TOTAL_CAP // PAGE_SIZE) - 1) * PAGE_SIZE}
    number = whole.replace("-", "")
    rows: list[Any] = []
    if _may_be_number(number):
        rows = _fetch(BY_NUMBER, {"numbers": _numbers(number), **window})
    if not rows:
        rows = _fetch(BY_NAME, {**_fragments(query), **window})
    explained = not rows and _looks_like_code(number)
    hint, suggestion = _explained(number) if explained else (None, "")
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


def _may_be_number(number: str) -> bool:
    """Whether a text has the form of a code or an old number; a name in Latin letters has too."""
    return number.isascii() and number.isalnum() and len(number) >= SHORTEST_NUMBER


def _numbers(number: str) -> list[str]:
    """The numbers to look for: a tax number ends in its organisation code (GB 11714)."""
    return [number, number[TAX_DIVISION:]] if check_tax_no(number).valid else [number]


def _looks_like_code(number: str) -> bool:
    """Whether nobody would take it for a name: what is wrong with it is worth saying."""
    if NEW_ORG_CODE.fullmatch(number):
        return True
    digits = sum(character.isdigit() for character in number)
    return number.isascii() and len(number) >= SHORTEST_NUMBER and digits >= FEWEST_DIGITS


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
