"""Rows of objects on their way into batches: which key is which column, and what is misshapen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.headers import declared, matched
from yuexin.domains.collection.reading.limits import BATCH_BYTES, MAX_FIELD_CHARACTERS, ROW
from yuexin.engines.declare.types import Resource

RAW_CHARACTERS = 2_000
HEAD_ROWS = 1_000
# Many small objects that live long slow Python down.
SETTLED_ROWS = 5_000
Value = str | None
Beside = tuple[tuple[str, str], ...]
Batch = tuple[pl.DataFrame, pl.DataFrame, Beside]
PLAIN = frozenset((str, type(None)))


def heading(rows: Iterable[Mapping[str, object]], first: Sequence[str], resource: Resource) -> Keys:
    """The columns of a file whose rows name their own: those of the first row, all of which must
    be declared, and whatever declared ones the rows behind it add. Raises a `Refusal` otherwise.
    """
    known = declared(resource)
    given = list(first)
    have = {known(key) for key in given}
    for row in rows:
        for key in row:
            header = known(key)
            if header and header not in have:
                have.add(header)
                given.append(key)
    headers = matched(given, resource)
    rest = [column.header for column in resource.columns if column.header not in headers]
    return Keys(given=tuple(given), headers=(*headers, *rest), known=known)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of a file as they are spelled; the declared header of each, and then the others."""

    given: tuple[str, ...]
    headers: tuple[str, ...]
    known: Callable[[str], str]

    def values(self, row: Mapping[str, object]) -> tuple[Value, ...] | None:
        """The row's values in the order of the headers; none where it is misshapen: an unknown
        key, two of one column, a value that is none, or one that no database takes."""
        found: dict[str, Value] = {}
        for key, value in row.items():
            header = self.known(key)
            text = ("1" if value else "0") if isinstance(value, bool) else value
            if not header or header in found or not _is_plain(text):
                return None
            found[header] = text  # type: ignore[assignment]
        return tuple(found.get(header) for header in self.headers)


def _is_plain(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, str) or len(value) > MAX_FIELD_CHARACTERS or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)


@dataclass(kw_only=True)
class Gathered:
    """Rows by number, handed out a batch at a time: so many, or so many bytes."""

    names: tuple[str, ...]
    size: int
    last: int = 0
    _rows: list[tuple[Value, ...]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _bad: list[tuple[int, str]] = field(default_factory=list)
    _beside: list[tuple[str, str]] = field(default_factory=list)
    _count: int = 0
    _held: int = 0

    def add(self, rows: Sequence[tuple[Value, ...]], held: int) -> None:
        self._rows.extend(rows)
        self._numbers.extend(range(self.last + 1, self.last + len(rows) + 1))
        self._counted(len(rows), held)

    def add_frame(self, frame: pl.DataFrame, held: int) -> None:
        """Rows that are columns already, of some of the names, an empty text being none."""
        self._settle()
        numbers = pl.int_range(self.last + 1, self.last + frame.height + 1, eager=True).alias(ROW)
        absent = [pl.lit(None, dtype=pl.String).alias(n) for n in self.names if n not in frame]
        self._frames.append(frame.select(numbers, *(pl.col(n) for n in frame.columns), *absent))
        self._counted(frame.height, held)

    def set_aside(self, raw: str) -> None:
        """One misshapen row."""
        self._bad.append((self.last + 1, raw[:RAW_CHARACTERS]))
        self._counted(1, len(raw))

    def beside(self, said: list[tuple[str, str]]) -> None:
        """Add what stands in the file outside its rows, each under its name."""
        self._beside += said
        self._held += sum(len(text) for _, text in said)

    def full(self) -> Iterator[Batch]:
        """Whole batches, if there are any."""
        while self._count >= self.size or self._held > BATCH_BYTES:
            yield self.rest()

    def rest(self) -> Batch:
        """A batch of what there is, which is not more than one and a block."""
        self._settle()
        frame = pl.concat(self._frames) if self._frames else self._frame([], [])
        taken, left = frame[: self.size], frame[self.size :]
        misshapen = pl.DataFrame(self._bad, schema={ROW: pl.Int64, "raw": pl.String}, orient="row")
        beside = tuple(self._beside)
        self._frames = [left] if left.height else []
        self._bad, self._beside, self._count, self._held = [], [], left.height, 0
        return taken, misshapen, beside

    def _counted(self, rows: int, held: int) -> None:
        self.last += rows
        self._count += rows
        self._held += held
        if len(self._rows) >= SETTLED_ROWS:
            self._settle()

    def _settle(self) -> None:
        if self._rows:
            self._frames.append(self._frame(self._rows, self._numbers))
            self._rows, self._numbers = [], []

    def _frame(self, rows: list[tuple[Value, ...]], numbers: list[int]) -> pl.DataFrame:
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.names)
        frame = pl.DataFrame(
            pl.Series(name, values, dtype=pl.String)
            for name, values in zip(self.names, columns, strict=True)
        )
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
        return frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.Int64))


def damaged(form: str, zh: str, en: str, row: int) -> Refusal:
    """A file that ends early, or is no such file from a place on: it is taken whole or not."""
    return Refusal(
        code=form.upper(),
        what=Text(zh, en),
        where=str(row),
        rule={"json": "RFC 8259", "xml": "XML 1.0"}[form],
        remedy=Text(
            f"重新导出完整的 {form.upper()} 文件后交付，或改为 CSV",
            f"export the whole {form.upper()} again, or deliver CSV",
        ),
    )
