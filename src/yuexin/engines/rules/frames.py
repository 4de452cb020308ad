"""The frames that rules read: one column for each field, typed by the field's declared type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from yuexin.engines.declare.types import SOLE_TRADER, Field, RecordKind
from yuexin.engines.rules.render import Type

MONEY: Final = pl.Decimal(20, 4)
LIST_SEPARATOR: Final = ";"
_TYPES: Final[dict[str, Type]] = {
    "date": "date",
    "open_date": "date",
    "money_wan": "number",
    "money_text": "number",
    "decimal": "number",
    "integer": "number",
    "flag": "flag",
}


def rule_type(field: Field) -> Type:
    """What an expression may do with a field."""
    return "list" if field.many else _TYPES.get(field.type, "text")


def column_type(field: Field) -> pl.DataType:
    """The column a field becomes."""
    if field.many:
        return pl.List(pl.String)
    if field.type == "integer":
        return pl.Int64()
    types: dict[Type, pl.DataType] = {"date": pl.Date(), "number": MONEY, "flag": pl.Boolean()}
    return types.get(rule_type(field), pl.String())


def frame_schema(kind: RecordKind) -> dict[str, pl.DataType]:
    """The columns of a kind's fields."""
    return {field.id: column_type(field) for field in kind.fields}


def narrowed(frame: pl.DataFrame, columns: Mapping[str, pl.DataType], *, what: str) -> pl.DataFrame:
    """The frame with these columns only. Raises `ValueError` where one is missing or mistyped.

    A list that came as text would otherwise contain nothing, and nobody would notice. A list of
    which one element is unknown is unknown: DuckDB's functions would pass over the element.
    """
    for name, dtype in columns.items():
        found = frame.schema.get(name)
        if found != dtype:
            raise ValueError(f"{what}: column {name!r} must be {dtype}, not {found or 'missing'}")
    lists = [pl.col(name) for name, dtype in columns.items() if dtype == pl.List]
    whole = [pl.when(~column.list.contains(None)).then(column) for column in lists]
    return frame.select(*columns).with_columns(whole)


def text_frame(kind: RecordKind, rows: Iterable[Mapping[str, str]]) -> pl.DataFrame:
    """Rows of text as a typed frame, for worked examples: what is empty or absent is NULL.

    Dates as 2026-04-01, flags as true or false, several values with `;` between them. They are
    about a sole trader where they say so.
    """
    given = [{name: value for name, value in row.items() if value} for row in rows]
    raw = pl.DataFrame(given, schema=dict.fromkeys(kind.readable, pl.String()))
    told = raw.with_columns(pl.col(SOLE_TRADER.id).fill_null("false"))
    return told.select(_typed(field) for field in kind.readable.values())


def _typed(field: Field) -> pl.Expr:
    column = pl.col(field.id)
    if field.many:
        return column.str.split(LIST_SEPARATOR)
    if rule_type(field) == "date":
        return column.str.to_date("%Y-%m-%d")
    if rule_type(field) == "flag":
        return column.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean())
    return column.cast(column_type(field))
