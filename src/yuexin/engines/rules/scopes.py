"""What names mean: the fields of one record, or the aggregates over a subject's records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from sqlglot import exp

from yuexin.engines.declare.types import Field, RecordKind
from yuexin.engines.rules.dialect import AGGREGATES, shown, unlisted
from yuexin.engines.rules.frames import rule_type
from yuexin.engines.rules.render import Typed, identifier

ON_DATE: Final = "on_date"
EVENT_DATE: Final = "event_date"
AGGREGATE_FORMS: Final = ", ".join(
    ["count(kind)", *(f"{name}(kind.field)" for name in AGGREGATES[1:]), "… FILTER (WHERE …)"]
)


class RecordScope:
    """The fields of one kind, bare in a record rule; `kind.field` and `on_date` within a FILTER.

    `event_date` stands for the field that the kind declares as its event date. `used` gathers
    the columns that are read.
    """

    def __init__(self, *, kind: RecordKind, on: str | None = None) -> None:
        self._kind = kind
        self._on = on
        self.used: set[str] = set()

    def column(self, node: exp.Column, place: str) -> Typed:
        if self._on is not None and not node.table and node.name == ON_DATE:
            return Typed(sql=self._on, type="date", steps=())
        if node.table != ("" if self._on is None else self._kind.id):
            raise unlisted(place=place, token=shown(node), allowed=self._names())
        return self._field(node, place)

    def _field(self, node: exp.Column, place: str) -> Typed:
        name, fields = node.name, self._fields
        if name == EVENT_DATE and name not in fields:
            # A record rule finds the event date in a column of its own.
            name = name if self._on is None else self._kind.event_date
            self.used.add(name)
            return Typed(sql=f"r.{identifier(name)}", type="date")
        if name not in fields:
            raise unlisted(place=place, token=shown(node), allowed=self._names())
        self.used.add(name)
        return Typed(sql=f"r.{identifier(name)}", type=rule_type(fields[name]))

    def aggregate(self, node: exp.Expr, place: str) -> Typed:
        raise unlisted(place=place, token=shown(node)[:80], allowed=self._names())

    def _names(self) -> str:
        prefix = "" if self._on is None else f"{self._kind.id}."
        return ", ".join(f"{prefix}{name}" for name in [*self._fields, EVENT_DATE])

    @property
    def _fields(self) -> Mapping[str, Field]:
        """A record rule judges a record before it is known of whom it is."""
        return self._kind.by_field if self._on is None else self._kind.readable


class Gathers(Protocol):
    """Where the aggregates of all rules come together; both answer in SQL over its columns."""

    kinds: Mapping[str, RecordKind]
    on: str

    def count(self, kind: RecordKind, where: exp.Expr | None, place: str) -> Typed: ...

    def value(
        self, call: exp.Expr, kind: RecordKind, where: exp.Expr | None, place: str
    ) -> Typed: ...


class SubjectScope:
    """`on_date` and aggregates, each over the records of one kind."""

    def __init__(self, gather: Gathers) -> None:
        self._gather = gather

    def column(self, node: exp.Column, place: str) -> Typed:
        if not node.table and node.name == ON_DATE:
            return Typed(sql=self._gather.on, type="date", steps=())
        raise unlisted(place=place, token=shown(node), allowed=f"{ON_DATE}, {AGGREGATE_FORMS}")

    def aggregate(self, node: exp.Expr, place: str) -> Typed:
        filtered = isinstance(node, exp.Filter)
        call, where = (node.this, node.expression.this) if filtered else (node, None)
        counts = isinstance(call, exp.Count)
        name = _kind_name(call.this, counts=counts)
        kind = self._gather.kinds.get(name)
        if kind is None or not isinstance(call, exp.Count | exp.Sum | exp.Min | exp.Max):
            raise unlisted(place=place, token=shown(node)[:80], allowed=AGGREGATE_FORMS)
        if counts:
            return self._gather.count(kind, where, place)
        return self._gather.value(call, kind, where, place)


def _kind_name(operand: object, *, counts: bool) -> str:
    """The kind in `count(kind)` or `sum(kind.field)`."""
    if not isinstance(operand, exp.Column) or counts == bool(operand.table):
        return ""
    return operand.name if counts else operand.table
