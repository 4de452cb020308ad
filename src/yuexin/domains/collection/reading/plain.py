"""CSV: UTF-8 or GB 18030, with or without BOM, plain or gzip.

The fast road is DuckDB's reader in strict mode. A file it does not accept whole is read again,
row by row, so that only the misshapen rows are set aside.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import duckdb
import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading import careful
from yuexin.domains.collection.reading.headers import matched, unreadable_header
from yuexin.domains.collection.reading.limits import (
    BATCH_BYTES,
    CHUNK_BYTES,
    MAX_FIELD_CHARACTERS,
    MAX_LINE_BYTES,
    ROW,
)
from yuexin.engines.declare.types import Resource

MAX_UNPACKED_BYTES = 16 << 30
MAX_RATIO = 200
RATIO_FREE_BYTES = 64 << 20
MEMORY = "600MB"
GZIP = b"\x1f\x8b"
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", "\t", ";")
BOM = "\ufeff"
# DuckDB holds some 2,000 rows at once, whatever it is asked for.
MAX_FAST_ROW_BYTES = 64 << 10
PRIVATE = re.compile("[\ue000-\uf8ff]")
# A line whose bytes beyond ASCII are all UTF-8, at least three Chinese characters among them.
UTF8_LINE = re.compile(
    rb"^A(?:OA)*(?:CA(?:OA)*){3,}$".replace(b"A", rb"[\x00-\x09\x0b-\x7f]*")
    .replace(b"O", rb"[\xe2\xe3\xef][\x80-\xbf]{2}")
    .replace(b"C", rb"[\xe4-\xe9][\x80-\xbf]{2}"),
    re.MULTILINE,
)


def as_utf8(*, path: Path, folder: Path) -> Path:
    """The same text as plain UTF-8 without BOM: the stored file itself where it is that."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise _encoding("文件为 UTF-32 编码", "the file is UTF-32")
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise _encoding("文件为 UTF-16 编码", "the file is UTF-16")
    plain = path
    if head[:2] == GZIP:
        plain = folder / "unpacked"
        _unpack(path, plain)
    encoding = _encoding_of(plain)
    if encoding == "utf-8" and not _has_bom(plain):
        return plain
    target = folder / "utf8.csv"
    _transcode(plain, target, "utf-8-sig" if encoding == "utf-8" else encoding)
    return target


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
    """Batches of numbered rows of text, each with the rows of a wrong shape set aside."""
    widest = _widest(text, header)
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


def _has_bom(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(3) == codecs.BOM_UTF8


def _encoding_of(path: Path) -> str:
    """The first encoding in which the whole file decodes."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        with path.open("rb") as stream:
            if _decodes(stream, decoder):
                return encoding
    raise _encoding("文件既不是 UTF-8 也不是 GB 18030 编码", "neither UTF-8 nor GB 18030")


def _decodes(stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> bool:
    """Whether all of it decodes. A file that ends inside a character is cut, whatever it was."""
    try:
        while chunk := stream.read(CHUNK_BYTES):
            if b"\0" in chunk:
                raise _encoding("文件含有空字节，不是文本", "NUL bytes: this is not text")
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    if decoder.getstate()[0]:
        raise _encoding("文件在一个字符中间被截断", "the file ends inside a character")
    return True


def _transcode(source: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    first = True
    lines = 1
    with source.open("rb") as stream, target.open("wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            chunk += stream.readline(MAX_LINE_BYTES)
            text = decoder.decode(chunk)
            if encoding == "gb18030":
                _refuse_mixed(chunk, text, lines)
                lines += chunk.count(b"\n")
            out.write((text.removeprefix(BOM) if first else text).encode("utf-8"))
            first = False


def _refuse_mixed(chunk: bytes, text: str, before: int) -> None:
    """UTF-8 inside a file taken as GB 18030 would become other characters without a word."""
    if line := UTF8_LINE.search(chunk):
        number = before + chunk.count(b"\n", 0, line.start())
        raise _encoding("文件混有 UTF-8 编码的行", "a line of this file is UTF-8", str(number))
    if found := PRIVATE.search(text):
        number = before + text.count("\n", 0, found.start())
        raise _encoding("含有私用区字符，编码有误", "private-use characters", str(number))


def _unpack(source: Path, target: Path) -> None:
    packed = source.stat().st_size
    limit = min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO))
    try:
        with gzip.open(source) as stream, target.open("wb") as out:
            size = 0
            while chunk := cast(io.BufferedIOBase, stream).read(CHUNK_BYTES):
                size += len(chunk)
                if size > limit:
                    raise _archive("解压后过大，疑似压缩炸弹", "it unpacks to far too much")
                out.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _archive("压缩文件不完整或已损坏", "the archive is truncated or damaged") from error


def _archive(zh: str, en: str) -> Refusal:
    remedy = Text("重新打包后交付", "pack it again and deliver it again")
    return Refusal(code="ARCHIVE", what=Text(zh, en), rule="RFC 1952", remedy=remedy)


def _encoding(zh: str, en: str, where: str = "") -> Refusal:
    remedy = Text("另存为 UTF-8 或 GB 18030 后交付", "save it as UTF-8 or GB 18030")
    what = Text(zh, en)
    return Refusal(code="ENCODING", what=what, where=where, rule="GB 18030-2022", remedy=remedy)
