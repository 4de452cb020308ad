"""One door for all formats: batches of rows as text, under the declared headers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yuexin.domains.collection.reading import array, lines, markup, parquet, plain, sheet
from yuexin.domains.collection.reading.encoded import as_utf8
from yuexin.domains.collection.reading.gathered import Batch, Beside
from yuexin.domains.collection.reading.limits import ROW
from yuexin.domains.collection.reading.wrapping import unwrapped
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.types import Format

BATCH_ROWS = 50_000
__all__ = ["BATCH_ROWS", "ROW", "Rows", "opened"]
MISSHAPEN = "__misshapen"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A batch: `frame` holds `__row` and every declared header as text, `misshapen` the rows
    of a wrong shape with their raw text, `beside` what stands in the file outside its rows, each
    under its name."""

    frame: pl.DataFrame
    misshapen: pl.DataFrame
    beside: Beside = ()


@contextmanager
def opened(
    *, path: Path, form: Format, resource: Resource, scratch: Path
) -> Iterator[Iterator[Rows]]:
    """Read a stored delivery in batches. Raises a `Refusal` for what cannot be read at all.

    Memory is bounded by the batch, and by the cell limit for a sheet.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reading-", dir=scratch) as folder:
        yield _rows(path, form, resource, Path(folder))


def _rows(path: Path, form: Format, resource: Resource, folder: Path) -> Iterator[Rows]:
    data = unwrapped(path=path, folder=folder)
    for batch, misshapen, beside in READERS[form](data, resource, folder):
        yield Rows(frame=_complete(batch, resource), misshapen=misshapen, beside=beside)


def _csv(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    text = as_utf8(path=data, folder=folder)
    header = plain.header_of(text, resource)
    for batch, misshapen in plain.batches(text, header, BATCH_ROWS):
        yield batch, misshapen, ()


def _xlsx(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    for batch, misshapen in sheet.batches(data, resource, BATCH_ROWS):
        yield batch, misshapen, ()


def _json(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    return array.batches(as_utf8(path=data, folder=folder), resource, BATCH_ROWS)


def _ndjson(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    return lines.batches(as_utf8(path=data, folder=folder), resource, BATCH_ROWS)


def _xml(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    return markup.batches(markup.utf8_of(path=data, folder=folder), resource, BATCH_ROWS)


def _parquet(data: Path, resource: Resource, folder: Path) -> Iterator[Batch]:
    return parquet.batches(data, resource, BATCH_ROWS)


READERS: dict[Format, Callable[[Path, Resource, Path], Iterator[Batch]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "ndjson": _ndjson,
    "xml": _xml,
    "parquet": _parquet,
}


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
