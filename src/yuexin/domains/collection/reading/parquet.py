"""Parquet: flat columns of any type, each value as an agency would have typed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.gathered import RAW_CHARACTERS, Batch
from yuexin.domains.collection.reading.headers import matched
from yuexin.domains.collection.reading.limits import (
    BATCH_BYTES,
    MAX_COLUMNS,
    MAX_FIELD_CHARACTERS,
    ROW,
)
from yuexin.domains.collection.reading.wrapping import (
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
)
from yuexin.engines.declare.types import Resource

# Strings that are stored once may be named by millions of rows, so few rows are taken at once
# until it is known how long theirs are.
PIECE_ROWS = 10_000
MAX_FOOTER_BYTES = 16 << 20
CAUTION: dict[str, Any] = {
    "memory_map": False,
    "pre_buffer": False,
    "buffer_size": 1 << 20,
    "page_checksum_verification": True,
    "thrift_string_size_limit": MAX_FOOTER_BYTES,
    "thrift_container_size_limit": 1_000_000,
}
BEIJING = ZoneInfo("Asia/Shanghai")
TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary,
         pa.types.is_large_binary)  # fmt: skip
# A NUL spoils the row, which shows what it held.
NO_NUMBER = "\0NaN"
OWN_METADATA = b"ARROW:schema"


def batches(path: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows of text. Raises a `Refusal` for what is damaged or not flat."""
    with _opened(path) as file:
        headers = matched(file.schema_arrow.names, resource)
        _refuse_nested(file.schema_arrow)
        beside = tuple(_metadata(file.schema_arrow))
        held: list[tuple[pl.DataFrame, pl.DataFrame]] = []
        number = rows = text = 0
        for columns in _pieces(file):
            frame, misshapen = _shaped(columns, headers, number + 1)
            number += len(columns[0])
            rows += len(columns[0])
            text += sum(column.nbytes for column in columns)
            held.append((frame, misshapen))
            if rows + PIECE_ROWS > size or text > BATCH_BYTES:
                yield *_joined(held), beside
                held, rows, text, beside = [], 0, 0, ()
        if held or not number:
            held = held or [_shaped([pa.array([], pa.string()) for _ in headers], headers, 1)]
            yield *_joined(held), beside


def values(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Whatever a file says, each text beside the name of its column: what its metadata says, then
    every value that occurs, a piece at a time. Raises a `Refusal` for damage.
    """
    with _opened(path) as file:
        yield list(_metadata(file.schema_arrow))
        for piece in file.iter_batches(batch_size=PIECE_ROWS):
            for name, column in zip(file.schema_arrow.names, piece.columns, strict=True):
                found = column if pa.types.is_nested(column.type) else column.unique()
                if pa.types.is_dictionary(found.type):
                    found = found.dictionary
                yield [(name, _typed(value) or "") for value in found.to_pylist()]


def names(path: Path) -> Iterator[str]:
    """The names of a file's columns and what its metadata says, as far as it can be opened."""
    try:
        with _opened(path) as file:
            yield from file.schema_arrow.names
            for pair in _metadata(file.schema_arrow):
                yield from pair
    except Refusal:
        return


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path, **CAUTION) as file:
            coded = _coded(file)
        with pq.ParquetFile(path, **CAUTION, read_dictionary=coded) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _refusal("文件不完整或已损坏", "the file is truncated or damaged") from error


def _coded(file: pq.ParquetFile) -> list[str]:
    """The columns of strings that are stored once each. Raises a `Refusal` for a bomb."""
    groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
    packed = sum(size for group in groups for size in [group.total_byte_size])
    stored = sum(
        group.column(place).total_compressed_size
        for group in groups
        for place in range(group.num_columns)
    )
    if packed > min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, stored * MAX_RATIO)):
        raise _refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")
    return [
        group.column(place).path_in_schema
        for group in groups
        for place in range(group.num_columns)
        if group.column(place).has_dictionary_page
        and group.column(place).physical_type == "BYTE_ARRAY"
    ]


def _metadata(schema: pa.Schema) -> Iterator[tuple[str, str]]:
    held = [schema.metadata or {}, *(field.metadata or {} for field in schema)]
    for pairs in held:
        for key, value in pairs.items():
            if key != OWN_METADATA:
                yield key.decode("utf-8", "replace"), value.decode("utf-8", "replace")


