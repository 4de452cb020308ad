"""XLSX: the first sheet of a workbook whose container was examined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from yuexin.domains.collection.reading.container import examine, refusal
from yuexin.domains.collection.reading.headers import matched
from yuexin.domains.collection.reading.limits import ROW
from yuexin.engines.declare.types import Resource

RAW_CHARACTERS = 2_000
Batch = tuple[pl.DataFrame, pl.DataFrame]


def batches(path: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows of text, and the rows that reach beyond the header.

    Rows without any value are no rows. Raises a `Refusal` for a dangerous or damaged workbook.
    """
    examine(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        yield from _batches(workbook.get_sheet_by_index(0).iter_rows(), resource, size)
    except (CalamineError, IndexError, ValueError) as error:
        raise refusal("工作簿无法读取", f"the workbook cannot be read: {error}") from error


def _batches(rows: Iterator[list[Any]], resource: Resource, size: int) -> Iterator[Batch]:
    given = [_text(value) or "" for value in next(rows, [])]
    while given and not given[-1]:
        given.pop()
    headers = matched(given, resource)
    width = len(headers)
    good: list[list[Any]] = []
    bad: list[tuple[int, str]] = []
    filled = (values for row in rows if any(values := [_text(value) for value in row]))
    for number, values in enumerate(filled, start=1):
        if any(values[width:]):
            bad.append((number, "\t".join(value or "" for value in values)[:RAW_CHARACTERS]))
        else:
            good.append([number, *values[:width], *[None] * (width - len(values))])
        if len(good) + len(bad) == size:
            yield _frames(headers, good, bad)
            good, bad = [], []
    yield _frames(headers, good, bad)


def _frames(headers: list[str], good: list[list[Any]], bad: list[tuple[int, str]]) -> Batch:
    schema = {ROW: pl.Int64, **dict.fromkeys(headers, pl.String)}
    misshapen = pl.DataFrame(bad, schema={ROW: pl.Int64, "raw": pl.String}, orient="row")
    return pl.DataFrame(good, schema=schema, orient="row"), misshapen


def _text(value: Any) -> str | None:
    """A cell as an agency would have typed it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    # A workbook can spell a NUL, which no database takes.
    text = str(value).replace("\0", "")
    return text or None
