"""The truth beside the deliveries: who there is, what each row says, what is never shown."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from yuexin.sample.cast import PLANTED
from yuexin.sample.schedule import Sheet
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Public, Told

SUBJECTS: Final = (
    "code", "reg_no", "kind", "name", "name_since", "former_names", "city", "county", "status",
    "status_since", "established",
)  # fmt: skip
ROWS: Final = ("file", "row", "code", "resource", "faults", "public", "why", "part")


class Truth:
    """`subjects.csv`, `rows.csv` and `planted.json` below a folder, written as the rows go out."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._planted_path = folder / "planted.json"
        self._planted: dict[str, list[dict[str, Any]]] = {part: [] for part in PLANTED}
        self._subjects_file = (folder / "subjects.csv").open("w", encoding="utf-8", newline="")
        self._rows_file = (folder / "rows.csv").open("w", encoding="utf-8", newline="")
        self._subjects = csv.writer(self._subjects_file, lineterminator="\n")
        self._rows = csv.writer(self._rows_file, lineterminator="\n")
        self._subjects.writerow(SUBJECTS)
        self._rows.writerow(ROWS)

    def __enter__(self) -> Truth:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._subjects_file.close()
        self._rows_file.close()
        text = json.dumps(self._planted, ensure_ascii=False, indent=1)
        self._planted_path.write_text(text + "\n", encoding="utf-8")

    def deliveries(self, plan: Sequence[Sheet]) -> None:
        """When each file comes."""
        lines = "".join(f"{sheet.file},{sheet.delivered_on}\n" for sheet in plan)
        path = self._planted_path.with_name("deliveries.csv")
        path.write_text(f"file,delivered_on\n{lines}", encoding="utf-8")

    def subject(self, subject: Subject) -> None:
        """A subject as it is today; former names as `name|since`, joined by `;`."""
        former = ";".join(f"{named.name}|{named.since}" for named in subject.names[:-1])
        self._subjects.writerow(
            (
                subject.code, subject.reg_no, subject.kind, subject.name,
                subject.names[-1].since, former, subject.place.city, subject.place.county,
                subject.status, subject.ended_on or "", subject.established,
            )
        )  # fmt: skip

    def row(
        self, *, file: str, number: int, told: Told, faults: Sequence[str], public: Public, why: str
    ) -> None:
        """A delivered row, counted from 1 below the header; no code for a natural person."""
        code = told.subject.code if told.subject else ""
        self._rows.writerow(
            (file, number, code, told.resource, ";".join(faults), public, why, told.part)
        )

    def planted(self, *, file: str, number: int, told: Told, subject: Subject) -> None:
        """Strings that must appear nowhere public, by the part they were planted for."""
        part = "expired_penalty" if told.part == "ended_yesterday" else told.part
        entry = {"code": subject.code, "file": file, "row": number, "strings": list(told.planted)}
        self._planted.setdefault(part, []).append(entry)


def code_playing(*, sample: Path, part: str) -> str | None:
    """The code of the first subject in a sample's truth that has a row of this part; none where
    there is none, or no truth is kept beside the sample."""
    told = sample / "truth" / "rows.csv"
    if not told.exists():
        return None
    with told.open(encoding="utf-8", newline="") as rows:
        return next((row["code"] for row in csv.DictReader(rows) if row["part"] == part), None)
