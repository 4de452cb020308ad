"""Judge subjects by the declared rules, one or all by the same path, and keep the verdicts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.domains.subjects.facts import among, members_of, records_of
from yuexin.engines.declare.types import Declarations, RecordKind
from yuexin.engines.rules.queries import (
    SubjectProgram,
    digest_of_rules,
    kinds_read,
    subject_program,
)

BATCH_SUBJECTS = 25_000
FIRST = UUID(int=0)
MOST_DAYS = 16


def judge(
    *,
    cursor: CursorWrapper,
    declarations: Declarations,
    now: dt.datetime,
    kinds: Collection[str] | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> None:
    """Write the verdicts, from today on, of every subject in the fold's `touched` table.

    Where only records of some `kinds` changed, only the rules that read them are judged again;
    of a subject that was not judged by these rules before, all.
    """
    every = frozenset(declarations.rules)
    if not every:
        return
    affected = every if kinds is None else _reading(declarations, kinds)
    done = 0
    on = today(now)
    for one, verdicts in _judged(_asked(cursor, declarations, on, affected)):
        _write(cursor, verdicts)
        # On a later day some of them are judged once more.
        done += len(one.subjects) if one.on == on else 0
        if progress:
            progress("verdicts", done)
    _mark(cursor, declarations)


def _asked(
    cursor: CursorWrapper,
    declarations: Declarations,
    on: dt.date,
    affected: frozenset[str],
) -> Iterator[_Asked]:
    """What is to be judged, read a batch at a time; what was said of it before is forgotten."""
    every = frozenset(declarations.rules)
    rules_now = digest_of_rules(declarations=declarations)
    for subjects in _batches(cursor):
        whole = set(subjects)
        if affected != every:
            whole -= _judged_by(cursor, subjects, rules_now)
        rest = [subject for subject in subjects if subject not in whole]
        for rules, chosen in ((every, sorted(whole)), (affected, rest)):
            if rules and chosen:
                _forget(cursor, chosen, rules)
                program = subject_program(declarations=declarations, rules=rules)
                reads = {rule: kinds_read(declarations=declarations, rule=rule) for rule in rules}
                reader = _Reader(
                    cursor=cursor, kinds=declarations.kinds, program=program, reads=reads
                )
                yield from reader.read(chosen, on)


def _judged(asked: Iterator[_Asked]) -> Iterator[tuple[_Asked, pl.DataFrame]]:
    """With the verdicts, judged in a thread while what follows is read and what was before it is
    written: the database and the rules work side by side."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        before: tuple[_Asked, Future[pl.DataFrame]] | None = None
        for one in asked:
            following = one, beside.submit(one.verdicts)
            if before:
                yield before[0], before[1].result()
            before = following
        if before:
            yield before[0], before[1].result()


