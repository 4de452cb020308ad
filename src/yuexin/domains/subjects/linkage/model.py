"""What levels of agreement weigh: the rule of Fellegi and Sunter, in bits. Pure."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.domains.subjects.linkage.comparison import NONE
from yuexin.engines.declare.types import AgreementLevel, Compared, Declarations, Linkage

SAID = ("person", "address", "phone")
"""What records say of subjects that is compared; of place and founding the subject itself knows."""
NAME_FIELDS = ("name", "region", "form", "branch", "borne")
DIGEST_LENGTH = 16
FIELDS = ("code", "number", *NAME_FIELDS, "place", "person", "address", "phone", "established")


@dataclass(frozen=True, kw_only=True)
class Model:
    """Weights as declared, and where records say what is compared: kind, what, field."""

    declared: Linkage
    evidence: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def of(cls, declarations: Declarations, which: str = "subjects") -> Model:
        """The model of that name. What is to a subject's disadvantage tells nothing about it."""
        evidence = (
            (kind.id, what, field)
            for kind in declarations.kinds.values()
            for what, field in kind.evidence.items()
            if what in SAID and not kind.adverse
        )
        return cls(declared=declarations.linkage[which], evidence=tuple(evidence))

    @cached_property
    def digest(self) -> str:
        """Names exactly these weights, by which a judgement can be told from later ones."""
        said = dataclasses.asdict(self.declared)
        return sha256_hex(canonical_json(said))[:DIGEST_LENGTH]

    @property
    def trades(self) -> tuple[str, ...]:
        return self.declared.trade_words


def weighed(
    levels: pl.DataFrame, model: Linkage, *, fields: Iterable[str], subjects: int
) -> pl.DataFrame:
    """The bits of each field in a column `bits_…`.

    Where a level goes by rarity, `whole_count`, `core_count` or `brand_count` says how many of all
    `subjects` bear the same; the one compared is among them.
    """
    return levels.with_columns(
        _bits(model.by_field[field], subjects).alias(f"bits_{field}") for field in fields
    )


def prior(subjects: int) -> float:
    """The bits that a subject taken at random has: one of all."""
    return -math.log2(max(2, subjects))


def _bits(field: Compared, subjects: int) -> pl.Expr:
    plain = {level.id: math.log2(level.m / level.u) for level in field.levels}
    found = pl.col(field.id).replace_strict(plain | {NONE: 0.0}, return_dtype=pl.Float64)
    for level in field.levels:
        if level.rarity:
            rare = _by_rarity(level, subjects)
            found = pl.when(pl.col(field.id) == level.id).then(rare).otherwise(found)
    return found


def _by_rarity(level: AgreementLevel, subjects: int) -> pl.Expr:
    others = (pl.col(f"{level.rarity}_count").cast(pl.Float64) - 1).clip(lower_bound=0)
    return (level.m / (level.u + others / max(2, subjects))).log(2)


def probability(weight: pl.Expr) -> pl.Expr:
    """The probability that so many bits stand for."""
    return 1 / (1 + (-weight.clip(-60, 60) * math.log(2)).exp())
