"""Reads a province back as anybody could, without the program that will take it in."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineWorkbook

from yuexin.sample import Manifest
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
    """A file as text, whatever form it is in."""
    if form == "xlsx":
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return [[str(cell) for cell in line] for line in sheet.to_python()]
    with path.open(encoding=form, newline="") as stream:
        return list(csv.reader(stream))


def _truth(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
