"""What is derived, in a form that two moments, or two roads, can be compared by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from yuexin.domains.collection.rebuild import DERIVED

State = Mapping[str, tuple[str, ...]]

# The facts that stand now, without what only says when and in which delivery they came.
CURRENT = {
    "subject": "code, name, sole_trader, entity_type, city, est_date, authority, state_from, "
    "represented_by, gone, doubtful, prominence",
    "alias": "scheme, value, subject, valid_from, valid_until",
    "subject_name": "subject, key, name, valid_from, valid_until, searchable, rank, grams",
    "record": "subject, kind, source_key, event_date, valid_from, valid_until, body",
    "public_row": "subject, kind, agency, resource, event_date, valid_from, valid_until, "
    "shown_from, shown_until, term_class, body",
    "verdict": "subject, rule, valid_from, valid_until, value",
    "waiting": "agency, resource, content, reason",
}


def state(*tables: str) -> State:
    """Every row of the derived tables (or of those named), whole."""
    return {table: _rows(f"SELECT * FROM {table}") for table in tables or DERIVED}


def current_facts() -> State:
    """What is known now, by whatever road it came."""
    conditions = {"record": " WHERE superseded_at IS NULL"}
    return {
        table: _rows(f"SELECT {columns} FROM {table}{conditions.get(table, '')}")
        for table, columns in CURRENT.items()
    }


def all_rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def value(statement: str, *values: Any) -> Any:
    """The one value of a query."""
    return all_rows(statement, *values)[0][0]


def execute(statement: str, *values: Any) -> int:
    """Run a statement that gives no rows. Returns how many it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written during the body is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _rows(statement: str) -> tuple[str, ...]:
    found = all_rows(f"SELECT to_jsonb(t)::text FROM ({statement}) t ORDER BY 1")
    return tuple(row for (row,) in found)
