"""A list of names or numbers as people have it: pasted, or in a file, with headings and columns.

Which column is meant is told by what stands in it. Nothing of it is kept anywhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from yuexin.base.codes import identify, normalise_code
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.container import DAMAGED
from yuexin.domains.collection.reading.encoded import as_utf8
from yuexin.domains.collection.reading.sheet import tables
from yuexin.domains.credit.lookup import MOST_LINES, refuse_too_many
from yuexin.faces.shared.typed import repeatable

MOST_BYTES: Final = 4 << 20
MOST_FORM_BYTES: Final = 2_000_000
MOST_UNPACKED_BYTES: Final = 48 << 20
MOST_CELLS: Final = 1_000_000
MOST_SHEETS: Final = 10
MOST_COLUMNS: Final = 50
LONGEST_CELL: Final = 1_000
LONGEST_FIELD: Final = 100_000
LONGEST_RECORD_LINES: Final = 50
LOOKED_AT: Final = 300

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
DELIMITERS: Final = "\t,;"
# What no page and no spreadsheet can hold; a line break within a cell becomes a space.
_BROKEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_HEADING: Final = re.compile(
    "序号|编号|行号|no\\.?|名称|企业|公司|单位|商户|供应商|.{0,10}(名称|全称|代码|注册号|税号|识别号)"
    "|.{0,20}(code|name)|uscc"
)
_BODY: Final = re.compile(
    ".*[\u4e00-\u9fff].*(公司|厂|店|部|行|社|院|校|所|中心|馆|场|园|会|户|站|坊|铺|城|楼|吧|屋|室)"
    r"(\(.*\))?"
)
OWN: Final = frozenset({"CELLS", "EMPTY", "LIST", "TOO_MANY_LINES"})
CODE_LENGTHS: Final = frozenset({15, 18})

SAVE_AS: Final = Text(
    "请另存为 XLSX，或 UTF-8、GB 18030 编码的 CSV；也可以把那一列复制后粘贴到文本框",
    "save it as XLSX, or as CSV in UTF-8 or GB 18030; or copy the column and paste it into the box",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that holds something: its number in the list, from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The rows of a list in their order. `column` is the one to be looked up, from 0.

    `heading` is none where the first row is none; `blank` rows were passed over; `more` tells that
    a workbook has another sheet with something on it.
    """

    heading: Row | None
    rows: tuple[Row, ...]
    column: int
    blank: int
    more: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """What is to be looked up of each row."""
        return tuple(self.typed(row) for row in self.rows)

    def typed(self, row: Row) -> str:
        return row.cells[self.column] if self.column < len(row.cells) else ""

    @property
    def place(self) -> int:
        """The column that is looked up, from 1."""
        return self.column + 1

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


def pasted(text: str) -> Listing:
    """What was pasted: a line each, or rows of a spreadsheet, parted by tabs."""
    if "\t" in text:
        return _listing(_gathered(_records(text, "\t")))
    return _listing(_gathered([line] for line in _lines(text)))


def uploaded(*, data: bytes, folder: Path) -> Listing:
    """What a file holds, told by its content: XLSX, or text in UTF-8 or GB 18030.

    `folder` is where it lies while it is read. Raises a `Refusal` for anything else.
    """
    if len(data) > MOST_BYTES:
        raise too_large()
    if data.startswith(OLE):
        raise _unreadable("这是旧版 Excel（.xls）或加密的文件", "this is an old .xls, or encrypted")
    with TemporaryDirectory(dir=folder) as scratch, _for_lists():
        path = Path(scratch) / "list"
        path.write_bytes(data)
        return _workbook(path) if data.startswith(ZIP) else _text_file(path)


def typed_again(given: Listing) -> str:
    """The list as text that reads as the same list, persons' numbers masked; '' where that is more
    than a form takes."""
    heading = (given.heading,) if given.heading else ()
    rows = {row.number: [*map(repeatable, row.cells)] for row in (*heading, *given.rows)}
    lines = [rows.get(number, []) for number in range(1, given.rows[-1].number + 1)]
    if given.width == 1:
        text = "\n".join("".join(line) for line in lines)
    else:
        out = io.StringIO()
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows(lines)
        text = out.getvalue()
    return text if len(text.encode()) <= MOST_FORM_BYTES else ""


def too_large() -> Refusal:
    size = MOST_BYTES >> 20
    return Refusal(
        code="TOO_LARGE",
        what=Text(f"清单超过 {size} MB", f"the list is larger than {size} MB"),
        remedy=Text(
            "请只留名称或代码一列，或分成几份",
            "keep only the column of names or codes, or split it into several lists",
        ),
    )


def _workbook(path: Path) -> Listing:
    _refuse_bomb(path)
    sheets = islice(tables(path, most_cells=MOST_CELLS), MOST_SHEETS)
    filled = (found for found in map(_gathered, sheets) if found.rows)
    first = next(filled, _gathered(()))
    return _listing(first, more=next(filled, None) is not None)


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except DAMAGED as error:
        raise _unreadable("工作簿已损坏", "the workbook is damaged") from error
    if size > MOST_UNPACKED_BYTES:
        raise _unreadable("工作簿解压后过大", "the workbook unpacks to far too much")


