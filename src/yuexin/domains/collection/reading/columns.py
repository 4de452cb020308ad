"""A worksheet a column at a time, where no column mixes text with numbers or dates."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from typing import Final, cast

import fastexcel
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from yuexin.base.errors import Refusal
from yuexin.domains.collection.reading.headers import matched
from yuexin.domains.collection.reading.limits import BATCH_BYTES, ROW
from yuexin.engines.declare.types import Resource

# What fastexcel calls a column without a name, and one whose name stood before.
RENAMED = re.compile(r"_[0-9]+$")
UNNAMED: Final = "__UNNAMED__"
DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
# A spreadsheet keeps a time of day as a moment of its first days.
AFTER_FIRST_DAYS = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - a cell has no time zone
KEPT = frozenset((pa.string(), pa.float64(), pa.bool_(), pa.null()))

# It says of each empty column that it has no type.
logging.getLogger("fastexcel").setLevel(logging.ERROR)


def frames(
    workbook: fastexcel.ExcelReader, place: int, resource: Resource, size: int
) -> Iterator[pl.DataFrame] | None:
    """Batches of numbered rows of text under the declared headers, as `sheet` gives them cell by
    cell; nothing at all where only that can tell what the cells say."""
    try:
        sheet = workbook.load_sheet(place, schema_sample_rows=None, dtype_coercion="strict")
    except fastexcel.FastExcelError:
        return None
    table = pa.record_batch(sheet)
    # Arrow's own names end at a NUL.
    names = [column.name for column in sheet.available_columns()]
    while names and names[-1].startswith(UNNAMED) and pa.types.is_null(table[len(names) - 1].type):
        names.pop()
    try:
        headers = matched(names, resource)
    except Refusal:
        return None
    if not all(map(_is_kept, table.columns)) or any(map(RENAMED.search, names)):
        return None
    return _batches(pa.record_batch(table.columns[: len(headers)], names=headers), size)


def _is_kept(column: pa.Array) -> bool:
    if not pa.types.is_timestamp(column.type):
        return column.type in KEPT
    earliest = pc.min(column).as_py()
    return earliest is None or earliest >= AFTER_FIRST_DAYS


def _batches(table: pa.RecordBatch, size: int) -> Iterator[pl.DataFrame]:
    number = 1
    for begin in range(0, table.num_rows, size):
        frame = cast(pl.DataFrame, pl.from_arrow(table.slice(begin, size)))
        texts = frame.select(_text(name, dtype) for name, dtype in frame.schema.items())
        filled = texts.filter(pl.any_horizontal(pl.all().is_not_null()))
        for piece in _pieces(filled):
            yield piece.with_row_index(ROW, offset=number)
            number += piece.height


def _pieces(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A batch, halved until each piece takes no more than one may."""
    held = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item()
    if frame.height > 1 and held > BATCH_BYTES:
        yield from _pieces(frame.head(frame.height // 2))
        yield from _pieces(frame.tail(-(frame.height // 2)))
    elif frame.height:
        yield frame


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as an agency would have typed it."""
    cell = pl.col(name)
    if dtype == pl.Boolean:
        return cell.cast(pl.Int8).cast(pl.String)
    if dtype == pl.Float64:
        return cell.map_batches(_numbers, return_dtype=pl.String)
    if isinstance(dtype, pl.Datetime):
        day = cell.dt.time() == dt.time()
        return pl.when(day).then(cell.dt.strftime(DAY)).otherwise(cell.dt.strftime(MOMENT))
    # A workbook can spell a NUL, which no database takes.
    text = cell.cast(pl.String).str.replace_all("\0", "", literal=True)
    return pl.when(text.str.len_bytes() > 0).then(text).alias(name)


def _numbers(column: pl.Series) -> pl.Series:
    """Each number as `written` writes it; the same one is written once."""
    different = column.unique().drop_nulls()
    texts = pl.Series([written(number) for number in different], dtype=pl.String)
    return column.replace_strict(different, texts, default=None, return_dtype=pl.String)


def written(number: float) -> str:
    """A number as somebody would type it: whole ones without a point."""
    return str(int(number)) if number.is_integer() else repr(number)
