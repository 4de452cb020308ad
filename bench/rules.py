"""A database of a million subjects and ten million records that rules and terms read, and its
pool."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command

from bench.online import point
from bench.province import Bench, empty
from yuexin.engines.declare.queries import Declarations, current
from yuexin.engines.rules.queries import release_program, subject_program
from yuexin.sample.bench_records import statements

SUBJECTS = int(os.environ.get("YUEXIN_BENCH_SUBJECTS", "1000000"))
RECORDS = 10 * SUBJECTS
SEED = 5
ON = dt.date(2026, 11, 24)
TERMED = ("penalty", "food_sample_failed")
"""The kinds whose periods of publicity are derived as well, beside all rules."""


def needed() -> dict[str, frozenset[str]]:
    """The fields, by kind, that the declared rules and the terms of `TERMED` read."""
    declared = current()
    found = dict(subject_program(declarations=declared, rules=frozenset(declared.rules)).needed)
    for kind in TERMED:
        program = release_program(declarations=declared, release="public", kind=kind)
        found[kind] = found.get(kind, frozenset()) | program.needed
    return found


@contextmanager
def everybody() -> Iterator[Bench]:
    """A database with subjects and records in it, and nothing else."""
    with empty() as bench:
        point(bench.url)
        call_command("migrate", verbosity=0)
        with psycopg.connect(bench.url, autocommit=True) as connection:
            _fill(connection, current())
        yield bench


def _fill(connection: psycopg.Connection, declared: Declarations) -> None:
    """The indexes of records are made when the records are there: it takes a third of the time."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("SET synchronous_commit = off")
    indexes = connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'record' AND indexname <> 'record_pkey'"
    ).fetchall()
    names = connection.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'record' AND indexname <> 'record_pkey'"
    ).fetchall()
    connection.execute("ALTER TABLE record DROP CONSTRAINT record_pkey")
    for (name,) in names:
        connection.execute(f'DROP INDEX "{name}"')
    filling = statements(
        declarations=declared, needed=needed(), subjects=SUBJECTS, records=RECORDS, seed=SEED
    )
    for statement in filling:
        connection.execute(statement)
    connection.execute("ALTER TABLE record ADD CONSTRAINT record_pkey PRIMARY KEY (id)")
    for (definition,) in indexes:
        connection.execute(definition)
    connection.execute("VACUUM ANALYZE record")
    connection.execute("VACUUM ANALYZE subject")
