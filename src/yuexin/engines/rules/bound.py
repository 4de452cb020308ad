"""Programs bound once while the same declarations hold: binding costs more than judging."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.subjects import SubjectProgram

MOST: Final = 512
_releases: dict[tuple[str, str, str, bool], ReleaseProgram] = {}
_rules: dict[tuple[str, frozenset[str]], SubjectProgram] = {}
_kinds: dict[tuple[str, str], frozenset[str]] = {}


def release_program(
    *, declarations: Declarations, release: str, kind: str, on_any_day: bool = False
) -> ReleaseProgram:
    """What a release makes of records of a kind, under its term.

    With `on_any_day` only what closes every day, whatever the day: no term, and no rule that
    withholds from then on.
    """
    key = (declarations.digest, release, kind, on_any_day)
    if key not in _releases:
        if len(_releases) >= MOST:
            _releases.clear()
        _releases[key] = _release_program(declarations, release, kind, on_any_day=on_any_day)
    return _releases[key]


def _release_program(
    declarations: Declarations, release: str, kind: str, *, on_any_day: bool
) -> ReleaseProgram:
    declared = declarations.releases[release].by_kind[kind]
    term = declarations.terms[declared.term] if declared.term else None
    if on_any_day:
        closing = tuple(rule for rule in declared.withhold if not rule.from_then_on)
        declared, term = replace(declared, withhold=closing, term=""), None
    return ReleaseProgram(kind=declarations.kinds[kind], release_kind=declared, term=term)


def subject_program(*, declarations: Declarations, rules: frozenset[str]) -> SubjectProgram:
    """These of the declared rules, to be judged together."""
    key = (declarations.digest, rules)
    if key not in _rules:
        if len(_rules) >= MOST:
            _rules.clear()
        chosen = [rule for rule in declarations.rules.values() if rule.id in rules]
        _rules[key] = SubjectProgram(rules=chosen, kinds=declarations.kinds)
    return _rules[key]


def kinds_read(*, declarations: Declarations, rule: str) -> frozenset[str]:
    """The kinds of records that any version of a rule reads."""
    key = (declarations.digest, rule)
    if key not in _kinds:
        if len(_kinds) >= MOST:
            _kinds.clear()
        program = subject_program(declarations=declarations, rules=frozenset((rule,)))
        _kinds[key] = frozenset(program.needed)
    return _kinds[key]
