"""What the parts of a workbook hold, counted as a spreadsheet would count it.

The place of every cell, by its reference or by its order; the characters of each; how often cells
repeat a shared string. A part goes through a parser, except for rows that `regular` can count.
"""

from __future__ import annotations

import re
from array import array
from string import ascii_uppercase
from xml.parsers import expat

import numpy as np

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import MAX_COLUMNS
from yuexin.domains.collection.reading.pieces import Counted
from yuexin.domains.collection.reading.regular import Places, Rows, Sizes

MAX_CELLS = 40_000_000
MAX_CELL_CHARACTERS = 32_767
MAX_TEXT_BYTES = 512 << 20
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "oleobject", "externallink",
               "connections", "querytable", "activex")  # fmt: skip
TYPED = {"Override": "ContentType", "Default": "ContentType", "Relationship": "Type"}
AFTER_CELLS = frozenset(
    ("row", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "mergeCells",
     "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins", "headerFooter",
     "extLst")
)  # fmt: skip
WITHIN_CELLS = frozenset(("is", "t", "r", "f"))
DIGITS = "0123456789"
REFERENCE = re.compile(r"\s*\$?([A-Za-z]+)\$?([0-9]+)\s*")


def refusal(zh: str, en: str, remedy: Text | None = None) -> Refusal:
    """A workbook that is not taken, in words."""
    plain = Text("另存为不含宏的 XLSX 或 CSV 后交付", "save it as plain XLSX or CSV")
    what = Text(zh.replace("\0", ""), en.replace("\0", ""))
    return Refusal(code="WORKBOOK", what=what, rule="ECMA-376", remedy=remedy or plain)


def active() -> Refusal:
    return refusal(
        "工作簿含有宏、嵌入对象、数据连接或外部链接",
        "the workbook holds macros, embedded objects, connections or external links",
    )


def _too_many() -> Refusal:
    return refusal("共享字符串过多", "there are too many shared strings")


class Strings:
    """The shared strings, by their size, and how much text all cells together repeat of them."""

    def __init__(self) -> None:
        self.sizes = array("I")
        self._longest = self._repeated = 0

    def begin(self) -> None:
        if len(self.sizes) == MAX_CELLS:
            raise _too_many()
        self.sizes.append(0)

    def add(self, text: str) -> None:
        self.sizes[-1] += len(text.encode("utf-8", "replace"))
        self._longest = max(self._longest, self.sizes[-1])

    def extend(self, sizes: Sizes) -> None:
        """Add many whole strings."""
        if len(self.sizes) + len(sizes) > MAX_CELLS:
            raise _too_many()
        self.sizes.frombytes(sizes.tobytes())
        self._longest = max(self._longest, int(sizes.max(initial=0)))

    def repeat_all(self, numbers: Places) -> None:
        """Count one more cell of each of these strings."""
        sizes = np.frombuffer(self.sizes, np.uint32)
        known = numbers[numbers < len(sizes)]
        self._repeat(int(sizes[known].sum()) + self._longest * (len(numbers) - len(known)))

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
        self._repeat(size)

    def _repeat(self, size: int) -> None:
        self._repeated += size
        if self._repeated > MAX_TEXT_BYTES:
            raise refusal("单元格文字总量过大", "the cells hold far too much text together")


class Cells:
    """How far the cells of a part reach, by their references or, without any, by their order.

    The characters of one cell or shared string are counted as well, however they are cut up.
    """

    def __init__(self, strings: Strings, most: int = MAX_CELLS) -> None:
        self._strings = strings
        self._most = most
        self._in_string = self._in_cell = self._shared = False
        self._characters = 0
        self._index: str | None = None
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.CharacterDataHandler = self._text
        self._parser.StartElementHandler = self._start
        self._parser.CommentHandler = self._broken
        self._parser.ProcessingInstructionHandler = self._broken
        self._parser.StartDoctypeDeclHandler = self._entities
        self._row = self._column = 0
        self._parsed = False
        self._widest = self._lowest = self._count = 0

    @property
    def regular(self) -> bool:
        """Whether all cells and strings were counted, without parsing any."""
        return not (self._parsed or self._in_string)

    def take(self, piece: bytes, counted: Counted) -> None:
        """Take the next piece of the part. What was counted is not parsed: it begins and ends
        between two tags, and no cell or string before it can be open."""
        if counted is None or not self.regular:
            self._parser.Parse(piece, False)
        elif isinstance(counted, Rows):
            self._count += counted.cells
            self._widest = max(self._widest, counted.widest)
            self._row = self._lowest = max(self._lowest, counted.lowest)
            self._strings.repeat_all(counted.strings)
        else:
            self._strings.extend(counted)
        self._refuse_wide()

    def _refuse_wide(self) -> None:
        spanned = max(self._count, self._widest * self._lowest)
        if self._widest > MAX_COLUMNS or spanned > self._most:
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
        self._parsed = True
        self._shared = is_error = False
        self._count += 1
        self._column += 1
        for place in range(0, len(attributes), 2):
            name, value = attributes[place], attributes[place + 1]
            if name == "t":
                self._shared = self._shared or value == "s"
                is_error = value == "e"
            elif name == "r":
                self._refer(value)
        if is_error:
            raise self._is_error()
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

    def _is_error(self) -> Refusal:
        """Readers take an error for an empty cell, and a value would be gone without a word."""
        where = f"R{self._row}C{self._column}"
        return refusal(
            f"单元格 {where} 的值为公式错误",
            f"the value of the cell {where} is an error of its formula",
            Text("更正公式或填写实际值后交付", "mend the formula, or write the value itself"),
        )

    def _entities(self, *_: object) -> None:
        raise refusal("工作簿含有外部实体", "the workbook declares XML entities")


def _refuse_active(attributes: list[str], name: str) -> None:
    given = dict(zip(attributes[::2], attributes[1::2], strict=True)).get(name, "").lower()
    if any(mark in given for mark in MACRO_TYPES):
        raise active()


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
