"""Tells what the vocabulary lists, by the worked examples of each resource."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from yuexin.engines.declare.types import Declarations
from yuexin.sample import names
from yuexin.sample.cast import EACH, roles
from yuexin.sample.dice import Dice
from yuexin.sample.examples import Fact, Pattern, patterns, strings
from yuexin.sample.layout import Layout, Row
from yuexin.sample.schedule import Sheet, Times
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Public, Told
from yuexin.sample.vocabulary import CIVIL, CLOSED, TELLINGS, Telling

HIDDEN: Final = 0.1
"""The share of facts that were removed, repaired or annulled, where an example tells of such."""
EXPIRED: Final = "expired"
_PLANTED_NTH: Final = 60
_PROVINCE: Final = "440000"
_DAY: Final = dt.timedelta(days=1)
_OF_AGE: Final = dt.timedelta(days=8000)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fact to be planted: of a telling, by a pattern, hidden for a reason."""

    number: int
    pattern: Pattern
    why: str


class Tellings:
    """Tells one subject after another. The cast hosts what must never be shown."""

    def __init__(
        self, *, dice: Dice, times: Times, plan: Sequence[Sheet], declarations: Declarations,
        layouts: Mapping[str, Layout], count: int,
    ) -> None:  # fmt: skip
        self._dice, self._times, self._declarations = dice, times, declarations
        self._last: dict[str, dict[str, dt.date]] = defaultdict(dict)
        for sheet in plan:
            self._last[sheet.resource][sheet.agency] = sheet.delivered_on
        self._patterns = {
            one.resource: patterns(
                declarations=declarations,
                resource=one.resource,
                layout=layouts[one.resource],
                left_out=one.left_out,
            )
            for one in TELLINGS
        }
        self._hosted = self._hosts(count)
        self._civil_hosts = 0

    def told(self, subject: Subject) -> Iterator[Told]:
        """All that befalls the subject, and what it hosts."""
        dice = self._dice
        for number, telling in enumerate(TELLINGS):
            if subject.kind not in telling.kinds or not _touches(telling, subject):
                continue
            if dice.chance(telling.rate):
                for nth in range(dice.between(1, telling.most)):
                    yield from self._drawn(number, telling, subject, nth)
        yield from self._planted(subject)

    # --- what befalls by chance ---

    def _drawn(self, number: int, telling: Telling, subject: Subject, nth: int) -> Iterator[Told]:
        dice, agency = self._dice, self._agency(telling, subject)
        pattern, why = self._pattern(telling, subject, nth)
        sent_on = self._last[telling.resource][agency]
        lately = sent_on == self._times.today
        known = sent_on - pattern.known_after * _DAY
        last = min(known, subject.ended_on or known)
        first = max(subject.established, known - telling.days * _DAY)
        if first <= last:
            day = dice.recent(first, last) if lately else dice.date(first, last)
            fact = self._fact(number, subject, agency, day, nth)
            if pattern.of_person:
                fact = replace(fact, person=names.person(dice, youngest=day - _OF_AGE))
            yield self._told(telling, pattern, fact, why)

    def _pattern(self, telling: Telling, subject: Subject, nth: int) -> tuple[Pattern, str]:
        """The example to go by, of the subject's own kind where there is one."""
        dice, every = self._dice, self._patterns[telling.resource]
        hidden = [one for one in every if one.example.name in telling.hidden]
        if hidden and dice.chance(HIDDEN):
            pattern = dice.pick(hidden)
            return pattern, telling.hidden[pattern.example.name]
        known = [one for one in every if one.example.name not in telling.hidden]
        known = [one for one in known if one.kind == subject.kind] or known
        return (known[min(nth, len(known) - 1)] if telling.in_order else dice.pick(known)), ""

    def _agency(self, telling: Telling, subject: Subject) -> str:
        """The office of the subject's own city where it delivers, else one of the province."""
        divisions = {
            a: self._declarations.agencies[a].division for a in self._last[telling.resource]
        }
        own = [agency for agency, place in divisions.items() if place == subject.place.city]
        wide = [agency for agency, place in divisions.items() if place == _PROVINCE]
        return self._dice.pick(own or wide)

    # --- what is planted ---

    def _hosts(self, count: int) -> Mapping[int, list[Case]]:
        """Which company of the cast hosts what: by index, evenly."""
        companies = [i for i, role in sorted(roles(count).items()) if role.kind == "company"]
        cases = [case for case in self._cases() if TELLINGS[case.number].kinds != CIVIL]
        hosted: dict[int, list[Case]] = defaultdict(list)
        for place, case in enumerate(cases * EACH):
            hosted[companies[place % len(companies)]].append(case)
        return hosted

    def _cases(self) -> Iterator[Case]:
        for number, telling in enumerate(TELLINGS):
            by_name = {one.example.name: one for one in self._patterns[telling.resource]}
            for name, why in telling.hidden.items():
                yield Case(number=number, pattern=by_name[name], why=why)
            first = next(iter(by_name.values()))
            if telling.closed:
                yield Case(number=number, pattern=first, why=CLOSED)
            elif telling.ends:
                yield Case(number=number, pattern=first, why=EXPIRED)

    def _planted(self, subject: Subject) -> Iterator[Told]:
        cases: Sequence[Case] = self._hosted.get(subject.index, ())
        if subject.kind in CIVIL and not subject.ended_on and self._civil_hosts < EACH:
            self._civil_hosts += 1
            cases = [case for case in self._cases() if TELLINGS[case.number].kinds == CIVIL]
        for place, case in enumerate(cases):
            yield self._plant(subject, case, _PLANTED_NTH + place)

    def _plant(self, subject: Subject, case: Case, nth: int) -> Told:
        telling, times = TELLINGS[case.number], self._times
        agency = self._agency(telling, subject)
        last = self._last[telling.resource][agency] - case.pattern.known_after * _DAY
        day = times.over_age if case.why == EXPIRED else last - (30 + nth) * _DAY
        fact = self._fact(case.number, subject, agency, day, nth)
        return self._told(telling, case.pattern, fact, case.why, planted=True)

    # --- the row itself ---

    def _fact(self, number: int, subject: Subject, agency: str, day: dt.date, nth: int) -> Fact:
        stranger = names.person(self._dice, youngest=day - _OF_AGE)
        return Fact(
            subject=subject, person=stranger if nth else subject.person, day=day, agency=agency,
            serial=f"{subject.index:07}{number:02}{nth:02}", nth=nth,
        )  # fmt: skip

    def _told(
        self, telling: Telling, pattern: Pattern, fact: Fact, why: str, *, planted: bool = False
    ) -> Told:
        row = pattern.row(fact)
        _reword(row, pattern, telling, fact)
        why = why or (CLOSED if telling.closed else "")
        public: Public = "no" if why else "yes"
        own = strings(pattern, row, fact, mark=telling.mark, dice=self._dice) if planted else ()
        return Told(
            resource=telling.resource, agency=fact.agency, row=row, public=public, why=why,
            ready_on=fact.day + pattern.known_after * _DAY,
            subject=None if pattern.of_person else fact.subject,
            part=f"{why}_{telling.resource}" if planted else "", planted=own,
        )  # fmt: skip


def _touches(telling: Telling, subject: Subject) -> bool:
    return not telling.fields or subject.trade.field in telling.fields


def _reword(row: Row, pattern: Pattern, telling: Telling, fact: Fact) -> None:
    """The vocabulary's own words in place of the example's, others for each fact of a subject."""
    keys = {
        c.header: key for c, key in zip(pattern.layout.columns, pattern.layout.keys, strict=True)
    }
    words = {**telling.words, **(telling.later_words if fact.nth else {})}
    for header, texts in words.items():
        text = texts[(fact.subject.index + fact.nth) % len(texts)]
        row[keys[header]] = text.replace("{name}", fact.subject.name_on(fact.day))
    if telling.numbered:
        row[keys[telling.numbered]] = str(fact.nth + 1)
