"""Intake end to end, file on disk to searchable online, against COPY of the same rows.

The peer loads exactly the rows that the intake made into empty tables with the same indexes.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.figure import Figure, watch
from bench.province import Bench, empty
from yuexin.sample.bench_files import write_register

ROWS = int(os.environ.get("YUEXIN_BENCH_ROWS", "500000"))
TABLES = ("subject", "alias", "subject_name", "record", "public_row", "verdict")
MEMORY_LIMIT = 2_000_000_000


def figures() -> Iterator[Figure]:
    with empty() as bench:
        path = bench.home / "register.csv"
        write_register(path, ROWS, 1)
        bench.yuexin("doctor")
        with watch() as intake:
            peak = _deliver(bench, path)
        _export(bench)
        with watch() as copied:
            _copy_same_rows(bench)
    yield Figure(
        name="intake",
        value=ROWS / intake.seconds,
        unit="rows/s",
        reference=f"COPY into the same indexes: {ROWS / copied.seconds:.0f} rows/s",
        ratio=copied.seconds / intake.seconds,
        detail={"rows": ROWS, "seconds": round(intake.seconds, 1)},
    )
    yield Figure(
        name="intake_memory",
        value=peak / 1e9,
        unit="GB at the peak",
        reference="the bound of 2 GB",
        ratio=MEMORY_LIMIT / peak,
        detail={"rows": ROWS},
    )


def _deliver(bench: Bench, path: Path) -> int:
    """Deliver the file in a process of its own; its peak memory in bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    bench.yuexin("deliver", "--resource", "registration", str(path))
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(before, after) * 1024


def _export(bench: Bench) -> None:
    for table in TABLES:
        _psql(bench, f"COPY {table} TO '{bench.home}/{table}.copy' (FORMAT binary)")


def _copy_same_rows(bench: Bench) -> None:
    """Empty twins with the same indexes, filled by COPY from files."""
    _psql(bench, "CREATE SCHEMA peer")
    for table in TABLES:
        _psql(bench, f"CREATE TABLE peer.{table} (LIKE public.{table} INCLUDING ALL)")
        _psql(bench, f"COPY peer.{table} FROM '{bench.home}/{table}.copy' (FORMAT binary)")


def _psql(bench: Bench, statement: str) -> None:
    with psycopg.connect(bench.url, autocommit=True) as connection:
        connection.execute(statement.encode())
