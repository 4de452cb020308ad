"""Licences: of firms by their trade, of some natural persons, and some that are about to end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from yuexin.base.codes import mod11_10_check
from yuexin.base.dates import add_months
from yuexin.sample import names
from yuexin.sample.agencies import (
    ENVIRONMENT,
    FOOD_DRUG,
    HOUSING,
    MARKET,
    SHORT,
    Signatures,
    agency_of,
)
from yuexin.sample.codes import phone
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Row
from yuexin.sample.schedule import Times, worked_day
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Told, natural_party, party

LICENCES: Final = 0.47
PERSONS: Final = 0.015
"""Licences of natural persons for each subject."""
ANNULLED: Final = 0.01
LATE: Final = 0.0012
"""Told today though decided 8 to 20 working days ago."""
OLD_LAYOUT: Final = 0.3
"""Of the firms that were under the former food and drug administration, those with old licences."""
_LONG_TERM: Final = "2099-12-31"
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Permit:
    """A kind of licence: its decision, certificate, category, number's letters, years, content."""

    document: str
    certificate: str
    category: str
    letters: str
    years: int
    content: str


PERMITS: Final = {
    (MARKET, "food"): (
        Permit(
            "食品经营许可决定书",
            "食品经营许可证",
            "普通",
            "JY",
            5,
            "预包装食品销售；热食类食品制售",
        ),
        Permit(
            "食品经营许可决定书", "食品经营许可证", "普通", "JY", 5, "散装食品销售；自制饮品制售"
        ),
        Permit("食品生产许可决定书", "食品生产许可证", "普通", "SC", 5, "糕点；速冻食品；方便食品"),
    ),
    (MARKET, "health"): (
        Permit(
            "药品经营许可决定书",
            "药品经营许可证",
            "普通",
            "粤CB",
            5,
            "中成药；化学药制剂；抗生素制剂",
        ),
        Permit(
            "医疗器械经营许可决定书", "医疗器械经营许可证", "普通", "粤械", 5, "第三类医疗器械零售"
        ),
    ),
    (MARKET, ""): (
        Permit("准予变更登记决定书", "营业执照", "登记", "粤照", 0, "准予经营范围变更登记"),
        Permit("准予变更登记决定书", "营业执照", "登记", "粤照", 0, "准予住所变更登记"),
        Permit("计量标准考核决定书", "计量标准考核证书", "认可", "粤量", 4, "准予开展计量标准工作"),
    ),
    (HOUSING, ""): (
        Permit(
            "建筑业企业资质决定书",
            "建筑业企业资质证书",
            "认可",
            "D344",
            5,
            "建筑装修装饰工程专业承包二级",
        ),
        Permit("安全生产许可决定书", "安全生产许可证", "普通", "粤JZ安", 3, "建筑施工"),
        Permit("施工许可决定书", "建筑工程施工许可证", "普通", "44施", 2, "厂房主体工程施工"),
    ),
    (ENVIRONMENT, ""): (
        Permit("排污许可决定书", "排污许可证", "普通", "SL44", 5, "准予排放水污染物、大气污染物"),
    ),
    (ENVIRONMENT, "factory"): (
        Permit("排污许可决定书", "排污许可证", "普通", "SL44", 5, "准予排放水污染物、大气污染物"),
        Permit("辐射安全许可决定书", "辐射安全许可证", "普通", "粤环辐", 5, "使用Ⅲ类射线装置"),
    ),
}
_OPERATOR: Final = Permit(
    "特种设备作业人员考核决定书",
    "特种设备安全管理和作业人员证",
    "认可",
    "粤特",
    4,
    "叉车司机（N1）",
)
_PHARMACIST: Final = Permit(
    "执业药师注册决定书", "执业药师注册证", "认可", "粤药师", 5, "执业药师注册（零售）"
)


