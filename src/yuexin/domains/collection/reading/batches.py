"""One door for all formats: batches of rows as text, under the declared headers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl

from yuexin.domains.collection.reading import plain, redacted, sheet
from yuexin.domains.collection.reading.limits import ROW
from yuexin.domains.collection.reading.redacted import Rows
from yuexin.engines.declare.types import Resource

BATCH_ROWS = 50_000
__all__ = ["BATCH_ROWS", "ROW", "Rows", "opened"]
MISSHAPEN = "__misshapen"


@contextmanager
def opened(*, path: Path, form: str, resource: Resource, scratch: Path) -> Iterator[Iterator[Rows]]:
    """Read a stored delivery in batches. Raises a `Refusal` for what cannot be read at all.

    Memory is bounded by the batch for CSV, and by the cell limit for a sheet.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reading-", dir=scratch) as folder:
        if form == "redacted":
            yield _redacted_rows(path, resource)
        elif form == "xlsx":
            yield _sheet_rows(path, resource)
        else:
            yield _plain_rows(path, resource, Path(folder))


def _plain_rows(path: Path, resource: Resource, folder: Path) -> Iterator[Rows]:
    text = plain.as_utf8(path=path, folder=folder)
    header = plain.header_of(text, resource)
    for batch, misshapen in plain.batches(text, header, BATCH_ROWS):
        yield Rows(frame=_complete(batch, resource), misshapen=misshapen)


def _sheet_rows(path: Path, resource: Resource) -> Iterator[Rows]:
    for batch, misshapen in sheet.batches(path, resource, BATCH_ROWS):
        yield Rows(frame=_complete(batch, resource), misshapen=misshapen)


def _redacted_rows(path: Path, resource: Resource) -> Iterator[Rows]:
    for rows in redacted.batches(path, resource, BATCH_ROWS):
        yield replace(rows, frame=_complete(rows.frame, resource))


def _complete(frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Every declared header as text; an optional column that was not sent is empty."""
    return frame.select(
        pl.col(ROW).cast(pl.Int64),
        *(
            pl.col(column.header).cast(pl.String)
            if column.header in frame.columns
            else pl.lit(None, dtype=pl.String).alias(column.header)
            for column in resource.columns
        ),
    )
