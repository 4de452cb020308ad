"""Record rules in bulk: from when to when a record is shown, by which class, or why it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import RecordKind, ReleaseKind, Term
from yuexin.engines.rules import clock, session
from yuexin.engines.rules.dialect import conjuncts, parse, refused, shown
from yuexin.engines.rules.frames import column_type, narrowed, rule_type
from yuexin.engines.rules.render import Renderer, identifier, quoted
from yuexin.engines.rules.scopes import EVENT_DATE, RecordScope
from yuexin.engines.rules.terms import TermSql
from yuexin.engines.rules.types import Condition, Explanation

KNOWN_ON: Final = "known_on"
_TABLE: Final = "records"
_RESULT: Final = {
    "shown_from": pl.Date(),
    "shown_until": pl.Date(),
    "term_class": pl.String(),
    "withheld": pl.String(),
}


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """One condition: whose it is, the column of its truth, and its conjuncts as SQL and text."""

    owner: str
    column: str
    conjuncts: tuple[tuple[str, str], ...]

    @property
    def sql(self) -> str:
        return f"({' AND '.join(sql for sql, _ in self.conjuncts)})"

    @property
    def columns(self) -> list[str]:
        """A column for each conjunct."""
        return [f"{sql} AS {self.column}_{i}" for i, (sql, _) in enumerate(self.conjuncts)]


class ReleaseProgram:
    """One kind of record in one release, under one term: compiled and bound, or refused here."""

    def __init__(
        self, kind: RecordKind, release_kind: ReleaseKind, term: Term | None = None
    ) -> None:
        _check_fit(kind, release_kind, term)
        self._scope = RecordScope(kind=kind)
        self._kind = kind
        self._term = TermSql(term.versions) if term and term.versions else None
        self._delivered_end = term.delivered_end if term else ""
        self._withhold = [
            (item.id, self._rule(f"withhold:{item.id}", f"w{i}", item.when, f"{kind.id}/{item.id}"))
            for i, item in enumerate(release_kind.withhold)
        ]
        self._classes = list(self._class_rules(term))
        self._bind()

    def evaluate(self, frame: pl.DataFrame, known_on: dt.date) -> pl.DataFrame:
        """Say of each record, known here since `known_on`, from when to when it is shown."""
        return self.evaluate_known(frame.with_columns(pl.lit(known_on).alias(KNOWN_ON)))

    def evaluate_known(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Say of each record, known here since its own `known_on`, from when to when it is shown.

        A record whose `shown_until` is not after `shown_from` is not shown at all.

        One row per row of `frame`, in its order: `shown_from`, `shown_until` (exclusive; NULL is
        open-ended), `term_class` ('' without a term), `withheld` ('' where it is shown; else the
        first withhold rule that holds or cannot be known, or `term:<class>`).

        `frame` holds the kind's fields, typed, and `event_date`.
        """
        hidden, label = ("FALSE", "''")
        if self._term:
            hidden, label = self._term.hidden(KNOWN_ON), self._term.label
        names = [quoted(name) for name, _ in self._withhold]
        reasons = [f"WHEN w{i} IS NOT FALSE THEN {name}" for i, name in enumerate(names)]
        reasons.append(f"WHEN {hidden} THEN 'term:' || {label}")
        until = clock.in_calendar("till")
        if self._term:
            until = f"CASE WHEN code IS NULL THEN coalesce(event_date, {KNOWN_ON}) ELSE {until} END"
        sql = (
            f"SELECT pos, {KNOWN_ON} AS shown_from, {until} AS shown_until, "
            f"{label} AS term_class, CASE {' '.join(reasons)} ELSE '' END AS withheld "
            f"FROM ({self._judged([])})"
        )
        return self._run(sql, frame).select(*_RESULT)

    def classes(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Say of each record which class of its term decides, `term_class`, from which day on the
        shortest publicity of that class is over, `repair_from`, and from which day on the record is
        public no more, `public_until`.

        One row per row of `frame`, in its order; NULL without a term or an event date.
        """
        label, least, until = "CAST(NULL AS VARCHAR)", "CAST(NULL AS DATE)", "CAST(NULL AS DATE)"
        if self._term:
            label = f"CASE WHEN event_date IS NOT NULL THEN {self._term.label} END"
            least = clock.in_calendar(f"({self._term.repair_from})")
            until = clock.in_calendar("till")
        sql = (
            f"SELECT pos, {label} AS term_class, {least} AS repair_from, "
            f"{until} AS public_until FROM ({self._judged([])})"
        )
        known = frame.with_columns(pl.lit(None, dtype=pl.Date()).alias(KNOWN_ON))
        return self._run(sql, known).select("term_class", "repair_from", "public_until")

    def explain(self, frame: pl.DataFrame) -> Explanation:
        """Say why, of a frame of one record: the class that decided, and each conjunct's truth.

        The conjuncts are those of the withhold rules and of every class of the deciding version.
        """
        if frame.height != 1:
            raise ValueError(f"one record is explained at a time, not {frame.height}")
        rules = [rule for _, rule in self._withhold] + self._classes
        columns = [column for rule in rules for column in rule.columns]
        label, code = (self._term.label, "code") if self._term else ("''", "CAST(NULL AS INTEGER)")
        sql = f"SELECT *, {label} AS term_class, {code} AS decided FROM ({self._judged(columns)})"
        known = frame.with_columns(pl.lit(None, dtype=pl.Date()).alias(KNOWN_ON))
        found = self._run(sql, known).row(0, named=True)
        version = self._term.version_of(found["decided"]) if self._term else None
        deciding = self._deciding(version)
        return Explanation(
            term_class=found["term_class"],
            version=version,
            delivered_end=found["delivered_end"],
            conditions=tuple(
                Condition(owner=rule.owner, text=text, truth=found[f"{rule.column}_{i}"])
                for rule in rules
                if rule.column in deciding
                for i, (_, text) in enumerate(rule.conjuncts)
            ),
        )

    def _deciding(self, version: dt.date | None) -> set[str]:
        found = {rule.column for _, rule in self._withhold}
        for item in self._term.versions if self._term else ():
            if item.declared.valid_from == version:
                found |= {one.column for one in item.classes if one.declared}
        return found

    def _class_rules(self, term: Term | None) -> Iterator[_Rule]:
        for version in self._term.versions if term and self._term else ():
            for item in version.classes:
                place = f"terms/{term.id} {version.declared.valid_from} {item.id}" if term else ""
                when = item.declared.when if item.declared else "TRUE"
                _check_months(item.months, place)
                yield self._rule(f"term:{item.id}", item.column, when, place)

    def _rule(self, owner: str, column: str, when: str, place: str) -> _Rule:
        tree = parse(text=when, names={*self._kind.by_field, EVENT_DATE}, place=place)
        renderer = Renderer(scope=self._scope, place=place)
        parts = tuple((renderer.condition(node), shown(node)) for node in conjuncts(tree))
        return _Rule(owner=owner, column=column, conjuncts=parts)

    def _judged(self, extra: list[str]) -> str:
        """A query with `till` and `code` of every record, beside the truth of every condition."""
        rules = [rule for _, rule in self._withhold] + self._classes
        truths = [f"{rule.sql} AS {rule.column}" for rule in rules]
        own = ["r.pos", "r.event_date", f"r.{KNOWN_ON}"]
        inner = ", ".join([*own, self._given, *truths, *extra])
        sql = f"SELECT {inner} FROM {_TABLE} r"
        if self._term:
            return self._term.wrap(sql)
        none = "CAST(NULL AS DATE)"
        return f"SELECT *, {none} AS till, {none} AS delivered_end FROM ({sql})"

    @property
    def needed(self) -> frozenset[str]:
        """The fields of the kind that are read, beside `event_date` and `known_on`."""
        return frozenset(self._read) & frozenset(self._kind.by_field)

    @property
    def _given(self) -> str:
        """The first day no longer shown by what the deciding agency delivered."""
        if not self._delivered_end:
            return "CAST(NULL AS DATE) AS given"
        return f"r.{identifier(self._delivered_end)} + 1 AS given"

    def _run(self, sql: str, frame: pl.DataFrame) -> pl.DataFrame:
        frame = narrowed(frame, self._read, what=self._kind.id).with_row_index("pos")
        # The scan keeps the order; sorting a sorted column is free and makes it a promise.
        return session.run(sql, frames={_TABLE: frame}, parameters={}).sort("pos")

    @property
    def _read(self) -> dict[str, pl.DataType]:
        """The columns that the rules read, what the record itself says and when it came."""
        fields = self._kind.by_field
        own = {name for name in (EVENT_DATE, KNOWN_ON, self._delivered_end) if name}
        return {
            name: column_type(fields[name]) if name in fields else pl.Date()
            for name in sorted(self._scope.used | own)
        }

    def _bind(self) -> None:
        """Run once over nothing, so that DuckDB's own refusals come at load."""
        try:
            self.evaluate_known(pl.DataFrame(schema=self._read))
        except duckdb.Error as error:
            raise session.not_bound(place=self._kind.id, error=error) from error


def _check_fit(kind: RecordKind, release_kind: ReleaseKind, term: Term | None) -> None:
    """A record without its declared term would stay public for ever."""
    given = term.id if term else ""
    fits = release_kind.kind == kind.id and release_kind.term == given
    if not fits or (term is not None and term.kind != kind.id):
        raise _misfit(kind, release_kind, given)
    if term is not None and term.delivered_end:
        _check_end(kind, term)


def _check_end(kind: RecordKind, term: Term) -> None:
    end = kind.by_field.get(term.delivered_end)
    if end is None or rule_type(end) != "date":
        raise refused(
            place=f"terms/{term.id}",
            what=Text(
                f"delivered_end“{term.delivered_end}”不是日期字段",
                f"delivered_end “{term.delivered_end}” is no date of this kind",
            ),
            remedy=Text("写一个日期字段", "name a field that is a date"),
        )


def _check_months(months: int, place: str) -> None:
    if not 0 <= months <= clock.MAX_AMOUNT:
        raise refused(
            place=place,
            what=Text(f"公示期为 {months} 个月", f"a term of {months} months"),
            remedy=Text(f"写 0 至 {clock.MAX_AMOUNT}", f"write 0 to {clock.MAX_AMOUNT}"),
        )


def _misfit(kind: RecordKind, release_kind: ReleaseKind, given: str) -> Refusal:
    declared = f"{release_kind.kind} + {release_kind.term or '-'}"
    return refused(
        place=kind.id,
        what=Text(
            f"公开视图声明的是“{declared}”，给出的期限是“{given or '-'}”",
            f"the release declares “{declared}”, the term given is “{given or '-'}”",
        ),
        remedy=Text("给出声明的记录种类和期限", "give the kind and the term that it declares"),
    )
