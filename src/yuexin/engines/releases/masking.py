"""Masks, each an expression over a column: the same for one row and for all."""

from __future__ import annotations

import polars as pl

from yuexin.base.regions import district_prefix
from yuexin.engines.declare.types import Mask


def masked(mask: Mask | str, value: pl.Expr, sole_trader: pl.Expr) -> pl.Expr:
    """`value` as a reader gets it under `mask`. An unknown mask hides the value."""
    if mask == "none":
        return value
    if mask == "id_number":
        return pl.concat_str(
            value.str.slice(0, 6), pl.lit("********"), value.str.slice(-4), ignore_nulls=False
        )
    if mask == "phone":
        return pl.concat_str(value.str.slice(0, 3), pl.lit("****"), value.str.slice(-2))
    if mask == "person_name":
        return pl.concat_str(value.str.slice(0, 1), pl.lit("**"))
    if mask == "home_address":
        at_home = pl.when(sole_trader).then(value)
        cut = at_home.map_batches(_districts, return_dtype=pl.String)
        return pl.when(sole_trader).then(cut).otherwise(value)
    return pl.lit(None, dtype=pl.String)


def _districts(addresses: pl.Series) -> pl.Series:
    cut = [None if text is None else district_prefix(text) for text in addresses.to_list()]
    return pl.Series(addresses.name, cut, dtype=pl.String)
