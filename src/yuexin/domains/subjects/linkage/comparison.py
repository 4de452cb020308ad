"""To which degree a row and a subject agree, field by field. Pure; a frame of pairs at a time.

Lengths and distances are those of characters, never of bytes. Each field gives the id of a level
that `declarations/linkage/` weighs; NONE where one side says nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from yuexin.base.hanzi import look_alike
from yuexin.base.regions import PROVINCE
from yuexin.domains.subjects.linkage.parts import brands, cores, folded, parts, regions, sounds

NONE: Final = "none"
# 第一建筑 and 第二建筑 are two firms, whoever mistypes; so are 东方 and 西方.
_TELLING: Final = "[^0-9一二三四五六七八九十甲乙丙丁东西南北]"
_LONG_ENOUGH: Final = 4
_NEAR_FROM: Final = 6
_ADDRESS_NEAR: Final = 0.75
_ADDRESS_LONG: Final = 6
_DAYS_NEAR: Final = 31


def told(keys: pl.Series, trades: tuple[str, ...]) -> pl.DataFrame:
    """What is compared of each distinct name: one row for each key, `stem` being its core without
    the branch.
    """
    distinct = keys.drop_nulls().unique().sort().alias("key")
    apart = parts(distinct)
    core = cores(distinct)["core"]
    bare = pl.DataFrame({"core": core, "branch": apart["branch"]}).select(
        stem=pl.col("core").str.strip_suffix(pl.col("branch"))
    )["stem"]
    return (
        pl.DataFrame(
            {
                "key": distinct,
                "folded": folded(distinct),
                "turned": apart["place"] != "",
                "core": core,
                "stem": bare,
                "sound": sounds(bare),
                "telling": bare.str.replace_all(_TELLING, ""),
                "whole_sound": sounds(core),
                "branch": apart["branch"],
                "form": apart["form"].str.replace("有限责任", "有限", literal=True),
            }
        )
        .hstack(regions(apart))
        .hstack(brands(bare, trades))
    )


def names(pairs: pl.DataFrame) -> pl.DataFrame:
    """Levels of name, region, form and branch for columns of `told` on both sides, the subject's
    with `_s` behind.
    """
    distance = _distances(pairs["stem"], pairs["stem_s"])
    spelled = _spelled(pairs, distance)
    levels = pairs.with_columns(distance=distance, spelled=spelled, within=_within(pairs)).select(
        name=_name(), region=_region(), form=_form(), branch=_branch()
    )
    whole = (pl.col("name") == "same") & (pairs["folded"] == pairs["folded_s"])
    return levels.with_columns(name=pl.when(whole).then(pl.lit("whole")).otherwise("name"))


def _distances(one: pl.Series, other: pl.Series) -> pl.Series:
    found = cpdist(one.to_list(), other.to_list(), scorer=OSA.distance, dtype=np.uint8)
    return pl.Series("distance", found)


def _spelled(pairs: pl.DataFrame, distance: pl.Series) -> pl.Series:
    """Whether two stems sound alike, or differ in one character that looks alike."""
    alike = pairs["sound"] == pairs["sound_s"]
    length = pairs["stem"].str.len_chars()
    one = (distance == 1) & (length == pairs["stem_s"].str.len_chars()) & ~alike
    places = one.arg_true()
    texts = zip(pairs["stem"].gather(places), pairs["stem_s"].gather(places), strict=True)
    seen = [any(a != b and look_alike(a, b) for a, b in zip(*text, strict=True)) for text in texts]
    alike = alike.clone()
    return alike.scatter(places.filter(pl.Series(seen, dtype=pl.Boolean)), True)


def _within(pairs: pl.DataFrame) -> pl.Series:
    """Whether one trade of two names of one brand is part of the other."""
    places = (pairs["brand"] == pairs["brand_s"]).arg_true()
    texts = zip(pairs["trade"].gather(places), pairs["trade_s"].gather(places), strict=True)
    seen = [one in other or other in one for one, other in texts]
    within = pl.repeat(False, len(pairs), eager=True)
    return within.scatter(places.filter(pl.Series(seen, dtype=pl.Boolean)), True)


def _name() -> pl.Expr:
    stem, other = pl.col("stem"), pl.col("stem_s")
    brand = pl.col("brand")
    telling = pl.col("telling") == pl.col("telling_s")
    longest = pl.max_horizontal(stem.str.len_chars(), other.str.len_chars())
    shortest = pl.min_horizontal(stem.str.len_chars(), other.str.len_chars())
    same_brand = (brand == pl.col("brand_s")) & (brand.str.len_chars() > 1)
    begins = (stem.str.starts_with(other) | other.str.starts_with(stem)) & (shortest > 1)
    return (
        pl.when((stem == "") | (other == ""))
        .then(pl.lit(NONE))
        .when(stem == other)
        .then(pl.lit("same"))
        .when(telling & pl.col("spelled"))
        .then(pl.lit("spelled"))
        .when(telling & (pl.col("distance") == 1) & (longest >= _LONG_ENOUGH) & ~begins)
        .then(pl.lit("typed"))
        .when(telling & (same_brand & pl.col("within") | begins))
        .then(pl.lit("shortened"))
        .when(same_brand)
        .then(pl.lit("brand"))
        .when(telling & (pl.col("distance") <= 2) & (longest >= _NEAR_FROM))
        .then(pl.lit("near"))
        .otherwise(pl.lit("other"))
    )


def _region() -> pl.Expr:
    one, other = pl.col("region"), pl.col("region_s")
    county, other_county = pl.col("county"), pl.col("county_s")
    wide = (one == PROVINCE) | (other == PROVINCE)
    within = (county == "") | (other_county == "")
    return (
        pl.when((one == "") & (other == ""))
        .then(pl.lit(NONE))
        .when((one == other) & (county == other_county) & (pl.col("turned") == pl.col("turned_s")))
        .then(pl.lit("same"))
        .when((one == other) & (county == other_county))
        .then(pl.lit("turned"))
        .when((one == "") | (other == ""))
        .then(pl.lit("left_out"))
        .when((one == other) & within)
        .then(pl.lit("within"))
        .when(wide & (one.str.head(2) == other.str.head(2)))
        .then(pl.lit("wider"))
        .otherwise(pl.lit("other"))
    )


def _form() -> pl.Expr:
    one, other = pl.col("form"), pl.col("form_s")
    short = one.str.ends_with(other) | other.str.ends_with(one)
    group = one.str.contains("集团") == other.str.contains("集团")
    return (
        pl.when((one == "") & (other == ""))
        .then(pl.lit(NONE))
        .when(one == other)
        .then(pl.lit("same"))
        .when(short & group)
        .then(pl.lit("short"))
        .otherwise(pl.lit("other"))
    )


def _branch() -> pl.Expr:
    one, other = pl.col("branch"), pl.col("branch_s")
    return (
        pl.when((one == "") & (other == ""))
        .then(pl.lit(NONE))
        .when(one == other)
        .then(pl.lit("same"))
        .when((one == "") | (other == ""))
        .then(pl.lit("one"))
        .otherwise(pl.lit("other"))
    )


def borne() -> pl.Expr:
    """Whether the name, borne from `valid_from` to `valid_until`, was borne `on_date`."""
    on, since, until = pl.col("on_date"), pl.col("valid_from"), pl.col("valid_until")
    return (
        pl.when(on.is_null())
        .then(pl.lit(NONE))
        .when(until.is_not_null() & (on >= until))
        .then(pl.lit("after"))
        .when(since.is_not_null() & (on < since))
        .then(pl.lit("before"))
        .when(since.is_null())
        .then(pl.lit(NONE))
        .otherwise(pl.lit("within"))
    )


def code() -> pl.Expr:
    """The unified code of a row against a subject's. `known` is whose the row's code is, `repaired`
    the codes that a slip may have made of it, `valid` whether its check characters are right.
    """
    uscc, other = pl.col("uscc"), pl.col("code")
    org = (uscc.str.len_chars() == 18) & (uscc.str.slice(8, 9) == other.str.slice(8, 9))
    return (
        pl.when(uscc == "")
        .then(pl.lit(NONE))
        .when(uscc == other)
        .then(pl.lit("same"))
        .when(pl.col("known"))
        .then(pl.lit("other_known"))
        .when(pl.col("repaired").list.contains(other))
        .then(pl.lit("slip"))
        .when(pl.col("valid"))
        .then(pl.lit("other_valid"))
        .when(org)
        .then(pl.lit("inside"))
        .otherwise(pl.lit("other"))
    )


def place() -> pl.Expr:
    """Where the row says the subject is, else where the office is that told."""
    said, office, city = pl.col("city"), pl.col("agency_city"), pl.col("city_s")
    return (
        pl.when((city == "") | (said == "") & (office == ""))
        .then(pl.lit(NONE))
        .when(said == city)
        .then(pl.lit("city"))
        .when(said != "")
        .then(pl.lit("other_city"))
        .when(office == city)
        .then(pl.lit("office"))
        .otherwise(pl.lit("other_office"))
    )


def established() -> pl.Expr:
    """The day of establishment; near within a month, or on the same day of another year."""
    one, other = pl.col("established"), pl.col("est_date")
    apart = (one - other).dt.total_days().abs()
    near = (apart <= _DAYS_NEAR) | (one.dt.strftime("%m%d") == other.dt.strftime("%m%d"))
    return (
        pl.when(one.is_null() | other.is_null())
        .then(pl.lit(NONE))
        .when(one == other)
        .then(pl.lit("same"))
        .when(near)
        .then(pl.lit("near"))
        .otherwise(pl.lit("other"))
    )


def person() -> pl.Expr:
    """Two persons' names in `said` and `had`, their readings beside them."""
    return (
        pl.when(pl.col("said") == pl.col("had"))
        .then(pl.lit("same"))
        .when(pl.col("said_sound") == pl.col("had_sound"))
        .then(pl.lit("spelled"))
        .otherwise(pl.lit("other"))
    )


