"""A list with what was found of each line beside it, as the file that is taken home."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from xlsxwriter import Workbook

from yuexin.base.dates import SHANGHAI
from yuexin.base.text import Text
from yuexin.domains.credit.lists import Checked, MatchState
from yuexin.domains.subjects.names import UNNAMED
from yuexin.faces.shared.errors import inert
from yuexin.faces.shared.listing import MOST_COLUMNS, Listing
from yuexin.faces.shared.typed import repeatable

STATES: Final[dict[MatchState, Text]] = {
    "matched": Text("找到", "found"),
    "several": Text("有多个", "several"),
    "none": Text("没有找到", "not found"),
    "closed": Text("不查询", "not looked up"),
}
LINE: Final = Text("行号", "Line")
TYPED: Final = Text("输入", "As typed")
HEADINGS: Final = (
    Text("结果", "Result"),
    Text("说明", "How, or why not"),
    Text("统一社会信用代码", "Unified social credit code"),
    Text("现用名称", "Name now"),
    Text("主体状态", "Status"),
    Text("现公开的不利信息（条）", "Adverse records published now"),
    Text("有效行政许可（件）", "Licences in force"),
    Text("失效或过期的行政许可（件）", "Licences lapsed"),
    Text("有效许可中最早的到期日", "First end of a licence in force"),
    Text("可能是", "May be"),
    Text("查询时间（北京时间）", "Looked up (Beijing time)"),
)
Cell = str | int
COLUMN_WIDTH: Final = 22
BOM: Final = "\ufeff"


def table(
    *, listing: Listing, checked: Sequence[Checked], now: dt.datetime, language: str
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the list in their order, the columns as typed first; the headings before all.

    A number that may be a person's is written as pages repeat it: masked.
    """
    width = listing.width
    yield (LINE.in_(language), *_headings(listing, width, language),
           *(heading.in_(language) for heading in HEADINGS))  # fmt: skip
    moment = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    for row, one in zip(listing.rows, checked, strict=True):
        typed = [*map(repeatable, row.cells), *[""] * (width - len(row.cells))]
        yield (row.number, *typed, *_answer(one, language), moment)


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a BOM, which spreadsheets ask for; no cell is a formula."""
    out = io.StringIO()
    lines = ([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(out).writerows(lines)
    return (BOM + out.getvalue()).encode()


def as_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook in which codes stay text."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell, None if number else bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, MOST_COLUMNS + len(HEADINGS), COLUMN_WIDTH)
    return out.getvalue()


def _headings(listing: Listing, width: int, language: str) -> list[str]:
    """The headings of the list; numbered where it has none."""
    typed = TYPED.in_(language)
    given = listing.heading.cells if listing.heading else ()
    own = [*map(repeatable, given), *[""] * width][:width]
    return [name or (typed if width == 1 else f"{typed} {place}")
            for place, name in enumerate(own, start=1)]  # fmt: skip


def _answer(one: Checked, language: str) -> tuple[Cell, ...]:
    state = STATES[one.match.state].in_(language)
    why = said_of(one).in_(language)
    brief = one.brief
    if brief is None:
        return (state, why, *[""] * 7, " ".join(meant(one)))
    name = brief.name or UNNAMED.in_(language)
    until = brief.until.isoformat() if brief.until else ""
    counts = (brief.adverse, brief.licences, brief.lapsed)
    return (state, why, brief.code, name, brief.status.in_(language), *counts, until, "")


def said_of(one: Checked) -> Text:
    """Why it was found, or why not and what to do, as one sentence."""
    reason, remedy = one.match.reason, one.match.remedy
    if remedy is None:
        return reason
    return Text(f"{reason.zh}；{remedy.zh}", f"{reason.en}; {remedy.en}")


def meant(one: Checked) -> tuple[str, ...]:
    """The codes that may be meant where none was found for certain."""
    match = one.match
    if match.state == "several":
        return match.codes
    return (match.suggestion,) if match.suggestion else ()
