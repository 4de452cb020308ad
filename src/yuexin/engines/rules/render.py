"""Writes a parsed expression anew as DuckDB SQL, with every operand's type checked.

Nothing of the original text reaches the database: names come from the scope, texts and numbers are
written again, everything else is a form that stands in this file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, cast

from sqlglot import exp

from yuexin.base.dates import Calendar
from yuexin.base.text import Text
from yuexin.engines.rules import clock, duedays
from yuexin.engines.rules.dialect import UNITS, refused, shown, unlisted

Type = Literal["text", "number", "date", "flag", "list"]

MAX_SQL: Final = 50_000
_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_FACTOR: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPERATORS: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_MIRRORED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CALLS: Final[dict[type[exp.Expr], tuple[str, tuple[Type, ...], Type]]] = {
    exp.ArrayContains: ("list_contains", ("list", "text"), "flag"),
    exp.ArrayToString: ("array_to_string", ("list", "text"), "text"),
    exp.StartsWith: ("starts_with", ("text", "text"), "flag"),
    exp.Contains: ("contains", ("text", "text"), "flag"),
    exp.Lower: ("lower", ("text",), "text"),
}
# Wide enough for any sum of money that exists, so that no row of data can make a rule overflow.
_WIDE: Final = "DECIMAL(34, 4)"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """SQL of one checked node.

    `steps` is set where the node is the clock, `low` and `high` where it is a count that unknown
    records leave open between two numbers; `sql` is then NULL.
    """

    sql: str
    type: Type
    constant: bool = False
    product: bool = False
    steps: tuple[clock.Step, ...] | None = None
    low: str = ""
    high: str = ""


class Scope(Protocol):
    """What names and aggregates mean where an expression stands."""

    def column(self, node: exp.Column, place: str) -> Typed: ...

    def aggregate(self, node: exp.Expr, place: str) -> Typed: ...


def quoted(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name that is only ever a name."""
    return '"' + name.replace('"', '""') + '"'


