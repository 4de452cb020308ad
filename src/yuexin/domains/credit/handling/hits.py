"""From the measures that are called for to what a handler is told, each with its law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yuexin.base.dates import add_months
from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.evidence import Records
from yuexin.domains.credit.handling.types import Ground, Hit, Standing
from yuexin.domains.credit.present import cited
from yuexin.engines.declare.types import Declarations, Measure, Regime, Strength, version_on
from yuexin.engines.rules import types as rules

ONE_DAY: Final = dt.timedelta(days=1)
NOTHING: Final = Text("", "")
OF_ALL: Final = frozenset({"until", "disputed", "stale", "records"})
"""What of a ground a hit says of all of them together."""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What hits are told by: the declarations, the records that may be shown, and the day."""

    declarations: Declarations
    records: Records
    on: dt.date

    def hits(self, called: Iterable[rules.Hit]) -> tuple[Hit, ...]:
        """Those called for of the subject itself. What a hit rests on is left out where its records
        are closed to the body that asks, or its own time is over, and so is a hit without any."""
        own = (one for one in called if "subject" in one.measure.targets)
        return tuple(found for one in own if (found := self._hit(one)))

    def of_person(self, one: rules.Hit) -> Hit | None:
        """The same of a measure that binds persons, where it binds one who holds a post."""
        return self._hit(one)

    def standing(self, one: rules.Standing) -> Standing | None:
        """The list, where it rests on something that the body that asks may see."""
        if self.records.closed(_ids(one.records)):
            return None
        return Standing(
            regime=one.regime.id,
            label=one.regime.label,
            adverse=one.regime.tone == "adverse",
            found=self.said(rule=one.regime.rule, value=one.outcome),
        )

    def said(self, *, rule: str, value: str | None) -> Text:
        """What a rule says, in words."""
        declared = self.declarations.rules[rule]
        version = version_on(declared.versions, self.on)
        outcomes = version.outcomes if version else ()
        found = next((one.label for one in outcomes if one.id == value), None)
        return found or Text(declared.otherwise_zh, declared.otherwise_en)

    def _hit(self, one: rules.Hit) -> Hit | None:
        told = [(it, ground) for it in one.grounds if (ground := self._ground(one.measure, it))]
        told.sort(key=lambda pair: not pair[1].certain)
        if not told:
            return None
        declared, measure = self.declarations, one.measure
        grounds = tuple(ground for _, ground in told)
        disputed, stale = _doubts((it.disputed, it.stale) for it in grounds)
        confirmed = declared.stands_confirmed(measure)
        look = _look(one, confirmed=confirmed, disputed=disputed, stale=stale)
        item = declared.measure_items.get(measure.item)
        first = {name: value for name, value in vars(grounds[0]).items() if name not in OF_ALL}
        return Hit(
            **first,
            measure=measure.id,
            label=measure.label,
            content=measure.content,
            item=measure.item,
            item_label=item.label if item else NOTHING,
            incentive=measure.incentive,
            strength=measure.strength,
            effective=_effective(measure.strength, doubtful=bool(look)),
            confirmed=confirmed,
            basis=cited(laws=declared.laws, basis=measure.basis, on=self.on),
            scene_law=cited(laws=declared.laws, basis=[one.scene.basis], on=self.on)[0],
            until=rules.latest_end(ground.until for ground in grounds),
            targets=measure.targets,
            disputed=disputed,
            stale=stale,
            look=look,
            records=self.records.of(
                _ids(dict.fromkeys(id_ for it, _ in told for id_ in it.records))
            ),
            grounds=grounds,
        )

    def _ground(self, measure: Measure, one: rules.Ground) -> Ground | None:
        """What the measure rests on, but where that is closed to the body that asks, or over."""
        ids = _ids(one.records)
        evidence = self.records.of(ids)
        until = until_of(measure, one, [record.date for record in evidence if record.date])
        if self.records.closed(ids) or (until and until < self.on):
            return None
        declared, regime = self.declarations, one.listed.regime if one.listed else None
        disputed, stale = _doubts((it.disputed, it.stale) for it in evidence)
        agency = evidence[0].agency if evidence else (regime.keepers[0] if regime else "")
        source = declared.agencies[agency].label if agency else NOTHING
        return Ground(
            regime=regime.id if regime else "",
            list_label=_list(declared, regime, one.rule),
            rule=one.rule,
            outcome=one.outcome,
            found=self.said(rule=one.rule, value=one.outcome),
            agency=agency,
            source=source,
            contact=words.filled(words.CONTACT, source) if agency else NOTHING,
            until=until,
            disputed=one.disputed or disputed,
            stale=stale,
            records=tuple(record.record for record in evidence),
        )


def _look(one: rules.Hit, *, confirmed: bool, disputed: bool, stale: bool) -> tuple[Text, ...]:
    """Why a person has to look before anything rests on it."""
    refuses = one.measure.strength == "mandatory_deny"
    doubts = (
        (words.NOT_CONFIRMED, refuses and not confirmed),
        (words.DISPUTED, disputed),
        (words.STALE, stale),
    )
    return tuple(said for said, holds in doubts if holds)


def last_day_of(one: rules.Hit, dates: Mapping[UUID, dt.date]) -> dt.date | None:
    """The last day by what is known: the latest of its grounds. `dates` are those of records."""
    return rules.latest_end(
        until_of(one.measure, it, [dates[id_] for id_ in _ids(it.records) if id_ in dates])
        for it in one.grounds
    )


def until_of(measure: Measure, ground: rules.Ground, dates: Collection[dt.date]) -> dt.date | None:
    """The last day of a ground: of its verdict, or of the measure where that ends first. `dates`
    are those of the records it rests on: the term of the measure runs from the latest."""
    ends = [ground.last_day] if ground.last_day else []
    if measure.term_months and dates:
        ends.append(add_months(max(dates), measure.term_months))
    if measure.valid_to:
        ends.append(measure.valid_to - ONE_DAY)
    return min(ends, default=None)


def _list(declared: Declarations, regime: Regime | None, rule: str) -> Text:
    return regime.label if regime else declared.rules[rule].label


def _effective(strength: Strength, *, doubtful: bool) -> Strength:
    """What is not certain refuses nothing (domain notes 4.4 a, b)."""
    return "must_consider" if doubtful and strength == "mandatory_deny" else strength


def _ids(records: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(record) for record in records)


def _doubts(held: Iterable[tuple[bool, bool]]) -> tuple[bool, bool]:
    """Whether what this rests on is disputed, and whether stale: neither, where one of its parts is
    certain, or there is none."""
    found = list(held)
    if not all(any(doubts) for doubts in found):
        return False, False
    return any(disputed for disputed, _ in found), any(stale for _, stale in found)
