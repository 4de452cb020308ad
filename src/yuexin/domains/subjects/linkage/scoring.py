"""From pairs and what both sides say to candidates in their order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from yuexin.base.codes import check_uscc, repaired
from yuexin.domains.subjects.linkage import comparison as compare
from yuexin.domains.subjects.linkage.comparison import NONE
from yuexin.domains.subjects.linkage.model import FIELDS, Model, prior, probability, weighed
from yuexin.domains.subjects.linkage.parts import sounds

MOST_KEPT: Final = 8
PAIR: Final = ("mention", "subject")
Schema = dict[str, type[pl.DataType] | pl.DataType]
"""Columns and their types."""
_TEXTS: Final = (
    "mention", "uscc", "org_code", "reg_no", "name_key", "person", "address", "phone", "city",
    "agency_city",
)  # fmt: skip
MENTIONS: Final[Schema] = {
    **dict.fromkeys(_TEXTS, pl.String), "established": pl.Date, "on_date": pl.Date,
}  # fmt: skip
SUBJECTS: Final[Schema] = {
    "subject": pl.String, "code": pl.String, "city_s": pl.String, "est_date": pl.Date,
}  # fmt: skip
NAMES: Final[Schema] = {
    "subject": pl.String, "key": pl.String, "named": pl.String, "valid_from": pl.Date,
    "valid_until": pl.Date,
}  # fmt: skip
SAID: Final[Schema] = dict.fromkeys(("subject", "what", "text"), pl.String)
CANDIDATES: Final[Schema] = {
    "mention": pl.String,
    "subject": pl.String,
    "name": pl.String,
    "weight": pl.Float64,
    "probability": pl.Float64,
    "levels": pl.Struct(dict.fromkeys(FIELDS, pl.String)),
    "weights": pl.Struct(dict.fromkeys(FIELDS, pl.Float64)),
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of the subjects in the pairs.

    In the columns of `SUBJECTS`, `NAMES` and `SAID`; `what` is `person`, `address` or `phone`.
    """

    subjects: pl.DataFrame
    names: pl.DataFrame
    said: pl.DataFrame

    def plain(self) -> Evidence:
        """The same with addresses, persons and telephones in the form that is compared."""
        return replace(self, said=self.said.with_columns(text=_plain(self.said)))


def prepared(*, mentions: pl.DataFrame, known: Collection[str], model: Model) -> pl.DataFrame:
    """Mentions with what is compared of them: the parts of the name, and what the code may mean.

    `known` are those of their codes that are a subject's.
    """
    told = compare.told(mentions["name_key"], model.trades)
    codes = [_code(uscc, uscc in known) for uscc in mentions["uscc"]]
    schema: Schema = {"known": pl.Boolean, "valid": pl.Boolean, "repaired": pl.List(pl.String)}
    return mentions.with_columns(
        person=_letters(pl.col("person")),
        phone=_digits(pl.col("phone")),
        address=compare.plain_address(mentions["address"]),
    ).hstack(pl.DataFrame(codes, schema=schema, orient="row")).join(
        told, left_on="name_key", right_on="key", how="left"
    )  # fmt: skip


def _code(uscc: str, known: bool) -> tuple[bool, bool, tuple[str, ...]]:
    if known or not uscc:
        return known, known, ()
    valid = check_uscc(uscc).valid
    return False, valid, () if valid else repaired(uscc)


