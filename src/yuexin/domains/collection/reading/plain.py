"""CSV, as plain UTF-8.

The fast road is DuckDB's reader in strict mode. A file it does not accept whole is read again,
row by row, so that only the misshapen rows are set aside.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import duckdb
import polars as pl

from yuexin.base.errors import Refusal
from yuexin.domains.collection.reading import careful
from yuexin.domains.collection.reading.headers import matched, unreadable_header
from yuexin.domains.collection.reading.limits import (
    BATCH_BYTES,
    MAX_FIELD_CHARACTERS,
    MAX_LINE_BYTES,
    ROW,
)
from yuexin.engines.declare.types import Resource

MEMORY = "600MB"
SMALL_BYTES = 64 << 10
DELIMITERS = (",", "\t", ";")
# DuckDB holds some 2,000 rows at once, whatever it is asked for.
MAX_FAST_ROW_BYTES = 64 << 10


def header_of(text: Path, resource: Resource) -> tuple[str, list[str]]:
    """The delimiter and the declared header of each column."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    with text.open(encoding="utf-8", newline="") as stream:
        line = stream.readline(MAX_LINE_BYTES)
    best: Refusal | None = None
    for delimiter in DELIMITERS:
        try:
            given = next(csv.reader([line], delimiter=delimiter), [])
            while given and not given[-1].strip():
                given.pop()
            return delimiter, matched(given, resource)
        except csv.Error:
            best = best or unreadable_header(resource)
        except Refusal as refusal:
            best = best or refusal
    raise cast(Refusal, best)


def batches(
    text: Path, header: tuple[str, list[str]], size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Batches of numbered rows of text, each with the rows of a wrong shape set aside.

    A small file takes the careful road at once: opening the fast one costs more than walking.
    """
    small = text.stat().st_size <= SMALL_BYTES
    widest = math.inf if small else _widest(text, header)
    if widest <= MAX_FAST_ROW_BYTES:
        size = min(size, int(BATCH_BYTES // max(widest, 1)))
        none = pl.DataFrame(schema={ROW: pl.Int64, "raw": pl.String})
        number = 1
        for batch in _fast(text, header, size):
            yield batch.with_row_index(ROW, offset=number), none
            number += batch.height
    else:
        yield from careful.batches(text, *header, size)


def _fast_sql(text: Path, header: tuple[str, list[str]]) -> str:
    delimiter, names = header
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    return (
        f"SELECT * FROM read_csv({_quoted(str(text))}, header=true, auto_detect=false, "
        f"strict_mode=true, delim={_quoted(delimiter)}, quote='\"', escape='\"', "
        f"max_line_size={MAX_LINE_BYTES}, columns={{{columns}}})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    # Its own bar would stand among what the command prints.
    connection.execute(f"SET enable_progress_bar=false; SET threads=2; SET memory_limit='{MEMORY}'")
    return connection


def _widest(text: Path, header: tuple[str, list[str]]) -> float:
    """The bytes of the longest row; without end where DuckDB does not accept the file whole."""
    bytes_of_row = " + ".join(f"coalesce(strlen({_named(name)}), 0)" for name in header[1])
    with _connected() as connection:
        try:
            sql = f"SELECT max({bytes_of_row}) FROM ({_fast_sql(text, header)})"
            found = connection.execute(sql).fetchone()
        except duckdb.Error:
            return math.inf
    return float(found[0] or 0) if found else 0.0


def _fast(text: Path, header: tuple[str, list[str]], size: int) -> Iterator[pl.DataFrame]:
    with _connected() as connection:
        for batch in connection.sql(_fast_sql(text, header)).to_arrow_reader(size):
            yield cast(pl.DataFrame, pl.from_arrow(batch))
