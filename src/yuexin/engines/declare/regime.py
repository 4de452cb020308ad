"""Regimes: lists under the law, and the measures that a body takes on whoever stands in them.

A list or measure without a legal basis does not load. `types` is the door.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yuexin.base.text import Text
from yuexin.engines.declare.checked import FollowUp
from yuexin.engines.declare.law import Dated, Labelled, LawVersion

Strength = Literal["mandatory_deny", "must_consider", "advisory", "inform"]
STRENGTHS: tuple[Strength, ...] = ("inform", "advisory", "must_consider", "mandatory_deny")
"""From the weakest to the strongest."""

Target = Literal["subject", "legal_rep", "responsible_person"]


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A rule and those of its outcomes that call for something."""

    rule: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Exit(Labelled):
    """A way off the list: by time or an event alone, by a `process` that the entity or an officer
    begins, or `by_application` to the body that decided, where it has no process here.
    `earliest_months` is the time on the list after which it is open."""

    process: str = ""
    by_application: bool = False
    earliest_months: int = 0
    basis: str
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class RegimeVersion(LawVersion):
    """The list by the law in force from `valid_from` to before `valid_to`, by the day of entry.

    `term_months` is how long an entry stands where nothing ends it before, 0 for no fixed term. The
    `transition` is about the terms of entries of before; the milder is the shorter.
    """

    basis: tuple[str, ...]
    term_months: int = 0
    confirmed: bool = True
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True)
class RegimeExample:
    """A worked example: a file on a day, whether the subject stands in the list then, and
    `until` when: the last day on which it does, where time ends it."""

    name: str
    on: dt.date
    records: dict[str, tuple[dict[str, str], ...]]
    listed: bool
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Regime(Labelled):
    """A list under the law, by its statutory name. Never called a blacklist in public.

    `kind` holds its entries, the `rule` says by its outcomes `listed` who stands in it now; those
    of them that are `disputed` wait for an objection to be decided. `listing` and `removal` are the
    processes by which officers decide, `repair` the one by which an entity gets off early.
    `keepers` are the agencies that decide. An honour that `yields` by a law does not count for
    whoever stands in an adverse list. Nobody of whom a rule in `ended_by` says so stands in it
    any longer: a subject that is cancelled. `terms_by_case` says that the decision sets the term,
    within the `term_months` of the version. `follow_up_*` says in words what is done about whoever
    stands in it, `follow_ups` by which checks.
    """

    tone: Literal["adverse", "honour", "attention"]
    kind: str
    rule: str
    listed: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    keepers: tuple[str, ...]
    keepers_zh: str = ""
    keepers_en: str = ""
    yields: str = ""
    terms_by_case: bool = False
    ended_by: tuple[Trigger, ...] = ()
    field: str = ""
    listing: str = ""
    removal: str = ""
    repair: str = ""
    follow_up_zh: str = ""
    follow_up_en: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    versions: tuple[RegimeVersion, ...]
    exits: tuple[Exit, ...] = ()
    examples: tuple[RegimeExample, ...]


@dataclass(frozen=True, kw_only=True)
class MeasureItem(Labelled):
    """An item of the national catalogue of measures, of the incentives or of the repairs."""

    group: Literal["A", "B", "C", "incentive", "repair"]
    basis: str
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class NamedScene:
    """A scene of handling (a code of `purposes`) that a law names for the measure."""

    scene: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class MeasureExample:
    """A worked example: what rules say of a subject, in a scene on a day, and the answer."""

    name: str
    on: dt.date
    verdicts: dict[str, str]
    scene: str
    hit: bool


@dataclass(frozen=True, kw_only=True)
class Measure(Labelled, Dated):
    """What a body does, or grants, to whoever a `trigger` names, in the scenes that a law names.

    It is done by the agencies among `executors`, or by those that words name. `sheet` and `number`
    cite the sheet of Guangdong it stands in. Only a confirmed measure whose strength is
    `mandatory_deny` refuses anything.
    """

    item: str
    content_zh: str
    content_en: str
    basis: tuple[str, ...]
    targets: tuple[Target, ...] = ("subject",)
    executors: tuple[str, ...] = ()
    executors_zh: str = ""
    executors_en: str = ""
    scenes: tuple[NamedScene, ...] = ()
    strength: Strength
    incentive: bool = False
    term_months: int = 0
    triggers: tuple[Trigger, ...] = ()
    sheet: Literal["", "national", "gd_incentives", "gd_punishments", "gd_repairs"] = ""
    number: int = 0
    confirmed: bool = True
    examples: tuple[MeasureExample, ...] = ()

    @property
    def content(self) -> Text:
        return Text(self.content_zh, self.content_en)

    @property
    def laws(self) -> frozenset[str]:
        """The laws that it rests on, and those that name its scenes."""
        named = (*self.basis, *(one.basis for one in self.scenes))
        return frozenset(basis.partition(":")[0] for basis in named)
