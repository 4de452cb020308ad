"""Programs bound once while the same declarations hold: binding costs more than judging."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import polars as pl

from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.base.memo import Memo
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import (
    CaseCondition,
    Declarations,
    ProcessVersion,
    SubjectRule,
    Term,
)
from yuexin.engines.rules.conditions import FileConditions, RecordConditions
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.subjects import SubjectProgram

MOST: Final = 512
_releases: Final = Memo[tuple[str, str, str, bool], ReleaseProgram](MOST)
_rules: Final = Memo[tuple[str, frozenset[str]], SubjectProgram](MOST)
_conditions: Final = Memo[tuple[str, str, tuple[CaseCondition, ...]], RecordConditions](MOST)
_of_files: Final = Memo[tuple[str, tuple[CaseCondition, ...]], FileConditions](MOST)
_kinds: Final = Memo[tuple[str, str], frozenset[str]](MOST)
_digests: Final = Memo[str, UUID](MOST)


def release_program(
    *, declarations: Declarations, release: str, kind: str, on_any_day: bool = False
) -> ReleaseProgram:
    """What a release makes of records of a kind, under its term.

    With `on_any_day` only what closes every day, whatever the day: no term, and no rule that
    withholds from then on.
    """
    key = (declarations.digest, release, kind, on_any_day)
    return _releases.get(
        key, lambda: _release_program(declarations, release, kind, on_any_day=on_any_day)
    )


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
    """These of the declared rules, to be judged together. Each is bound once, alone."""
    return _rules.get((declarations.digest, rules), lambda: _subject_program(declarations, rules))


def _subject_program(declarations: Declarations, rules: frozenset[str]) -> SubjectProgram:
    alone = len(rules) == 1
    if not alone:
        for rule in rules:
            subject_program(declarations=declarations, rules=frozenset((rule,)))
    chosen = [rule for rule in declarations.rules.values() if rule.id in rules]
    return SubjectProgram(
        rules=chosen,
        kinds=declarations.kinds,
        calendar=calendar_of(declarations=declarations),
        bound=not alone,
    )


def kinds_read(*, declarations: Declarations, rule: str) -> frozenset[str]:
    """The kinds of records that any version of a rule reads."""
    one = frozenset((rule,))
    return _kinds.get(
        (declarations.digest, rule),
        lambda: frozenset(subject_program(declarations=declarations, rules=one).needed),
    )


def record_conditions(
    *, declarations: Declarations, kind: str, conditions: tuple[CaseCondition, ...], place: str
) -> RecordConditions:
    """Conditions over records of a kind, with the term under which the public sees them."""
    return _conditions.get(
        (declarations.digest, kind, conditions),
        lambda: RecordConditions(
            kind=declarations.kinds[kind],
            term=_public_terms(declarations).get(kind),
            conditions=conditions,
            place=place,
            remedies=[one for one in declarations.remedies.values() if kind in one.kinds],
            calendar=calendar_of(declarations=declarations),
        ),
    )


def term_gone_by(
    *, declarations: Declarations, version: ProcessVersion, kind: str, place: str
) -> Term | None:
    """The term by whose shortest months the conditions of a process go for records of a kind;
    none where they go by none."""
    program = record_conditions(
        declarations=declarations, kind=kind, conditions=version.of_record, place=place
    )
    return _public_terms(declarations).get(kind) if program.by_term else None


def _public_terms(declarations: Declarations) -> dict[str, Term]:
    """By kind the term under which the public sees its records."""
    shown = declarations.releases["public"].by_kind
    return {
        name: declarations.terms[one.term]
        for name, one in shown.items()
        if one.term in declarations.terms
    }


def repair_from(*, declarations: Declarations, kind: str, frame: pl.DataFrame) -> dt.date | None:
    """The first day on which the record of this frame may be repaired by the term under which the
    public sees it, as conditions of processes read it; none without such a term."""
    program = record_conditions(declarations=declarations, kind=kind, conditions=(), place=kind)
    return program.repair_from(frame)


def file_conditions(
    *, declarations: Declarations, conditions: tuple[CaseCondition, ...]
) -> FileConditions:
    """Conditions over the whole file of a subject."""
    return _of_files.get(
        (declarations.digest, conditions),
        lambda: FileConditions(
            kinds=declarations.kinds,
            conditions=conditions,
            terms=_public_terms(declarations),
            calendar=calendar_of(declarations=declarations),
        ),
    )


def said_of_nobody(*, declarations: Declarations, on: dt.date) -> Mapping[str, str | None]:
    """What each rule says on a day of whoever has no record that it reads. Worked out anew: pages
    ask the rulebook, where it is kept."""
    program = subject_program(declarations=declarations, rules=frozenset(declarations.rules))
    said = program.evaluate(subjects=[""], records={}, on=on)
    return dict(said.select("rule", "value").iter_rows())


def digest_of_rules(*, declarations: Declarations) -> UUID:
    """Names what all rules say together: another one where any of them may judge otherwise."""
    return _digests.get(declarations.digest, lambda: _digest_of_rules(declarations))


def _digest_of_rules(declarations: Declarations) -> UUID:
    read = {
        kind
        for rule in declarations.rules
        for kind in kinds_read(declarations=declarations, rule=rule)
    }
    said: dict[str, Any] = {
        "calendar": [[str(day.date), day.workday] for day in declarations.calendar],
        "rules": {rule.id: _says(rule) for rule in declarations.rules.values()},
        "fields": {
            kind: [[f.id, f.type, f.many] for f in declarations.kinds[kind].fields]
            for kind in sorted(read)
        },
    }
    return UUID(sha256_hex(canonical_json(said))[:32])


def _says(rule: SubjectRule) -> list[Any]:
    versions = [
        [
            str(one.valid_from),
            str(one.valid_to or ""),
            [[number.id, number.value] for number in one.parameters],
            [[outcome.id, outcome.when] for outcome in one.outcomes],
        ]
        for one in rule.versions
    ]
    return [rule.otherwise, versions]
