"""Make everything derived again from the deliveries, beside what lives, and compare or replace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.domains.collection.replay import DERIVED, REBUILT, beside, put_in_place, replay
from yuexin.domains.subjects.judging import judge_due
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.cases.operations import rebuild_files
from yuexin.engines.cases.queries import files_amiss
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import FOLD_LOCK
from yuexin.engines.deliveries.queries import counts_on_record
from yuexin.engines.deliveries.types import Counts
from yuexin.home.folder import Home

__all__ = ["DERIVED", "Difference", "Rebuilt", "rebuild"]

# What of a table must be equal: all of it, and of the verdicts those that hold on the day, since
# how far ahead they were kept depends on when they were last judged. Whether anybody was looked for
# is the worker's, not the fold's.
COMPARED = {
    "taken_down": "record, subject, kind, agency, folded_in, ended_at, shown_from, ended "
    "FROM {table}",
    "verdict": "subject, rule, value, reasons FROM {table} WHERE valid_from <= '{on}' "
    "AND coalesce(valid_until, 'infinity') > '{on}'",
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A table in which the rebuilt rows are not the living ones."""

    table: str
    missing: int
    surplus: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    deliveries: int
    rows: dict[str, int]
    differences: tuple[Difference, ...]


def rebuild(
    *,
    home: Home,
    declarations: Declarations,
    check: bool,
    now: dt.datetime,
    progress: Callable[[str, int], None] | None = None,
) -> Rebuilt:
    """Replay every folded delivery in order. With `check` nothing living is changed.

    Each delivery is read under the declarations it was first read under, and again under others
    from where it was reprocessed; of one that was redacted, the copy is read.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        with beside(cursor, schema=REBUILT):
            counted = replay(cursor=cursor, home=home, schema=REBUILT, progress=progress)
            judge_due(cursor=cursor, declarations=declarations, now=now)
            found = (_difference(cursor, table, today(now)) for table in DERIVED)
            differences = (
                *_miscounted(counted),
                *(item for item in found if item),
                *_cases_amiss(declarations),
            )
            rows = {table: _count(cursor, table) for table in DERIVED}
            if not check:
                put_in_place(cursor, schema=REBUILT)
        rows["case_file"] = CaseFile.objects.count()
        if not check:
            rows["case_file"] = rebuild_files(declarations=declarations)
    return Rebuilt(deliveries=len(counted), rows=rows, differences=differences)


def _cases_amiss(declarations: Declarations) -> Iterator[Difference]:
    """Cases whose file is not what follows from their acts."""
    wrong = files_amiss(declarations=declarations)
    if wrong:
        yield Difference(
            table="case_file", missing=len(wrong), surplus=len(wrong), example=wrong[0]
        )


def _miscounted(counted: Mapping[int, Counts]) -> Iterator[Difference]:
    """Deliveries that do not count as their receipt says, or the last erasure after it."""
    for number, counts in counted.items():
        said = counts_on_record(number=number)
        if said != counts:
            example = f"{number}: {said} <> {counts}"
            yield Difference(table="receipt", missing=1, surplus=1, example=example)


def _difference(cursor: CursorWrapper, table: str, on: dt.date) -> Difference | None:
    """Rows that only one side has, compared column by column."""
    compared = COMPARED.get(table, "* FROM {table}")
    living = compared.format(table=f"public.{table}", on=on)
    again = compared.format(table=f"{REBUILT}.{table}", on=on)
    statement = f"""
    WITH missing AS (SELECT {living} EXCEPT SELECT {again}),
         surplus AS (SELECT {again} EXCEPT SELECT {living})
    SELECT (SELECT count(*) FROM missing), (SELECT count(*) FROM surplus),
           coalesce((SELECT left(to_jsonb(m)::text, 500) FROM missing m LIMIT 1),
                    (SELECT left(to_jsonb(m)::text, 500) FROM surplus m LIMIT 1))
    """
    cursor.execute(statement)
    missing, surplus, example = cursor.fetchone()
    if not missing and not surplus:
        return None
    return Difference(table=table, missing=missing, surplus=surplus, example=example)


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {REBUILT}.{table}")
    return int(cursor.fetchone()[0])
