"""The container of an XLSX workbook, examined before any library opens it.

A workbook may name any part of the archive as its sheet, so every part is read as XML, by a real
parser, and the place of every cell is counted as a spreadsheet would count it.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from yuexin.base.text import Text
from yuexin.domains.collection.reading.cells import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    Cells,
    Strings,
    active,
    refusal,
)
from yuexin.domains.collection.reading.limits import CHUNK_BYTES
from yuexin.domains.collection.reading.pieces import counted

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 400
RATIO_FREE_BYTES = 32 << 20
MACRO_NAMES = (
    "vbaproject", "macrosheets/", "activex", "externallinks/", "embeddings/", "oleobject",
    "xl/connections.xml", "xl/querytables/",
)  # fmt: skip
STRINGS = "xl/sharedstrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def examine(path: Path, *, most_cells: int = MAX_CELLS) -> bool:
    """Whether the cells are all written as spreadsheet programs write them.

    Raises a `Refusal` for macros, entities, bombs, damage, errors of formulas, or a sheet that
    spans more than `most_cells`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _examine_members(members, path.stat().st_size)
            named = archive.read(RELATIONS)[:CHUNK_BYTES] if _has(members, RELATIONS) else b""
            strings = Strings()
            # Cells count the strings they name, so the strings are read before any cell.
            members.sort(key=lambda info: info.filename.lower() != STRINGS)
            regular = [
                _examine_part(archive, info, named, Cells(strings, most_cells)) for info in members
            ]
            return all(regular)
    except DAMAGED as error:
        raise refusal("压缩包不完整或已损坏", "the archive is truncated or damaged") from error


def _has(members: list[zipfile.ZipInfo], name: str) -> bool:
    return any(info.filename == name for info in members)


def _examine_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    names = [info.filename.lower() for info in members]
    if len(members) > MAX_MEMBERS or "xl/workbook.xml" not in names:
        raise refusal("不是 XLSX 工作簿", "this is not an XLSX workbook")
    if any(info.flag_bits & 1 for info in members):
        raise refusal(
            "工作簿已加密",
            "the workbook is encrypted",
            Text("取消密码后另存并交付", "remove the password and save it again"),
        )
    if len(set(names)) < len(names):
        raise refusal("压缩包内有重名文件", "two parts of the archive bear the same name")
    if any(mark in name for name in names for mark in MACRO_NAMES):
        raise active()
    total = sum(info.file_size for info in members)
    if total > min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO)):
        raise refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")


def _examine_part(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: bytes, cells: Cells
) -> bool:
    """Whether all cells of the part are regular."""
    size = 0
    try:
        with archive.open(info) as stream:
            for piece, found in counted(stream, MAX_CELL_CHARACTERS):
                size += len(piece)
                cells.take(piece, found)
            cells.end()
    except (expat.ExpatError, LookupError, ValueError, TypeError) as error:
        # A picture is no XML; a part that the workbook reads must be.
        if Path(info.filename).name.encode() in named or info.filename.endswith((".xml", ".rels")):
            raise refusal("工作簿的内容已损坏", "a part of the workbook is damaged") from error
    if size > info.file_size:
        raise refusal("压缩包的大小申报不实", "the archive lies about its sizes")
    return cells.regular
