"""The container of an XLSX workbook, examined before any library opens it.

A workbook may name any part of the archive as its sheet, so every part is read as XML, by a real
parser, and the place of every cell is counted as a spreadsheet would count it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from pathlib import Path
from string import ascii_uppercase
from xml.parsers import expat

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import CHUNK_BYTES, MAX_COLUMNS

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 400
RATIO_FREE_BYTES = 32 << 20
MAX_CELLS = 40_000_000
MAX_CELL_CHARACTERS = 32_767
MAX_TEXT_BYTES = 512 << 20
MACRO_NAMES = (
    "vbaproject", "macrosheets/", "activex", "externallinks/", "embeddings/", "oleobject",
    "xl/connections.xml", "xl/querytables/",
)  # fmt: skip
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "oleobject", "externallink",
               "connections", "querytable", "activex")  # fmt: skip
TYPED = {"Override": "ContentType", "Default": "ContentType", "Relationship": "Type"}
AFTER_CELLS = frozenset(
    ("row", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "mergeCells",
     "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins", "headerFooter",
     "extLst")
)  # fmt: skip
STRINGS = "xl/sharedstrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
WITHIN_CELLS = frozenset(("is", "t", "r", "f"))
DIGITS = "0123456789"
REFERENCE = re.compile(r"\s*\$?([A-Za-z]+)\$?([0-9]+)\s*")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def examine(path: Path) -> None:
    """Raise a `Refusal` for macros, entities, bombs, damage, or a sheet that spans too far."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _examine_members(members, path.stat().st_size)
            named = archive.read(RELATIONS)[:CHUNK_BYTES] if _has(members, RELATIONS) else b""
            strings = _Strings()
            # Cells count the strings they name, so the strings are read before any cell.
            for info in sorted(members, key=lambda info: info.filename.lower() != STRINGS):
                _examine_part(archive, info, named, strings)
    except DAMAGED as error:
        raise refusal("压缩包不完整或已损坏", "the archive is truncated or damaged") from error


def refusal(zh: str, en: str, remedy: Text | None = None) -> Refusal:
    """A workbook that is not taken, in words."""
    plain = Text("另存为不含宏的 XLSX 或 CSV 后交付", "save it as plain XLSX or CSV")
    what = Text(zh.replace("\0", ""), en.replace("\0", ""))
    return Refusal(code="WORKBOOK", what=what, rule="ECMA-376", remedy=remedy or plain)


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
        raise _active()
    total = sum(info.file_size for info in members)
    if total > min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO)):
        raise refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")


def _active() -> Refusal:
    return refusal(
        "工作簿含有宏、嵌入对象、数据连接或外部链接",
        "the workbook holds macros, embedded objects, connections or external links",
    )


def _examine_part(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: bytes, strings: _Strings
) -> None:
    cells = _Cells(strings)
    size = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                size += len(chunk)
                cells.parser.Parse(chunk, False)
                cells.refuse_wide()
            cells.end()
    except (expat.ExpatError, LookupError, ValueError, TypeError) as error:
        # A picture is no XML; a part that the workbook reads must be.
        if Path(info.filename).name.encode() in named or info.filename.endswith((".xml", ".rels")):
            raise refusal("工作簿的内容已损坏", "a part of the workbook is damaged") from error
    if size > info.file_size:
        raise refusal("压缩包的大小申报不实", "the archive lies about its sizes")


class _Strings:
    """The shared strings, by their size, and how much text all cells together repeat of them."""

    def __init__(self) -> None:
        self.sizes = array("I")
        self._longest = self._repeated = 0

    def begin(self) -> None:
        if len(self.sizes) == MAX_CELLS:
            raise refusal("共享字符串过多", "there are too many shared strings")
        self.sizes.append(0)

    def add(self, text: str) -> None:
        self.sizes[-1] += len(text.encode("utf-8", "replace"))
        self._longest = max(self._longest, self.sizes[-1])

    def repeat(self, index: str) -> None:
        """Count one more cell of this string. What is no plain index counts as the longest one,
        and blanks around one as the first: calamine reads such an index as 0.
        """
        place = index.strip()
        known = place.isascii() and place.isdigit() and len(place) < 12
        number = int(place) if known else len(self.sizes)
        size = self.sizes[number] if number < len(self.sizes) else self._longest
        if place != index and self.sizes:
            size = max(size, self.sizes[0])
        self._repeated += size
        if self._repeated > MAX_TEXT_BYTES:
            raise refusal("单元格文字总量过大", "the cells hold far too much text together")


