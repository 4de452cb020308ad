"""What was judged of pairs: written once. Of each pair the last judgement counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from django.db.backends.utils import CursorWrapper

Verdict = Literal["same", "different", "unsure", "taken_back"]
MATCHER: Final = "matcher"

# The fold lock keeps every other writer out, so that numbers have no gaps.
WRITE = """
INSERT INTO judgement (number, act, about, of_kind, subject, verdict, author, model, weight, parts,
                       reason, awaits, seconds, after, folding, declarations, judged_at)
SELECT last + place, last + 1, about, %(of_kind)s, subject, verdict, %(author)s, %(model)s, weight,
    parts, reason, %(awaits)s, %(seconds)s, %(after)s, %(folding)s, %(declarations)s, %(judged_at)s
FROM unnest(%(about)s::uuid[], %(subject)s::uuid[], %(verdict)s::text[], %(weight)s::float8[],
            %(parts)s::jsonb[], %(reason)s::text[])
    WITH ORDINALITY AS said(about, subject, verdict, weight, parts, reason, place)
CROSS JOIN (SELECT coalesce(max(number), 0) AS last FROM judgement) AS before
RETURNING number
"""
JUDGED_WITH = """
SELECT number, verdict FROM judgement
WHERE after = %s AND folding AND of_kind = 'mention' ORDER BY number
"""
ACTS = """
SELECT act, array_agg(number ORDER BY number), min(after), min(declarations), min(judged_at)
FROM judgement WHERE NOT folding GROUP BY act ORDER BY act
"""
HOLD = """
INSERT INTO judged_pair (mention, subject, same, judgement)
SELECT DISTINCT ON (about, subject) about, subject, verdict = 'same', number FROM judgement
WHERE number = ANY(%(judgements)s) AND of_kind = 'mention' AND verdict IN ('same', 'different')
ORDER BY about, subject, number DESC
ON CONFLICT (mention, subject) DO UPDATE SET same = excluded.same, judgement = excluded.judgement
"""
LET_GO = """
DELETE FROM judged_pair p USING judgement j
WHERE j.number = ANY(%(judgements)s) AND j.of_kind = 'mention'
    AND j.verdict IN ('unsure', 'taken_back')
    AND (p.mention, p.subject) = (j.about, j.subject)
"""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of one pair: of a mention, or a subject, and a subject."""

    about: UUID
    subject: UUID
    verdict: Verdict
    weight: float | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who says it, when, under which declarations: an account, or the matcher with the digest of
    its model."""

    id: str
    at: dt.datetime
    after: int
    declarations: str
    folding: bool = False
    model: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was judged at once, between deliveries."""

    judgements: tuple[int, ...]
    after: int
    declarations: str
    at: dt.datetime


def write(
    *,
    cursor: CursorWrapper,
    said: Sequence[Said],
    author: Author,
    of_kind: Literal["mention", "subject"] = "mention",
    awaits: bool = False,
    seconds: int | None = None,
) -> tuple[int, ...]:
    """Write judgements in order, each under the next number. The caller holds the fold lock."""
    cursor.execute(
        WRITE,
        {
            "of_kind": of_kind,
            "author": author.id,
            "model": author.model,
            "awaits": awaits,
            "seconds": seconds,
            "after": author.after,
            "folding": author.folding,
            "declarations": author.declarations,
            "judged_at": author.at,
            "about": [one.about for one in said],
            "subject": [one.subject for one in said],
            "verdict": [one.verdict for one in said],
            "weight": [one.weight for one in said],
            "parts": [json.dumps(one.parts, ensure_ascii=False) for one in said],
            "reason": [one.reason for one in said],
        },
    )
    return tuple(sorted(number for (number,) in cursor.fetchall()))


def judged_with(*, cursor: CursorWrapper, delivery: int) -> tuple[tuple[int, ...], int]:
    """What was judged while a delivery was folded: the numbers of what is the same, and how many
    pairs were left to people."""
    cursor.execute(JUDGED_WITH, [delivery])
    found = cursor.fetchall()
    same = tuple(number for number, verdict in found if verdict == "same")
    return same, sum(verdict == "unsure" for _, verdict in found)


def acts(*, cursor: CursorWrapper) -> tuple[Act, ...]:
    """Every act of judging between deliveries, in order."""
    cursor.execute(ACTS)
    return tuple(
        Act(judgements=tuple(numbers), after=after, declarations=declarations, at=at)
        for _, numbers, after, declarations, at in cursor.fetchall()
    )


def hold(*, cursor: CursorWrapper, judgements: Sequence[int]) -> None:
    """Let these judgements of mentions count from now on, in the place of earlier ones."""
    said = {"judgements": list(judgements)}
    cursor.execute(LET_GO, said)
    cursor.execute(HOLD, said)
