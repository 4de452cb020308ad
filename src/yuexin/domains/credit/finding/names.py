"""Names by what is typed of them, the best first, at a bounded cost.

Two roads lead to a fragment. Common ones are met soon by whoever walks the names in their order;
of rare ones the index of pairs gives all. Which is which the planner's own statistics tell: the
answer does not depend on it, its cost does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import connection

from yuexin.base.memo import Memo
from yuexin.base.text import bigrams
from yuexin.domains.credit.finding import typed
from yuexin.domains.credit.finding.types import TOTAL_CAP, Candidate, Candidates, Grade
from yuexin.domains.subjects.sounding import SHORT

FEW: Final = 5_000
"""So many candidates of the index are ranked sooner than names are walked."""
STEPS: Final = 20_000
LONG_WALK: Final = 200_000
SHORTLY: Final = 8
ENOUGH: Final = 20
MET: Final = 200
"""So many of what many names hold are enough: there are more than anybody counts."""
CANDIDATES: Final = 20_000
NEAR_CANDIDATES: Final = 3_000
RAREST: Final = 3
LONG_LIST: Final = 0.02

WALK = """
WITH walked AS (
    SELECT subject, key, rank, {grade} AS grade
    FROM (SELECT subject, key, rank FROM subject_name WHERE searchable
          ORDER BY rank, key LIMIT %(steps)s) ordered
    WHERE {match}
)
SELECT subject, key, rank, grade FROM walked w {narrowing} LIMIT %(most)s
"""
INDEXED = """
WITH held AS MATERIALIZED (
    SELECT subject, key, rank FROM subject_name WHERE searchable AND ({pairs}) LIMIT %(candidates)s
), matched AS (
    SELECT subject, key, rank, {grade} AS grade FROM held WHERE {match}
)
SELECT subject, key, rank, grade, (SELECT count(*) FROM held) FROM matched w {narrowing}
ORDER BY grade, rank, key LIMIT %(most)s
"""
STATISTICS = """
SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs
FROM pg_class c
LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND s.tablename = c.relname
    AND s.attname = 'grams'
WHERE c.oid = 'subject_name'::regclass
"""


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """A join and a condition on `w.subject`, with their values; nothing narrows nothing."""

    sql: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How many names are walked, until how many are met, of how many met is enough, how many of
    the index are looked at, and how many are wanted."""

    steps: int = STEPS
    met: int = MET
    enough: int = ENOUGH
    candidates: int = CANDIDATES
    most: int = TOTAL_CAP + 1


@dataclass(frozen=True, kw_only=True)
class Common:
    """How many names there are, and which share of them has a pair, of those that many have."""

    names: float
    shares: Mapping[str, float]
    least: float

    def most(self, pairs: Iterable[str]) -> float:
        """The most names that have all of these."""
        return self.names * min((self.shares.get(pair, self.least) for pair in pairs), default=1.0)

    def about(self, pairs: Iterable[str]) -> float:
        """How many names have all of these, if one says nothing about another."""
        share = 1.0
        for pair in pairs:
            share *= self.shares.get(pair, self.least)
        return self.names * share

    def rarest(self, pairs: Iterable[str]) -> list[str]:
        """The pairs worth asking the index for: a long list costs more than it leaves out."""
        ordered = sorted(set(pairs), key=lambda pair: (self.shares.get(pair, 0.0), pair))
        short = [pair for pair in ordered[1:RAREST] if self.shares.get(pair, 0.0) <= LONG_LIST]
        return [*ordered[:1], *short]


_common: Final = Memo[tuple[str, dt.datetime], Common](4)


