"""Writers of the files agencies send. The same rows give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, Protocol

import xlsxwriter

from yuexin.engines.declare.types import Column
from yuexin.sample.objects import Markup, Objects, Table
from yuexin.sample.packing import packed
from yuexin.sample.schedule import Form

_WRITTEN_AT: Final = dt.datetime(2016, 6, 24, 9, 0)  # noqa: DTZ001 - a workbook knows no zones
_DATES: Final = frozenset({"date", "open_date"})
_NUMBERS: Final = frozenset({"integer", "decimal", "money_wan"})
_WORKBOOK: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


class Writer(Protocol):
    """A file being written. `rows` counts without the header."""

    rows: int

    def write(self, cells: Sequence[str]) -> None: ...

    def close(self) -> None: ...


def writer(*, path: Path, form: Form, columns: Sequence[Column]) -> Writer:
    """Begin a file with the declared headers."""
    kind, _, packing = form.partition("+")
    match kind:
        case "xlsx":
            return Workbook(path, columns)
        case "parquet":
            return Table(path, columns)
        case "json" | "ndjson":
            return Objects(packed(path, packing), columns, lines=kind == "ndjson")
        case "xml":
            return Markup(packed(path, packing), columns)
        case _:
            return Plain(packed(path, packing), kind, columns)


class Plain:
    """CSV as Windows programs write it, rows ending in CR LF."""

    def __init__(self, stream: IO[bytes], encoding: str, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._stream = io.TextIOWrapper(stream, encoding=encoding, newline="")
        self._csv = csv.writer(self._stream)
        self._csv.writerow([column.header for column in columns])

    def write(self, cells: Sequence[str]) -> None:
        self._csv.writerow(cells)
        self.rows += 1

    def close(self) -> None:
        self._stream.close()


class Workbook:
    """XLSX, streamed row by row. Dates and numbers are cells of their type, as Excel saves them."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._book = xlsxwriter.Workbook(str(path), dict(_WORKBOOK))
        self._book.set_properties({"created": _WRITTEN_AT, "author": "", "company": ""})
        self._sheet = self._book.add_worksheet("Sheet1")
        self._date_style = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._types = [column.type for column in columns]
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.header)

    def write(self, cells: Sequence[str]) -> None:
        self.rows += 1
        for place, (cell, kind) in enumerate(zip(cells, self._types, strict=True)):
            if not cell:
                continue
            if kind in _DATES and (date := _date(cell)):
                self._sheet.write_datetime(self.rows, place, date, self._date_style)
            elif kind in _NUMBERS and (number := _number(cell)) is not None:
                self._sheet.write_number(self.rows, place, number)
            else:
                self._sheet.write_string(self.rows, place, cell)

    def close(self) -> None:
        self._book.close()


def _date(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
