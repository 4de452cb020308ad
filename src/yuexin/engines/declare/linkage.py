"""How what a row says is weighed against what is known of a subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.law import Labelled
from yuexin.engines.declare.source import declaration_error

Finding = Literal["link", "ask", "none"]
Rarity = Literal["", "whole", "core", "brand"]


@dataclass(frozen=True, kw_only=True)
class AgreementLevel:
    """One degree to which a field agrees.

    Of pairs that are one subject a share `m` agrees so, of pairs that are not a share `u`; with
    `rarity` the share of other subjects that bear this very name, core or brand is added to `u`.
    """

    id: str
    zh: str
    en: str
    m: float
    u: float
    rarity: Rarity = ""

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True, kw_only=True)
class Compared(Labelled):
    """A field that is compared. What is missing on either side weighs nothing."""

    levels: tuple[AgreementLevel, ...]

    @cached_property
    def by_level(self) -> dict[str, AgreementLevel]:
        return {level.id: level for level in self.levels}


@dataclass(frozen=True, kw_only=True)
class LinkageExample:
    """A worked example: what a row says, the subjects there are, and what is found.

    A subject's `names` are as text, with `|from|until` behind a name that was not always borne.
    """

    name: str
    mention: dict[str, str]
    subjects: tuple[dict[str, str], ...]
    finding: Finding
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Linkage(Labelled):
    """What a row that names no subject for certain is weighed by.

    A weight is in bits: the logarithm of the odds that row and subject are one. From `link_at` on,
    and `margin` ahead of the next, a row may be linked; from `ask_at` on a person is asked.
    `trades` are the words of trades at the end of names, `subjects_learned` how many subjects the
    register had that the shares were learned on.
    """

    version: str
    source: str
    link_at: float
    ask_at: float
    margin: float
    subjects_learned: int
    trades: str
    compared: tuple[Compared, ...]
    examples: tuple[LinkageExample, ...] = ()

    @cached_property
    def by_field(self) -> dict[str, Compared]:
        return {field.id: field for field in self.compared}

    @cached_property
    def trade_words(self) -> tuple[str, ...]:
        return tuple(self.trades.split())


def weighed(model: Linkage) -> Iterator[Refusal]:
    """What is wrong with the numbers of a model, and which finding no worked example shows."""
    place = f"linkage/{model.id}"
    for field in model.compared:
        for level in field.levels:
            if not (0 < level.m <= 1 and 0 < level.u <= 1):
                yield declaration_error(
                    place=f"{place}.{field.id}.{level.id}",
                    what=Text("m 和 u 应大于 0、不大于 1", "m and u lie above 0 and not above 1"),
                    remedy=Text("改写 m 或 u", "mend m or u"),
                )
    if model.ask_at > model.link_at or model.margin <= 0:
        yield declaration_error(
            place=place,
            what=Text(
                "ask_at 高于 link_at，或 margin 不为正", "ask_at above link_at, or no margin"
            ),
            remedy=Text("改写界限", "mend the bounds"),
        )
    shown = {example.finding for example in model.examples}
    for finding in sorted({"link", "ask", "none"} - shown):
        yield declaration_error(
            place=place,
            what=Text(f"没有示例得出 {finding}", f"no worked example gives {finding}"),
            remedy=Text(f"补写 finding: {finding} 的示例", f"add one with finding: {finding}"),
        )