class Licences:
    """Tells the licences of one subject after another."""

    def __init__(self, *, dice: Dice, times: Times, signatures: Signatures) -> None:
        self._dice, self._times, self._signatures = dice, times, signatures

    def told(self, subject: Subject) -> Iterator[Told]:
        """All licences of a subject, and now and then one of a natural person of its city."""
        dice = self._dice
        for nth in range(dice.events(LICENCES)):
            yield from self._drawn(subject, nth)
        if dice.chance(PERSONS):
            yield self._of_person(subject, nth=20)
        if subject.trade.field in ("food", "health") and dice.chance(OLD_LAYOUT):
            yield from self._old(subject)
        if subject.role:
            yield from self._played(subject, subject.role.part, subject.role.nth)

    def _drawn(self, subject: Subject, nth: int) -> Iterator[Told]:
        dice, times, agency = self._dice, self._times, agency_of(subject)
        permit = dice.pick(_permits(agency, subject))
        last = min(times.today, subject.ended_on or times.today)
        first = max(subject.established, times.before(5 * 365))
        if first <= last:
            day, late = worked_day(dice.recent(first, last), earliest=first), dice.chance(LATE)
            if late and first <= times.latest and last == times.today:
                day = dice.date(times.latest, times.late)
                told = self._licence(subject, agency, permit, nth, day)
                yield replace(told, ready_on=times.today)
            else:
                yield self._licence(subject, agency, permit, nth, day)

    def _licence(
        self, subject: Subject, agency: str, permit: Permit, nth: int, day: dt.date
    ) -> Told:
        annulled = subject.role is None and self._dice.chance(ANNULLED)
        row = {
            **party(subject, day),
            **self._decision(subject, agency, permit, nth, day),
            "state": "annulled" if annulled else "valid",
        }
        return Told(
            resource="licences_2018", agency=agency, row=row, ready_on=day, subject=subject,
            public="no" if annulled else "yes", why="annulled" if annulled else "",
        )  # fmt: skip

    def _decision(
        self, subject: Subject, agency: str, permit: Permit, nth: int, day: dt.date
    ) -> Row:
        until = add_months(day, 12 * permit.years) - _DAY
        return {
            "document_name": permit.document,
            "doc_no": f"{SHORT[agency]}许〔{day.year}〕{subject.index:08}{nth:02}号",
            "category": permit.category,
            "licence_name": permit.certificate,
            "licence_no": _number(permit, subject, nth),
            "project_name": permit.document.removesuffix("决定书"),
            "content": permit.content,
            "decision_date": day.isoformat(),
            "from_date": day.isoformat(),
            "until_date": until.isoformat() if permit.years else _LONG_TERM,
            "state": "valid",
            **self._signatures.of(agency),
        }

    def _of_person(self, subject: Subject, nth: int, *, old: bool = False) -> Told:
        """A licence of somebody who is no subject, but lives in the city of one."""
        dice, times = self._dice, self._times
        agency = FOOD_DRUG if old else MARKET
        day = dice.date(*(times.old_layout if old else (times.oldest_penalty, times.last_regular)))
        person = names.person(dice, youngest=day - 7500 * _DAY)
        permit = _PHARMACIST if old else _OPERATOR
        decision = self._decision(subject, agency, permit, nth, day)
        return Told(
            resource="licences_2016" if old else "licences_2018", agency=agency, ready_on=day,
            row={**natural_party(person), **decision, **_sent(subject, day)},
            subject=None, public="no", why="natural_person",
        )  # fmt: skip

    def _old(self, subject: Subject) -> Iterator[Told]:
        """A licence in the layout of 2016, if the firm is that old."""
        first, last = self._times.old_layout
        first = max(first, subject.established)
        last = min(last, subject.ended_on or last)
        if first > last:
            return
        day = worked_day(self._dice.date(first, last), earliest=first)
        permit = self._dice.pick(_permits(MARKET, subject))
        row = {
            **party(subject, day),
            **self._decision(subject, FOOD_DRUG, permit, 30, day),
            **_sent(subject, day),
        }
        yield Told(
            resource="licences_2016", agency=FOOD_DRUG, row=row, ready_on=day, subject=subject
        )

    def _played(self, subject: Subject, part: str, nth: int) -> Iterator[Told]:
        match part:
            case "natural_person_number":
                told = self._of_person(subject, 40, old=nth == 1)
                yield replace(told, part=part, planted=(told.row["party_id_no"],))
            case "natural_person_phone":
                told = self._of_person(subject, 40)
                number = phone(5_000_000 + subject.index)
                told.row["remarks"] = f"联系电话{number}"
                yield replace(told, part=part, planted=(number,))
            case "licence_ends_in_30_days":
                yield self._ending(subject, self._times.before(-30))
            case "licence_ended_yesterday":
                yield self._ending(subject, self._times.before(1))

    def _ending(self, subject: Subject, until: dt.date) -> Told:
        agency = agency_of(subject)
        permit = _permits(agency, subject)[-1]
        day = add_months(until + _DAY, -36)
        told = self._licence(subject, agency, permit, 40, day)
        told.row["until_date"] = until.isoformat()
        assert subject.role
        return replace(told, part=subject.role.part)


def _permits(agency: str, subject: Subject) -> tuple[Permit, ...]:
    """What the agency grants in the trade: production to makers, standards to companies only."""
    every = PERMITS.get((agency, subject.trade.field)) or PERMITS[agency, ""]
    makes, trades_alone = subject.trade.industry.startswith("C"), subject.kind == "sole_trader"
    refused = {"JY" if makes else "SC", "粤量" if trades_alone else ""}
    return tuple(one for one in every if one.letters not in refused)


def _number(permit: Permit, subject: Subject, nth: int) -> str:
    """The certificate's number; those of food carry a check digit."""
    serial = f"{subject.index * 10 + nth % 10:08}"
    if permit.letters not in ("JY", "SC"):
        return f"{permit.letters}{serial}"
    kind = "1" if permit.letters == "JY" else "1" + "01"
    body = f"{kind}{subject.place.county}{serial[-(13 - len(kind) - 6) :]}"
    return f"{permit.letters}{body}{mod11_10_check(body)}"


def _sent(subject: Subject, day: dt.date) -> Row:
    """What only the layout of 2016 asks for."""
    return {"division": subject.place.county, "source_time": f"{day + _DAY} 09:00:00"}