def phone() -> pl.Expr:
    """Two telephone numbers in `said` and `had`, digits only."""
    return pl.when(pl.col("said") == pl.col("had")).then(pl.lit("same")).otherwise(pl.lit("other"))


def addresses(said: pl.Series, had: pl.Series) -> pl.Series:
    """Two addresses, brought down by `plain_address`: equal; near, with the same numbers in them;
    or other.
    """
    share = pl.Series(
        "share",
        cpdist(said.to_list(), had.to_list(), scorer=OSA.normalized_similarity, dtype=np.float32),
    )
    places = (share >= _ADDRESS_NEAR).arg_true()
    numbers = [one.gather(places).str.replace_all(r"[^0-9A-Z]", "") for one in (said, had)]
    near = pl.repeat(False, len(said), eager=True)
    near = near.scatter(places.filter(numbers[0] == numbers[1]), True)
    frame = pl.DataFrame({"said": said, "had": had, "near": near})
    said_, had_ = pl.col("said"), pl.col("had")
    begins = (said_.str.starts_with(had_) | had_.str.starts_with(said_)) & (
        pl.min_horizontal(said_.str.len_chars(), had_.str.len_chars()) >= _ADDRESS_LONG
    )
    return frame.select(
        level=pl.when(said_ == had_)
        .then(pl.lit("same"))
        .when(pl.col("near") | begins)
        .then(pl.lit("near"))
        .otherwise(pl.lit("other"))
    )["level"]


def plain_address(addresses: pl.Series) -> pl.Series:
    """Addresses without province, city, county and what only some write: brackets and 之."""
    plain = folded(addresses).str.replace_all(r"\(.*?\)|[()]", "")
    return plain.str.replace(r"^(?:\p{Han}{2,3}省)?(?:\p{Han}{2}市)?(?:\p{Han}{1,3}[区县市])?", "")
