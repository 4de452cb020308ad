"""XLSX: the one filled sheet of a workbook whose container was examined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from yuexin.base.text import Text
from yuexin.domains.collection.reading import columns
from yuexin.domains.collection.reading.cells import MAX_CELLS, refusal
from yuexin.domains.collection.reading.columns import written
from yuexin.domains.collection.reading.container import examine
from yuexin.domains.collection.reading.headers import matched
from yuexin.domains.collection.reading.limits import BATCH_BYTES, ROW
from yuexin.engines.declare.types import Resource

RAW_CHARACTERS = 2_000
Batch = tuple[pl.DataFrame, pl.DataFrame]
NO_ROWS = pl.DataFrame(schema={ROW: pl.Int64, "raw": pl.String})


def batches(path: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows of text, and the rows that reach beyond the header.

    Rows without any value are no rows. Raises a `Refusal` for a dangerous or damaged workbook.
    """
    typed = _by_column(path, resource, size) if examine(path) else None
    if typed is None:
        yield from cell_by_cell(path, resource, size)
    else:
        yield from ((frame, NO_ROWS) for frame in typed)


def _by_column(path: Path, resource: Resource, size: int) -> Iterator[pl.DataFrame] | None:
    with _understood():
        workbook = fastexcel.read_excel(path)
        one = len(workbook.sheet_names) == 1
        place = 0 if one else _only_filled(CalamineWorkbook.from_path(str(path)))
    return columns.frames(workbook, place, resource, size)


def cell_by_cell(path: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """The batches of an examined workbook, whatever its cells hold."""
    with _understood():
        workbook = CalamineWorkbook.from_path(str(path))
        yield from _batches(_rows(workbook, _only_filled(workbook)), resource, size)


def tables(path: Path, *, most_cells: int = MAX_CELLS) -> Iterator[Iterator[list[str]]]:
    """Every row of every worksheet as text, whatever its columns are: each sheet to be used up
    before the next. Raises a `Refusal` for a dangerous or damaged workbook, or a sheet that spans
    more than `most_cells`.
    """
    examine(path, most_cells=most_cells)
    with _understood():
        workbook = CalamineWorkbook.from_path(str(path))
    for place in range(len(workbook.sheets_metadata)):
        yield _table(workbook, place)


def _table(workbook: CalamineWorkbook, place: int) -> Iterator[list[str]]:
    with _understood():
        for row in _rows(workbook, place):
            yield [_text(value) or "" for value in row]


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except (CalamineError, fastexcel.FastExcelError, IndexError, ValueError) as error:
        raise refusal("工作簿无法读取", f"the workbook cannot be read: {error}") from error


def _only_filled(workbook: CalamineWorkbook) -> int:
    """Which sheet to read. Rows on a second one, hidden or not, would vanish without a word."""
    sheets = workbook.sheets_metadata
    if any(sheet.typ == SheetTypeEnum.MacroSheet for sheet in sheets):
        raise refusal("工作簿含有宏表", "the workbook holds macro sheets")
    if len(sheets) == 1:
        return 0
    filled = [place for place in range(len(sheets)) if _holds_cells(workbook, place)]
    if len(filled) > 1:
        names = "、".join(sheets[place].name[:40] for place in filled[:5])
        raise refusal(
            f"{len(filled)} 张工作表含有数据：{names}",
            f"{len(filled)} worksheets hold cells: {names}",
            Text(
                "每个文件只交付一张工作表，删除其余工作表（含隐藏的）",
                "deliver one worksheet per file, without any other, hidden or not",
            ),
        )
    return filled[0] if filled else 0


def _holds_cells(workbook: CalamineWorkbook, place: int) -> bool:
    return any(any(_text(value) for value in row) for row in _rows(workbook, place))


def _rows(workbook: CalamineWorkbook, place: int) -> Iterator[list[Any]]:
    if workbook.sheets_metadata[place].typ == SheetTypeEnum.ChartSheet:
        return iter(())
    return workbook.get_sheet_by_index(place).iter_rows()


def _batches(rows: Iterator[list[Any]], resource: Resource, size: int) -> Iterator[Batch]:
    # A name that holds a NUL is none that was declared, so it is kept for `matched` to see.
    cells = ([v if isinstance(v, str) else _text(v) or "" for v in row] for row in rows)
    given = next((names for names in cells if any(names)), [])
    left = next((place for place, name in enumerate(given) if name), 0)
    while given and not given[-1]:
        given.pop()
    headers = matched(given[left:], resource)
    right = left + len(headers)
    held = 0
    good: list[list[Any]] = []
    bad: list[tuple[int, str]] = []
    filled = (values for row in rows if any(values := [_text(value) for value in row]))
    for number, values in enumerate(filled, start=1):
        if any(values[:left]) or any(values[right:]):
            bad.append((number, "\t".join(value or "" for value in values)[:RAW_CHARACTERS]))
        else:
            good.append([number, *values[left:right], *[None] * (right - len(values))])
        held += sum(len(value) for value in values if value)
        if len(good) + len(bad) == size or held > BATCH_BYTES:
            yield _frames(headers, good, bad)
            good, bad, held = [], [], 0
    yield _frames(headers, good, bad)


def _frames(headers: list[str], good: list[list[Any]], bad: list[tuple[int, str]]) -> Batch:
    schema = {ROW: pl.Int64, **dict.fromkeys(headers, pl.String)}
    misshapen = pl.DataFrame(bad, schema=NO_ROWS.schema, orient="row")
    return pl.DataFrame(good, schema=schema, orient="row"), misshapen


def _text(value: Any) -> str | None:
    """A cell as an agency would have typed it."""
    if type(value) is str:
        # A workbook can spell a NUL, which no database takes.
        return (value.replace("\0", "") if "\0" in value else value) or None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return written(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\0", "") or None
