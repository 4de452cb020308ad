"""The aggregates of all rules, gathered into one GROUP BY for each kind of record.

A condition of a FILTER is worked out once for each record. Where it is unknown, the record is
counted apart, so that a number is only taken as known when no such record can change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from yuexin.base.dates import Calendar
from yuexin.engines.declare.types import RecordKind
from yuexin.engines.rules import clock
from yuexin.engines.rules.dialect import conjuncts, shown, unlisted
from yuexin.engines.rules.render import Renderer, Typed, identifier
from yuexin.engines.rules.scopes import RecordScope

MAX_RECORDS: Final = 20
NO_RECORDS: Final = "CAST([] AS VARCHAR[])"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One condition over the records of a kind, and the next day on which time flips it.

    Its columns: the records it counts (number n, ids r), those of which it is unknown whether it
    counts them (u, q), and the day (t).
    """

    number: int
    of: str
    sql: str
    flip: str

    @property
    def inner(self) -> str:
        return f"{self.sql} AS f{self.number}, {self.flip} AS t{self.number}"

    def grouped(self, *, ids: bool) -> str:
        n = self.number
        counted, unknown = f"FILTER (WHERE f{n})", f"FILTER (WHERE f{n} IS NULL)"
        sql = f"count(*) {counted} AS n{n}, count(*) {unknown} AS u{n}, min(t{n}) AS t{n}"
        return f"{sql}, {_first(counted)} AS r{n}, {_first(unknown)} AS q{n}" if ids else sql

    def joined(self, *, ids: bool) -> str:
        n = self.number
        sql = f"coalesce(n{n}, 0) AS n{n}, coalesce(u{n}, 0) AS u{n}, t{n}"
        listed = (f"coalesce({name}{n}, {NO_RECORDS}) AS {name}{n}" for name in "rq")
        return ", ".join([sql, *listed]) if ids else sql


@dataclass(frozen=True, kw_only=True)
class Value:
    """A sum, minimum or maximum (v) of one field over the records of a filter.

    Counted records without a value (number w, ids y) leave it unknown.
    """

    number: int
    filter: Filter
    function: str
    column: str

    @property
    def of(self) -> str:
        return self.filter.of

    @property
    def inner(self) -> str:
        return f"{self.column} AS x{self.number}"

    def grouped(self, *, ids: bool) -> str:
        m, n = self.number, self.filter.number
        result = f"{self.function}(x{m}) FILTER (WHERE f{n})"
        if self.function == "sum":
            result = f"CAST({result} AS DECIMAL(38, 4))"
        missing = f"FILTER (WHERE f{n} AND x{m} IS NULL)"
        sql = f"{result} AS v{m}, count(*) {missing} AS w{m}"
        return f"{sql}, {_first(missing)} AS y{m}" if ids else sql

    def joined(self, *, ids: bool) -> str:
        m = self.number
        sql = f"v{m}, coalesce(w{m}, 0) AS w{m}"
        return f"{sql}, coalesce(y{m}, {NO_RECORDS}) AS y{m}" if ids else sql


@dataclass(kw_only=True)
class Gather:
    """Gathers filters and values while rules are rendered; equal ones are shared.

    `touched` takes what was asked for since it was last emptied.
    """

    kinds: Mapping[str, RecordKind]
    on: str
    calendar: Calendar
    filters: dict[tuple[str, str], Filter] = field(default_factory=dict)
    values: dict[tuple[str, str, int], Value] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    touched: list[Filter | Value] = field(default_factory=list)

    def count(self, kind: RecordKind, where: exp.Expr | None, place: str) -> Typed:
        n = self._filter(kind, where, place).number
        if where is None:
            return Typed(sql=f"n{n}", type="number")
        known = f"(CASE WHEN u{n} = 0 THEN n{n} END)"
        return Typed(sql=known, type="number", low=f"n{n}", high=f"(n{n} + u{n})")

    def value(self, call: exp.Expr, kind: RecordKind, where: exp.Expr | None, place: str) -> Typed:
        chosen = self._filter(kind, where, place)
        scope = RecordScope(kind=kind, on=self.on)
        column = scope.column(call.this, place)
        function = call.key
        if column.type != "number" and (column.type != "date" or function == "sum"):
            wanted = "number" if function == "sum" else "number / date"
            raise unlisted(place=place, token=shown(call)[:80], allowed=wanted)
        self.columns[kind.id] |= scope.used
        key = (function, column.sql, chosen.number)
        value = self.values.setdefault(
            key,
            Value(number=len(self.values), filter=chosen, function=function, column=column.sql),
        )
        self.touched.append(value)
        known = f"u{chosen.number} = 0 AND w{value.number} = 0"
        return Typed(sql=f"(CASE WHEN {known} THEN v{value.number} END)", type=column.type)

    def _filter(self, kind: RecordKind, where: exp.Expr | None, place: str) -> Filter:
        sql, flip = self._condition(kind, where, place)
        found = self.filters.setdefault(
            (kind.id, sql), Filter(number=len(self.filters), of=kind.id, sql=sql, flip=flip)
        )
        self.touched.append(found)
        return found

    def _condition(self, kind: RecordKind, where: exp.Expr | None, place: str) -> tuple[str, str]:
        read = self.columns.setdefault(kind.id, set())
        if where is None:
            return "TRUE", clock.earliest([])
        scope = RecordScope(kind=kind, on=self.on)
        renderer = Renderer(scope=scope, place=place, calendar=self.calendar)
        timeless: list[str] = []
        parts: list[str] = []
        for part in conjuncts(where):
            before = len(renderer.flips)
            parts.append(renderer.condition(part))
            if len(renderer.flips) == before:
                timeless.append(parts[-1])
        read |= scope.used
        return f"({' AND '.join(parts)})", _flip(renderer.flips, timeless, self.on)

    def group(self, kind: str, table: str, *, ids: bool, by: str, joined: str = "") -> str:
        """The GROUP BY over one kind, `by` a column of its own or of what is `joined` to it: a row
        for each of these that has records."""
        mine = [item for item in self._columns() if item.of == kind]
        inner = ", ".join([by, *(["r.record"] if ids else []), *(item.inner for item in mine)])
        grouped = ", ".join(item.grouped(ids=ids) for item in mine)
        name = by.partition(".")[2]
        return (
            f"SELECT {name}, {grouped} "
            f"FROM (SELECT {inner} FROM {identifier(table)} r{joined}) GROUP BY {name}"
        )

    def joined(self, *, ids: bool) -> list[str]:
        """The columns over all groups: over no records a count is 0, other aggregates NULL."""
        return [item.joined(ids=ids) for item in self._columns()]

    def _columns(self) -> list[Filter | Value]:
        return [*self.filters.values(), *self.values.values()]


def _first(filtered: str) -> str:
    """The first record ids, so that a reason stays readable however long the file is."""
    return f"(list(record ORDER BY record) {filtered})[1:{MAX_RECORDS}]"


def _flip(flips: list[str], timeless: list[str], on: str) -> str:
    """The next flip of a filter. A record that the timeless conjuncts shut out never flips."""
    if not flips:
        return clock.earliest([])
    day = clock.next_flip(flips, on)
    if not timeless:
        return day
    return f"CASE WHEN ({' AND '.join(timeless)}) IS NOT FALSE THEN {day} END"
