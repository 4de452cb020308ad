"""The careful road: a text file that is not well formed, record by record.

What is wrong with one record stays with it: the others read as the fast road would read them.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import (
    BATCH_BYTES,
    MAX_FIELD_CHARACTERS,
    MAX_LINE_BYTES,
    ROW,
)

MAX_OPEN_QUOTES = 1_000
MAX_READ_AGAIN = 2 << 30
RAW_CHARACTERS = 2_000


def batches(
    text: Path, delimiter: str, names: list[str], size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Batches of good rows and of misshapen ones, each with its row number from 1."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    good: list[list[str | None]] = []
    bad: list[tuple[int, str]] = []
    held = 0
    with text.open(encoding="utf-8", newline="") as stream:
        lines = _Lines(stream)
        next(_records(lines, delimiter), None)
        for row, (fields, raw) in enumerate(_records(lines, delimiter), start=1):
            while fields is not None and len(fields) > len(names) and not fields[-1]:
                fields.pop()
            if fields is not None and len(fields) == len(names):
                good.append([str(row), *(field or None for field in fields)])
            else:
                bad.append((row, raw.rstrip("\r\n")[:RAW_CHARACTERS]))
            held += len(raw)
            if len(good) + len(bad) == size or held > BATCH_BYTES:
                yield _frames(names, good, bad)
                good, bad, held = [], [], 0
    yield _frames(names, good, bad)


class _Lines:
    """Lines that can be put back. Of a line that is too long only the beginning is kept."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self._open_quotes = self._read_again = 0

    def take(self) -> str | None:
        if self._returned:
            return self._returned.popleft()
        line = rest = self._stream.readline(MAX_LINE_BYTES)
        while len(rest) == MAX_LINE_BYTES and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MAX_LINE_BYTES)
        return line or None

    def give_back(self, lines: list[str]) -> None:
        """Put back what followed a quote that nothing closes."""
        self._open_quotes += 1
        self._read_again += sum(len(line) for line in lines)
        if self._open_quotes > MAX_OPEN_QUOTES or self._read_again > MAX_READ_AGAIN:
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
    try:
        fields = next(csv.reader(_following(lines, taken), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        lines.give_back(taken[1:])
        return None, first
    return fields, "".join(taken)


def _following(lines: _Lines, taken: list[str]) -> Iterator[str]:
    """The first line and, for as long as the reader asks, those behind it, bounded together."""
    size = len(taken[0])
    if size < MAX_LINE_BYTES:
        yield taken[0]
    while size < MAX_LINE_BYTES and (line := lines.take()) is not None:
        taken.append(line)
        size += len(line)
        if size < MAX_LINE_BYTES:
            yield line


def _frames(
    names: list[str], good: list[list[str | None]], bad: list[tuple[int, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = {ROW: pl.String, **dict.fromkeys(names, pl.String)}
    frame = pl.DataFrame(good, schema=schema, orient="row").with_columns(pl.col(ROW).cast(pl.Int64))
    misshapen = pl.DataFrame(bad, schema={ROW: pl.Int64, "raw": pl.String}, orient="row")
    return frame, misshapen
