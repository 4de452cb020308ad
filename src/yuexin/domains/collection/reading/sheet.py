"""XLSX: the container is examined before any library opens it, then the first sheet is read."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.headers import MAX_COLUMNS, matched
from yuexin.engines.declare.types import Resource

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 400
RATIO_FREE_BYTES = 32 << 20
MAX_CELLS = 40_000_000
CHUNK_BYTES = 1 << 20
REFERENCE = re.compile(rb'\br="([A-Z]{1,4})([0-9]{1,8})"')
FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
MACRO_NAMES = ("vbaproject.bin", "macrosheets/", "activex", "externallinks/")


def batches(path: Path, resource: Resource, size: int) -> Iterator[pl.DataFrame]:
    """Batches of the first sheet as text. Raises a `Refusal` for a dangerous container."""
    _examine(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        rows = workbook.get_sheet_by_index(0).iter_rows()
    except (CalamineError, IndexError, ValueError) as error:
        raise _refusal("工作簿无法读取", f"the workbook cannot be read: {error}") from error
    given = [_text(value) or "" for value in next(rows, [])]
    while given and not given[-1]:
        given.pop()
    headers = matched(given, resource)
    schema = dict.fromkeys(headers, pl.String)
    batch: list[list[str | None]] = []
    for row in rows:
        values = [_text(value) for value in row[: len(headers)]]
        if any(values):
            batch.append(values + [None] * (len(headers) - len(values)))
        if len(batch) == size:
            yield pl.DataFrame(batch, schema=schema, orient="row")
            batch = []
    if batch:
        yield pl.DataFrame(batch, schema=schema, orient="row")


def _text(value: Any) -> str | None:
    """A cell as an agency would have typed it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return text or None


def _examine(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _examine_members(members, path.stat().st_size)
            for info in members:
                if info.filename.endswith((".xml", ".rels")):
                    _examine_part(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refusal("压缩包不完整或已损坏", "the archive is truncated or damaged") from error


def _examine_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    names = [info.filename.lower() for info in members]
    if len(members) > MAX_MEMBERS or "xl/workbook.xml" not in names:
        raise _refusal("不是 XLSX 工作簿", "this is not an XLSX workbook")
    if any(mark in name for name in names for mark in MACRO_NAMES):
        raise _refusal("工作簿含有宏或外部链接", "the workbook holds macros or external links")
    total = sum(info.file_size for info in members)
    if total > min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO)):
        raise _refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")


def _examine_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse entities in any part, and a sheet whose corner lies too far out."""
    is_sheet = "worksheets/" in info.filename
    widest = lowest = size = 0
    tail = b""
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            window = tail + chunk
            if any(mark in window for mark in FORBIDDEN):
                raise _refusal("工作簿含有外部实体", "the workbook declares XML entities")
            if is_sheet:
                for column, row in REFERENCE.findall(window):
                    widest = max(widest, _column_number(column))
                    lowest = max(lowest, int(row))
            tail = window[-32:]
    if size > info.file_size:
        raise _refusal("压缩包的大小申报不实", "the archive lies about its sizes")
    if widest > MAX_COLUMNS or widest * lowest > MAX_CELLS:
        raise _refusal("工作表范围过大", f"the sheet spans {widest} columns by {lowest} rows")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refusal(zh: str, en: str) -> Refusal:
    remedy = Text("另存为不含宏的 XLSX 或 CSV 后交付", "save it as plain XLSX or CSV")
    return Refusal(code="WORKBOOK", what=Text(zh, en), rule="ECMA-376", remedy=remedy)
