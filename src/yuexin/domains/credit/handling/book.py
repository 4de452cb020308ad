"""Which verdicts call for which measures in a scene on a day: the declarations, turned around.

Pure: it follows from the declarations, the scene and the day alone, and is made once for them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from yuexin.base.memo import Memo
from yuexin.engines.declare.types import Declarations, Measure, NamedScene, Regime

Said = tuple[str, str]
"""A rule, and what it says."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A measure, and the law that names the scene for it."""

    measure: Measure
    scene: NamedScene


@dataclass(frozen=True, kw_only=True)
class Book:
    """`calls`: what is called for in the scene, by what a rule says. `regimes`: the lists,
    whatever the scene."""

    calls: Mapping[Said, tuple[Call, ...]]
    regimes: Mapping[Said, Regime]

    @cached_property
    def wanted(self) -> frozenset[Said]:
        return frozenset(self.calls) | frozenset(self.regimes)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules that have a say, each once."""
        return tuple(sorted({rule for rule, _ in self.wanted}))

    @cached_property
    def personal(self) -> tuple[Measure, ...]:
        """The measures of the scene that bind responsible persons."""
        named = {one.measure.id: one.measure for found in self.calls.values() for one in found}
        return tuple(one for one in named.values() if set(one.targets) - {"subject"})

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The rules on which a measure of the scene depends."""
        return frozenset(rule for rule, _ in self.calls)


_books: Final = Memo[tuple[str, str, dt.date], Book](256)


def book_of(*, declarations: Declarations, scene: str, on: dt.date) -> Book:
    """What is called for in a scene on a day, by measures in force whose law is in force and names
    the scene."""
    key = (declarations.digest, scene, on)
    return _books.get(key, lambda: _book(declarations, scene, on))


def still_called(*, declarations: Declarations, measure: str, on: dt.date) -> tuple[Said, ...]:
    """What rules have to say of a subject so that a measure, whatever the scene, is called for."""
    found = declarations.measures.get(measure)
    return _said(found) if found and found.in_force(on) else ()


def _book(declarations: Declarations, scene: str, on: dt.date) -> Book:
    calls: dict[Said, list[Call]] = defaultdict(list)
    for measure in declarations.measures.values():
        call = _call(declarations, measure, scene, on)
        for said in _said(measure) if call else ():
            assert call is not None
            calls[said].append(call)
    regimes = {
        (regime.rule, outcome): regime
        for regime in declarations.regimes.values()
        for outcome in regime.listed
    }
    return Book(
        calls={said: tuple(found) for said, found in calls.items()},
        regimes=regimes,
    )


def _call(declarations: Declarations, measure: Measure, scene: str, on: dt.date) -> Call | None:
    """None for a measure that is not in force, rests on no law in force, or whose law does not name
    the scene."""
    if not measure.in_force(on):
        return None
    if not any(_stands(declarations, basis, on) for basis in measure.basis):
        return None
    for named in measure.scenes:
        if named.scene == scene and _stands(declarations, named.basis, on):
            return Call(measure=measure, scene=named)
    return None


def _stands(declarations: Declarations, basis: str, on: dt.date) -> bool:
    law = declarations.laws.get(basis.partition(":")[0])
    return law is not None and law.in_force(on)


def _said(measure: Measure) -> tuple[Said, ...]:
    return tuple((one.rule, outcome) for one in measure.triggers for outcome in one.outcomes)