def _refuse_nested(schema: pa.Schema) -> None:
    if len(schema) > MAX_COLUMNS:
        raise _refusal(f"列数 {len(schema)} 超过上限", f"{len(schema)} columns")
    for column in schema:
        if pa.types.is_nested(column.type) or isinstance(column.type, pa.BaseExtensionType):
            raise _refusal(
                f"列“{column.name[:40]}”不是单一的值",
                f"the column “{column.name[:40]}” holds no single values",
            )


def _pieces(file: pq.ParquetFile) -> Iterator[list[pa.Array]]:
    """A few rows at a time as columns of text, fewer where their strings are long."""
    for piece in file.iter_batches(batch_size=PIECE_ROWS):
        waiting = [piece] if piece.num_rows else []
        while waiting:
            piece = waiting.pop()
            if piece.num_rows > 1 and sum(map(_length, piece.columns)) > BATCH_BYTES:
                half = piece.num_rows // 2
                waiting += [piece.slice(half), piece.slice(0, half)]
            else:
                yield [_texts(column) for column in piece.columns]


def _length(column: pa.Array) -> int:
    """The bytes of a column whose strings are stored once each, if it is one."""
    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return 0
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return pc.sum(lengths.take(column.indices)).as_py() or 0


def _is_text(held: pa.DataType) -> bool:
    return any(is_it(held) for is_it in TEXTS)


def _texts(column: pa.Array) -> pa.Array:
    """A column as text; each value that occurs is spelled once."""
    if pa.types.is_dictionary(column.type):
        return _texts(column.dictionary).take(column.indices)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        # Some programs write texts without saying so. What is no UTF-8 is refused.
        return column.cast(pa.large_string())
    if _is_text(column.type):
        column.validate(full=True)
        return column
    coded = pc.dictionary_encode(_in_microseconds(column))
    distinct = coded.dictionary
    if pa.types.is_floating(distinct.type):
        # The shortest spelling that is this number, in its own width.
        texts: list[str | None] = [
            None if text is None else _number(Decimal(text))
            for text in distinct.cast(pa.string()).to_pylist()
        ]
    else:
        texts = [_typed(value) for value in distinct.to_pylist()]
    return pa.array(texts, pa.large_string()).take(coded.indices)


def _in_microseconds(column: pa.Array) -> pa.Array:
    """Times as fine as Python knows them."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column.cast(pa.time64("us"), safe=False) if pa.types.is_time(column.type) else column


def _typed(value: Any) -> str | None:
    """A value as an agency would have typed it. What is no number stays what it is called."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        here = value.astimezone(BEIJING).replace(tzinfo=None) if value.tzinfo else value
        midnight = here.time() == dt.time()
        return here.date().isoformat() if midnight else here.isoformat(" ", "seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        return NO_NUMBER
    whole = value == value.to_integral_value()
    return str(int(value)) if whole else format(value, "f")


def _shaped(
    columns: list[pa.Array], headers: list[str], number: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that hold plain values, and the others: no number, a NUL, a text without end."""
    series = [pl.Series(name, array) for name, array in zip(headers, columns, strict=True)]
    frame = pl.DataFrame(series).with_columns(pl.all().cast(pl.String))
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    frame = frame.with_row_index(ROW, offset=number).with_columns(pl.col(ROW).cast(pl.Int64))
    texts = pl.col(headers)
    strange = texts.str.contains("\0", literal=True) | (
        texts.str.len_bytes() > MAX_FIELD_CHARACTERS
    )
    bad = pl.any_horizontal(strange.fill_null(value=False))
    aside = frame.filter(bad)
    raw = [
        (row[0], "\t".join(value or "" for value in row[1:]).replace("\0", "")[:RAW_CHARACTERS])
        for row in aside.iter_rows()
    ]
    misshapen = pl.DataFrame(raw, schema={ROW: pl.Int64, "raw": pl.String}, orient="row")
    return (frame if aside.is_empty() else frame.filter(~bad)), misshapen


def _joined(held: list[tuple[pl.DataFrame, pl.DataFrame]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    return cast(
        tuple[pl.DataFrame, pl.DataFrame],
        tuple(pl.concat(frames) for frames in zip(*held, strict=True)),
    )


def _refusal(zh: str, en: str) -> Refusal:
    remedy = Text(
        "重新写出只含单一值列的 Parquet 文件，或改为 CSV",
        "write it again with columns of single values, or deliver CSV",
    )
    return Refusal(code="PARQUET", what=Text(zh, en), rule="Apache Parquet", remedy=remedy)
