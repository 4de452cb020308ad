"""What was issued is truth: rows are added, never changed, and a change behind our back is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from tests.engines.papers.test_signing import given_out
from tests.state import execute

from yuexin.engines.papers.queries import breaks
from yuexin.engines.papers.types import Issued
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

TABLES = ("issued_paper", "signing_certificate")
CHANGES = (
    "code_sha256 = repeat('0', 64)", "about = about || 'x'",
    "issued_at = issued_at + interval '1 microsecond'", "facts_sha256 = repeat('0', 64)",
    "content_sha256 = repeat('0', 64)", "file_sha256 = repeat('0', 64)", "language = 'en'",
    "asked_by = 'own'", "number = 'YX20000101-00000000'",
)  # fmt: skip


@pytest.fixture
def issued(undone: None, home: Home, now: dt.datetime, tmp_path: Path) -> Issued:
    del undone
    return given_out(home, now, tmp_path)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_its_rows_are_never_changed_or_removed(issued: Issued, table: str, statement: str) -> None:
    assert issued
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    column = "language = 'en'" if table == "issued_paper" else "chain = ''"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        execute(statement.format(table, column))


@contextmanager
def tampered(statement: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(statement)
        assert cursor.rowcount
        yield
        transaction.set_rollback(True)


def test_an_untouched_record_holds(issued: Issued) -> None:
    assert issued
    assert list(breaks()) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_paper_is_seen(issued: Issued, change: str) -> None:
    assert issued
    with tampered(f"UPDATE issued_paper SET {change}"):
        assert list(breaks())


def test_a_removed_paper_is_seen(issued: Issued) -> None:
    with tampered("DELETE FROM issued_paper"):
        assert list(breaks()) == [f"{issued.number}: the row is missing"]


def test_a_changed_certificate_is_seen(issued: Issued) -> None:
    assert issued
    with tampered("UPDATE signing_certificate SET fingerprint = repeat('0', 64)"):
        assert list(breaks())
