"""What can be tried: the numbers of the rules and terms that are in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from yuexin.base.text import Text
from yuexin.domains.subjects.whatif.types import HIDDEN, SHOWN, Change
from yuexin.engines.declare.types import Declarations, version_on
from yuexin.engines.rules.queries import MOST_MONTHS

UNKNOWN = Text("未知", "unknown")
SHOWS = {SHOWN: Text("在公示", "public"), HIDDEN: Text("不公示", "not public")}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number of a law, and between what it may be tried."""

    id: str
    label: Text
    value: int
    minimum: int
    maximum: int


@dataclass(frozen=True, kw_only=True)
class LawNumbers:
    """A rule or a term in force, its laws by id, and its numbers."""

    id: str
    rule: str = ""
    term: str = ""
    label: Text
    basis: tuple[Text, ...]
    version: dt.date
    numbers: tuple[Number, ...]

    @property
    def is_term(self) -> bool:
        return bool(self.term)


def laws(*, declarations: Declarations, on: dt.date) -> tuple[LawNumbers, ...]:
    """The rules and the terms in force on a day that hold a number to be tried."""
    return (*_rules(declarations, on), *_terms(declarations, on))


def outcome_label(*, declarations: Declarations, change: Change, value: str | None) -> Text:
    """An outcome in words."""
    if value is None:
        return UNKNOWN
    if change.term:
        return SHOWS[value]
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
            Number(id=p.id, label=p.label, value=p.value, minimum=p.minimum, maximum=p.maximum)
            for p in version.parameters
        )
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
            Number(id=c.id, label=c.label, value=c.months_max, minimum=0, maximum=MOST_MONTHS)
            for c in version.classes
            if c.publish
        )
        yield LawNumbers(
            id=f"term-{term.id}", term=term.id, label=term.label, version=version.valid_from,
            basis=_named(declarations, (version.law,)), numbers=numbers,
        )  # fmt: skip


def _named(declarations: Declarations, basis: tuple[str, ...]) -> tuple[Text, ...]:
    ids = dict.fromkeys(item.partition(":")[0] for item in basis)
    return tuple(declarations.laws[one].label for one in ids)
