"""What the rules engine hands out beside frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from yuexin.engines.declare.types import (
    Measure,
    NamedScene,
    Regime,
    RegimeVersion,
    Strength,
    Trigger,
)


class StoredVerdict(Protocol):
    """What a rule says of a subject on the days [valid_from, valid_until): a row of `verdict`, or
    a `Said`. Of each reason `truth` and `records` are read."""

    @property
    def rule(self) -> str: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_until(self) -> dt.date | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def reasons(self) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True, kw_only=True)
class Said:
    """A verdict that is not stored."""

    rule: str
    valid_from: dt.date
    valid_until: dt.date | None
    value: str | None
    reasons: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """What a rule says of whoever stands in a list no longer, or is not counted in it, whatever the
    list's own rule says; but for whom another rule says one of `unless`."""

    rule: str
    outcomes: tuple[str, ...]
    unless: tuple[Trigger, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A list in which a subject stands on a day.

    `last_day` is the last day on which it does by time alone, None where no end is known:
    `regime.exits` says how one gets off before. `disputed` waits for an objection. `provisional`
    rests on a version that no official confirmed: the milder period holds, operators are told.
    An honour that does not `count` is lost to an adverse list for as long as that lasts.
    """

    regime: Regime
    outcome: str
    version: RegimeVersion | None
    last_day: dt.date | None
    disputed: bool
    provisional: bool
    records: tuple[str, ...]
    counts: bool = True

    @property
    def uncounted(self) -> Standing:
        return replace(self, counts=False)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A measure that a verdict calls for in a scene.

    `strength` is that of the measure, no stronger than `must_consider` while it is `disputed`.
    `lists` are those whose rule called for it, with how one gets off them.
    """

    measure: Measure
    strength: Strength
    scene: NamedScene
    rule: str
    outcome: str
    lists: tuple[Standing, ...]
    last_day: dt.date | None
    disputed: bool
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A measure that is called for whatever is being handled, until `last_day` by time alone, None
    where no end is known."""

    measure: Measure
    last_day: dt.date | None


@dataclass(frozen=True, kw_only=True)
class CalledFor:
    """What is called for in a scene: the `hits` from the strongest to the weakest, the `easings` of
    the trustworthy, those `lost` to an adverse list, the rules that are `undecided` (unknown, or
    not judged yet: a person has to look), and the strength of the strongest hit."""

    hits: tuple[Hit, ...]
    easings: tuple[Hit, ...]
    lost: tuple[Hit, ...]
    undecided: tuple[str, ...]
    overall: Strength | None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One conjunct of a rule and its truth on one record; None is unknown.

    `owner` is `withhold:<id>` or `term:<class>`.
    """

    owner: str
    text: str
    truth: bool | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a record is shown as long as it is: the class, its version of law, every conjunct.

    `version` is the first day of the version that decided, None without a term or without a
    version in force on the event date. `delivered_end` is the last day as the deciding agency
    gave it, where it comes before the end of the term.
    """

    term_class: str
    version: dt.date | None
    delivered_end: dt.date | None
    conditions: tuple[Condition, ...]
