"""What verdicts mean: the lists a subject stands in, and the measures that are called for.

A join of stored verdicts with declarations, made at the moment of the question. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.memo import Memo
from yuexin.engines.declare.types import (
    STRENGTHS,
    Declarations,
    Measure,
    NamedScene,
    Regime,
    Trigger,
    version_on,
)
from yuexin.engines.rules.types import (
    CalledFor,
    Exclusion,
    Ground,
    Hit,
    Lost,
    Standing,
    StoredVerdict,
    latest_end,
)

_measures: Final = Memo[tuple[str, str, dt.date], tuple["_Armed", ...]](4096)
_places: Final = Memo[str, Mapping[str, tuple["_Place", ...]]](16)
_ONE_DAY: Final = dt.timedelta(days=1)


def standing(
    *, declarations: Declarations, verdicts: Iterable[StoredVerdict], on: dt.date
) -> tuple[Standing, ...]:
    """The lists in which one subject stands on a day by its stored verdicts, in declared order.

    An honour that yields does not `count` while the subject stands in an adverse list.
    """
    return _standing_in(declarations, _Said.of(verdicts, on), on)


def called_for(
    *,
    declarations: Declarations,
    verdicts: Iterable[StoredVerdict],
    scene: str,
    on: dt.date,
) -> CalledFor:
    """The measures that the verdicts of one subject call for in a scene on a day, and the easings.

    A measure applies where its own law and the law that names the scene are in force, and rests on
    all of its triggers that hold. Where all of them are under an objection nothing is stronger than
    `must_consider`: a person has to look. Easings are lost while the subject stands in an adverse
    list, and while it is not known of one whether it does.
    """
    said = _Said.of(verdicts, on)
    listed = _standing_in(declarations, said, on)
    adverse = any(item.regime.tone == "adverse" for item in listed)
    armed = _in_scene(declarations, scene, on)
    by_rule = _by_its_rule(declarations)
    found = (_hit(item, by_rule, said, listed, on) for item in armed)
    hits = [hit for hit in found if hit]
    against = sorted(
        (hit for hit in hits if not hit.measure.incentive),
        key=lambda hit: -STRENGTHS.index(hit.strength),
    )
    easings = tuple(hit for hit in hits if hit.measure.incentive)
    asked = [trigger.rule for item in armed for trigger in item.on]
    unknown = _undecided(_adverse_rules(declarations), said) if easings else ()
    return CalledFor(
        hits=tuple(against),
        easings=() if adverse or unknown else easings,
        lost=easings if adverse else (),
        undecided=tuple(dict.fromkeys((*_undecided(asked, said), *unknown))),
        overall=against[0].strength if against else None,
    )


def lost_to(
    *,
    declarations: Declarations,
    verdicts: Iterable[StoredVerdict],
    measures: Iterable[str],
    on: dt.date,
) -> tuple[Lost, ...]:
    """Those of these measures that the verdicts of one subject call for on a day, whatever is being
    handled. Of a rule that is undecided nothing follows."""
    said = _Said.of(verdicts, on)
    listed, by_rule = _standing_in(declarations, said, on), _by_its_rule(declarations)
    in_force = (one for one in map(declarations.measures.__getitem__, measures) if one.in_force(on))
    rests_on = (
        (
            one,
            [it for trigger in one.triggers for it in _grounds(trigger, by_rule, said, listed, on)],
        )
        for one in in_force
    )
    return tuple(
        Lost(measure=one, last_day=latest_end(it.last_day for it in grounds))
        for one, grounds in rests_on
        if grounds
    )


def rules_of(*, declarations: Declarations, measures: Iterable[str]) -> frozenset[str]:
    """The rules whose verdicts say of whom these measures are called for."""
    named = (declarations.measures[one] for one in measures)
    triggers = frozenset(trigger.rule for one in named for trigger in one.triggers)
    return triggers | regime_rules(declarations=declarations)


def measures_in(*, declarations: Declarations, scene: str, on: dt.date) -> tuple[Measure, ...]:
    """The measures that the law in force on a day names for a scene, each once."""
    armed = _in_scene(declarations, scene, on)
    return tuple({item.measure.id: item.measure for item in armed}.values())


def rules_asked(*, declarations: Declarations, scene: str, on: dt.date) -> frozenset[str]:
    """The rules whose verdicts answer for a scene: what a check has to read of a subject."""
    triggers = (trigger.rule for item in _in_scene(declarations, scene, on) for trigger in item.on)
    return frozenset(triggers) | regime_rules(declarations=declarations)


def regime_rules(*, declarations: Declarations) -> frozenset[str]:
    """The rules whose verdicts say in which lists a subject stands."""
    ending = (one.rule for regime in declarations.regimes.values() for one in regime.ended_by)
    return frozenset(ending) | frozenset(_by_its_rule(declarations))


def exclusions(*, declarations: Declarations, regime: Regime) -> tuple[Exclusion, ...]:
    """By what whoever stands in a list by its own rule is out of it, or does not count in it."""
    return (*_endings(regime), *_yielded_to(declarations, regime))


@dataclass(frozen=True, kw_only=True)
class _Armed:
    """A measure in force, in the scene that is asked for."""

    measure: Measure
    scene: NamedScene
    on: tuple[Trigger, ...]


def _in_scene(declarations: Declarations, scene: str, on: dt.date) -> tuple[_Armed, ...]:
    key = (declarations.digest, scene, on)
    return _measures.get(key, lambda: _armed(declarations, scene, on))


def _armed(declarations: Declarations, scene: str, on: dt.date) -> tuple[_Armed, ...]:
    return tuple(
        _Armed(measure=measure, scene=named, on=measure.triggers)
        for measure in declarations.measures.values()
        if measure.in_force(on)
        for named in measure.scenes
        if named.scene == scene and _law_in_force(declarations, named.basis, on)
    )


def _law_in_force(declarations: Declarations, basis: str, on: dt.date) -> bool:
    return declarations.laws[basis.partition(":")[0]].in_force(on)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A list, its number in declared order, and by what one is out of it or does not count."""

    number: int
    regime: Regime
    endings: tuple[Exclusion, ...]
    yielded_to: tuple[Exclusion, ...]


