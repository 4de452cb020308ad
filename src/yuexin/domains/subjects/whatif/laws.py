"""What can be tried: the numbers of the rules and terms that are in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.subjects.whatif.opening import terms_of
from yuexin.domains.subjects.whatif.types import HIDDEN, OPEN, SHOWN, SHUT, Change
from yuexin.engines.declare.types import Declarations, NumberUnit, Process, Term, version_on
from yuexin.engines.rules.queries import MOST_MONTHS

UNKNOWN = Text("未知", "unknown")
UNITS: Final[Mapping[NumberUnit, tuple[str, str, str]]] = {
    "years": ("{} 年", "{} year", "{} years"),
    "months": ("{} 个月", "{} month", "{} months"),
    "month": ("{} 月", "month {}", "month {}"),
    "day": ("{} 日", "day {}", "day {}"),
}
SHOWS = {SHOWN: Text("在公示", "public"), HIDDEN: Text("不公示", "not public")}
OPENS = {
    OPEN: Text("可以申请", "may be applied for"),
    SHUT: Text("不可以申请", "may not be applied for"),
}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number of a law, what it counts, and between what it may be tried."""

    id: str
    label: Text
    unit: NumberUnit
    value: int
    minimum: int
    maximum: int

    @property
    def now(self) -> Text:
        return measured(unit=self.unit, count=self.value)

    @property
    def least(self) -> Text:
        return measured(unit=self.unit, count=self.minimum)

    @property
    def most(self) -> Text:
        return measured(unit=self.unit, count=self.maximum)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A number of a trial in words: what was tried, and what holds now, none where no law holds it
    any more."""

    label: Text
    tried: Text
    held: Text | None


@dataclass(frozen=True, kw_only=True)
class LawNumbers:
    """A rule or a term in force, its laws by id, and its numbers; of a term where it names a
    `process` the shortest months, before which no such case is opened."""

    id: str
    rule: str = ""
    term: str = ""
    process: str = ""
    label: Text
    basis: tuple[Text, ...]
    version: dt.date
    numbers: tuple[Number, ...]

    @property
    def is_term(self) -> bool:
        return bool(self.term)


def laws(*, declarations: Declarations, on: dt.date) -> tuple[LawNumbers, ...]:
    """The rules and the terms in force on a day that hold a number to be tried."""
    return (
        *_rules(declarations, on),
        *_terms(declarations, on),
        *_thresholds(declarations, on),
    )


def measured(*, unit: NumberUnit, count: int) -> Text:
    """A number with its unit."""
    zh, one, many = UNITS[unit]
    return Text(zh.format(count), (one if count == 1 else many).format(count))


def tried_numbers(*, declarations: Declarations, change: Change) -> tuple[Tried, ...]:
    """The numbers that a change tries, as the law that holds them calls them."""
    held = {
        one.id: one
        for law in laws(declarations=declarations, on=change.on)
        if (law.rule, law.term, law.process) == (change.rule, change.term, change.process)
        for one in law.numbers
    }
    return tuple(
        Tried(
            label=held[name].label,
            tried=measured(unit=held[name].unit, count=value),
            held=held[name].now,
        )
        if name in held
        else Tried(label=Text(name, name), tried=Text(str(value), str(value)), held=None)
        for name, value in change.numbers.items()
    )


def law_label(*, declarations: Declarations, change: Change) -> Text:
    """What a change is of, in words."""
    process, term = declarations.processes.get(change.process), declarations.terms.get(change.term)
    if process and term:
        return _threshold(process, term)
    named = term or declarations.rules.get(change.rule)
    return named.label if named else Text(change.rule or change.term, change.rule or change.term)


def outcome_label(*, declarations: Declarations, change: Change, value: str | None) -> Text:
    """An outcome in words."""
    if value is None:
        return UNKNOWN
    if change.term:
        return (OPENS if change.process else SHOWS)[value]
    rule = declarations.rules.get(change.rule)
    if rule is None:
        return Text(value, value)
    version = version_on(rule.versions, change.on)
    found = [one.label for one in (version.outcomes if version else ()) if one.id == value]
    otherwise = Text(rule.otherwise_zh or value, rule.otherwise_en or value)
    return found[0] if found else otherwise


def _rules(declarations: Declarations, on: dt.date) -> Iterator[LawNumbers]:
    for rule in declarations.rules.values():
        version = version_on(rule.versions, on)
        if version is None or not version.parameters:
            continue
        numbers = tuple(
            Number(
                id=p.id, label=p.label, unit=p.unit, value=p.value, minimum=p.minimum,
                maximum=p.maximum,
            )
            for p in version.parameters
        )  # fmt: skip
        yield LawNumbers(
            id=f"rule-{rule.id}", rule=rule.id, label=rule.label, version=version.valid_from,
            basis=_named(declarations, rule.basis_of(version)), numbers=numbers,
        )  # fmt: skip


def _terms(declarations: Declarations, on: dt.date) -> Iterator[LawNumbers]:
    used = {item.term for release in declarations.releases.values() for item in release.kinds}
    for term in declarations.terms.values():
        version = version_on(term.versions, on)
        if version is None or term.id not in used:
            continue
        numbers = tuple(
            Number(
                id=c.id, label=c.label, unit="months", value=c.months_max, minimum=0,
                maximum=MOST_MONTHS,
            )
            for c in version.classes
            if c.publish
        )  # fmt: skip
        yield LawNumbers(
            id=f"term-{term.id}", term=term.id, label=term.label, version=version.valid_from,
            basis=_named(declarations, (version.law,)), numbers=numbers,
        )  # fmt: skip


def _thresholds(declarations: Declarations, on: dt.date) -> Iterator[LawNumbers]:
    for process in declarations.processes.values():
        for term in terms_of(declarations, process, on):
            version = version_on(term.versions, on)
            if version is None:
                continue
            numbers = tuple(
                Number(
                    id=c.id, label=c.label, unit="months", value=c.months_min, minimum=0,
                    maximum=c.months_max,
                )
                for c in version.classes
                if c.publish
            )  # fmt: skip
            yield LawNumbers(
                id=f"process-{process.id}-{term.id}", term=term.id, process=process.id,
                label=_threshold(process, term), version=version.valid_from,
                basis=_named(declarations, (version.law,)), numbers=numbers,
            )  # fmt: skip


def _threshold(process: Process, term: Term) -> Text:
    """The shortest publicity after which a case may be opened about what a term shows."""
    return Text(
        f"{process.zh}的最短公示期（{term.zh}）",
        f"{process.en}: shortest time in public ({term.en})",
    )


def _named(declarations: Declarations, basis: tuple[str, ...]) -> tuple[Text, ...]:
    ids = dict.fromkeys(item.partition(":")[0] for item in basis)
    return tuple(declarations.laws[one].label for one in ids)