class Renderer:
    """Renders nodes of one expression; `flips` gathers the days on which time changes a truth.

    Days on which a period ends (`due_on`) are known by a `calendar` only.
    """

    def __init__(self, *, scope: Scope, place: str, calendar: Calendar | None = None) -> None:
        self._scope = scope
        self._place = place
        self._calendar = calendar
        self.flips: list[str] = []

    def condition(self, node: exp.Expr) -> str:
        """The SQL of a truth."""
        return self._of(node, "flag").sql

    def render(self, node: exp.Expr) -> Typed:
        """The SQL and type of any listed node."""
        typed = self._dispatch(node)
        if len(typed.sql) + sum(map(len, self.flips)) > MAX_SQL:
            raise refused(
                place=self._place,
                what=Text("表达式展开后过长", "the expression grows too long when written out"),
                remedy=Text("拆分或简化", "split it or make it simpler"),
            )
        return typed

    def _dispatch(self, node: exp.Expr) -> Typed:
        if operator := _OPERATORS.get(type(node)):
            left, right = self.render(node.this), self.render(node.expression)
            return self._compare(operator, left, right, node)
        if call := _CALLS.get(type(node)):
            return self._call(node, *call)
        if handler := _HANDLERS.get(type(node)):
            return handler(self, node)
        raise unlisted(place=self._place, token=shown(node)[:80])

    def _of(self, node: exp.Expr, *types: Type) -> Typed:
        typed = self.render(node)
        if typed.steps is not None:
            raise self._unsolved(node)
        if typed.type not in types:
            raise self._mismatch(node, " / ".join(types), typed.type)
        return typed

    def _connector(self, node: exp.Expr) -> Typed:
        word = " AND " if isinstance(node, exp.And) else " OR "
        parts = [self.condition(part) for part in node.flatten()]
        return Typed(sql=f"({word.join(parts)})", type="flag")

    def _not(self, node: exp.Expr) -> Typed:
        return Typed(sql=f"(NOT {self.condition(node.this)})", type="flag")

    def _paren(self, node: exp.Expr) -> Typed:
        return self.render(node.this)

    def _between(self, node: exp.Expr) -> Typed:
        value = self.render(node.this)
        low = self._compare(">=", value, self.render(node.args["low"]), node)
        high = self._compare("<=", value, self.render(node.args["high"]), node)
        return Typed(sql=f"({low.sql} AND {high.sql})", type="flag")

    def _compare(self, operator: str, left: Typed, right: Typed, node: exp.Expr) -> Typed:
        ordered = operator not in ("=", "<>")
        if left.type != right.type:
            raise self._mismatch(node, left.type, right.type)
        if left.type == "list" or (ordered and left.type not in ("number", "date")):
            raise self._mismatch(node, "number / date", left.type)
        self._note_flips(operator, left, right, node)
        if bool(left.low) != bool(right.low):
            return _compare_open(operator, left, right)
        return Typed(sql=f"({left.sql} {operator} {right.sql})", type="flag")

    def _note_flips(self, operator: str, left: Typed, right: Typed, node: exp.Expr) -> None:
        if left.steps is not None and right.steps is not None:
            raise self._unsolved(node)
        if left.steps is not None:
            self.flips += clock.flips(operator, left.steps, right.sql)
        elif right.steps is not None:
            self.flips += clock.flips(_MIRRORED[operator], right.steps, left.sql)

    def _in(self, node: exp.Expr) -> Typed:
        value = self._of(node.this, "text", "number", "date")
        items = [self._of(item, value.type) for item in node.expressions]
        if not items or not all(item.constant for item in items):
            raise unlisted(place=self._place, token=shown(node)[:80], allowed="IN ('a', 'b')")
        return Typed(sql=f"({value.sql} IN ({_listed(items)}))", type="flag")

    def _is(self, node: exp.Expr) -> Typed:
        if isinstance(node.expression, exp.Null):
            value = self._of(node.this, "text", "number", "date", "flag", "list")
            return Typed(sql=f"({value.sql} IS NULL)", type="flag")
        if isinstance(node.expression, exp.Boolean):
            truth = self.render(node.expression).sql
            return Typed(sql=f"({self.condition(node.this)} IS {truth})", type="flag")
        allowed = "IS NULL, IS TRUE, IS FALSE"
        raise unlisted(place=self._place, token=shown(node)[:80], allowed=allowed)

    def _sum(self, node: exp.Expr) -> Typed:
        sign: clock.Sign = "+" if isinstance(node, exp.Add) else "-"
        if isinstance(node.expression, exp.Interval):
            return self._moved(node, sign)
        left, right = self._of(node.this, "number"), self._of(node.expression, "number")
        product = left.product or right.product
        return Typed(sql=f"({_wide(left)} {sign} {_wide(right)})", type="number", product=product)

    def _moved(self, node: exp.Expr, sign: clock.Sign) -> Typed:
        day, step = self.render(node.this), self._step(node.expression, sign)
        if day.type != "date":
            raise self._mismatch(node, "date", day.type)
        sql = clock.moved(day.sql, step)
        if day.steps is None:
            return Typed(sql=sql, type="date")
        if len(day.steps) == clock.MAX_STEPS:
            raise self._unsolved(node)
        return Typed(sql=sql, type="date", steps=(*day.steps, step))

    def _step(self, node: exp.Expr, sign: clock.Sign) -> clock.Step:
        amount, unit = node.this, node.args.get("unit")
        word = unit.name.upper().removesuffix("S") if isinstance(unit, exp.Var) else ""
        plain = isinstance(amount, exp.Literal) and amount.name.isascii() and amount.name.isdigit()
        if word not in UNITS or not plain or int(amount.name) > clock.MAX_AMOUNT:
            allowed = f"INTERVAL n DAY|MONTH|YEAR, n <= {clock.MAX_AMOUNT}"
            raise unlisted(place=self._place, token=shown(node), allowed=allowed)
        return clock.Step(sign=sign, amount=int(amount.name), unit=cast(clock.Unit, word))

    def _product(self, node: exp.Expr) -> Typed:
        left, right = self._of(node.this, "number"), self._of(node.expression, "number")
        if left.constant:
            left, right = right, left
        if left.product or not right.constant or not _FACTOR.fullmatch(right.sql):
            allowed = "amount * 1.5 (<= 9999)"
            raise unlisted(place=self._place, token=shown(node)[:80], allowed=allowed)
        return Typed(sql=f"({_wide(left)} * {right.sql})", type="number", product=True)

    def _literal(self, node: exp.Expr) -> Typed:
        if node.args["is_string"]:
            return Typed(sql=quoted(node.name), type="text", constant=True)
        if not _NUMBER.fullmatch(node.name):
            raise unlisted(place=self._place, token=node.name, allowed="1000000, 0.5, 123.4567")
        return Typed(sql=node.name, type="number", constant=True)

    def _negative(self, node: exp.Expr) -> Typed:
        if not isinstance(node.this, exp.Literal):
            raise unlisted(place=self._place, token=shown(node)[:80], allowed="-1.5")
        return Typed(sql=f"(-{self._of(node.this, 'number').sql})", type="number", constant=True)

    def _boolean(self, node: exp.Expr) -> Typed:
        return Typed(sql="TRUE" if node.this else "FALSE", type="flag", constant=True)

    def _date(self, node: exp.Expr) -> Typed:
        text, to = node.this, node.args["to"]
        known = isinstance(text, exp.Literal) and text.is_string and to.this is exp.DType.DATE
        if not known or not _is_date(text.name):
            raise unlisted(place=self._place, token=shown(node)[:80], allowed="DATE '2026-04-01'")
        return Typed(sql=f"DATE '{text.name}'", type="date", constant=True)

    def _array(self, node: exp.Expr) -> Typed:
        items = [self._of(item, "text") for item in node.expressions]
        if not items or not all(item.constant for item in items):
            raise unlisted(place=self._place, token=shown(node)[:80], allowed="['a', 'b']")
        return Typed(sql=f"[{_listed(items)}]", type="list", constant=True)

    def _length(self, node: exp.Expr) -> Typed:
        return Typed(sql=f"length({self._of(node.this, 'text', 'list').sql})", type="number")

    def _call(self, node: exp.Expr, name: str, types: Sequence[Type], result: Type) -> Typed:
        operands = [node.this, node.expression][: len(types)]
        values = [self._of(operand, kind) for operand, kind in zip(operands, types, strict=True)]
        return Typed(sql=f"{name}({_listed(values)})", type=result)

    def _has_any(self, node: exp.Expr) -> Typed:
        first, second = self._of(node.this, "list"), self._of(node.expression, "list")
        if not second.constant:
            return Typed(sql=f"list_has_any({first.sql}, {second.sql})", type="flag")
        # The same, and six times as fast.
        items = [self._of(item, "text") for item in node.expression.unnest().expressions]
        found = " OR ".join(f"list_contains({first.sql}, {item.sql})" for item in items)
        return Typed(sql=f"({found})", type="flag")

    def _year(self, node: exp.Expr) -> Typed:
        return Typed(sql=f"year({self._of(node.this, 'date').sql})", type="number")

    def _named(self, node: exp.Expr) -> Typed:
        return self._due_on(node) if node.name.lower() == "due_on" else self._has_all(node)

    def _due_on(self, node: exp.Expr) -> Typed:
        """`due_on(year, 6, 30)`: that day of the year, or the working day after it."""
        plain = [one.name for one in node.expressions[1:] if isinstance(one, exp.Literal)]
        if self._calendar is None or len(node.expressions) != 3 or not duedays.is_day(plain):
            allowed = "due_on(year, 6, 30)"
            raise unlisted(place=self._place, token=shown(node)[:80], allowed=allowed)
        year = self._of(node.expressions[0], "number").sql
        month, day = (int(one) for one in plain)
        sql = duedays.due_on(calendar=self._calendar, year=year, month=month, day=day)
        return Typed(sql=sql, type="date")

    def _has_all(self, node: exp.Expr) -> Typed:
        if len(node.expressions) != 2:
            allowed = "list_has_all(list, list)"
            raise unlisted(place=self._place, token=shown(node)[:80], allowed=allowed)
        first, second = (self._of(item, "list") for item in node.expressions)
        return Typed(sql=f"list_has_all({first.sql}, {second.sql})", type="flag")

    def _coalesce(self, node: exp.Expr) -> Typed:
        values = self._alike(node, "text", "number", "date", "flag")
        product = any(value.product for value in values)
        return Typed(sql=f"coalesce({_listed(values)})", type=values[0].type, product=product)

    def _extreme(self, node: exp.Expr) -> Typed:
        # DuckDB's own pass over NULL: the least of 5 and an unknown number is unknown.
        name = "least" if isinstance(node, exp.Least) else "greatest"
        values = self._alike(node, "number", "date")
        known = " AND ".join(f"{value.sql} IS NOT NULL" for value in values)
        sql = f"CASE WHEN {known} THEN {name}({_listed(values)}) END"
        product = any(value.product for value in values)
        return Typed(sql=f"({sql})", type=values[0].type, product=product)

    def _alike(self, node: exp.Expr, *types: Type) -> list[Typed]:
        first = self._of(node.this, *types)
        return [first, *(self._of(item, first.type) for item in node.expressions)]

    def _column(self, node: exp.Expr) -> Typed:
        return self._scope.column(cast(exp.Column, node), self._place)

    def _aggregate(self, node: exp.Expr) -> Typed:
        return self._scope.aggregate(node, self._place)

    def _mismatch(self, node: exp.Expr, wanted: str, found: str) -> Exception:
        token = shown(node)[:80]
        return refused(
            place=self._place,
            what=Text(f"“{token}”类型不符：{found}", f"the types do not fit in “{token}”: {found}"),
            remedy=Text(
                f"应为：{wanted}；日期写作 DATE '2026-04-01'",
                f"it must be: {wanted}; a date is written DATE '2026-04-01'",
            ),
        )

    def _unsolved(self, node: exp.Expr) -> Exception:
        return refused(
            place=self._place,
            what=Text(
                f"无法求出“{shown(node)[:80]}”在哪一天改变",
                f"the day on which “{shown(node)[:80]}” changes cannot be solved",
            ),
            remedy=Text(
                "on_date 只能单独在比较的一边，加减至多三个 INTERVAL",
                "let on_date, ± at most three INTERVALs, be one side of a comparison",
            ),
        )


