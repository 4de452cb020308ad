"""Conditions of a process: over one record and the term it is shown under, or over a whole file.

A condition on a record names its fields, `event_date`, `on_date`, and of the term of publicity:
`term_class`, the class the record falls under, `repair_from`, the first day on which the shortest
period of that class is over, and `public_until`, the first day on which the record is public no
more. So these periods are declared once, with the term; `remedy_until`, the last day of the remedy
that is open against its kind alone, with the remedy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import duckdb
import polars as pl
from sqlglot import exp

from yuexin.base.dates import Calendar
from yuexin.engines.declare.types import (
    CaseCondition,
    Field,
    Outcome,
    RecordKind,
    ReleaseKind,
    Remedy,
    RuleVersion,
    SubjectRule,
    Term,
)
from yuexin.engines.rules import clock, session
from yuexin.engines.rules.dialect import parse, unlisted
from yuexin.engines.rules.frames import column_type, narrowed, rule_type
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.render import Renderer, Type, Typed, identifier, quoted
from yuexin.engines.rules.scopes import EVENT_DATE, ON_DATE
from yuexin.engines.rules.subjects import SubjectProgram

TERM_CLASS: Final = "term_class"
REPAIR_FROM: Final = "repair_from"
PUBLIC_UNTIL: Final = "public_until"
REMEDY_UNTIL: Final = "remedy_until"
PUBLISHED_ON: Final = "published_on"
"""A column of a frame, where it is known: the day on which the record was published first."""
FIRST_DAY: Final = dt.date(1949, 10, 1)
_ON: Final = "CAST($on AS DATE)"
_NAMED: Final = re.compile(r"\{record\.(\w+)\}")
_PLAIN: Final[Mapping[Type, str]] = {
    "date": f"DATE '{FIRST_DAY}'", "number": "0", "flag": "FALSE", "text": "''",
}  # fmt: skip
_TABLE: Final = "records"
_HOLDS: Final = "holds"
_OWN: Final[dict[str, pl.DataType]] = {
    EVENT_DATE: pl.Date(), TERM_CLASS: pl.String(), REPAIR_FROM: pl.Date(),
    PUBLIC_UNTIL: pl.Date(), REMEDY_UNTIL: pl.Date(),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Whether a condition holds on a day, and the next day on which time changes that."""

    holds: bool | None
    until: dt.date | None


class _Scope:
    """The names of a condition on a record; `used` gathers the columns that are read."""

    def __init__(self, kind: RecordKind) -> None:
        self._kind = kind
        self.used: set[str] = set()

    def column(self, node: exp.Column, place: str) -> Typed:
        name = node.name
        if not node.table and name == ON_DATE:
            return Typed(sql=_ON, type="date", steps=())
        if not node.table and name in _OWN:
            self.used.add(name)
            return Typed(sql=f"r.{identifier(name)}", type="text" if name == TERM_CLASS else "date")
        if node.table or name not in self._kind.by_field:
            allowed = ", ".join([*self._kind.by_field, *_OWN, ON_DATE])
            raise unlisted(place=place, token=name, allowed=allowed)
        self.used.add(name)
        return Typed(sql=f"r.{identifier(name)}", type=rule_type(self._kind.by_field[name]))

    def aggregate(self, node: exp.Expr, place: str) -> Typed:
        raise unlisted(place=place, token="aggregate", allowed=", ".join(self._kind.by_field))


