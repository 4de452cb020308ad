"""What the law says, by date: laws, terms, remedies, ages. `types` is the door to all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from yuexin.base.dates import Calendar, Deadline, PeriodUnit, period_end
from yuexin.base.text import Text

Power = Literal["administrative", "judicial"]
"""Whose decision a fact rests on: what can be done against it differs."""

Entity = Literal["any", "not_sole_trader", "sole_trader"]
"""For whom something is declared. A sole trader is whoever has a code of one."""

SOLE_TRADERS: Final[Mapping[Entity, bool | None]] = {
    "any": None, "not_sole_trader": False, "sole_trader": True,
}  # fmt: skip
"""Whether it is for sole traders alone, or for all but them, or, none, for everybody."""

TransitionClause = Literal["old_law", "milder", "new_law"]
"""By what is judged what began under an earlier version, once a later one is in force."""

MAJORITY = "majority"
"""The age whose id tells from when on a person is no minor."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Something with an id and a name in both languages."""

    id: str
    zh: str
    en: str

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Something that is in force on days from `valid_from` to before `valid_to`."""

    valid_from: dt.date
    valid_to: dt.date | None = None

    def in_force(self, on: dt.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Transition:
    """What a law, its `basis`, says of what began under the version before: by `old_law` that goes
    on as it began, by `new_law` it is judged by the new version from its first day on, by `milder`
    by the milder of both. The notes tell what is open of it."""

    clause: TransitionClause
    basis: str
    confirmed: bool
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True)
class LawVersion(Dated):
    """A version of a term, of a list or of a process. Each but the first has a `transition`."""

    confirmed: bool
    transition: Transition | None = None

    @property
    def clause(self) -> TransitionClause:
        """What holds of what began before. Where nobody confirmed what the law says of that, or
        the numbers that it would put on it, the milder; before the first version there is nothing.
        """
        said = self.transition
        if said is None or (said.confirmed and (self.confirmed or said.clause == "old_law")):
            return said.clause if said else "old_law"
        return "milder"

    @property
    def settled(self) -> bool:
        """Whether an official confirmed it, and what becomes of what began before it."""
        return self.confirmed and (self.transition is None or self.transition.confirmed)


def is_for(entity: Entity, *, sole_trader: bool) -> bool:
    """Whether what is declared for such entities is for this one."""
    return SOLE_TRADERS[entity] in (None, sole_trader)


Version = TypeVar("Version", bound=Dated)


def version_on(versions: Iterable[Version], on: dt.date) -> Version | None:
    """The version in force on a day: where two are, the one that began later."""
    held = (version for version in versions if version.in_force(on))
    return max(held, key=lambda version: version.valid_from, default=None)


@dataclass(frozen=True, kw_only=True)
class Law(Labelled, Dated):
    """A legal source. `confirmed: false` is shown to operators until an official confirms it."""

    number: str
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PublishWithin:
    """A fact is public so many working days after its event at the latest, by this law."""

    workdays: int
    basis: str


@dataclass(frozen=True, kw_only=True)
class TermClass(Labelled):
    """One class of a publicity term: the first whose `when` holds on the record decides.

    `publish: false` withholds; otherwise publicity ends `months_max` after the event date.
    """

    when: str
    publish: bool = True
    months_min: int = 0
    months_max: int = 0
    basis: str


@dataclass(frozen=True, kw_only=True)
class TermVersion(LawVersion):
    """The classes in force for events from `valid_from` to before `valid_to`.

    The `transition` is about records of earlier law that are still shown on its first day.
    """

    law: str
    classes: tuple[TermClass, ...]


@dataclass(frozen=True, kw_only=True)
class TermExample:
    """A worked example: a record, known here since a day, and what the term makes of it.

    `withheld` is `term:<class>` where the class is not published; `shown_until` is the first day
    on which it is no longer shown.
    """

    name: str
    known_on: dt.date
    record: dict[str, str]
    term_class: str
    shown_until: dt.date | None = None
    withheld: str = ""

    @property
    def shown(self) -> bool:
        """Whether anybody ever sees it."""
        return not self.withheld and (self.shown_until or dt.date.max) > self.known_on


@dataclass(frozen=True, kw_only=True)
class Term(Labelled):
    """How long a kind of record is shown, by law and date. A kind may have several terms.

    `delivered_end` names the field in which the deciding agency gives the last day itself: the
    earlier of that day and the term's own end counts.
    """

    kind: str
    delivered_end: str = ""
    versions: tuple[TermVersion, ...]
    examples: tuple[TermExample, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remedy(Labelled, Dated):
    """What can be done against an adverse decision of a day in its period: one sentence. `days` or
    `months` is how long it is open after one learned of the decision, where the law fixes that. One
    of `kinds` is open against records of these alone, and counted from their publication; `process`
    is the one by which it is opened here."""

    against: Power = "administrative"
    kinds: tuple[str, ...] = ()
    process: str = ""
    basis: str
    confirmed: bool = True
    days: int = 0
    months: int = 0

    def open_to(self, power: Power, decided: dt.date, *, kind: str) -> bool:
        """Whether it is open against such a decision of that day, told by a record of a kind."""
        named = not self.kinds or kind in self.kinds
        return named and self.against == power and self.in_force(decided)

    def last_day(self, *, since: dt.date, calendar: Calendar) -> Deadline | None:
        """The last day of one that is open since a day, where the law fixes how long."""
        unit: PeriodUnit = "days" if self.days else "months"
        amount = self.days or self.months
        return period_end(unit=unit, amount=amount, on=since, calendar=calendar) if amount else None


@dataclass(frozen=True, kw_only=True)
class AgeVersion(Dated):
    """The years of an age for events from `valid_from` to before `valid_to`."""

    years: int
    basis: str
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class Age(Labelled):
    """An age that a law fixes, by date. Before the earliest version, the earliest applies."""

    versions: tuple[AgeVersion, ...]


@dataclass(frozen=True, kw_only=True)
class RemedyExample:
    """A worked example: the remedies against a decision of a day."""

    name: str
    against: Power = "administrative"
    kind: str = ""
    decided: dt.date
    remedies: tuple[str, ...]
