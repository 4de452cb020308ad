"""Shares m and u learned from pairs: u by chance, m without any truth. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from yuexin.domains.subjects.linkage.comparison import NONE
from yuexin.domains.subjects.linkage.model import prior, weighed
from yuexin.engines.declare.types import Linkage

ROUNDS, SETTLED = 40, 1e-4
# No field is trusted further: one in two hundred is wrong where nothing in the trial was.
LEAST_M = 0.005

Shares = dict[tuple[str, str], float]
"""By field and level."""


def by_chance(*, levels: pl.DataFrame, model: Linkage) -> Shares:
    """Of random pairs, the share that agrees so."""
    shares: Shares = {}
    for field in model.compared:
        told = levels.filter(pl.col(field.id) != NONE)[field.id].value_counts()
        counts, total = dict(told.iter_rows()), told["count"].sum()
        for level in field.levels:
            shares[field.id, level.id] = (counts.get(level.id, 0) + 0.5) / (total + 1)
    return shares


def others_expected(texts: pl.Series) -> float:
    """How many others bear a text that one is known to bear, by the rule of Good and Turing: twice
    the texts that two bear, over the texts that one bears."""
    times = Counter(texts.value_counts()["count"].to_list())
    return 2 * times[2] / max(1, times[1])


def settled(
    *, levels: pl.DataFrame, model: Linkage, subjects: int, fields: Iterable[str]
) -> Linkage:
    """The model with the shares m under which the pairs are likeliest, each mention being one of
    its candidates or none. `levels` as `weighed` takes them, with `mention` and `subject`."""
    names = tuple(fields)
    for _ in range(ROUNDS):
        shares = _maximised(_responsible(levels, model, subjects, names), model)
        moved = max(
            abs(shares[field.id, level.id] - level.m)
            for field in model.compared
            for level in field.levels
        )
        model = with_shares(model, m=shares)
        if moved < SETTLED:
            break
    return model


def _responsible(
    levels: pl.DataFrame, model: Linkage, subjects: int, fields: tuple[str, ...]
) -> pl.DataFrame:
    """How likely each pair is the one of its mention, under the weights of now."""
    bits = [f"bits_{field}" for field in fields]
    scored = weighed(levels, model, fields=fields, subjects=subjects).with_columns(
        odds=2 ** (pl.sum_horizontal(bits) + prior(subjects)).clip(-60, 60)
    )
    best = scored.sort("odds", descending=True).unique(["mention", "subject"], keep="first")
    return best.with_columns(share=pl.col("odds") / (1 + pl.col("odds").sum().over("mention")))


def _maximised(pairs: pl.DataFrame, model: Linkage) -> Shares:
    shares: Shares = {}
    for field in model.compared:
        told = pairs.filter(pl.col(field.id) != NONE).group_by(field.id).agg(pl.col("share").sum())
        weights = dict(told.iter_rows())
        total = sum(weights.values()) + 1
        for level in field.levels:
            share = (weights.get(level.id, 0) + 0.2) / total
            shares[field.id, level.id] = min(1.0, max(LEAST_M, share))
    return shares


def with_shares(model: Linkage, *, m: Shares | None = None, u: Shares | None = None) -> Linkage:
    """The model with these shares in the place of its own."""
    compared = tuple(
        replace(
            field,
            levels=tuple(
                replace(
                    level,
                    m=(m or {}).get((field.id, level.id), level.m),
                    u=(u or {}).get((field.id, level.id), level.u),
                )
                for level in field.levels
            ),
        )
        for field in model.compared
    )
    return replace(model, compared=compared)