def _text_file(path: Path) -> Listing:
    text = as_utf8(path=path, folder=path.parent).read_text("utf-8")
    first = next((line for line in _lines(text) if line.strip()), "")
    delimiter = next((one for one in DELIMITERS if one in first), "")
    return _listing(_gathered(_records(text, delimiter))) if delimiter else pasted(text)


def _lines(text: str) -> Iterator[str]:
    """The lines, whatever ends them, one at a time: millions may be short enough to be sent."""
    return (line.removesuffix("\n") for line in io.StringIO(text, newline=None))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of delimited text. A quote that nothing closes is refused, not swallowed."""
    reader = csv.reader(_lines(text), delimiter=delimiter)
    begun = 0
    try:
        for record in reader:
            spanned = reader.line_num - begun
            if spanned > LONGEST_RECORD_LINES or any(len(cell) > LONGEST_FIELD for cell in record):
                raise csv.Error
            begun = reader.line_num
            yield record
    except csv.Error as error:
        what = Text(
            "有引号没有闭合，或一格太长", "a quote is never closed, or a cell is far too long"
        )
        raise Refusal(code="CELLS", what=what, where=str(begun + 1), remedy=SAVE_AS) from error


@dataclass(frozen=True, kw_only=True)
class _Gathered:
    """The rows that hold something, as far as they may be answered, of how many in all."""

    rows: list[Row]
    filled: int
    count: int


def _gathered(records: Iterable[Sequence[str]]) -> _Gathered:
    rows: list[Row] = []
    filled = count = 0
    for count, record in enumerate(records, start=1):
        if any(map(str.strip, record)):
            filled += 1
            # One more than are answered: it may be the heading.
            if filled <= MOST_LINES + 1:
                rows.append(Row(number=count, cells=tuple(map(_clean, record))))
    return _Gathered(rows=rows, filled=filled, count=count)


def _listing(found: _Gathered, *, more: bool = False) -> Listing:
    rows = found.rows
    heading = rows[0] if rows and _is_heading(rows[0].cells) else None
    named = rows[1:] if heading else rows
    if not named:
        raise Refusal(
            code="EMPTY",
            what=Text("清单是空的", "the list is empty"),
            remedy=Text("每行写一个名称或代码", "write one name or code on each line"),
        )
    refuse_too_many(found.filled - (heading is not None))
    if (width := max(len(row.cells) for row in rows)) > MOST_COLUMNS:
        raise Refusal(
            code="LIST",
            what=Text(
                f"有 {width} 列，最多 {MOST_COLUMNS} 列",
                f"{width} columns; at most {MOST_COLUMNS}",
            ),
            remedy=Text(
                "请只留名称或代码所在的列，其余的列删去",
                "keep the columns of names or codes, and take the others away",
            ),
        )
    blank = found.count - found.filled
    return Listing(
        heading=heading, rows=tuple(named), column=_column(named), blank=blank, more=more
    )


def _clean(cell: str) -> str:
    plain = _BROKEN.sub(" ", cell).strip()
    return plain if len(plain) <= LONGEST_CELL else plain[:LONGEST_CELL] + "…"


def _is_heading(cells: Sequence[str]) -> bool:
    plain = [unicodedata.normalize("NFKC", cell).casefold() for cell in cells]
    return any(_HEADING.fullmatch("".join(cell.split())) for cell in plain) and not any(
        map(_is_code, cells)
    )


def _column(rows: Sequence[Row]) -> int:
    """The column of codes, be some of them mistyped or missing; without one, that of names."""
    seen = rows[:LOOKED_AT]
    columns = [*zip_longest(*(row.cells for row in seen), fillvalue="")]
    codes = [sum(map(_is_code, column)) for column in columns]
    if 2 * max(codes) >= len(seen):
        return codes.index(max(codes))
    names = [sum(bool(_BODY.fullmatch(cell)) for cell in column) for column in columns]
    return names.index(max(names))


def _is_code(cell: str) -> bool:
    """Whether a cell has the form of a code of a body, mistyped ones too; a person's has not."""
    code = normalise_code(cell)
    shaped = len(code) in CODE_LENGTHS and code.isascii() and code.isalnum()
    return shaped and identify(code).scheme != "id_number"


@contextmanager
def _for_lists() -> Iterator[None]:
    """What the readers of deliveries refuse is refused here with what to do with a list."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code in OWN:
            raise
        raise Refusal(
            code=refusal.code, what=refusal.what, where=refusal.where, remedy=SAVE_AS
        ) from refusal


def _unreadable(zh: str, en: str) -> Refusal:
    return Refusal(code="LIST", what=Text(zh, en), remedy=SAVE_AS)
