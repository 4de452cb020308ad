"""Tells what the vocabulary lists, by the worked examples of each resource."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from yuexin.base.dates import add_months
from yuexin.engines.declare.types import Declarations
from yuexin.sample import names
from yuexin.sample.cast import EACH, roles
from yuexin.sample.dice import Dice
from yuexin.sample.examples import Fact, Pattern, patterns, strings
from yuexin.sample.fitting import Variant, variants_of
from yuexin.sample.layout import Layout, Row
from yuexin.sample.numbers import quarter
from yuexin.sample.schedule import Sheet, Times, worked_day
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
_CIVIL_HOST_DAYS: Final = 1600
"""How old a society is at least that hosts what is planted: older than all that is told of it."""
# Company Law (2023), article 47 and the State Council's rules of 2024: five years to pay, and
# what was promised for longer before July 2024 falls due by the middle of 2032.
_FIVE_YEARS_SINCE: Final = dt.date(2024, 7, 1)
_LAST_PAYMENT: Final = dt.date(2032, 6, 30)


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
        self._waiting = EACH * [c for c in self._cases() if TELLINGS[c.number].kinds != CIVIL]
        self._hosts = sum(role.kind == "company" for role in roles(count).values())
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
        known = min(sent_on - pattern.known_after * _DAY, telling.until)
        last = min(known, subject.ended_on or known)
        first = max(_since(telling, pattern, subject), known - telling.days * _DAY)
        spans = _spans(telling, first, last)
        if spans:
            day = dice.recent(first, last) if lately else dice.date(*dice.pick(spans))
            day = worked_day(day, earliest=first)
            fact = self._fact(number, subject, agency, day, nth)
            if pattern.of_person:
                fact = replace(fact, person=names.person(dice, youngest=day - _OF_AGE))
            yield self._told(telling, pattern, fact, why)

    def _pattern(self, telling: Telling, subject: Subject, nth: int) -> tuple[Pattern, str]:
        """The example to go by, of the subject's own kind where there is one."""
        dice, every = self._dice, self._patterns[telling.resource]
        every = tuple(one for one in every if one.fits(subject)) or every
        hidden = [one for one in every if one.example.name in telling.hidden]
        if hidden and dice.chance(HIDDEN):
            pattern = dice.pick(hidden)
            return pattern, telling.hidden[pattern.example.name]
        known = [one for one in every if one.example.name not in telling.hidden]
        if not telling.alike:
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

    def _hosted(self, subject: Subject) -> list[Case]:
        """What a company of the cast hosts: what can befall it, and the last one all the rest."""
        if subject.role is None or subject.kind != "company":
            return []
        self._hosts -= 1
        if not self._hosts:
            taken, self._waiting = self._waiting, []
            return taken
        share = 2 * (len(self._waiting) // self._hosts + 1)
        taken = []
        for case in sorted(self._waiting, key=lambda case: not TELLINGS[case.number].choosy):
            telling = TELLINGS[case.number]
            fits = _touches(telling, subject) and case.pattern.fits(subject)
            if len(taken) < share and fits and case not in taken:
                taken.append(case)
                self._waiting.remove(case)
        return taken

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
        cases = self._hosted(subject)
        old = subject.established <= self._times.before(_CIVIL_HOST_DAYS)
        if subject.kind in CIVIL and old and not subject.ended_on and self._civil_hosts < EACH:
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
    if telling.shares and "合伙企业" in subject.name:
        return False
    if telling.fitting and not variants_of(telling.fitting, subject):
        return False
    if telling.trades and subject.trade.word not in telling.trades:
        return False
    return not telling.fields or subject.trade.field in telling.fields


def _since(telling: Telling, pattern: Pattern, subject: Subject) -> dt.date:
    """The first day of an event whose row tells of no time before the subject was."""
    born = subject.established
    years = max(pattern.years_back, telling.years_back)
    since = dt.date(born.year + years, 1, 1) if years else born
    return max(since, born + max(pattern.reaches_back, telling.age_days) * _DAY)


def _spans(telling: Telling, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """When it can befall from `first` to `last`: all that time, or its months of the season."""
    if not telling.season:
        return [(first, last)] if first <= last else []
    spans, start = [], first
    while start <= last:
        following = (start.replace(day=1) + 32 * _DAY).replace(day=1)
        if start.month in telling.season:
            spans.append((start, min(last, following - _DAY)))
        start = following
    return spans


def _reword(row: Row, pattern: Pattern, telling: Telling, fact: Fact) -> None:
    """The vocabulary's own words in place of the example's, others for each fact of a subject."""
    keys = {
        c.header: key for c, key in zip(pattern.layout.columns, pattern.layout.keys, strict=True)
    }
    told = _told_of(fact)
    words = {**telling.words, **(telling.later_words if fact.nth else {})}
    for header, texts in words.items():
        text = texts[(fact.subject.index + fact.nth) % len(texts)]
        row[keys[header]] = text.format_map(told)
    for header, text in _variant(telling, fact).items():
        key = keys.get(header, "")
        if row.get(key):
            row[key] = text.format_map(told)
    if telling.numbered:
        row[keys[telling.numbered]] = str(fact.nth + 1)


def _variant(telling: Telling, fact: Fact) -> Variant:
    """What of the telling's goods fits the subject's trade, in turn."""
    variants = variants_of(telling.fitting, fact.subject)
    return variants[(fact.subject.index + fact.nth) % len(variants)] if variants else {}


def _told_of(fact: Fact) -> dict[str, str]:
    """What the vocabulary's words may name of a fact."""
    place, day = fact.subject.place, fact.day
    return {
        "name": fact.subject.name_on(day),
        "city": place.city_name,
        "county": place.county_name,
        "year": str(day.year),
        "quarter": "一二三四"[quarter(day) - 1],
        "half": f"{fact.subject.capital_wan / 2:g}",
        "paid_by": _paid_by(day).isoformat(),
    }


def _paid_by(day: dt.date) -> dt.date:
    """By when capital is paid that was promised on a day."""
    if day >= _FIVE_YEARS_SINCE:
        return add_months(day, 60)
    return min(add_months(day, 240), _LAST_PAYMENT)
