"""How the fields of a stored body come back as typed columns."""

from __future__ import annotations

import polars as pl


def typed(text: pl.Expr, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """A field as text (`body->>'field'`) in its own type; lists are JSON."""
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d")
    if dtype == pl.List(pl.String):
        return text.str.json_decode(pl.List(pl.String))
    return text == "true" if dtype == pl.Boolean else text.cast(dtype)
