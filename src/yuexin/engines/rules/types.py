"""What the rules engine hands out beside frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from yuexin.engines.declare.types import (
    STRENGTHS,
    Measure,
    NamedScene,
    Regime,
    RegimeVersion,
    Strength,
    Trigger,
)

DISPUTED_AT_MOST: Final[Strength] = "must_consider"


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
class Ground:
    """What a rule says of a subject, for which a measure is called for: the list it stands in by
    that, None where the rule is of no list, until when by time alone, and the records it rests on.
    """

    rule: str
    outcome: str
    listed: Standing | None
    last_day: dt.date | None
    disputed: bool
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A measure that verdicts call for in a scene, by all of its triggers that hold.

    `grounds` are those, the undisputed ones first, else as the measure declares them; there is one
    at least. It is as strong as its strongest: no stronger than `DISPUTED_AT_MOST` where all of
    them are disputed.
    """

    measure: Measure
    scene: NamedScene
    grounds: tuple[Ground, ...]

    @property
    def disputed(self) -> bool:
        return all(one.disputed for one in self.grounds)

    @property
    def strength(self) -> Strength:
        own = self.measure.strength
        return min(own, DISPUTED_AT_MOST, key=STRENGTHS.index) if self.disputed else own

    @property
    def lists(self) -> tuple[Standing, ...]:
        """The lists it rests on, with how one gets off them."""
        return tuple(one.listed for one in self.grounds if one.listed)

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which one of its grounds stands; None where no end is known of one."""
        return latest_end(one.last_day for one in self.grounds)

    @property
    def records(self) -> tuple[str, ...]:
        """The records that its grounds rest on, each once."""
        return tuple(dict.fromkeys(record for one in self.grounds for record in one.records))


def latest_end(days: Iterable[dt.date | None]) -> dt.date | None:
    """The latest of these last days: None, which is no known end, comes after all."""
    found = list(days)
    known = [day for day in found if day is not None]
    return max(known) if known and len(known) == len(found) else None


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