def _reading(declarations: Declarations, kinds: Collection[str]) -> frozenset[str]:
    """The rules that read records of any of these kinds."""
    return frozenset(
        rule
        for rule in declarations.rules
        if not kinds_read(declarations=declarations, rule=rule).isdisjoint(kinds)
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Subjects to be judged on a day by the records they have, and when their states turn;
    `again` where another state held on a day before."""

    program: SubjectProgram
    reads: Mapping[str, frozenset[str]]
    subjects: list[str]
    on: dt.date
    records: Mapping[str, pl.DataFrame]
    turns: Mapping[UUID, dt.date]
    again: bool

    def verdicts(self) -> pl.DataFrame:
        verdicts = self.program.timeline(subjects=self.subjects, records=self.records, on=self.on)
        if not self.again:
            kept = pl.concat([self._told_of(), self._turning()])
            verdicts = verdicts.join(kept, on=["rule", "subject"], how="semi")
        return _kept_short(_until_turn(verdicts, self.turns))

    def _turning(self) -> pl.DataFrame:
        """Each rule with the subjects of which another state holds later: what is said of them
        ends on a day, so what follows it is kept, too."""
        subjects = pl.DataFrame({"subject": [str(subject) for subject in self.turns]}, _SUBJECT)
        rules = pl.DataFrame({"rule": list(self.reads)}, schema={"rule": pl.String()})
        return rules.join(subjects, how="cross")

    def _told_of(self) -> pl.DataFrame:
        """Each rule with the subjects that have a record which it reads."""
        having = {kind: frame.select("subject").unique() for kind, frame in self.records.items()}
        pairs = [
            having[kind].select(pl.lit(rule).alias("rule"), "subject")
            for rule, kinds in self.reads.items()
            for kind in kinds & having.keys()
        ]
        return pl.concat([pl.DataFrame(schema=_TOLD_OF), *pairs]).unique()


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads what a batch is judged by on a day, and on each later day on which a state begins or
    ends."""

    cursor: CursorWrapper
    kinds: Mapping[str, RecordKind]
    program: SubjectProgram
    reads: Mapping[str, frozenset[str]]

    def read(self, subjects: list[UUID], on: dt.date) -> Iterator[_Asked]:
        pending = {on: subjects}
        for _ in range(MOST_DAYS):
            if not pending:
                return
            day = min(pending)
            named = [str(subject) for subject in sorted(pending.pop(day))]
            members = self._members(named)
            turns = self._turns(named, day, members)
            records = self._records(named, day, members)
            yield _Asked(
                program=self.program, reads=self.reads, subjects=named, on=day, records=records,
                turns=turns, again=day > on,
            )  # fmt: skip
            for subject, turn in turns.items():
                pending.setdefault(turn, []).append(subject)

    def _members(self, files: list[str]) -> dict[str, str]:
        """The subjects that are joined to these, each with the one it is joined to."""
        return members_of(cursor=self.cursor, files=files)

    def _records(
        self, files: list[str], on: dt.date, members: Mapping[str, str]
    ) -> dict[str, pl.DataFrame]:
        chosen = among(sorted([*files, *members]))
        # Most kinds say nothing of most subjects: which do is asked once.
        self.cursor.execute(f"SELECT DISTINCT kind FROM record WHERE {chosen}")
        told = {kind for (kind,) in self.cursor.fetchall()}
        found = {
            kind: records_of(
                cursor=self.cursor, kind=self.kinds[kind], fields=fields, chosen=chosen, on=on
            )
            for kind, fields in self.program.needed.items()
            if kind in told
        }
        if not members:
            return found
        in_file = pl.col("subject").replace(members)
        return {kind: frame.with_columns(in_file) for kind, frame in found.items()}

    def _turns(
        self, files: list[str], on: dt.date, members: Mapping[str, str]
    ) -> dict[UUID, dt.date]:
        """The next day after `on` on which another state holds, for those that have one."""
        states = [kind for kind in self.program.needed if self.kinds[kind].temporal == "state"]
        named = f"{{{','.join([*files, *members])}}}"
        self.cursor.execute(TURNS, {"on": on, "kinds": states, "subjects": named})
        turns: dict[UUID, dt.date] = {}
        for subject, turn in self.cursor.fetchall():
            file = UUID(members.get(str(subject), str(subject)))
            turns[file] = min(turn, turns.get(file, turn))
        return turns


def _until_turn(verdicts: pl.DataFrame, turns: Mapping[UUID, dt.date]) -> pl.DataFrame:
    """Verdicts as far as the states they rest on last."""
    if not turns:
        return verdicts
    turning = pl.DataFrame(
        {"subject": [str(subject) for subject in turns], "turn": list(turns.values())}
    )
    joined = verdicts.join(turning, on="subject", how="left", maintain_order="left")
    kept = joined.filter(pl.col("turn").is_null() | (pl.col("valid_from") < pl.col("turn")))
    until = pl.min_horizontal("valid_until", "turn")
    return kept.with_columns(valid_until=until).drop("turn")


# The days on which a subject's states begin or end, those to come.
TURNS = """
SELECT subject, min(turn) FROM record
CROSS JOIN LATERAL (VALUES (valid_from), (valid_until)) AS turns(turn)
WHERE subject = ANY(%(subjects)s::uuid[]) AND kind = ANY(%(kinds)s) AND superseded_at IS NULL
    AND turn > %(on)s
GROUP BY subject
"""

RECORDS = '"records":["'
_SUBJECT = {"subject": pl.String()}
_TOLD_OF = {"rule": pl.String(), **_SUBJECT}
# A timeline is kept a few intervals ahead; where time has used it up, it is judged again.
LAPSED = """
INSERT INTO touched (subject)
SELECT subject FROM verdict GROUP BY subject, rule
HAVING max(coalesce(valid_until, 'infinity')) <= %s
ON CONFLICT DO NOTHING
"""
# Whoever was judged by other rules than these.
OUTDATED = """
INSERT INTO touched (subject)
SELECT subject FROM judged WHERE rules <> %s LIMIT %s
ON CONFLICT DO NOTHING
"""
KNOWN_SET = "INSERT INTO rule_set (id, rules) VALUES (%s, %s) ON CONFLICT DO NOTHING"
MARK = """
INSERT INTO judged (subject, rules) SELECT subject, %s FROM touched
ON CONFLICT (subject) DO UPDATE SET rules = excluded.rules
WHERE judged.rules <> excluded.rules
"""
# Whoever judges holds the fold lock, so that this row is waited for by nobody.
COUNT = """
INSERT INTO judging (id, times) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET times = judging.times + 1
"""
JUDGED_BY = "SELECT subject FROM judged WHERE subject = ANY(%s) AND rules = %s"


def judge_due(
    *,
    cursor: CursorWrapper,
    declarations: Declarations,
    now: dt.datetime,
    most: int | None = None,
) -> int:
    """Judge again, from today on, every subject whose verdicts have run out, and `most` of those
    that were judged by other rules than the declared ones. Returns how many."""
    cursor.execute("CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP")
    cursor.execute(LAPSED, [today(now)])
    due = int(cursor.rowcount)
    cursor.execute(OUTDATED, [digest_of_rules(declarations=declarations), most])
    due += int(cursor.rowcount)
    if due:
        judge(cursor=cursor, declarations=declarations, now=now)
    cursor.execute("DROP TABLE touched")
    return due


def _mark(cursor: CursorWrapper, declarations: Declarations) -> None:
    """Keep by which rules the touched subjects were judged, and that they were."""
    rules = digest_of_rules(declarations=declarations)
    cursor.execute(KNOWN_SET, [rules, sorted(declarations.rules)])
    cursor.execute(MARK, [rules])
    cursor.execute(COUNT)


def _judged_by(cursor: CursorWrapper, subjects: list[UUID], rules: UUID) -> set[UUID]:
    """Those of these subjects that were judged by these rules."""
    cursor.execute(JUDGED_BY, [subjects, rules])
    return {row[0] for row in cursor.fetchall()}


def _batches(cursor: CursorWrapper) -> Iterator[list[UUID]]:
    last = FIRST
    while True:
        cursor.execute(
            "SELECT subject FROM touched WHERE subject > %s ORDER BY subject LIMIT %s",
            [last, BATCH_SUBJECTS],
        )
        subjects = [row[0] for row in cursor.fetchall()]
        if not subjects:
            return
        yield subjects
        last = subjects[-1]


def _forget(cursor: CursorWrapper, subjects: list[UUID], rules: frozenset[str]) -> None:
    cursor.execute(
        "DELETE FROM verdict WHERE subject = ANY(%s) AND rule = ANY(%s)",
        [subjects, sorted(rules)],
    )


def _kept_short(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that rest on no record, without the conditions, which their rule declares; what is
    then said twice on end, once.

    Most verdicts are of that kind: told in full they took three quarters of all that is stored.
    """
    bare = pl.col("value").is_not_null() & ~pl.col("reasons").str.contains(RECORDS, literal=True)
    short = verdicts.with_columns(reasons=pl.when(bare).then(pl.lit("[]")).otherwise("reasons"))
    goes_on = pl.all_horizontal(
        *(
            pl.col(name).eq(pl.col(name).shift())
            for name in ("subject", "rule", "value", "reasons")
        ),
        pl.col("reasons").eq("[]"),
        pl.col("valid_from").eq(pl.col("valid_until").shift()),
    )
    run = (~goes_on.fill_null(value=False)).cum_sum().alias("run")
    told = pl.col("subject", "rule", "valid_from", "value", "reasons").first()
    return short.group_by(run, maintain_order=True).agg(told, pl.col("valid_until").last())


def _write(cursor: CursorWrapper, verdicts: pl.DataFrame) -> None:
    columns = ["subject", "rule", "valid_from", "valid_until", "value", "reasons"]
    buffer = io.BytesIO()
    verdicts.select(columns).write_csv(
        buffer, include_header=False, null_value="\\N", quote_style="non_numeric"
    )
    with cursor.copy(
        f"COPY verdict ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '\\N')"
    ) as copy:
        copy.write(buffer.getbuffer())
