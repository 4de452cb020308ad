"""What is declared of the publicity of a kind: its stages, and what a second source proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

Stage = Literal["flagged", "repaired", "revoked", "sealed", "withheld"]


@dataclass(frozen=True, kw_only=True)
class Stages:
    """Which codes of a `field` say at what stage of its publicity a fact stands. A code that is
    not named says nothing of it. `withheld` names another field: one that is filled where whoever
    decided had the fact withheld, with the reason; `decision` the field that says by which act."""

    field: str
    flagged: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    withheld: str = ""
    decision: str = ""

    @property
    def marking(self) -> frozenset[str]:
        """The fields that say nothing but the stage."""
        return frozenset({self.field, self.withheld, self.decision} - {""})

    @property
    def over(self) -> tuple[str, ...]:
        """The codes by which a fact counts no more."""
        return (*self.repaired, *self.revoked, *self.sealed)

    @cached_property
    def by_code(self) -> Mapping[str, Stage]:
        named: tuple[tuple[Stage, tuple[str, ...]], ...] = (
            ("flagged", self.flagged),
            ("repaired", self.repaired),
            ("revoked", self.revoked),
            ("sealed", self.sealed),
        )
        return {code: stage for stage, codes in named for code in codes}

    def of(self, body: Mapping[str, Any]) -> Stage | None:
        """The stage that a record says it stands at, if any."""
        if self.withheld and body.get(self.withheld):
            return "withheld"
        return self.by_code.get(str(body.get(self.field) or ""))


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A field that names a decision of another kind: a second source that it was taken.

    `field` holds what `to` holds in a record of `kind`. Whoever decided is the agency whose code or
    name is in `by`; without `by`, the one that told the reference. `dated` is the day on which it
    was decided at the latest, where the event of the reference itself is not.
    """

    field: str
    kind: str
    to: str
    by: str = ""
    dated: str = ""