def common(*, now: dt.datetime) -> Common:
    """What the planner knows of pairs, read once an hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _common.get((connection.settings_dict["NAME"], hour), _statistics)


def parts_of(
    *, parts: Sequence[str], narrowing: Narrowing, effort: Effort, now: dt.datetime
) -> Candidates:
    """Names that hold all the parts: whole ones first, then those that begin so, in their order."""
    known = common(now=now)
    pairs = {pair for part in parts for pair in bigrams(part)}
    values = {f"part{place}": part for place, part in enumerate(parts)}
    asked = _Asked(
        match=" AND ".join(f"position(%({name})s IN key) > 0" for name in values),
        grade=_grade(parts),
        values=values,
        narrowing=narrowing,
        effort=effort,
    )
    if known.most(pairs) <= FEW:
        return asked.indexed([known.rarest(pairs)])
    walked = asked.walked()
    if len(walked) < effort.enough and not (narrowing.sql and known.about(pairs) > CANDIDATES):
        return asked.indexed([known.rarest(pairs)])
    if sum(one.grade < Grade.PART for one in walked) >= effort.enough or len(parts) > 1:
        return Candidates(found=tuple(sorted(walked, key=_order)), complete=False)
    sets = _beginning(known, parts[0])
    begun = asked.indexed(sets).found if sets else ()
    found = {(one.subject, one.key): one for one in (*begun, *walked)}
    return Candidates(found=tuple(sorted(found.values(), key=_order)), complete=False)


def sounding_like(
    *, heard: Sequence[typed.Heard], narrowing: Narrowing, effort: Effort, now: dt.datetime
) -> Candidates:
    """Names that may be read so, in their order."""
    known = common(now=now)
    found: dict[Any, Candidate] = {}
    complete = True
    for one in heard:
        placed = " AND position(%(place)s IN key) > 0" if one.place else ""
        asked = _Asked(
            match=f"key ~ %(pattern)s{placed}",
            grade=str(int(Grade.SOUND)),
            values={"pattern": one.pattern, "place": one.place},
            narrowing=narrowing,
            effort=effort,
        )
        sets = [known.rarest([cue, *bigrams(one.place)]) for cue in one.cues]
        more = _heard(asked, sets, max(map(known.most, sets)))
        complete = complete and more.complete
        found |= {(each.subject, each.key): each for each in more.found}
        if len(found) >= effort.most:
            complete = complete and one is heard[-1]
            break
    ordered = sorted(found.values(), key=_order)
    return Candidates(found=tuple(ordered[: effort.most]), complete=complete)


def _heard(asked: _Asked, sets: Sequence[Sequence[str]], most: float) -> Candidates:
    """What many are called like is met soon; what fewer are is looked for shortly only, since a
    pattern costs more than a position and the index has them all."""
    common = most > CANDIDATES
    walked = [] if most <= FEW else (asked if common else asked.shortly()).walked()
    if len(walked) >= asked.effort.enough or common:
        return Candidates(found=tuple(walked), complete=False)
    return asked.indexed(sets)


def near(*, text: str, narrowing: Narrowing, effort: Effort, now: dt.datetime) -> Candidates:
    """Names that hold the text but for one character, by its sound, or in pieces: the nearest
    first."""
    known = common(now=now)
    wide = replace(effort, most=NEAR_CANDIDATES)
    asked = _Asked(
        match="true", grade=str(int(Grade.NEAR)), values={}, narrowing=narrowing, effort=wide
    )
    sets = [list(pairs) for pairs in {tuple(known.rarest(left)) for left in typed.probes(text)}]
    rare = [pairs for pairs in sets if known.about(pairs) <= FEW]
    heard = typed.heard_as(text)
    held = [
        *(asked.indexed(rare).found if rare else ()),
        *sounding_like(heard=heard, narrowing=narrowing, effort=wide, now=now).found,
    ]
    found = _nearest(text, held)
    if not found and typed.FEWEST_NEAR <= len(text) <= SHORT:
        pattern = {"pattern": typed.nearly_or_in_pieces(text)}
        found = _nearest(text, replace(asked, match="key ~ %(pattern)s", values=pattern).walked())
    return Candidates(found=tuple(found[: effort.most]), complete=len(found) < effort.most)


def _nearest(text: str, held: Iterable[Candidate]) -> list[Candidate]:
    graded: dict[tuple[Any, str], tuple[float, int, Candidate]] = {}
    for one in held:
        if (off := typed.nearly(text, one.key)) is not None:
            near = Candidate(subject=one.subject, key=one.key, grade=off[0], rank=one.rank)
            graded[one.subject, one.key] = (off[1], one.rank, near)
    return [near for _, _, near in sorted(graded.values(), key=lambda each: each[:2])]


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question to the names, on either road."""

    match: str
    grade: str
    values: Mapping[str, Any]
    narrowing: Narrowing
    effort: Effort

    def shortly(self) -> _Asked:
        return replace(self, effort=replace(self.effort, steps=self.effort.steps // SHORTLY))

    def walked(self) -> list[Candidate]:
        values = self._values({"most": self.effort.met, "steps": self.effort.steps})
        return [_candidate(row) for row in _fetch(self._statement(WALK), values)]

    def indexed(self, sets: Sequence[Sequence[str]]) -> Candidates:
        """Of the names that have all the pairs of one of the sets."""
        named = {f"pairs{place}": list(pairs) for place, pairs in enumerate(sets)}
        pairs = " OR ".join(f"grams @> %({name})s::text[]" for name in named)
        most, candidates = self.effort.most, self.effort.candidates
        values = self._values({**named, "candidates": candidates, "most": most})
        rows = _fetch(self._statement(INDEXED, pairs=pairs), values)
        complete = not rows or (rows[0][4] < candidates and len(rows) < most)
        return Candidates(found=tuple(map(_candidate, rows)), complete=complete)

    def _statement(self, statement: str, **more: str) -> str:
        return statement.format(
            match=self.match, grade=self.grade, narrowing=self.narrowing.sql, **more
        )

    def _values(self, more: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.values, **self.narrowing.values, **more}


def _grade(parts: Sequence[str]) -> str:
    if len(parts) > 1:
        return str(int(Grade.PART))
    return (
        f"CASE WHEN key = %(part0)s THEN {int(Grade.WHOLE)}"
        f" WHEN starts_with(key, %(part0)s) THEN {int(Grade.BEGINS)} ELSE {int(Grade.PART)} END"
    )


def _beginning(known: Common, part: str) -> list[list[str]]:
    """The sets of pairs and cues that names have which begin so, or are so."""
    begins = known.rarest([f"^{part[:2]}", *bigrams(part)])
    few = [begins] if known.most(begins) <= CANDIDATES else []
    return [*few, [f"={part}"]] if len(part) <= SHORT else few


def _order(one: Candidate) -> tuple[int, int, str]:
    return (one.grade, one.rank, one.key)


def _candidate(row: Sequence[Any]) -> Candidate:
    return Candidate(subject=row[0], key=row[1], rank=row[2], grade=Grade(row[3]))


def _statistics() -> Common:
    names, pairs, shares = _fetch(STATISTICS, {})[0]
    known = dict(zip(pairs or (), (shares or ())[: len(pairs or ())], strict=True))
    return Common(names=max(names, 0.0), shares=known, least=min(known.values(), default=0.0))


def _fetch(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
