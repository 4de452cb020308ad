"""Subject rules: what is said of a subject by all its records. `types` is the door."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from yuexin.engines.declare.law import Dated, Labelled

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
"""Where a condition names a number of its version."""
Tone = Literal["plain", "good", "warn", "bad"]


@dataclass(frozen=True, kw_only=True)
class Outcome(Labelled):
    """One value of a subject rule, with the condition that gives it. The first that holds. Whoever
    is `gone` can be no party any more."""

    when: str
    tone: Tone = "plain"
    gone: bool = False


NumberUnit = Literal["years", "months", "month", "day"]


@dataclass(frozen=True, kw_only=True)
class Parameter(Labelled):
    """A number of the law that a condition names as `{id}`, so that it can be tried with another
    value, between `minimum` and `maximum`, before a law changes it. `unit` is what it counts, or
    which part of a date it is. Where it names a `commitment` its value is for how many months a
    breach of that one bars, which is declared there and nowhere else."""

    unit: NumberUnit
    value: int = 0
    commitment: str = ""
    minimum: int
    maximum: int
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleVersion(Dated):
    """The outcomes in force on days from `valid_from` to before `valid_to`.

    Where `basis` is given it stands in the place of the rule's own.
    """

    basis: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    outcomes: tuple[Outcome, ...]

    @property
    def named(self) -> frozenset[str]:
        """The numbers that its conditions name."""
        return frozenset(name for one in self.outcomes for name in PLACEHOLDER.findall(one.when))


@dataclass(frozen=True, kw_only=True)
class RuleExample:
    """A worked example: a file (rows by kind) on a date, and the outcome it must give."""

    name: str
    on: dt.date
    records: dict[str, tuple[dict[str, str], ...]]
    outcome: str


@dataclass(frozen=True, kw_only=True)
class SubjectRule(Labelled):
    """A rule over all records of one subject, in the version its as-of date asks for.

    What it says is closed to the public unless `scope` is public; then it reads public fields only.
    The one rule that says of somebody that he is gone is the rule of the subjects' status.
    """

    scope: Literal["public", "agencies"] = "agencies"
    basis: tuple[str, ...]
    otherwise: str = ""
    otherwise_zh: str = ""
    otherwise_en: str = ""
    versions: tuple[RuleVersion, ...]
    examples: tuple[RuleExample, ...]

    @cached_property
    def gone(self) -> frozenset[str]:
        """What it says of whoever can be no party any more."""
        outcomes = (one for version in self.versions for one in version.outcomes)
        return frozenset(one.id for one in outcomes if one.gone)

    def basis_of(self, version: RuleVersion) -> tuple[str, ...]:
        """The laws that this version rests on."""
        return version.basis or self.basis