def _letters(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[^\p{L}]", "")


def _digits(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[^0-9]", "")


def _plain(said: pl.DataFrame) -> pl.Series:
    frame = said.with_columns(address=compare.plain_address(said["text"]))
    return frame.select(
        text=pl.when(pl.col("what") == "person")
        .then(_letters(pl.col("text")))
        .when(pl.col("what") == "phone")
        .then(_digits(pl.col("text")))
        .otherwise("address")
    )["text"]


def compared(
    *, pairs: pl.DataFrame, mentions: pl.DataFrame, evidence: Evidence, model: Model
) -> pl.DataFrame:
    """The levels of agreement of each pair, once for each name of the subject."""
    about = pairs.join(mentions, on="mention").join(evidence.subjects, on="subject")
    plain = about.select(
        *PAIR,
        code=compare.code(),
        number=_number(),
        place=compare.place(),
        established=compare.established(),
    )
    for what, level in (("person", _person), ("address", _address), ("phone", _phone)):
        said = evidence.said.filter(pl.col("what") == what).select("subject", had="text")
        plain = plain.join(_best(about, what, said, level), on=PAIR, how="left")
    plain = plain.with_columns(pl.col("person", "address", "phone").fill_null(NONE))
    return _named(about, evidence.names, model).join(plain, on=PAIR)


def _named(about: pl.DataFrame, names: pl.DataFrame, model: Model) -> pl.DataFrame:
    parts = compare.told(names["key"], model.trades)
    known = names.join(parts, on="key").drop("key")
    known = known.rename({name: f"{name}_s" for name in parts.columns if name != "key"})
    rows = about.join(known, on="subject")
    plain = rows.select(*PAIR, "named", "core_s", "brand_s", borne=compare.borne())
    return plain.hstack(compare.names(rows))


def _number() -> pl.Expr:
    """An organisation code or registration number: this subject's, another's, or nobody's."""
    given = (pl.col("org_code") != "") | (pl.col("reg_no") != "")
    return (
        pl.when("by_number")
        .then(pl.lit("same"))
        .when(pl.col("by_number").any().over("mention"))
        .then(pl.lit("other_known"))
        .when(given)
        .then(pl.lit("other"))
        .otherwise(pl.lit(NONE))
    )


Level = Callable[[pl.DataFrame], pl.Series]


def _best(about: pl.DataFrame, what: str, had: pl.DataFrame, level: Level) -> pl.DataFrame:
    """The best level over all that a subject's records say, of pairs where both sides speak."""
    both = about.filter(pl.col(what) != "").select(*PAIR, said=what).join(had, on="subject")
    order = {"same": 0, "spelled": 1, "near": 1, "other": 2}
    ranks = pl.DataFrame({"level": list(order), "rank": list(order.values())})
    found = both.with_columns(level(both).alias("level")).join(ranks, on="level")
    return found.sort("rank").group_by(PAIR).agg(pl.col("level").first().alias(what))


def _person(both: pl.DataFrame) -> pl.Series:
    heard = both.with_columns(said_sound=sounds(both["said"]), had_sound=sounds(both["had"]))
    return heard.select(compare.person().alias("level"))["level"]


def _address(both: pl.DataFrame) -> pl.Series:
    return compare.addresses(both["said"], both["had"])


def _phone(both: pl.DataFrame) -> pl.Series:
    return both.select(compare.phone().alias("level"))["level"]


def with_counts(*, levels: pl.DataFrame, cores: pl.DataFrame, brands: pl.DataFrame) -> pl.DataFrame:
    """Levels, and beside them how many subjects bear the same whole name, core or brand.

    `cores` and `brands` (`text`, `count`) tell it of those that are weighed by it. One whole name
    is borne by candidates only.
    """
    counted = levels.join(
        cores.select(core_s="text", core_count="count"), on="core_s", how="left"
    ).join(brands.select(brand_s="text", brand_count="count"), on="brand_s", how="left")
    return counted.with_columns(
        pl.col("core_count", "brand_count").fill_null(1),
        whole_count=(pl.col("name") == "whole").sum().over("mention"),
    )


def ranked(*, levels: pl.DataFrame, model: Model, subjects: int) -> pl.DataFrame:
    """Candidates, of each mention the best first; of a subject's names the one that fits best.

    `levels` as `with_counts` gives them, of one register with so many `subjects`.
    """
    bits = [f"bits_{field}" for field in FIELDS]
    scored = weighed(levels, model.declared, fields=FIELDS, subjects=subjects).with_columns(
        weight=pl.sum_horizontal(bits) + prior(subjects)
    )
    # What is equal in weight stands in the order of the subjects' ids, the same every time.
    best = scored.sort(
        "mention", "weight", "subject", "named", descending=[False, True, False, False]
    )
    best = best.unique(PAIR, keep="first", maintain_order=True)
    best = best.group_by("mention", maintain_order=True).head(MOST_KEPT)
    return best.select(
        *PAIR,
        pl.col("named").alias("name"),
        "weight",
        probability(pl.col("weight")).alias("probability"),
        pl.struct(FIELDS).alias("levels"),
        pl.struct(pl.col(f"bits_{field}").alias(field) for field in FIELDS).alias("weights"),
    )
