"""The careful road: a text file that is not well formed, record by record.

What is wrong with one record stays with it: the others read as the fast road would read them.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import MAX_FIELD_CHARACTERS, ROW

MAX_RECORD_LINES = 100
MAX_OPEN_QUOTES = 1_000
RAW_CHARACTERS = 2_000
OPEN_QUOTE = "unexpected end of data"


def batches(
    text: Path, delimiter: str, names: list[str], size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Batches of good rows and of misshapen ones, each with its row number from 1."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    good: list[list[str | None]] = []
    bad: list[tuple[int, str]] = []
    with text.open(encoding="utf-8", newline="") as stream:
        lines = _Lines(stream)
        next(_records(lines, delimiter), None)
        for row, (fields, raw) in enumerate(_records(lines, delimiter), start=1):
            if fields is not None and len(fields) == len(names) + 1 and not fields[-1]:
                fields = fields[:-1]
            if fields is not None and len(fields) == len(names):
                good.append([str(row), *(field or None for field in fields)])
            else:
                bad.append((row, raw.rstrip("\r\n")[:RAW_CHARACTERS]))
            if len(good) + len(bad) == size:
                yield _frames(names, good, bad)
                good, bad = [], []
    yield _frames(names, good, bad)


class _Lines:
    """Lines that can be put back."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self._open_quotes = 0

    def take(self) -> str | None:
        if self._returned:
            return self._returned.popleft()
        return next(self._stream, None)

    def give_back(self, lines: list[str]) -> None:
        """Put back what followed a quote that nothing closes."""
        self._open_quotes += 1
        if self._open_quotes > MAX_OPEN_QUOTES:
            raise Refusal(
                code="QUOTES",
                what=Text("未闭合的引号过多", "too many quotes are never closed"),
                rule="RFC 4180",
                remedy=Text("按 RFC 4180 重新导出", "export it again by RFC 4180"),
            )
        self._returned.extendleft(reversed(lines))


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[list[str] | None, str]]:
    """Each record's fields, or none where it cannot be read, beside its text."""
    while (line := lines.take()) is not None:
        if line.strip("\r\n"):
            yield _record(lines, line, delimiter)


def _record(lines: _Lines, first: str, delimiter: str) -> tuple[list[str] | None, str]:
    """One record. A quote that is never closed spoils its own line only."""
    taken = [first]
    while True:
        try:
            fields = next(csv.reader(taken, delimiter=delimiter, strict=True))
        except csv.Error as error:
            following = lines.take() if OPEN_QUOTE in str(error) else None
            if following is not None and len(taken) < MAX_RECORD_LINES:
                taken.append(following)
                continue
            lines.give_back(taken[1:] + ([following] if following is not None else []))
            return None, first
        return fields, "".join(taken)


def _frames(
    names: list[str], good: list[list[str | None]], bad: list[tuple[int, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = {ROW: pl.String, **dict.fromkeys(names, pl.String)}
    frame = pl.DataFrame(good, schema=schema, orient="row").with_columns(pl.col(ROW).cast(pl.Int64))
    misshapen = pl.DataFrame(bad, schema={ROW: pl.Int64, "raw": pl.String}, orient="row")
    return frame, misshapen
