"""Writers of JSON, NDJSON, XML and Parquet, as interfaces export them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

from yuexin.engines.declare.types import Column

_XML_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n'
_GROUP_ROWS: Final = 50_000
_LINE_ENDS: Final = {"\r": "&#13;"}


class Objects:
    """An object for each row, one below the other or in one array; what is empty is null."""

    def __init__(self, stream: IO[bytes], columns: Sequence[Column], *, lines: bool) -> None:
        self.rows = 0
        self._headers = [column.header for column in columns]
        self._lines = lines
        self._stream = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        if not lines:
            self._stream.write("[")

    def write(self, cells: Sequence[str]) -> None:
        told = {header: cell or None for header, cell in zip(self._headers, cells, strict=True)}
        text = json.dumps(told, ensure_ascii=False)
        self._stream.write(f"{text}\n" if self._lines else f"{',' if self.rows else ''}\n{text}")
        self.rows += 1

    def close(self) -> None:
        if not self._lines:
            self._stream.write("\n]\n")
        self._stream.close()


class Markup:
    """An element for each row and for each cell of it; what is empty is left out."""

    def __init__(self, stream: IO[bytes], columns: Sequence[Column]) -> None:
        self.rows = 0
        self._headers = [column.header for column in columns]
        self._stream = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        self._stream.write(_XML_HEAD)

    def write(self, cells: Sequence[str]) -> None:
        told = "".join(
            f"<{header}>{escape(cell, _LINE_ENDS)}</{header}>"
            for header, cell in zip(self._headers, cells, strict=True)
            if cell
        )
        self._stream.write(f"<row>{told}</row>\n")
        self.rows += 1

    def close(self) -> None:
        self._stream.write("</rows>\n")
        self._stream.close()


class Table:
    """Parquet, every column a text, written a group of rows at a time."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._schema = pa.schema([(column.header, pa.string()) for column in columns])
        self._file = pq.ParquetWriter(path, self._schema)
        self._told: list[list[str | None]] = []

    def write(self, cells: Sequence[str]) -> None:
        self._told.append([cell or None for cell in cells])
        self.rows += 1
        if len(self._told) == _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        if self._told:
            self._flush()
        self._file.close()

    def _flush(self) -> None:
        columns = [pa.array(cells, pa.string()) for cells in zip(*self._told, strict=True)]
        self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._told.clear()
