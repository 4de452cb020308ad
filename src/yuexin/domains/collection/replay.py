"""Replay deliveries beside what lives: by `search_path`, unqualified names mean the copies.

The very code that folds new deliveries folds them here, so that both take one road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from yuexin.domains.collection.fold import fold
from yuexin.engines.deliveries.queries import adopted, folded
from yuexin.engines.deliveries.types import Counts
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
)
LIVING = "public"
REBUILT = "rebuilt"
Progress = Callable[[str, int], None]


@contextmanager
def beside(cursor: CursorWrapper, *, schema: str, over: str = LIVING) -> Iterator[None]:
    """Empty copies of the derived tables, which unqualified names then mean, and not those of
    `over`; dropped at the end."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    cursor.execute(f"CREATE SCHEMA {schema}")
    for table in DERIVED:
        cursor.execute(f"CREATE TABLE {schema}.{table} (LIKE {LIVING}.{table} INCLUDING ALL)")
    meaning(cursor, schema)
    yield
    meaning(cursor, over)
    cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def meaning(cursor: CursorWrapper, schema: str) -> None:
    """From now on, in this transaction, unqualified names mean the tables of this schema."""
    path = LIVING if schema == LIVING else f"{schema}, {LIVING}"
    cursor.execute(f"SET LOCAL search_path = {path}")


def replay(*, home: Home, progress: Progress | None = None) -> dict[int, Counts]:
    """Fold every folded delivery again, in order, as what is on record says it is read.

    Returns how each counts, by its number.
    """
    counted = {}
    for delivery in folded(store=home.deliveries):
        declarations = adopted(delivery.declarations)
        found = fold(delivery=delivery, declarations=declarations, scratch=home.scratch)
        counted[delivery.number] = found.counts
        if progress:
            progress("deliveries", len(counted))
    return counted


def put_in_place(cursor: CursorWrapper, *, schema: str) -> None:
    """Let the copies take the place of what lives. The files of the old tables go on commit."""
    for table in DERIVED:
        cursor.execute(f"TRUNCATE {LIVING}.{table}")
        cursor.execute(f"INSERT INTO {LIVING}.{table} SELECT * FROM {schema}.{table}")
