"""The cases of a year: what is applied for, objected to, withheld, listed and removed, step by
step, by those whom the law names, and what each decision makes of the row as it was told."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from bench.year import ENTRY, Event, Year
from yuexin.base.codes import is_sole_trader
from yuexin.base.errors import Refusal
from yuexin.domains.collection.operations import settle_pending
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import OPERATOR, Actor
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.types import KeptPaper
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Step
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.records.models import Record
from yuexin.home.folder import Home
from yuexin.sample.dice import Dice

LEAVING: Final[Mapping[str, str]] = {
    "abnormal_listing": "abnormal_removal", "abnormal_mark": "abnormal_mark_end",
}  # fmt: skip
"""By what an entry is made, and by what one leaves: of a firm, and of a sole trader."""
COURSES: Final[Sequence[tuple[str, tuple[str, ...]]]] = (
    ("penalty_repair", ("apply", "accept", "grant")),
    ("penalty_repair", ("apply", "accept", "grant")),
    ("penalty_repair", ("apply", "accept", "grant", "annul")),
    ("penalty_repair", ("apply", "accept", "refuse")),
    ("objection", ("object", "receive", "correct", "answer")),
    ("objection", ("object", "receive", "take_down", "answer")),
    ("objection", ("object", "receive", "keep", "answer")),
    ("withhold_publicity", ("propose", "approve")),
    ("withhold_publicity", ("propose", "approve", "propose_lifting", "lift")),
    ("withhold_publicity", ("propose", "refuse")),
    ("bankruptcy_shielding", ("apply", "accept", "shield")),
    ("bankruptcy_shielding", ("apply", "accept", "shield", "fail")),
)
# What a decision makes of the row; nothing is left of one that is taken down.
MADE: Final[Mapping[tuple[str, str], Mapping[str, str] | None]] = {
    ("penalty_repair", "grant"): {"CF_ZT": "已修复"},
    ("penalty_repair", "annul"): {"CF_ZT": "有效"},
    ("objection", "correct"): {"CF_SY": "（异议更正）内容"},
    ("objection", "take_down"): None,
    ("withhold_publicity", "approve"): {"CF_BGSYY": "商业秘密"},
    ("withhold_publicity", "lift"): {"CF_BGSYY": ""},
    ("bankruptcy_shielding", "shield"): {"CF_ZT": "封存"},
    ("bankruptcy_shielding", "fail"): {"CF_ZT": "有效"},
    ("abnormal_removal", "remove"): {"列入状态": "移出"},
    ("abnormal_mark_end", "end"): {"列入状态": "移出"},
}
GIVEN: Final = {
    "performed_on": "2025-01-02", "correction": "已改正", "commitment": "true", "contact": "陈示例",
    "phone": "020-12345678", "wrong": "内容有误", "right": "", "field": "facts",
    "value": "（异议更正）内容", "answer": "已办理", "ground": "trade_secret", "court": "示例法院",
    "ruling_no": "（2026）粤示例破1号", "ruled_on": "2026-01-05", "performed": "已补报",
}  # fmt: skip
SHARE: Final = 0.3
"""Of penalties that some case is about: many more than in life, so that a year tells."""
LISTED: Final = 0.2

Key = tuple[str, str, str]
Told = dict[Key, tuple[Event, UUID, UUID]]


@dataclass(kw_only=True)
class Course:
    """One case: about what, and on which day each of its steps is taken."""

    process: str
    steps: list[tuple[dt.date, str]]
    key: Key = ("", "", "")
    code: str = ""
    case: str = ""
    refused: str = ""


@dataclass(kw_only=True)
class Cases:
    """The cases of a year, lived day by day; `decided` counts the outcomes by process and step."""

    home: Home
    by_day: dict[dt.date, list[Course]] = field(default_factory=lambda: defaultdict(list))
    decided: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, year: Year, home: Home, events: Sequence[Event]) -> Cases:
        """Drawn for the penalties that are told in this year and the firms on the register."""
        cases, dice = cls(home=home), Dice(seed=20261130, purpose="cases of a year")
        first: dict[Key, Event] = {}
        for event in events:
            if event.kind == "penalty":
                first.setdefault(event.key, event)
        for key, event in first.items():
            if dice.chance(SHARE):
                process, names = dice.pick(COURSES)
                cases._plan(
                    Course(process=process, steps=[], key=key), names, event.day, year, dice
                )
        for code in sorted(year.firms):
            if dice.chance(LISTED):
                firm, trader = LEAVING
                process = trader if is_sole_trader(code) else firm
                course = Course(process=process, steps=[], code=code)
                names = ("list_missing_report", "apply", "remove")
                if process == trader:
                    names = ("mark_missing_report", "apply", "end")
                cases._plan(course, names, year.first, year, dice)
        return cases

    def _plan(
        self, course: Course, names: Sequence[str], after: dt.date, year: Year, dice: Dice
    ) -> None:
        if after >= year.today:
            return
        day = dice.date(after + dt.timedelta(days=1), year.today)
        for name in names:
            if day > year.today:
                break
            course.steps.append((day, name))
            self.by_day[day].append(course)
            day += dt.timedelta(days=dice.between(0, 6))

    def live(self, day: dt.date, now: dt.datetime, told: Told) -> None:
        """Take what is due on the day, let the worker carry it out, and learn what became of it."""
        for minute, course in enumerate(self.by_day.get(day, ())):
            at, name = now + dt.timedelta(minutes=minute), course.steps.pop(0)[1]
            if course.refused:
                continue
            try:
                self._take(course, name, told, at)
            except Refusal as refusal:
                course.refused = refusal.code
                self.refused[f"{course.process} {name} {refusal.code}"] += 1
            else:
                self._carried(course, name, told, at)

    def _take(self, course: Course, name: str, told: Told, now: dt.datetime) -> None:
        process = course.process
        if process in LEAVING and course.case:
            # What was listed or marked is ended by a process of its own.
            course.process, course.case = LEAVING[process], ""
        declared = current().processes[course.process]
        step, about = declared.by_step[name], told.get(course.key)
        if course.case:
            file = CaseFile.objects.get(number=course.case)
            take_step(
                declarations=current(), actor=_actor(step, file.code, file.office), now=now,
                case=course.case, step=name, seen=file.seen, form=_form(step),
                papers=_papers(step), reason="示例",
            )  # fmt: skip
            return
        named = Subject.objects.filter(code=course.code).values("id")
        registered = Record.objects.filter(subject__in=named, kind="registration")
        if about is None and (declared.about == "record" or not registered.exists()):
            # What it is about went back, waits, or is gone by now.
            raise Refusal(code="GONE", what=declared.label, rule="bench")
        subject, record, code, agency = _of(course, about)
        course.case = open_case(
            declarations=current(), actor=_actor(step, code, agency), process=declared.id,
            subject=subject, record=record, form=_form(step), papers=_papers(step),
            reason="示例", now=now, step=name,
        )  # fmt: skip

    def _carried(self, course: Course, name: str, told: Told, now: dt.datetime) -> None:
        """What the worker makes of it, as a judge beside the product has it from the decision."""
        act = CaseAct.objects.filter(case=course.case).order_by("-number")[0]
        if not act.outcome:
            return
        carry_out(home=self.home, declarations=current(), clock=lambda: now)
        settle_pending(home=self.home, actor=OPERATOR, clock=lambda: now)
        effect = CaseEffect.objects.get(case=act.case, act=act.number)
        self.decided[f"{course.process} {name}"] += 1
        if effect.delivery is None:
            self.troubles.append(f"{course.process} {name}: {effect.trouble}")
        elif course.process in LEAVING:
            event = _entry(course, act, now.date())
            course.key = event.key
            learn(told, [event], effect.delivery)
        elif (made := MADE[course.process, name]) is None:
            told.pop(course.key)
        else:
            event = told[course.key][0]
            again = replace(event, row={**event.row, **made})
            learn(told, [again], effect.delivery)


def learn(told: Told, batch: Sequence[Event], number: int) -> None:
    """What became a record is known here; a row that waits or went back changes nothing."""
    placed = {
        row: (record, subject)
        for row, record, subject in Record.objects.filter(
            delivery=number, superseded_at=None
        ).values_list("row", "id", "subject")
    }
    for place, event in enumerate(batch, start=1):
        if place in placed:
            told[event.key] = (event, *placed[place])


def _of(
    course: Course, about: tuple[Event, UUID, UUID] | None
) -> tuple[UUID, UUID | None, str, str]:
    """The subject and the record, the code, and the agency whose officers open it."""
    if about is None:
        subject = Subject.objects.get(code=course.code)
        register = Record.objects.filter(subject=subject.pk, kind="registration")[0]
        return subject.pk, None, course.code, _told_by(register.delivery)
    event, record, owner = about
    code = Subject.objects.get(pk=owner).code
    return owner, record, code, event.agency or _told_by(Record.objects.get(pk=record).delivery)


def _told_by(delivery: int) -> str:
    return Delivery.objects.get(number=delivery).agency


def _actor(step: Step, code: str, agency: str) -> Actor:
    """Whoever may take the step; another officer for each, as four eyes ask."""
    if "applicant" in step.by:
        return Actor(id=f"owner-{code}", role="owner", subject_code=code)
    role = "signing_officer" if "signer" in step.by else "clerk"
    return Actor(id=f"{role}-{step.id}", role=role, agency=agency)


def _form(step: Step) -> dict[str, str]:
    return {one.id: GIVEN[one.id] for one in step.form}


def _papers(step: Step) -> tuple[KeptPaper, ...]:
    return tuple(
        KeptPaper(
            slot=one.id, name="示例.pdf", sha256="0" * 64, size_bytes=1,
            media_type="application/pdf",
        )
        for one in step.papers
        if one.required
    )  # fmt: skip


def _entry(course: Course, act: CaseAct, day: dt.date) -> Event:
    """The entry as it is decided."""
    row = {"统一社会信用代码": course.code, "列入决定文书号": act.case, "列入状态": "列入"}
    return Event(day=day, kind=ENTRY, agency="", row=row)
