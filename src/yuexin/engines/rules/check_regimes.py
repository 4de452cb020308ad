"""A list or a measure is in order when its worked examples come out, judged as the living are, and
when its rule ends an entry on the very day that its versions and their transition clauses say."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from yuexin.base.dates import add_months
from yuexin.base.text import Text
from yuexin.engines.declare.types import (
    Commitment,
    CommitmentExample,
    Declarations,
    Measure,
    MeasureExample,
    Regime,
)
from yuexin.engines.rules.bound import kinds_read, subject_program
from yuexin.engines.rules.check import EXAMPLE, UNKNOWN, example_failed, example_frame
from yuexin.engines.rules.dialect import refused
from yuexin.engines.rules.regimes import called_for, lost_to, regime_rules, standing
from yuexin.engines.rules.terms_of_lists import last_day_by_term
from yuexin.engines.rules.types import Said

AHEAD: Final = 64
_ONE_DAY: Final = dt.timedelta(days=1)
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def check_regime(*, declarations: Declarations, regime: Regime) -> None:
    """Run the worked examples of a list, and compare its rule with its terms. Raises the first
    `Refusal`."""
    for example in regime.examples:
        place = f"regimes/{regime.id} “{example.name}”"
        found = _stands(declarations, regime, example.records, example.on, place)
        if found != (example.listed, example.until):
            raise example_failed(place, f"{example.listed}, {example.until}", f"{found}")
    for entered in _probes(regime):
        compare_terms(declarations=declarations, regime=regime, entered=entered)


def check_measure(*, declarations: Declarations, measure: Measure) -> None:
    """Run the worked examples of a measure. Raises the first `Refusal`."""
    for example in measure.examples:
        answer = called_for(
            declarations=declarations,
            verdicts=tuple(_told(declarations, example)),
            scene=example.scene,
            on=example.on,
        )
        hits = {hit.measure.id for hit in (*answer.hits, *answer.easings)}
        if (measure.id in hits) != example.hit:
            place = f"measures {measure.id} “{example.name}”"
            raise example_failed(place, f"hit: {example.hit}", f"{sorted(hits)}")


def check_commitment(*, declarations: Declarations, commitment: Commitment) -> None:
    """Whether whoever the worked examples of a commitment tell of may make it. Raises the first
    `Refusal`."""
    for example in commitment.examples:
        lost = lost_to(
            declarations=declarations,
            verdicts=tuple(_told(declarations, example)),
            measures=commitment.lost_by,
            on=example.on,
        )
        if bool(lost) != example.barred:
            place = f"commitments/{commitment.id} “{example.name}”"
            raise example_failed(place, f"barred: {example.barred}", f"barred: {bool(lost)}")


def _told(
    declarations: Declarations, example: MeasureExample | CommitmentExample
) -> Iterator[Said]:
    """What the example says, and of the lists it does not name that the subject stands in none."""
    others = regime_rules(declarations=declarations) - example.verdicts.keys()
    said = {**{rule: declarations.rules[rule].otherwise for rule in others}, **example.verdicts}
    for rule, value in said.items():
        known = None if value == UNKNOWN else value
        yield Said(rule=rule, valid_from=example.on, valid_until=None, value=known)


def _stands(
    declarations: Declarations, regime: Regime, records: Rows, on: dt.date, place: str
) -> tuple[bool, dt.date | None]:
    """Whether a file stands in a list on a day, and the last day on which it does."""
    said = _judged(declarations, records, on, place)
    listed = standing(declarations=declarations, verdicts=said, on=on)
    mine = next((item for item in listed if item.regime.id == regime.id and item.counts), None)
    return mine is not None, mine.last_day if mine else None


def _judged(declarations: Declarations, records: Rows, on: dt.date, place: str) -> list[Said]:
    kinds = declarations.kinds
    # What no record of the example is read by says the same of everybody: it lists nobody.
    rules = frozenset(
        rule
        for rule in regime_rules(declarations=declarations)
        if not kinds_read(declarations=declarations, rule=rule).isdisjoint(records)
    )
    program = subject_program(declarations=declarations, rules=rules)
    frames = {kind: example_frame(kinds[kind], rows, place) for kind, rows in records.items()}
    timeline = program.timeline([EXAMPLE], frames, on, limit=AHEAD)
    return [
        Said(
            rule=row["rule"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            value=row["value"],
            reasons=json.loads(row["reasons"]),
        )
        for row in timeline.iter_rows(named=True)
    ]


def _probes(regime: Regime) -> Iterator[dt.date]:
    """Days of entry on which rule and terms could differ: around each change of the law, far enough
    before it for the old term to reach it, and at the end of a February."""
    if regime.terms_by_case or not any(one.term_months for one in regime.versions):
        return
    first = min(one.valid_from for one in regime.versions)
    longest = max(one.term_months for one in regime.versions)
    for version in regime.versions:
        yield version.valid_from
        for back in (1, longest // 3, longest // 2, longest - 1):
            day = add_months(version.valid_from, -back)
            if first <= day:
                yield day
        if first < version.valid_from:
            yield version.valid_from - _ONE_DAY
    for day in (dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2024, 8, 31)):
        if first <= day:
            yield day


def compare_terms(*, declarations: Declarations, regime: Regime, entered: dt.date) -> None:
    """The rule has to end an entry of a day when the terms do: not a day before, not one after."""
    last = last_day_by_term(regime=regime, entered=entered)
    place = f"regimes/{regime.id} {entered}"
    found = _stands(declarations, regime, _entry(declarations, regime, entered), entered, place)
    if found != (True, last):
        raise refused(
            place=place,
            what=Text(
                f"按期限应列入至 {last}，规则“{regime.rule}”得到 {found}",
                f"by its terms an entry lasts until {last}; by the rule “{regime.rule}”: {found}",
            ),
            remedy=Text(
                "使规则与期限、衔接规定一致",
                "make the rule agree with the terms and the transition clauses",
            ),
        )


def _entry(declarations: Declarations, regime: Regime, entered: dt.date) -> Rows:
    """The entry of the first worked example that is listed, made on another day."""
    kind = declarations.kinds[regime.kind]
    first = next(one for one in regime.examples if one.listed)
    row = dict(first.records[regime.kind][0])
    for field in (kind.event_date, kind.valid_from):
        if field:
            row[field] = entered.isoformat()
    return {regime.kind: [row]}
