"""Scored pairs per second, against Splink 5 on DuckDB: the same pairs and the same fields, from
frames with their parts at hand to a weight for each pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from splink import Linker, SettingsCreator, block_on
from splink import comparison_library as compare_by
from splink.backends.duckdb import DuckDBAPI

from bench import mentions
from bench.figure import Figure, paired
from bench.register import register_file
from yuexin.base.text import normalise_name
from yuexin.domains.subjects.linkage import comparison as compare
from yuexin.domains.subjects.linkage.model import Model, weighed
from yuexin.engines.declare.queries import current

LEFT, ROUNDS = 4_000, 3
COMPARED = ("name", "region", "form", "branch", "place", "established", "address")
SIDES = (
    "folded",
    "turned",
    "stem",
    "sound",
    "telling",
    "brand",
    "trade",
    "region",
    "county",
    "form",
    "branch",
)


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Rows on the left, the register on the right; pairs are those of one block."""

    left: pl.DataFrame
    right: pl.DataFrame


def figures() -> Iterator[Figure]:
    sides, model = _sides(), Model.of(current())
    count = sides.left.join(sides.right, on="block").height
    mine, theirs = paired(lambda: _ours(sides, model), lambda: _splink(sides), rounds=ROUNDS)
    yield Figure(
        name="pairs",
        value=count / mine,
        unit="pairs/s",
        reference=f"Splink 5 on DuckDB, the same pairs: {count / theirs:.0f} pairs/s",
        ratio=theirs / mine,
        detail={"pairs": count, "seconds": round(mine, 2), "theirs": round(theirs, 2)},
    )


def _sides() -> Sides:
    """The register, and as many of its own rows as make some hundred thousand pairs, blocked by
    city and the first character of the brand."""
    model = Model.of(current())
    rows = mentions.register_rows(register_file())
    frame = pl.DataFrame(
        {
            "key": [normalise_name(row["企业名称"]) for row in rows],
            "city": [row["地区"] for row in rows],
            "established": pl.Series([row["注册日期"] for row in rows]).str.to_date(),
            "address": compare.plain_address(pl.Series([row["注册地址"] for row in rows])),
        }
    )
    told = compare.told(frame["key"], model.trades)
    whole = frame.join(told, on="key").with_columns(
        block=pl.col("city") + pl.col("stem").str.slice(0, 1),
        unique_id=pl.int_range(pl.len()).cast(pl.String),
    )
    left = whole.sample(LEFT, seed=1)
    return Sides(left=left, right=whole.unique("key", maintain_order=True))


def _ours(sides: Sides, model: Model) -> float:
    right = sides.right.rename({name: f"{name}_s" for name in (*SIDES, "city", "address")})
    right = right.select(
        "block", *(f"{name}_s" for name in (*SIDES, "city", "address")), est_date="established"
    )
    pairs = sides.left.with_columns(agency_city=pl.lit("")).join(right, on="block")
    levels = compare.names(pairs).with_columns(
        pairs.select(place=compare.place(), established=compare.established()),
        address=compare.addresses(pairs["address"], pairs["address_s"]),
        whole_count=1, core_count=1, brand_count=1,
    )  # fmt: skip
    scored = weighed(levels, model.declared, fields=COMPARED, subjects=len(sides.right))
    weights = scored.select(pl.sum_horizontal(pl.col(f"bits_{field}") for field in COMPARED))
    return float(weights.to_series().sum())


def _splink(sides: Sides) -> int:
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare_by.DamerauLevenshteinAtThresholds("stem", [1, 2]),
            compare_by.ExactMatch("sound"),
            compare_by.ExactMatch("brand"),
            compare_by.ExactMatch("trade"),
            compare_by.ExactMatch("region"),
            compare_by.ExactMatch("county"),
            compare_by.ExactMatch("form"),
            compare_by.ExactMatch("branch"),
            compare_by.ExactMatch("city"),
            compare_by.AbsoluteDateDifferenceAtThresholds(
                "established", input_is_string=False, metrics=["day"], thresholds=[31]
            ),
            compare_by.JaroWinklerAtThresholds("address", [0.85]),
        ],
        blocking_rules_to_generate_predictions=[block_on("block")],
        retain_matching_columns=False,
    )
    database = DuckDBAPI()
    tables = [
        database.register(side.to_arrow(), dataset_display_name=name)
        for name, side in (("mine", sides.left), ("theirs", sides.right))
    ]
    linker = Linker(tables, settings, log_level="ERROR")
    return len(linker.inference.predict().as_duckdbpyrelation())
