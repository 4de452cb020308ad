"""A redacted copy: the rows of a delivery as they were read, without what an order erased.

One JSON value on each line, in the order of the rows: `said` holds the text under each declared
header that has any, `raw` a row of the wrong shape, `erased` a row of which nothing is left;
`without` lists the headers whose cell was erased. The last line names the delivery, so that no two
have one copy, the headers and the number of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from yuexin.base.codes import normalise_code
from yuexin.domains.collection.reading.gathered import Beside
from yuexin.domains.collection.reading.headers import matched
from yuexin.domains.collection.reading.limits import BATCH_BYTES, MAX_LINE_BYTES, ROW
from yuexin.engines.declare.types import Resource

Span = tuple[int, int]
LONGEST_SPELT = 40  # a code with every separator that people put into one


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A batch: `frame` holds `__row` and every declared header as text, `misshapen` the rows
    of a wrong shape, with their raw text, `beside` what stands in the file outside its rows, each
    under its name.

    `erased` are the numbers of rows that an order erased, `without` the cells (row, header).
    """

    frame: pl.DataFrame
    misshapen: pl.DataFrame
    beside: Beside = ()
    erased: tuple[int, ...] = ()
    without: tuple[tuple[int, str], ...] = ()

    @property
    def count(self) -> int:
        """Every row of the batch, whatever is left of it."""
        return self.frame.height + self.misshapen.height + len(self.erased)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an order erases of a file: all rows or those named, of which only those that name a
    code where one is given; whole, or the cells under some headers."""

    rows: frozenset[int] = frozenset()
    columns: tuple[str, ...] = ()
    naming: str = ""

    def covers(self, number: int, texts: Iterable[str | None]) -> bool:
        """Whether something of this row is to be erased."""
        if self.rows and number not in self.rows:
            return False
        return not self.naming or any(_names(text, self.naming) for text in texts)


@dataclass(kw_only=True)
class Redacting:
    """The writing of one redacted copy. `touched` counts what this scope took something of."""

    delivery: int
    scope: Scope
    out: BinaryIO
    touched: list[int] = field(default_factory=list)
    headers: dict[str, None] = field(default_factory=dict)
    rows: int = 0

    def write(self, batches: Iterable[Rows], resource: Resource) -> None:
        """Write the copy of all rows."""
        for batch in batches:
            for line in self._lines(batch):
                self._line(line)
                self.rows += 1
        for column in resource.columns:
            if column.required:
                self.headers.setdefault(column.header)
        told = {"delivery": self.delivery, "headers": list(self.headers), "rows": self.rows}
        self._line(told)

    def spans(self) -> tuple[Span, ...]:
        """The rows that were touched, as spans."""
        return spans(self.touched)

    def _lines(self, batch: Rows) -> Iterator[dict[str, Any]]:
        gone = dict[int, list[str]]()
        for number, header in batch.without:
            gone.setdefault(number, []).append(header)
        lines = [{"row": number, "erased": True} for number in batch.erased]
        for number, raw in batch.misshapen.select(ROW, "raw").iter_rows():
            lines.append(self._misshapen(number, raw))
        for values in batch.frame.iter_rows(named=True):
            number = values.pop(ROW)
            lines.append(self._row(number, values, gone.get(number, [])))
        yield from sorted(lines, key=lambda line: line["row"])

    def _misshapen(self, number: int, raw: str) -> dict[str, Any]:
        """Where the fields of a row cannot be told apart, none of them can be kept."""
        if not self.scope.covers(number, [raw]):
            return {"row": number, "raw": raw}
        self.touched.append(number)
        return {"row": number, "erased": True}

    def _row(self, number: int, values: dict[str, str | None], gone: list[str]) -> dict[str, Any]:
        said = {header: text for header, text in values.items() if text is not None}
        if self.scope.covers(number, said.values()):
            taken = [name for name in self.scope.columns if name in said]
            if not self.scope.columns:
                self.touched.append(number)
                return {"row": number, "erased": True}
            if taken:
                self.touched.append(number)
                said = {name: text for name, text in said.items() if name not in taken}
                gone = [*gone, *taken]
        self.headers.update(dict.fromkeys(said))
        line: dict[str, Any] = {"row": number, "said": said}
        return line | ({"without": gone} if gone else {})

    def _line(self, value: dict[str, Any]) -> None:
        self.out.write(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        )


def spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    """Row numbers as spans from the first to the last of each run."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return tuple((first, last) for first, last in found)


def batches(path: Path, resource: Resource, size: int) -> Iterator[Rows]:
    """The rows of a redacted copy in batches, under the declared headers."""
    declared = _declared(path, resource)
    pending: list[dict[str, Any]] = []
    held = 0
    with path.open("rb") as stream:
        for text in stream:
            line = json.loads(text)
            if "row" not in line:
                break
            pending.append(line)
            held += len(text)
            if len(pending) == size or held > BATCH_BYTES:
                yield _batch(pending, declared)
                pending, held = [], 0
    yield _batch(pending, declared)


def _batch(lines: Sequence[dict[str, Any]], declared: dict[str, str]) -> Rows:
    good = [
        {ROW: line["row"], **{declared[name]: text for name, text in line["said"].items()}}
        for line in lines
        if "said" in line
    ]
    bad = [(line["row"], line["raw"]) for line in lines if "raw" in line]
    schema = {ROW: pl.Int64, **dict.fromkeys(declared.values(), pl.String)}
    return Rows(
        frame=pl.DataFrame(good, schema=schema),
        misshapen=pl.DataFrame(bad, schema={ROW: pl.Int64, "raw": pl.String}, orient="row"),
        erased=tuple(line["row"] for line in lines if "erased" in line),
        without=tuple(
            (line["row"], declared.get(name, name))
            for line in lines
            for name in line.get("without", ())
        ),
    )


def _declared(path: Path, resource: Resource) -> dict[str, str]:
    """The header declared now for each header of the copy."""
    given = _last_line(path)["headers"]
    return dict(zip(given, matched(given, resource), strict=True))


def _last_line(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - MAX_LINE_BYTES))
        found: dict[str, Any] = json.loads(stream.read().rstrip(b"\n").rsplit(b"\n", 1)[-1])
    return found


def _names(text: str | None, code: str) -> bool:
    """Whether a text names the code, however it is spelt."""
    if not text:
        return False
    spelt = "".join(text.split())
    short = len(spelt) <= LONGEST_SPELT
    return code in spelt.upper() or (short and normalise_code(spelt) == code)
