"""Judge everybody twice, as the law stands and as it is tried, by the programs of living verdicts.

A share of everybody at a time; one is judged while the next is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.domains.subjects.facts import Everybody, Share
from yuexin.domains.subjects.whatif.opening import Opening
from yuexin.domains.subjects.whatif.types import (
    HIDDEN,
    MOST_SAMPLED,
    SHOWN,
    WAYS,
    Change,
    Found,
    Move,
    Mover,
)
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import (
    ReleaseProgram,
    SubjectProgram,
    with_months,
    with_values,
)

KNOWN: Final = "(known_at AT TIME ZONE 'Asia/Shanghai')::date AS known_on"
MOVED: Final = pl.col("before").ne_missing(pl.col("after"))


class Compared(Protocol):
    """A law as it stands and as it is tried."""

    @property
    def needed(self) -> Mapping[str, frozenset[str]]: ...

    @property
    def beside(self) -> tuple[str, ...]: ...

    def judged(self, share: Share) -> pl.DataFrame:
        """Whom or what it judges of a share: `subject`, `city`, `before` and `after`."""
        ...


def compare(
    *,
    cursor: CursorWrapper,
    declarations: Declarations,
    change: Change,
    progress: Callable[[str, int], None] | None = None,
) -> Found:
    """Who would enter and leave each outcome on the day of the change, over everybody.

    Raises a `Refusal` for a number that cannot be tried.
    """
    law = compared(declarations=declarations, change=change)
    everybody = Everybody(
        cursor=cursor,
        kinds=declarations.kinds,
        needed=law.needed,
        on=change.on,
        beside=law.beside,
    )
    counted = _Counted()
    for frame in _beside(everybody.shares(), law.judged):
        counted.add(frame)
        if progress:
            progress("whatif", counted.judged)
    return counted.found()


def compared(*, declarations: Declarations, change: Change) -> Compared:
    """The law of a change, as it stands and as it is tried. Raises a `Refusal` where it is none."""
    if change.rule:
        return _Rule.of(declarations, change)
    if change.process:
        return Opening.of(declarations, change)
    return _Term.of(declarations, change)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A rule beside itself with other numbers, in one program: what both read is gathered once."""

    program: SubjectProgram
    change: Change
    beside: tuple[str, ...] = ()

    @classmethod
    def of(cls, declarations: Declarations, change: Change) -> _Rule:
        stands = declarations.rules[change.rule]
        tried = with_values(rule=stands, version=change.version, values=change.numbers)
        both = [replace(stands, id="before"), replace(tried, id="after")]
        calendar = calendar_of(declarations=declarations)
        program = SubjectProgram(rules=both, kinds=declarations.kinds, calendar=calendar)
        return cls(program=program, change=change)

    @property
    def needed(self) -> Mapping[str, frozenset[str]]:
        return self.program.needed

    def judged(self, share: Share) -> pl.DataFrame:
        """Whoever has no record that the rule reads is judged once for all."""
        told = self.program.everybody(share.records, self.change.on)
        judged = told[WAYS[0]].select("subject", *(told[way]["value"].alias(way) for way in WAYS))
        known = share.subjects.join(judged, on="subject")
        silent = self.program.evaluate([""], {}, self.change.on)
        said = dict(silent.select("rule", "value").iter_rows())
        rest = share.subjects.join(judged, on="subject", how="anti").with_columns(
            pl.lit(said[way], dtype=pl.String).alias(way) for way in WAYS
        )
        return pl.concat([known, rest])


@dataclass(frozen=True, kw_only=True)
class _Term:
    """A term beside itself with other months: of each record, whether it is shown on the day."""

    programs: Mapping[str, ReleaseProgram]
    kind: str
    change: Change
    beside: tuple[str, ...] = ("event_date", KNOWN)

    @classmethod
    def of(cls, declarations: Declarations, change: Change) -> _Term:
        stands = declarations.terms[change.term]
        tried = with_months(term=stands, version=change.version, months=change.numbers)
        release_kind = next(
            item
            for release in declarations.releases.values()
            for item in release.kinds
            if item.term == stands.id
        )
        kind = declarations.kinds[stands.kind]
        programs = {
            way: ReleaseProgram(kind=kind, release_kind=release_kind, term=term)
            for way, term in zip(WAYS, (stands, tried), strict=True)
        }
        return cls(programs=programs, kind=stands.kind, change=change)

    @property
    def needed(self) -> Mapping[str, frozenset[str]]:
        return {self.kind: self.programs[WAYS[0]].needed | self.programs[WAYS[1]].needed}

    def judged(self, share: Share) -> pl.DataFrame:
        day = [pl.col(name).str.to_date("%Y-%m-%d") for name in ("event_date", "known_on")]
        records = share.records[self.kind].with_columns(day)
        ways = [self._shown(program, records).alias(way) for way, program in self.programs.items()]
        judged = records.select("subject").with_columns(ways)
        return share.subjects.join(judged, on="subject")

    def _shown(self, program: ReleaseProgram, records: pl.DataFrame) -> pl.Series:
        on = pl.lit(self.change.on)
        until = pl.col("shown_until")
        standing = (
            (pl.col("withheld") == "")
            & (pl.col("shown_from") <= on)
            & (until.is_null() | (until > on))
        )
        found = program.evaluate_known(records)
        shown = pl.when(standing).then(pl.lit(SHOWN)).otherwise(pl.lit(HIDDEN))
        return found.select(shown.alias("shown"))["shown"]


@dataclass(kw_only=True)
class _Counted:
    """What was counted of the shares so far."""

    subjects: Counter[tuple[str | None, str | None, str]] = field(default_factory=Counter)
    judgements: Counter[tuple[str | None, str | None, str]] = field(default_factory=Counter)
    movers: list[pl.DataFrame] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return self.judgements.total()

    def add(self, frame: pl.DataFrame) -> None:
        groups = frame.group_by(*WAYS, "city").agg(
            subjects=pl.col("subject").n_unique(), judged=pl.len()
        )
        for before, after, city, subjects, judged in groups.iter_rows():
            self.subjects[before, after, city] += subjects
            self.judgements[before, after, city] += judged
        moved = frame.filter(MOVED).select("subject", *WAYS).unique()
        self.movers = [_first(pl.concat([*self.movers, moved]))]

    def found(self) -> Found:
        moves = (
            Move(before=b, after=a, city=city, subjects=self.subjects[b, a, city], judged=judged)
            for (b, a, city), judged in self.judgements.items()
        )
        movers = self.movers[0].iter_rows(named=True) if self.movers else ()
        return Found(
            moves=tuple(sorted(moves, key=_order)),
            movers=tuple(Mover(**mover) for mover in movers),
        )


def _first(movers: pl.DataFrame) -> pl.DataFrame:
    """Some of each way, the same whatever the order in which they came."""
    ordered = movers.sort("subject")
    return ordered.filter(pl.int_range(pl.len()).over(*WAYS) < MOST_SAMPLED)


def _order(move: Move) -> tuple[str, str, str]:
    return move.before or "", move.after or "", move.city


def _beside(
    shares: Iterator[Share], judged: Callable[[Share], pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    """Each share judged in a thread while the next is read."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        before: Future[pl.DataFrame] | None = None
        for share in shares:
            following = thread.submit(judged, share)
            if before:
                yield before.result()
            before = following
        if before:
            yield before.result()
