"""Masks, each an expression over a column: the same for one row and for all."""

from __future__ import annotations

import polars as pl

from yuexin.base import codes
from yuexin.base.codes.contacts import MOBILE_HEAD
from yuexin.base.regions import district_prefix
from yuexin.engines.access.types import FieldDecision
from yuexin.engines.declare.types import Mask, RecordKind

# Alone among digits and Latin letters; Chinese text needs no space around a number.
MOBILE_ALONE = (
    rf"(?-u:\b)(?:86|0)?({MOBILE_HEAD})[ -]?[0-9]{{4}}[ -]?[0-9]{{2}}([0-9]{{2}})(?-u:\b)"
)
# What may be a telephone number written in full width.
WIDE_NUMBER = "[０-９]{11}"
AT_HOME = frozenset({"home_address", "hidden_at_home"})
PROSE = frozenset({"text", "phone"})


def without_id_numbers(text: pl.Expr) -> pl.Expr:
    """Prose in which no citizen identity number can be read."""
    return text.map_batches(_numbers_hidden, return_dtype=pl.String)


def without_mobiles(text: pl.Expr) -> pl.Expr:
    """Prose in which no mobile telephone number can be read."""
    return _narrow(text).str.replace_all(MOBILE_ALONE, "${1}****${2}")


def _narrow(text: pl.Expr) -> pl.Expr:
    """Prose with long numbers of full width written as others are."""
    wide = text.str.contains(WIDE_NUMBER)
    return pl.when(wide).then(text.str.replace_many(codes.FULL_WIDTH)).otherwise(text)


def _numbers_hidden(texts: pl.Series) -> pl.Series:
    suspect = texts.str.contains(codes.MAY_HOLD_ID).fill_null(value=False)
    if not suspect.any():
        return texts
    hidden = [codes.without_id_numbers(text) for text in texts.filter(suspect)]
    return texts.clone().scatter(suspect.arg_true(), hidden)


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
    if mask == "hidden_at_home":
        return pl.when(~sole_trader).then(value)
    if mask == "home_address":
        at_home = pl.when(sole_trader).then(value)
        cut = at_home.map_batches(_districts, return_dtype=pl.String)
        return pl.when(sole_trader).then(cut).otherwise(value)
    return pl.lit(None, dtype=pl.String)


def as_public(*, kind: RecordKind, item: FieldDecision, at_home: bool) -> pl.Expr:
    """The column of a field as the public gets it, of whoever does business from home or not. A
    mobile number is a person's, whoever gave it."""
    name = item.field
    away = item.mask in AT_HOME and not at_home
    value = masked("none" if away else item.mask, pl.col(name), pl.lit(value=at_home))
    if item.when:
        value = pl.when(pl.col(item.when)).then(value)
    if kind.by_field[name].type in PROSE and name not in kind.key:
        value = without_mobiles(value)
    return value.alias(name)


def _districts(addresses: pl.Series) -> pl.Series:
    cut = [None if text is None else district_prefix(text) for text in addresses.to_list()]
    return pl.Series(addresses.name, cut, dtype=pl.String)