def _by_its_rule(declarations: Declarations) -> Mapping[str, tuple[_Place, ...]]:
    return _places.get(declarations.digest, lambda: _placed(declarations))


def _placed(declarations: Declarations) -> Mapping[str, tuple[_Place, ...]]:
    found: dict[str, tuple[_Place, ...]] = {}
    for number, regime in enumerate(declarations.regimes.values()):
        place = _Place(
            number=number,
            regime=regime,
            endings=_endings(regime),
            yielded_to=_yielded_to(declarations, regime),
        )
        found[regime.rule] = (*found.get(regime.rule, ()), place)
    return found


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What is stored of one subject, by rule: its rows in order, and which of them holds."""

    rows: Mapping[str, Sequence[StoredVerdict]]
    now: Mapping[str, StoredVerdict]

    @classmethod
    def of(cls, verdicts: Iterable[StoredVerdict], on: dt.date) -> _Said:
        found: dict[str, list[StoredVerdict]] = {}
        for item in verdicts:
            found.setdefault(item.rule, []).append(item)
        for rows in found.values():
            rows.sort(key=lambda row: row.valid_from)
        held = ((rule, _on_day(rows, on)) for rule, rows in found.items())
        return cls(rows=found, now={rule: row for rule, row in held if row is not None})

    def holds(self, rule: str, outcomes: Sequence[str]) -> bool:
        row = self.now.get(rule)
        return row is not None and row.value in outcomes

    def any_holds(self, some: Iterable[Exclusion]) -> bool:
        return any(
            self.holds(one.rule, one.outcomes)
            and not any(self.holds(but.rule, but.outcomes) for but in one.unless)
            for one in some
        )


def _on_day(rows: Sequence[StoredVerdict], on: dt.date) -> StoredVerdict | None:
    for row in rows:
        if row.valid_from <= on and (row.valid_until is None or on < row.valid_until):
            return row
    return None


def _standing_in(declarations: Declarations, said: _Said, on: dt.date) -> tuple[Standing, ...]:
    by_rule = _by_its_rule(declarations)
    places = [
        place
        for rule in said.now
        for place in by_rule.get(rule, ())
        if said.holds(rule, place.regime.listed) and not said.any_holds(place.endings)
    ]
    places.sort(key=lambda place: place.number)
    found = ((place, _standing(place.regime, said, on)) for place in places)
    return tuple(
        item.uncounted if said.any_holds(place.yielded_to) else item for place, item in found
    )


def _endings(regime: Regime) -> tuple[Exclusion, ...]:
    """What says of a subject that it can stand in the list no longer."""
    return tuple(Exclusion(rule=one.rule, outcomes=one.outcomes) for one in regime.ended_by)


def _yielded_to(declarations: Declarations, regime: Regime) -> tuple[Exclusion, ...]:
    """The adverse lists to which an honour yields, each until it has ended itself."""
    if not regime.yields:
        return ()
    return tuple(
        Exclusion(rule=one.rule, outcomes=one.listed, unless=one.ended_by)
        for one in declarations.regimes.values()
        if one.tone == "adverse"
    )


def _standing(regime: Regime, said: _Said, on: dt.date) -> Standing:
    row = said.now[regime.rule]
    version = version_on(regime.versions, on)
    return Standing(
        regime=regime,
        outcome=row.value or "",
        version=version,
        last_day=_last_day(said.rows[regime.rule], on, regime.listed),
        disputed=row.value in regime.disputed,
        provisional=version is None or not version.settled,
        records=_evidence(row),
    )


def _last_day(
    rows: Sequence[StoredVerdict], on: dt.date, outcomes: Sequence[str]
) -> dt.date | None:
    """The last day of the unbroken run of these outcomes from `on`; None where none is known."""
    day = on
    while (row := _on_day(rows, day)) is not None:
        if row.value not in outcomes:
            return day - _ONE_DAY
        if row.valid_until is None:
            return None
        day = row.valid_until
    return None


def _hit(
    item: _Armed,
    by_rule: Mapping[str, tuple[_Place, ...]],
    said: _Said,
    listed: Sequence[Standing],
    on: dt.date,
) -> Hit | None:
    """The measure by all of its triggers that hold, the undisputed ones first; None where none
    does."""
    grounds = [one for it in item.on for one in _grounds(it, by_rule, said, listed, on)]
    grounds.sort(key=lambda one: one.disputed)
    if not grounds:
        return None
    return Hit(measure=item.measure, scene=item.scene, grounds=tuple(grounds))


def _grounds(
    trigger: Trigger,
    by_rule: Mapping[str, tuple[_Place, ...]],
    said: _Said,
    listed: Sequence[Standing],
    on: dt.date,
) -> Iterator[Ground]:
    """What a trigger rests on where it holds: each list of its rule, or the rule alone. What
    follows from standing in a list follows no longer where that has ended."""
    row = said.now.get(trigger.rule)
    if row is None or row.value is None or row.value not in trigger.outcomes:
        return
    lists = tuple(one for one in listed if one.regime.rule == trigger.rule)
    named = any(row.value in one.regime.listed for one in by_rule.get(trigger.rule, ()))
    if named and not lists:
        return
    for one in lists or (None,):
        yield Ground(
            rule=trigger.rule,
            outcome=row.value,
            listed=one,
            last_day=_last_day(said.rows[trigger.rule], on, trigger.outcomes),
            disputed=any(it.disputed for it in lists),
            records=_evidence(row),
        )


def _adverse_rules(declarations: Declarations) -> tuple[str, ...]:
    """The rules that say who stands in an adverse list."""
    grouped = _by_its_rule(declarations).items()
    return tuple(
        rule for rule, some in grouped if any(one.regime.tone == "adverse" for one in some)
    )


def _undecided(asked: Iterable[str], said: _Said) -> tuple[str, ...]:
    """Those of these rules of which it is not known what they say: a person has to look."""
    unknown = ((rule, said.now.get(rule)) for rule in dict.fromkeys(asked))
    return tuple(rule for rule, row in unknown if row is None or row.value is None)


def _evidence(row: StoredVerdict) -> tuple[str, ...]:
    """The records that made the verdict so, each once."""
    true = (reason for reason in row.reasons if reason["truth"] is True)
    return tuple(dict.fromkeys(record for reason in true for record in reason["records"]))