class _Cells:
    """How far the cells of a part reach, by their references or, without any, by their order.

    The characters of one cell or shared string are counted as well, however they are cut up.
    """

    def __init__(self, strings: _Strings) -> None:
        self._strings = strings
        self._in_string = self._in_cell = self._shared = False
        self._characters = 0
        self._index: str | None = None
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self._text
        self.parser.StartElementHandler = self._start
        self.parser.CommentHandler = self._broken
        self.parser.ProcessingInstructionHandler = self._broken
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
        local = name.rpartition(":")[2] if ":" in name else name
        # Cells and what is in them come by the million, so they are asked for first.
        if local == "c":
            if self._index is not None:
                self.end()
            self._characters = 0
            self._in_cell = True
            self._cell(attributes)
            return
        if local in WITHIN_CELLS and self._index is None:
            return
        if local == "v":
            self.end()
            self._index = "" if self._shared else None
        elif local == "si":
            self._characters = 0
            self._in_string = True
            self._strings.begin()
        elif local in TYPED:
            _refuse_active(attributes, TYPED[local])
        elif local in AFTER_CELLS:
            self._in_cell = False
        elif self._index is not None:
            self._broken()
        if local == "row":
            self.end()
            self._row += 1
            self._column = 0
            given = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("r", "")
            if given.strip().isdigit():
                self._row = int(given)

    def _text(self, data: str) -> None:
        if self._index is not None:
            self._index += data
        if self._in_string:
            self._strings.add(data)
        elif not self._in_cell:
            return
        self._characters += len(data)
        if self._characters > MAX_CELL_CHARACTERS:
            raise refusal(
                f"单元格文字超过 {MAX_CELL_CHARACTERS} 个字符",
                f"a cell holds more than {MAX_CELL_CHARACTERS} characters",
            )

    def _broken(self, *_: object) -> None:
        """An index in pieces, of which a reader may take any."""
        if self._index is not None:
            self._index += "?"

    def end(self) -> None:
        """Settle which shared string the last cell named."""
        if self._index is not None:
            self._strings.repeat(self._index)
            self._index = None

    def _cell(self, attributes: list[str]) -> None:
        self._shared = False
        self._count += 1
        self._column += 1
        for place in range(0, len(attributes), 2):
            name, value = attributes[place], attributes[place + 1]
            if name == "t":
                self._shared = self._shared or value == "s"
            elif name == "r":
                self._refer(value)
        if self._column > self._widest:
            self._widest = self._column
        if self._row > self._lowest:
            self._lowest = self._row

    def _refer(self, reference: str) -> None:
        """Go to the cell of this reference, if it is one."""
        letters = reference.rstrip(DIGITS)
        column = COLUMNS.get(letters)
        if column is not None and len(letters) < len(reference):
            self._column, self._row = column, int(reference[len(letters) :])
        elif found := REFERENCE.fullmatch(reference):
            self._column, self._row = _column_number(found[1]), int(found[2])

    def _entities(self, *_: object) -> None:
        raise refusal("工作簿含有外部实体", "the workbook declares XML entities")


def _refuse_active(attributes: list[str], name: str) -> None:
    given = dict(zip(attributes[::2], attributes[1::2], strict=True)).get(name, "").lower()
    if any(mark in given for mark in MACRO_TYPES):
        raise _active()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


# The names of the first columns, which are nearly all there are.
COLUMNS = {
    f"{first}{second}": _column_number(f"{first}{second}")
    for first in ("", *ascii_uppercase[:2])
    for second in ascii_uppercase
}
