"""Penalties: of firms by their trade, of natural persons, and some told twice and differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from yuexin.base.dates import add_months
from yuexin.sample import names, words
from yuexin.sample.agencies import (
    ENVIRONMENT,
    FOOD_DRUG,
    HOUSING,
    MARKET,
    SHORT,
    Signatures,
    agency_of,
)
from yuexin.sample.codes import id_number
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Row
from yuexin.sample.names import Person
from yuexin.sample.offences import (
    FINE,
    FOOD_LABEL,
    GAINS,
    OFFENCES,
    REVOCATION,
    Offence,
    offences,
)
from yuexin.sample.publicity import is_public
from yuexin.sample.schedule import Times, worked_day
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Public, Told, natural_party, party

PENALTIES: Final = 0.045
PERSONS: Final = 0.002
OLD_LAYOUT: Final = 0.02
STATES: Final = ("valid",) * 94 + ("repaired",) * 3 + ("annulled",) * 2 + ("sealed",)
_DAY: Final = dt.timedelta(days=1)


class Penalties:
    """Tells the penalties of one subject after another."""

    def __init__(
        self, *, dice: Dice, times: Times, signatures: Signatures, contradicted: float
    ) -> None:
        self._dice, self._times, self._signatures = dice, times, signatures
        self._contradicted = contradicted

    def told(self, subject: Subject) -> Iterator[Told]:
        """The penalties of a subject, and now and then one of a natural person of its city."""
        dice = self._dice
        for nth in range(dice.events(PENALTIES)):
            yield from self._drawn(subject, nth)
        if dice.chance(PERSONS):
            yield self.of_person(subject, 20)
        if subject.trade.field == "food" and dice.chance(OLD_LAYOUT):
            yield from self._old(subject)

    def _drawn(self, subject: Subject, nth: int) -> Iterator[Told]:
        dice, times, agency = self._dice, self._times, agency_of(subject)
        last = times.last_regular if agency == HOUSING else times.today
        last = min(last, subject.ended_on or last)
        first = max(subject.established, times.oldest_penalty)
        if first > last:
            return
        offence = dice.pick(offences(agency, subject.trade.field))
        day, status = worked_day(dice.recent(first, last), earliest=first), dice.pick(STATES)
        told = self.firm(subject, agency, offence, nth, day, status=status)
        if dice.chance(self._contradicted):
            yield from self.contradicted(told)
        else:
            yield told

    def without_amount(self, subject: Subject, agency: str, nth: int, day: dt.date) -> Told:
        """A fine whose amount the agency forgot, which goes back to it."""
        offence = next(one for one in OFFENCES[agency] if one.kinds == (FINE,))
        told = self.firm(subject, agency, offence, nth, day)
        public: Public = "may" if told.public == "yes" else told.public
        return replace(
            told,
            row={**told.row, "fine_amount": ""},
            public=public,
            faults=("fine_without_amount",),
        )

    def firm(
        self, subject: Subject, agency: str, offence: Offence, nth: int, day: dt.date,
        *, status: str = "valid",
    ) -> Told:  # fmt: skip
        """A penalty of a firm in the layout of 2018."""
        decision = self._decision(subject, agency, offence, nth, day, status)
        public, why = self._fate(offence, day, status)
        return Told(
            resource="penalties_2018", agency=agency, row={**party(subject, day), **decision},
            ready_on=day, subject=subject, public=public, why=why,
        )  # fmt: skip

    def _fate(self, offence: Offence, day: dt.date, status: str) -> tuple[Public, str]:
        if status != "valid":
            return "no", status
        if is_public(decided=day, weight=offence.weight, today=self._times.today):
            return "yes", ""
        return "no", "minor_offence" if offence.weight == "minor" else "expired"

    def _decision(
        self, subject: Subject, agency: str, offence: Offence, nth: int, day: dt.date, status: str
    ) -> Row:
        dice = self._dice
        least, most = round(offence.fine_from_wan * 20), round(offence.fine_wan * 20)
        fine = dice.between(least, most) / 20 if FINE in offence.kinds else 0
        gains = dice.between(1, 200) / 10_000 if GAINS in offence.kinds else 0
        certificate = "食品经营许可证" if offence.field == "food" else "营业执照"
        permit = f"{certificate}{subject.index:010}" if REVOCATION in offence.kinds else ""
        return {
            "doc_no": f"{SHORT[agency]}罚〔{day.year}〕{subject.index:08}{nth:02}号",
            "case_name": f"{offence.violation}案",
            "violation_type": offence.violation,
            "facts": f"{offence.facts}，{_exhibit(dice, subject, nth)}。",
            "penalty_basis": offence.basis,
            "penalty_types": ";".join(offence.kinds),
            "content": "；".join(_sentence(kind, fine, gains) for kind in offence.kinds),
            "fine_amount": f"{fine:g}" if fine else "",
            "confiscated_amount": f"{gains:g}" if gains else "",
            "permit_affected": permit,
            "decision_date": day.isoformat(),
            "publicity_end": add_months(day, 36 if offence.weight == "serious" else 12).isoformat(),
            "status": status,
            "procedure": "simple" if offence.simple else "",
            **self._signatures.of(agency),
        }

    def contradicted(self, first: Told) -> Iterator[Told]:
        """A decision, and the same told by another agency with another fine."""
        other = ENVIRONMENT if first.agency == MARKET else MARKET
        signed = self._signatures.of(other)
        row = {
            **first.row,
            "penalty_types": FINE,
            "content": f"{FINE}0.01万元",
            "fine_amount": "0.01",
            "confiscated_amount": "",
            "permit_affected": "",
            "source_unit": signed["source_unit"],
            "source_unit_code": signed["source_unit_code"],
        }
        public: Public = "may" if first.public == "yes" else first.public
        told = replace(first, public=public, faults=("contradicting_agencies",))
        yield told
        yield replace(told, agency=other, row=row)

    def of_person(
        self, subject: Subject, nth: int, *, age: int = 0, name: str = "", code: str = ""
    ) -> Told:
        """A penalty of somebody who is no subject; `code` is that of a firm, written by mistake."""
        dice, times = self._dice, self._times
        day = dice.date(times.before(300), times.before(30))
        drawn = names.person(dice, youngest=day - 7500 * _DAY)
        person = _of_age(drawn, day, age, subject) if age else drawn
        person = person._replace(name=name or person.name)
        offence = dice.pick(offences(MARKET, ""))
        row = {
            **natural_party(person),
            **self._decision(subject, MARKET, offence, nth, day, "valid"),
        }
        if code:
            row["@uscc"] = code
        return Told(
            resource="penalties_2018", agency=MARKET, row=row, ready_on=day, subject=None,
            public="no", why="minor_person" if age else "natural_person",
        )  # fmt: skip

    def _old(self, subject: Subject) -> Iterator[Told]:
        """A penalty in the layout of 2016, if the firm is that old."""
        first, last = self._times.old_layout
        first = max(first, subject.established)
        last = min(last, subject.ended_on or last)
        if first <= last:
            day = worked_day(self._dice.date(first, last), earliest=first)
            yield self.old(subject, day, 30)

    def old(self, subject: Subject, day: dt.date, nth: int) -> Told:
        """A penalty of a firm in the layout of 2016."""
        told = self.firm(subject, FOOD_DRUG, FOOD_LABEL, nth, day)
        sent = {"division": subject.place.county, "source_time": f"{day + _DAY} 09:00:00",
                "publicity_period": "一年"}  # fmt: skip
        return replace(told, resource="penalties_2016", row={**told.row, **sent})


def _sentence(kind: str, fine: float, gains: float) -> str:
    amount = {FINE: fine, GAINS: gains}.get(kind)
    return f"{kind}{amount:g}万元" if amount else kind


def _of_age(person: Person, day: dt.date, age: int, subject: Subject) -> Person:
    born = add_months(day, -12 * age - 5)
    number = id_number(division=subject.place.county, birth=born)
    return Person(person.name, born, number)


def _exhibit(dice: Dice, subject: Subject, nth: int) -> str:
    """A clause that no other row holds."""
    letters = dice.pick(words.RARE) + dice.pick(words.RARE)
    return f"物证编号{letters}{subject.index:08}之{nth}"
