"""Reads a province back as anybody could, without the program that will take it in."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
from python_calamine import CalamineWorkbook

from yuexin.sample.province import Manifest
from yuexin.sample.schedule import Times, sheets

Table = list[list[str]]


@dataclass(frozen=True)
class Province:
    """A generated province, its files and its truth."""

    manifest: Manifest
    times: Times

    @cached_property
    def files(self) -> dict[str, Table]:
        """Every delivered file as text, the header first."""
        forms = {sheet.file: sheet.form for sheet in sheets(self.times)}
        folder = self.manifest.folder
        return {
            one.file: table(folder / one.file, forms[one.file]) for one in self.manifest.deliveries
        }

    @cached_property
    def subjects(self) -> list[dict[str, str]]:
        return _truth(self.manifest.folder / "truth" / "subjects.csv")

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        return _truth(self.manifest.folder / "truth" / "rows.csv")

    @cached_property
    def truth(self) -> dict[tuple[str, int], dict[str, str]]:
        return {(row["file"], int(row["row"])): row for row in self.rows}

    @cached_property
    def planted(self) -> dict[str, list[dict[str, object]]]:
        path = self.manifest.folder / "truth" / "planted.json"
        planted: dict[str, list[dict[str, object]]] = json.loads(path.read_text("utf-8"))
        return planted

    def delivered(self, row: dict[str, str]) -> dict[str, str]:
        """The row of the truth as it stands in its file."""
        lines = self.files[row["file"]]
        return dict(zip(lines[0], lines[int(row["row"])], strict=True))

    def played(self, part: str) -> list[dict[str, str]]:
        """The rows of a part, as delivered."""
        return [self.delivered(row) for row in self.rows if row["part"] == part]

    @cached_property
    def faults(self) -> dict[str, list[dict[str, str]]]:
        """The rows that carry each fault."""
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows:
            for fault in filter(None, row["faults"].split(";")):
                found[fault].append(row)
        return found


def table(path: Path, form: str) -> Table:
    """A file as text, whatever form it is in and however it is packed."""
    kind, _, packing = form.partition("+")
    data = _unpacked(path, packing)
    match kind:
        case "xlsx":
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
            return [[str(cell) for cell in line] for line in sheet.to_python()]
        case "parquet":
            frame = pl.read_parquet(io.BytesIO(data)).fill_null("")
            return [frame.columns, *map(list, frame.rows())]
        case "json":
            return _objects(json.loads(data))
        case "ndjson":
            return _objects([json.loads(line) for line in data.splitlines()])
        case "xml":
            rows = ElementTree.fromstring(data)
            return _objects([{cell.tag: cell.text for cell in row} for row in rows])
        case _:
            return list(csv.reader(io.StringIO(data.decode(kind), newline="")))


def _unpacked(path: Path, packing: str) -> bytes:
    data = path.read_bytes()
    if packing == "gzip":
        return gzip.decompress(data)
    if packing == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            return archive.read(name)
    return data


def _objects(rows: list[dict[str, str | None]]) -> Table:
    """Objects as lines below a header, of all names in the order in which they come."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    return [header, *([row.get(name) or "" for name in header] for row in rows)]


def _truth(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
