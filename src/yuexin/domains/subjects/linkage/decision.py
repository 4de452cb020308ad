"""What follows from candidates: link, ask a person, or nothing. Pure.

Law 5: a valid code is evidence, not proof; a name alone never merges, however rare it is.
"""

from __future__ import annotations

import polars as pl

from yuexin.domains.subjects.linkage.model import Model
from yuexin.engines.declare.types import Linkage

DECIDED = {
    "mention": pl.String,
    "verdict": pl.String,
    "subject": pl.String,
    "weight": pl.Float64,
    "margin": pl.Float64,
    "why": pl.String,
}
AGREES = ("whole", "same", "spelled", "typed", "shortened")
NO_RIVAL = 60.0


def _level(field: str) -> pl.Expr:
    return pl.col("levels").struct.field(field)


def _is(field: str, *levels: str) -> pl.Expr:
    return _level(field).is_in(levels)


def _numbered() -> pl.Expr:
    return _is("code", "same", "slip") | _is("number", "same")


def _well_named() -> pl.Expr:
    """The name agrees in all its parts, the region and the form maybe left out."""
    fits = ~_is("region", "other") & ~_is("form", "other") & ~_is("branch", "one", "other")
    return _is("name", *AGREES) & fits


def _wholly_named() -> pl.Expr:
    """The same name in all its parts, and not on a day before or after it."""
    return _is("name", "whole") & ~_is("borne", "before", "after")


def _contradicted() -> pl.Expr:
    """What speaks outright against the pair."""
    elsewhere = _is("place", "other_city", "other_office")
    return (
        _is("code", "other_known", "other_valid")
        | _is("number", "other_known")
        | _is("established", "other")
        | (_is("person", "other") & elsewhere)
    )


def _pieces() -> pl.Expr:
    """How many independent pieces agree. An office's city counts beside a whole name only."""
    agree = (
        _numbered() | _is("code", "inside"),
        _well_named(),
        _is("person", "same", "spelled"),
        _is("place", "city") | (_is("place", "office") & _wholly_named()),
        _is("address", "same", "near"),
        _is("phone", "same"),
        _is("established", "same"),
    )
    return pl.sum_horizontal(piece.cast(pl.Int8) for piece in agree)


def _told_apart() -> pl.Expr:
    """A name that only comes near needs more than a place: firms of one owner bear like names."""
    firm = _is("address", "same", "near") & _is("person", "same", "spelled")
    # 深圳市中海 and 中海(深圳) are two names under the law.
    named = _is("name", "whole", "same") & ~_is("region", "turned")
    named &= ~_is("borne", "before", "after")
    return named | _numbered() | _is("established", "same") | firm


def decide(*, candidates: pl.DataFrame, model: Model) -> pl.DataFrame:
    """One row for each mention that has candidates: its verdict, the best subject, and why.

    A subject is named with `link` and `ask`. `margin` is how far the best is ahead of the
    others.
    """
    if candidates.is_empty():
        return pl.DataFrame(schema=DECIDED)
    # Old names are used on for years: when a name was borne orders its bearers and decides nothing.
    timeless = pl.col("weight") - pl.col("weights").struct.field("borne")
    first = (
        candidates.with_columns(timeless=timeless)
        .group_by("mention", maintain_order=True)
        .agg(
            pl.all().first(),
            margin=pl.col("timeless").first() - pl.col("timeless").slice(1).max(),
        )
    )
    first = first.with_columns(pl.col("margin").fill_null(NO_RIVAL), why=_why(model.declared))
    # One brand in another trade is another firm, unless more than the place agrees.
    worth = (pl.col("weight") >= model.declared.ask_at) & (_well_named() | (_pieces() >= 2))
    ask = worth | _is("code", "same")
    verdict = (
        pl.when(pl.col("why") == "")
        .then(pl.lit("link"))
        .when(ask & ~_is("code", "other_valid"))
        .then(pl.lit("ask"))
        .otherwise(pl.lit("none"))
    )
    return first.with_columns(verdict=verdict).select(
        "mention",
        "verdict",
        pl.when(pl.col("verdict") != "none").then("subject").alias("subject"),
        "weight",
        "margin",
        "why",
    )


def _why(model: Linkage) -> pl.Expr:
    """The first reason not to link, or nothing."""
    named = _well_named() | _is("name", "none")
    reasons = (
        ("contradicted", _contradicted()),
        ("name_differs", ~named),
        ("light", pl.col("weight") < model.link_at),
        ("rival", pl.col("margin") < model.margin),
        ("single", _pieces() < 2),
        ("not_exact", ~_told_apart()),
    )
    found = pl.lit("")
    for reason, holds in reversed(reasons):
        found = pl.when(holds).then(pl.lit(reason)).otherwise(found)
    return found