class RecordConditions:
    """Conditions over one kind of record, compiled and bound, or refused here."""

    def __init__(
        self,
        *,
        kind: RecordKind,
        term: Term | None,
        conditions: Sequence[CaseCondition],
        place: str,
        remedies: Sequence[Remedy] = (),
        calendar: Calendar | None = None,
    ) -> None:
        self._kind = kind
        self._remedies, self._calendar = remedies, calendar
        self._ids = [one.id for one in conditions]
        self._scope = _Scope(kind)
        columns = []
        names = {*kind.by_field, *_OWN, ON_DATE}
        for number, one in enumerate(conditions):
            where = f"{place} {one.id}"
            renderer = Renderer(scope=self._scope, place=where)
            sql = renderer.condition(parse(text=one.when, names=names, place=where))
            flip = clock.in_calendar(clock.next_flip(renderer.flips, _ON))
            columns += [f"{sql} AS h{number}", f"{flip} AS u{number}"]
        # The day is named even where no condition does: DuckDB refuses a parameter too many.
        listed = ", ".join(["r.pos", f"{_ON} AS asked_on", *columns])
        self._sql = f"SELECT {listed} FROM {_TABLE} r"
        self._program = _release(kind, term) if term else None
        self._bind(place)

    @property
    def by_term(self) -> bool:
        """Whether a condition reads from when on the term lets the record be repaired."""
        return REPAIR_FROM in self._scope.used

    @property
    def by_remedy(self) -> bool:
        """Whether a condition reads until when the remedy against such a record is open."""
        return REMEDY_UNTIL in self._scope.used

    @property
    def needed(self) -> frozenset[str]:
        """The fields of the kind that are read, beside `event_date`."""
        read = self._scope.used | (self._program.needed if self._program else frozenset())
        return frozenset(read) & frozenset(self._kind.by_field)

    def evaluate(self, frame: pl.DataFrame, on: dt.date) -> dict[str, Truth]:
        """What holds of a frame of one record, its fields typed and `event_date` beside them."""
        row = self._judged(frame, on).row(0, named=True)
        return {
            name: Truth(holds=row[f"h{n}"], until=row[f"u{n}"]) for n, name in enumerate(self._ids)
        }

    def hold(self, frame: pl.DataFrame, on: dt.date) -> pl.Series:
        """Of each record of a frame whether all conditions hold; what cannot be known does not."""
        judged = self._judged(frame, on)
        truths = [pl.col(f"h{n}").fill_null(value=False) for n in range(len(self._ids))]
        every = pl.all_horizontal(truths) if truths else pl.repeat(True, pl.len())
        return judged.select(every.alias("hold"))["hold"]

    def repair_from(self, frame: pl.DataFrame) -> dt.date | None:
        """The first day on which a frame of one record may be repaired by its term."""
        day = self._with_term(frame)[REPAIR_FROM][0]
        assert day is None or isinstance(day, dt.date)
        return day

    def _judged(self, frame: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        """Of each record, in its order, the truth of each condition and its next change."""
        whole = self._with_remedy(self._with_term(frame))
        narrow = narrowed(whole, self._read, what=self._kind.id)
        numbered = narrow.with_row_index("pos")
        return session.run(self._sql, frames={_TABLE: numbered}, parameters={"on": on}).sort("pos")

    def _with_term(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the class of the term that decides, and when its periods are over."""
        if self._program is None:
            none = [
                pl.lit(None, dtype=type_).alias(name)
                for name, type_ in _OWN.items()
                if name not in (EVENT_DATE, REMEDY_UNTIL)
            ]
            return frame.with_columns(none)
        return frame.with_columns(self._program.classes(frame))

    def _with_remedy(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the last day of the remedy, counted from the publication of the record,
        or from its event where that is not known."""
        if not self.by_remedy or self._calendar is None:
            return frame.with_columns(pl.lit(None, dtype=pl.Date).alias(REMEDY_UNTIL))
        since = PUBLISHED_ON if PUBLISHED_ON in frame.columns else EVENT_DATE
        found = zip(frame[EVENT_DATE], frame[since], strict=True)
        days = [self._last_day(decided, start, self._calendar) for decided, start in found]
        return frame.with_columns(pl.Series(REMEDY_UNTIL, days, dtype=pl.Date))

    def _last_day(
        self, decided: dt.date | None, since: dt.date | None, calendar: Calendar
    ) -> dt.date | None:
        if decided is None or since is None:
            return None
        for one in self._remedies:
            last = one.last_day(since=since, calendar=calendar)
            if last and one.open_to(self._kind.decision, decided, kind=self._kind.id):
                return last.date
        return None

    @property
    def _read(self) -> dict[str, pl.DataType]:
        fields = self._kind.by_field
        read = {
            name: _OWN[name] if name in _OWN else column_type(fields[name])
            for name in sorted(self._scope.used)
        }
        return read or {EVENT_DATE: pl.Date()}

    def _bind(self, place: str) -> None:
        if not self._ids:
            return
        try:
            empty = pl.DataFrame(schema=self._read).with_row_index("pos")
            session.run(self._sql, frames={_TABLE: empty}, parameters={"on": FIRST_DAY})
        except duckdb.Error as error:
            raise session.not_bound(place=place, error=error) from error


class FileConditions:
    """Conditions over all records of a subject, as subject rules judge them. `terms` are those
    under which the public sees records of a kind."""

    def __init__(
        self,
        *,
        kinds: Mapping[str, RecordKind],
        conditions: Sequence[CaseCondition],
        terms: Mapping[str, Term],
        calendar: Calendar,
    ) -> None:
        self._ids = [one.id for one in conditions]
        classed = any(TERM_CLASS in one.when for one in conditions)
        known = {name: _classed(kind) for name, kind in kinds.items() if classed and name in terms}
        self._program = SubjectProgram(
            rules=[_as_rule(one) for one in conditions], kinds={**kinds, **known},
            calendar=calendar,
        )  # fmt: skip
        self.needed: Mapping[str, frozenset[str]] = self._program.needed
        self._classes = {
            name: (kinds[name].event_date, _release(kinds[name], terms[name]))
            for name in known
            if TERM_CLASS in self.needed.get(name, ())
        }

    def evaluate(self, records: Mapping[str, pl.DataFrame], on: dt.date) -> dict[str, Truth]:
        """What holds of one subject, by frames of its records with `subject` '' and `record`."""
        classed = {
            name: self._with_class(name, frame) if name in self._classes else frame
            for name, frame in records.items()
        }
        found = self._program.evaluate([""], classed, on)
        return {
            rule: Truth(holds=None if value is None else value == _HOLDS, until=until)
            for rule, value, until in found.select("rule", "value", "until").iter_rows()
        }

    def _with_class(self, kind: str, frame: pl.DataFrame) -> pl.DataFrame:
        event_date, program = self._classes[kind]
        dated = frame.with_columns(pl.col(event_date).alias(EVENT_DATE))
        return frame.with_columns(program.classes(dated)[TERM_CLASS])


def on_file(
    *, condition: CaseCondition, kind: RecordKind, body: Mapping[str, Any] | None
) -> CaseCondition | None:
    """A condition that is asked of the file for a record, with what the record says filled in; none
    where the record does not say it. Without a record it is filled in with anything, so that
    it can be compiled. Raises a `Refusal` for a field that the kind does not have."""
    place = f"{kind.id} {condition.id}"
    said: dict[str, str] = {}
    for name in _NAMED.findall(condition.on_file):
        field = kind.by_field.get(name)
        if field is None or rule_type(field) == "list":
            raise unlisted(place=place, token=name, allowed=", ".join(kind.by_field))
        value = _PLAIN[rule_type(field)] if body is None else _literal(field, body.get(name))
        if value is None:
            return None
        said[name] = value
    text = _NAMED.sub(lambda found: said[found[1]], condition.on_file)
    return replace(condition, when=text, on_file="", of="")


def _literal(field: Field, value: Any) -> str | None:
    if value is None:
        return None
    found = rule_type(field)
    if found == "date":
        return f"DATE '{value}'"
    if found == "flag":
        return "TRUE" if value else "FALSE"
    return str(value) if found == "number" else quoted(str(value))


def _classed(kind: RecordKind) -> RecordKind:
    """The kind with the class of its term as one more field."""
    of_term = Field(
        id=TERM_CLASS, zh="期限类别", en="Class of its term", scope="closed", level="L1"
    )
    return replace(kind, fields=(*kind.fields, of_term))


def _release(kind: RecordKind, term: Term) -> ReleaseProgram:
    declared = ReleaseKind(kind=kind.id, term=term.id)
    return ReleaseProgram(kind=kind, release_kind=declared, term=term)


def _as_rule(one: CaseCondition) -> SubjectRule:
    holds = Outcome(id=_HOLDS, zh=one.zh, en=one.en, when=one.when)
    version = RuleVersion(valid_from=FIRST_DAY, outcomes=(holds,))
    return SubjectRule(
        id=one.id, zh=one.zh, en=one.en, basis=(one.basis,), otherwise="not",
        versions=(version,), examples=(),
    )  # fmt: skip
