"""Judge subjects by the declared rules, one or all by the same path, and keep the verdicts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.engines.declare.types import Declarations, RecordKind
from yuexin.engines.records.bodies import typed
from yuexin.engines.rules.queries import SubjectProgram, frame_schema

BATCH_SUBJECTS = 25_000
FIRST = UUID(int=0)


def judge(
    *,
    cursor: CursorWrapper,
    declarations: Declarations,
    now: dt.datetime,
    progress: Callable[[str, int], None] | None = None,
) -> None:
    """Write the verdicts, from today on, of every subject in the fold's `touched` table."""
    rules = list(declarations.rules.values())
    if not rules:
        return
    program = SubjectProgram(rules=rules, kinds=declarations.kinds)
    done = 0
    for subjects in _batches(cursor):
        frames = {
            kind: _records(cursor, declarations.kinds[kind], fields, subjects, today(now))
            for kind, fields in program.needed.items()
        }
        verdicts = program.timeline(
            subjects=[str(subject) for subject in subjects], records=frames, on=today(now)
        )
        _keep(cursor, subjects, verdicts)
        done += len(subjects)
        if progress:
            progress("verdicts", done)


# A timeline is kept a few intervals ahead; where time has used it up, it is judged again.
LAPSED = """
INSERT INTO touched (subject)
SELECT subject FROM verdict GROUP BY subject, rule
HAVING max(coalesce(valid_until, 'infinity')) <= %s
ON CONFLICT DO NOTHING
"""


def judge_lapsed(*, cursor: CursorWrapper, declarations: Declarations, now: dt.datetime) -> int:
    """Judge again, from today on, every subject whose verdicts have run out. Returns how many."""
    cursor.execute("CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP")
    cursor.execute(LAPSED, [today(now)])
    lapsed = int(cursor.rowcount)
    if lapsed:
        judge(cursor=cursor, declarations=declarations, now=now)
    cursor.execute("DROP TABLE touched")
    return lapsed


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


def _records(
    cursor: CursorWrapper,
    kind: RecordKind,
    fields: frozenset[str],
    subjects: list[UUID],
    on: dt.date,
) -> pl.DataFrame:
    """The current records of one kind about these subjects, with the fields rules read."""
    schema = {name: dtype for name, dtype in frame_schema(kind).items() if name in fields}
    columns = "".join(f", body->>'{name}' AS \"{name}\"" for name in schema)
    # Of a state only the one that holds counts, of events all do.
    holds = f" AND (valid_until IS NULL OR valid_until > '{on}')"
    standing = holds if kind.temporal == "state" else ""
    statement = (
        f"COPY (SELECT subject, id AS record{columns} FROM record "
        f"WHERE subject BETWEEN '{subjects[0]}' AND '{subjects[-1]}' "
        f"AND subject IN (SELECT subject FROM touched) "
        f"AND kind = '{kind.id}' AND superseded_at IS NULL{standing}) "
        f"TO STDOUT (FORMAT csv, HEADER)"
    )
    buffer = io.BytesIO()
    with cursor.copy(statement) as copy:
        for chunk in copy:
            buffer.write(chunk)
    frame = pl.read_csv(buffer.getvalue(), infer_schema=False)
    return frame.with_columns(typed(pl.col(name), dtype) for name, dtype in schema.items())


def _keep(cursor: CursorWrapper, subjects: list[UUID], verdicts: pl.DataFrame) -> None:
    cursor.execute(
        "DELETE FROM verdict WHERE subject BETWEEN %s AND %s "
        "AND subject IN (SELECT subject FROM touched)",
        [subjects[0], subjects[-1]],
    )
    columns = ["subject", "rule", "valid_from", "valid_until", "value", "reasons"]
    buffer = io.BytesIO()
    verdicts.select(columns).write_csv(
        buffer, include_header=False, null_value="\\N", quote_style="non_numeric"
    )
    with cursor.copy(
        f"COPY verdict ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '\\N')"
    ) as copy:
        copy.write(buffer.getbuffer())
