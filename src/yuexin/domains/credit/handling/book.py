"""What a check has to read of a subject in a scene on a day. It follows from the declarations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from yuexin.base.memo import Memo
from yuexin.domains.subjects.rulebook import rulebook
from yuexin.engines.declare.types import Declarations, Measure, Trigger
from yuexin.engines.rules.queries import (
    measures_in,
    rules_asked,
)

Said = tuple[str, str]
"""A rule, and what it says."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """`rules` have a say, `measures` are those that the law names for the scene, `deciding` the
    rules on which one of them depends; `wanted` is what they may say that matters, `nobody` what
    they say of whoever has no record that they read, `judged_by` the digest of the rules that hold
    now, `reads` the kinds of records that each reads. By the rule `status` whoever is
    said to be one of `gone` can be no party any more."""

    rules: tuple[str, ...]
    measures: tuple[Measure, ...]
    wanted: frozenset[Said]
    nobody: Mapping[str, str | None]
    judged_by: UUID
    reads: Mapping[str, frozenset[str]]
    status: str
    gone: frozenset[str]

    @cached_property
    def rules_array(self) -> str:
        """The rules as the literal of an array: made once, where a list is made at every check."""
        return f"{{{','.join(self.rules)}}}"

    @cached_property
    def wanted_array(self) -> str:
        """What is wanted, rule and value in one text each, as the literal of an array."""
        said = ",".join(f'"{rule} {value}"' for rule, value in sorted(self.wanted))
        return f"{{{said}}}"

    @cached_property
    def deciding(self) -> frozenset[str]:
        return frozenset(one.rule for measure in self.measures for one in measure.triggers)

    @cached_property
    def read(self) -> frozenset[str]:
        """The kinds of records on which a measure depends."""
        return frozenset(kind for rule in self.deciding for kind in self.reads[rule])

    @cached_property
    def quiet(self) -> bool:
        """Whether nothing is to be said of whoever has no record that the rules read."""
        said = {rule: self.nobody[rule] for rule in self.rules}
        known = all(said[rule] is not None for rule in self.deciding)
        return known and not any((rule, value) in self.wanted for rule, value in said.items())

    @cached_property
    def personal(self) -> tuple[Measure, ...]:
        """The measures of the scene that bind whoever represents a subject in law."""
        return tuple(one for one in self.measures if "legal_rep" in one.targets)

    @cached_property
    def deciding_of_persons(self) -> frozenset[str]:
        """The rules on which one of the personal measures depends."""
        return frozenset(one.rule for measure in self.personal for one in measure.triggers)


_books: Final = Memo[tuple[str, str, dt.date], Book](256)


def book_of(*, declarations: Declarations, scene: str, on: dt.date) -> Book:
    """What is read of a subject in a scene on a day."""
    key = (declarations.digest, scene, on)
    return _books.get(key, lambda: _book(declarations, scene, on))


def _book(declarations: Declarations, scene: str, on: dt.date) -> Book:
    measures = measures_in(declarations=declarations, scene=scene, on=on)
    regimes = declarations.regimes.values()
    status = declarations.rules[declarations.status_rule]
    wanted = {
        *((status.id, outcome) for outcome in status.gone),
        *((one.rule, outcome) for one in regimes for outcome in one.listed),
        *(said for one in regimes for said in _outcomes(one.ended_by)),
        *(said for one in measures for said in _outcomes(one.triggers)),
    }
    rules = rules_asked(declarations=declarations, scene=scene, on=on)
    known = rulebook(declarations=declarations, on=on)
    return Book(
        rules=tuple(sorted(rules | {status.id})),
        measures=measures,
        wanted=frozenset(wanted),
        nobody=known.nobody,
        judged_by=known.digest,
        reads=known.reads,
        status=status.id,
        gone=status.gone,
    )


def _outcomes(triggers: tuple[Trigger, ...]) -> Iterator[Said]:
    return ((one.rule, outcome) for one in triggers for outcome in one.outcomes)
