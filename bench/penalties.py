"""The same penalties in every format: the layout of 2018, one row of which an agency would give."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.types import Format
from yuexin.sample.bench_files import valid_codes

RESOURCE = "penalties_2018"
FORMS: tuple[Format, ...] = ("csv", "xlsx", "json", "ndjson", "xml", "parquet")
CHUNK_ROWS = 50_000
# Amounts are numbers where a format knows numbers.
NUMBERS = frozenset({"CF_NR_FK", "CF_NR_WFFF"})


def write_penalties(files: Mapping[Format, Path], rows: int) -> None:
    """Write `rows` penalties into each file, without any fault."""
    with ExitStack() as stack:
        texts = {
            form: stack.enter_context(files[form].open("w", encoding="utf-8", newline=""))
            for form in ("csv", "json", "ndjson", "xml")
        }
        table: pq.ParquetWriter | None = None
        book = stack.enter_context(
            xlsxwriter.Workbook(str(files["xlsx"]), {"constant_memory": True})
        )
        sheet = book.add_worksheet()
        texts["json"].write("[\n")
        texts["xml"].write('<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n')
        for begun, frame in _frames(rows):
            frame.write_csv(texts["csv"], include_header=begun == 0)
            _write_objects(frame, begun, texts["json"], texts["ndjson"])
            _write_elements(frame, texts["xml"])
            _write_cells(frame, begun, sheet)
            arrow = _numbered(frame)
            table = table or stack.enter_context(pq.ParquetWriter(files["parquet"], arrow.schema))
            table.write_table(arrow)
        texts["json"].write("\n]\n")
        texts["xml"].write("</rows>\n")


def _frames(rows: int) -> Iterator[tuple[int, pl.DataFrame]]:
    resource = current().resources[RESOURCE]
    codes = valid_codes(rows=rows, seed=1)
    example = resource.examples[0].row
    headers = [column.header for column in resource.columns]
    for begun in range(0, rows, CHUNK_ROWS):
        number = pl.int_range(begun, min(begun + CHUNK_ROWS, rows), eager=True)
        text = number.cast(pl.String)
        varied = {
            "CF_XDR_SHXYM": codes[begun : begun + CHUNK_ROWS],
            "CF_XDR_MC": "佛山岭粤示例" + text + "号家具有限公司",
            "CF_WSH": "粤环示例罚〔2025〕" + text + "号",
            "CF_NR_FK": (number % 97 + 1).cast(pl.String) + ".50",
            "CF_JDRQ": "2025-03-" + (number % 28 + 1).cast(pl.String).str.zfill(2),
        }
        yield begun, _frame(varied, example, headers, text.len())


def _frame(
    varied: Mapping[str, pl.Series], example: Mapping[str, str], headers: list[str], height: int
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            header: varied[header]
            if header in varied
            else pl.Series([example.get(header)], dtype=pl.String).new_from_index(0, height)
            for header in headers
        }
    )


def _write_objects(frame: pl.DataFrame, begun: int, array: IO[str], lines: IO[str]) -> None:
    for place, row in enumerate(frame.iter_rows(named=True), start=begun):
        members = (
            f'"{name}": {value}' if value and name in NUMBERS else f'"{name}": {_quoted(value)}'
            for name, value in row.items()
        )
        text = "{" + ", ".join(members) + "}"
        array.write(f",\n{text}" if place else text)
        lines.write(f"{text}\n")


def _quoted(value: str | None) -> str:
    return "null" if value is None else json.dumps(value, ensure_ascii=False)


def _write_elements(frame: pl.DataFrame, out: IO[str]) -> None:
    for row in frame.iter_rows(named=True):
        fields = "".join(f"<{name}>{escape(value or '')}</{name}>" for name, value in row.items())
        out.write(f"<row>{fields}</row>\n")


def _write_cells(frame: pl.DataFrame, begun: int, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    if begun == 0:
        sheet.write_row(0, 0, frame.columns)
    for place, row in enumerate(frame.iter_rows(), start=begun + 1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(place, column, value)


def _numbered(frame: pl.DataFrame) -> pa.Table:
    """Dates as dates and amounts as decimals, as a database would have written them."""
    typed = frame.with_columns(
        pl.col("CF_JDRQ").str.to_date(), *(pl.col(name).cast(pl.Decimal(18, 2)) for name in NUMBERS)
    )
    return typed.to_arrow()