_HANDLERS: Final[dict[type[exp.Expr], Callable[[Renderer, exp.Expr], Typed]]] = {
    **dict.fromkeys((exp.And, exp.Or), Renderer._connector),
    **dict.fromkeys((exp.Add, exp.Sub), Renderer._sum),
    **dict.fromkeys((exp.Least, exp.Greatest), Renderer._extreme),
    **dict.fromkeys((exp.Filter, exp.Count, exp.Sum, exp.Min, exp.Max), Renderer._aggregate),
    exp.Not: Renderer._not,
    exp.Paren: Renderer._paren,
    exp.Between: Renderer._between,
    exp.In: Renderer._in,
    exp.Is: Renderer._is,
    exp.Mul: Renderer._product,
    exp.Literal: Renderer._literal,
    exp.Neg: Renderer._negative,
    exp.Boolean: Renderer._boolean,
    exp.Cast: Renderer._date,
    exp.Array: Renderer._array,
    exp.ArrayOverlaps: Renderer._has_any,
    exp.Anonymous: Renderer._named,
    exp.Year: Renderer._year,
    exp.Length: Renderer._length,
    exp.Coalesce: Renderer._coalesce,
    exp.Column: Renderer._column,
}


def _compare_open(operator: str, left: Typed, right: Typed) -> Typed:
    """Compare a count between two numbers: true or false where both ends agree, else unknown."""
    if operator in ("=", "<>"):
        both = [_compare_open(sign, left, right).sql for sign in (">=", "<=")]
        equal = f"({both[0]} AND {both[1]})"
        return Typed(sql=equal if operator == "=" else f"(NOT {equal})", type="flag")
    low = f"({left.low or left.sql} {operator} {right.low or right.sql})"
    high = f"({left.high or left.sql} {operator} {right.high or right.sql})"
    return Typed(sql=f"(CASE WHEN {low} = {high} THEN {low} END)", type="flag")


def _wide(value: Typed) -> str:
    return value.sql if value.constant else f"CAST({value.sql} AS {_WIDE})"


def _listed(values: Sequence[Typed]) -> str:
    return ", ".join(value.sql for value in values)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
