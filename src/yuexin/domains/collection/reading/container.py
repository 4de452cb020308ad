"""The container of an XLSX workbook, examined before any library opens it.

A workbook may name any part of the archive as its sheet, so every part is read as XML, by a real
parser, and the place of every cell is counted as a spreadsheet would count it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import CHUNK_BYTES, MAX_COLUMNS

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 400
RATIO_FREE_BYTES = 32 << 20
MAX_CELLS = 40_000_000
MACRO_NAMES = ("vbaproject", "macrosheets/", "activex", "externallinks/")
RELATIONS = "xl/_rels/workbook.xml.rels"
REFERENCE = re.compile(r"\s*\$?([A-Za-z]+)\$?([0-9]+)\s*")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def examine(path: Path) -> None:
    """Raise a `Refusal` for macros, entities, bombs, damage, or a sheet that spans too far."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _examine_members(members, path.stat().st_size)
            named = archive.read(RELATIONS)[:CHUNK_BYTES] if _has(members, RELATIONS) else b""
            for info in members:
                _examine_part(archive, info, named)
    except DAMAGED as error:
        raise refusal("压缩包不完整或已损坏", "the archive is truncated or damaged") from error


def refusal(zh: str, en: str) -> Refusal:
    """A workbook that is not taken, in words."""
    remedy = Text("另存为不含宏的 XLSX 或 CSV 后交付", "save it as plain XLSX or CSV")
    return Refusal(code="WORKBOOK", what=Text(zh, en), rule="ECMA-376", remedy=remedy)


def _has(members: list[zipfile.ZipInfo], name: str) -> bool:
    return any(info.filename == name for info in members)


def _examine_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    names = [info.filename.lower() for info in members]
    if len(members) > MAX_MEMBERS or "xl/workbook.xml" not in names:
        raise refusal("不是 XLSX 工作簿", "this is not an XLSX workbook")
    if any(mark in name for name in names for mark in MACRO_NAMES):
        raise refusal("工作簿含有宏或外部链接", "the workbook holds macros or external links")
    total = sum(info.file_size for info in members)
    if total > min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO)):
        raise refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")


def _examine_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: bytes) -> None:
    cells = _Cells()
    size = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                size += len(chunk)
                cells.parser.Parse(chunk, False)
                cells.refuse_wide()
    except (expat.ExpatError, LookupError, ValueError, TypeError) as error:
        # A picture is no XML; a part that the workbook reads must be.
        if Path(info.filename).name.encode() in named or info.filename.endswith((".xml", ".rels")):
            raise refusal("工作簿的内容已损坏", "a part of the workbook is damaged") from error
    if size > info.file_size:
        raise refusal("压缩包的大小申报不实", "the archive lies about its sizes")


class _Cells:
    """How far the cells of a part reach, by their references or, without any, by their order."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._entities
        self._row = self._column = 0
        self._widest = self._lowest = self._count = 0

    def refuse_wide(self) -> None:
        spanned = max(self._count, self._widest * self._lowest)
        if self._widest > MAX_COLUMNS or spanned > MAX_CELLS:
            raise refusal(
                "工作表范围过大",
                f"the sheet spans {self._widest} columns by {self._lowest} rows",
            )

    def _start(self, name: str, attributes: list[str]) -> None:
        if name == "c" or name.endswith(":c"):
            self._cell(attributes)
        elif name == "row" or name.endswith(":row"):
            self._row += 1
            self._column = 0
            given = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("r", "")
            if given.strip().isdigit():
                self._row = int(given)

    def _cell(self, attributes: list[str]) -> None:
        self._count += 1
        self._column += 1
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name == "r" and (found := REFERENCE.fullmatch(value)):
                self._column = _column_number(found[1])
                self._row = int(found[2])
        self._widest = max(self._widest, self._column)
        self._lowest = max(self._lowest, self._row)

    def _entities(self, *_: object) -> None:
        raise refusal("工作簿含有外部实体", "the workbook declares XML entities")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
