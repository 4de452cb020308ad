"""Make everything derived again from the deliveries, beside what lives, and compare or replace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.domains.collection.fold import fold
from yuexin.domains.subjects.judging import judge_lapsed
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Receipt
from yuexin.engines.deliveries.operations import FOLD_LOCK
from yuexin.engines.deliveries.queries import adopted, folded
from yuexin.home.folder import Home

# Every derived table. Nothing else is made again.
DERIVED = (
    "subject",
    "alias",
    "subject_name",
    "record",
    "public_row",
    "verdict",
    "quarantined",
    "waiting",
    "delivery_measure",
    "delivery_lag",
)
# What of a table must be equal: all of it, and of the verdicts those that hold on the day, since
# how far ahead they were kept depends on when they were last judged.
COMPARED = {
    "verdict": "subject, rule, value, reasons FROM {table} WHERE valid_from <= '{on}' "
    "AND coalesce(valid_until, 'infinity') > '{on}'"
}
SCHEMA = "rebuilt"


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

    Each delivery is read under the declarations it was first read under.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        with _beside(cursor):
            count, miscounted = _replay(home, progress)
            judge_lapsed(cursor=cursor, declarations=declarations, now=now)
            found = (_difference(cursor, table, today(now)) for table in DERIVED)
            differences = (*miscounted, *(item for item in found if item))
            rows = {table: _count(cursor, table) for table in DERIVED}
            if not check:
                _replace(cursor)
    return Rebuilt(deliveries=count, rows=rows, differences=differences)


@contextmanager
def _beside(cursor: CursorWrapper) -> Iterator[None]:
    """Empty copies of the derived tables, which unqualified names then mean."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in DERIVED:
        cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
    cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
    yield
    cursor.execute("SET LOCAL search_path = public")
    cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _replay(
    home: Home, progress: Callable[[str, int], None] | None
) -> tuple[int, tuple[Difference, ...]]:
    count = 0
    miscounted = []
    for delivery in folded(store=home.deliveries):
        declarations = adopted(delivery.declarations)
        again = fold(delivery=delivery, declarations=declarations, scratch=home.scratch).counts
        receipt = Receipt.objects.get(delivery_id=delivery.number)
        said = (
            receipt.rows_new,
            receipt.rows_changed,
            receipt.rows_unchanged,
            receipt.rows_waiting,
            receipt.rows_rejected,
        )
        found = (again.new, again.changed, again.unchanged, again.waiting, again.rejected)
        if said != found:
            miscounted.append(
                Difference(
                    table="receipt",
                    missing=1,
                    surplus=1,
                    example=f"{delivery.number}: {said} <> {found}",
                )
            )
        count += 1
        if progress:
            progress("deliveries", count)
    return count, tuple(miscounted)


def _difference(cursor: CursorWrapper, table: str, on: dt.date) -> Difference | None:
    """Rows that only one side has, compared column by column."""
    compared = COMPARED.get(table, "* FROM {table}")
    living = compared.format(table=f"public.{table}", on=on)
    again = compared.format(table=f"{SCHEMA}.{table}", on=on)
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
    cursor.execute(f"SELECT count(*) FROM {SCHEMA}.{table}")
    return int(cursor.fetchone()[0])


def _replace(cursor: CursorWrapper) -> None:
    for table in DERIVED:
        cursor.execute(f"TRUNCATE public.{table}")
        cursor.execute(f"INSERT INTO public.{table} SELECT * FROM {SCHEMA}.{table}")
