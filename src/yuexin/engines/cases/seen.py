"""A case as it is shown: its clocks, what was done, what may be done next and why not the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from yuexin.base.dates import Calendar, day_text, read_date
from yuexin.base.text import Text
from yuexin.engines.access.queries import names_of
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.about import now_of
from yuexin.engines.cases.acts import Case, case_of
from yuexin.engines.cases.asked import TRUE
from yuexin.engines.cases.earlier import first_handed_in
from yuexin.engines.cases.eligibility import warnings_of
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile, CasePaper
from yuexin.engines.cases.refusals import parties_label, party_label
from yuexin.engines.cases.rested import choices_of
from yuexin.engines.cases.stepping import followers, left, pressure
from yuexin.engines.cases.types import (
    ActSeen,
    CaseLine,
    CaseSeen,
    ClockState,
    OfferedStep,
    PaperSeen,
    Pressure,
    ShownClock,
)
from yuexin.engines.declare.queries import calendar_of, remedies_on
from yuexin.engines.declare.types import CodeList, Declarations, FormField, Party, Step
from yuexin.engines.deliveries.models import Receipt

YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")
WITHDRAWN: Final = Text("已撤回的记录", "a record that was withdrawn")
BEING_DONE: Final = Text(
    "正在执行：平台会自动办理，一般几分钟内完成；刷新本页可以看到结果",
    "being carried out: the platform does so by itself, as a rule within minutes; reload this page "
    "to see what came of it",
)


def seen_case(
    *,
    declarations: Declarations,
    actor: Actor,
    parties: Collection[Party],
    case: Case,
    on: dt.date,
) -> CaseSeen:
    """The case for one of its parties, on a day."""
    office = declarations.agencies.get(case.office)
    row = CaseFile.objects.get(number=case.number)
    about = now_of(case.about) or case.about
    at_office = not _is_applicant(parties)
    return CaseSeen(
        line=_line(case, row, calendar_of(declarations=declarations), on),
        process=case.process,
        about=about,
        office=office.label if office else Text(case.office, case.office),
        seen=case.rows[-1].number,
        clocks=tuple(_clocks(declarations, case, on)),
        acts=tuple(_acts(declarations, case, at_office=at_office)),
        steps=tuple(_steps(actor, parties, case, on)),
        at_office=at_office,
        warnings=warnings_of(
            declarations=declarations, process=case.process, version=case.version, about=about,
            on=on,
        ) if at_office and row.is_open else (),
    )  # fmt: skip


def line_of(*, declarations: Declarations, row: CaseFile, on: dt.date) -> CaseLine:
    """A case in a list."""
    case = case_of(number=row.number, declarations=declarations)
    assert case is not None
    return _line(case, row, calendar_of(declarations=declarations), on)


def _line(case: Case, row: CaseFile, calendar: Calendar, on: dt.date) -> CaseLine:
    next_due = case.standing.next_due if row.is_open else None
    return CaseLine(
        number=case.number,
        process=case.process.label,
        subject_code=case.about.code,
        subject_name=case.about.name,
        state=case.process.by_state[row.state],
        opened_at=row.opened_at,
        due=row.due,
        provisional=bool(next_due and next_due.provisional),
        pressure=pressure(clock=next_due, on=on, calendar=calendar)
        if next_due
        else _resting(case, row),
        left=left(clock=next_due, on=on, calendar=calendar) if next_due else 0,
        troubled=bool(getattr(row, "troubled", False)),
    )


def _resting(case: Case, row: CaseFile) -> Pressure:
    paused = any(c.paused_since and c.done is None for c in case.standing.clocks.values())
    return "paused" if paused and row.is_open else "done" if not row.is_open else "running"


def _clocks(declarations: Declarations, case: Case, on: dt.date) -> Iterator[ShownClock]:
    calendar = calendar_of(declarations=declarations)
    for clock in case.standing.clocks.values():
        yield ShownClock(
            label=clock.declared.label,
            basis=clock.declared.basis,
            confirmed=clock.declared.confirmed,
            clock=clock,
            pressure=pressure(clock=clock, on=on, calendar=calendar),
            left=left(clock=clock, on=on, calendar=calendar),
        )


def _acts(declarations: Declarations, case: Case, *, at_office: bool) -> Iterator[ActSeen]:
    choices = choices_of(declarations=declarations, process=case.process, about=case.about)
    effects = {one.act: one for one in CaseEffect.objects.filter(case=case.number)}
    papers: dict[int, list[CasePaper]] = {}
    given = CasePaper.objects.filter(case=case.number).order_by("act", "slot", "name")
    for paper in given:
        papers.setdefault(paper.act, []).append(paper)
    before = first_handed_in(code=case.about.code, case=case.number, papers=given)
    names = names_of(logins={row.actor for row in case.rows}) if at_office else {}
    for row in case.rows:
        step = case.process.by_step[row.step]
        effect = effects.get(row.number)
        trouble = _trouble(effect)
        lapse = effects.get(-row.number) if row is case.rows[-1] else None
        yield ActSeen(
            number=row.number,
            step=step.label,
            at=row.at,
            who=_who(declarations, case, row, names, at_office=at_office),
            party=row.party,
            reason=row.reason,
            form=tuple(_answers(step, row.form, choices)),
            papers=tuple(_papers(step, papers.get(row.number, []), before)),
            outcome=_outcome(row, effect, trouble),
            trouble=trouble or _trouble(lapse),
            remedies=_remedies(declarations, case, row) if step.remedies else (),
        )


def _who(
    declarations: Declarations,
    case: Case,
    row: CaseAct,
    names: Mapping[str, str],
    *,
    at_office: bool,
) -> Text:
    """An officer is told by his body and his role, to officers by the name he bears, too."""
    agency = declarations.agencies.get(row.agency)
    if row.party in ("clock", "applicant") or agency is None:
        anyone = case.process.anyone
        opens = row.number == 1 or (anyone is not None and anyone.step == row.step)
        return party_label(
            case.process, "clock" if row.party == "clock" else "applicant", opens=opens
        )
    role = declarations.roles.get(row.role)
    said = [agency.label, role.label] if role else [agency.label]
    if at_office and (name := names.get(row.actor)):
        said.append(Text(name, name))
    return Text(" · ".join(one.zh for one in said), " · ".join(one.en for one in said))


def _remedies(declarations: Declarations, case: Case, row: CaseAct) -> tuple[Text, ...]:
    """What can be done against a decision of that day, and against what it made a record of."""
    step = case.process.by_step[row.step]
    outcome = case.process.by_outcome.get(step.outcome)
    resource = declarations.resources.get(outcome.resource) if outcome else None
    kind = resource.kind if resource else ""
    found = remedies_on(declarations=declarations, decided=row.on, kind=kind)
    return tuple(one.label for one in found)


def _answers(
    step: Step, form: Mapping[str, str], choices: Mapping[str, CodeList]
) -> Iterator[tuple[Text, Text]]:
    for field in step.form:
        if field.id in form:
            yield field.label, _answer(field, form[field.id], choices)


def _answer(field: FormField, value: str, choices: Mapping[str, CodeList]) -> Text:
    if field.type == "flag":
        return YES if value == TRUE else NO
    if field.type == "date" and (day := read_date(value)):
        return day_text(day)
    listed = choices.get(field.listed)
    code = listed.by_code.get(value) if listed else None
    if code is None and field.type == "file_record":
        return WITHDRAWN
    return code.label if code else Text(value, value)


def _papers(
    step: Step, rows: list[CasePaper], before: Mapping[UUID, dt.date]
) -> Iterator[PaperSeen]:
    named = {paper.id: paper.label for paper in step.papers}
    for row in rows:
        yield PaperSeen(
            id=row.id, slot=named.get(row.slot, Text(row.slot, row.slot)), name=row.name,
            size_bytes=row.size_bytes, media_type=row.media_type,
            scan="clean" if row.scan == "clean" else "unscanned", before=before.get(row.id),
        )  # fmt: skip


def held_back_in(*, delivery: Any) -> QuerySet[Receipt]:
    """The receipt of a delivery of which a row was refused, rejected or waits."""
    held_back = Q(state="refused") | Q(rows_rejected__gt=0) | Q(rows_waiting__gt=0)
    return Receipt.objects.filter(held_back, delivery_id=delivery)


def _trouble(effect: CaseEffect | None) -> Text | None:
    """Why a decision was not carried out, for whoever has to see to it."""
    if effect is None:
        return None
    if effect.trouble:
        return Text(effect.words_zh, effect.words_en)
    if effect.delivery and held_back_in(delivery=effect.delivery).exists():
        return Text(
            f"第 {effect.delivery} 次交付的行没有入库：请在“退回的行”或“待核的行”中处理",
            f"the row of delivery {effect.delivery} did not become a record: see to it among the "
            "rejected or waiting rows",
        )
    return None


def _outcome(row: CaseAct, effect: CaseEffect | None, trouble: Text | None) -> Text | None:
    if not row.outcome:
        return None
    if effect is None:
        return BEING_DONE
    if trouble:
        return Text("未能执行，请处理", "could not be carried out")
    if effect.delivery is not None:
        return Text(
            f"已执行，档案已随之更新（第 {effect.delivery} 次交付）",
            f"carried out, and the file says so (delivery {effect.delivery})",
        )
    return Text("已执行", "done")


def _steps(
    actor: Actor, parties: Collection[Party], case: Case, on: dt.date
) -> Iterator[OfferedStep]:
    for step in followers(process=case.process, state=case.standing.state):
        if step.by == ("clock",):
            continue
        yield OfferedStep(step=step, why_not=_why_not(actor, parties, case, step, on))


def _why_not(
    actor: Actor, parties: Collection[Party], case: Case, step: Step, on: dt.date
) -> Text | None:
    if not set(step.by) & set(parties):
        may = parties_label(case.process, step)
        return Text(f"由{may.zh}办理", f"for {may.en}")
    did = [one.step for one in case.acts if one.by == actor.id and one.step in step.not_by]
    if did:
        named = case.process.by_step[did[0]]
        return Text(
            f"您办理过“{named.zh}”，须由另一人办理",
            f"you did “{named.en}”, so another officer must",
        )
    return _clock_in_the_way(case.standing.clocks, step, on)


def _clock_in_the_way(clocks: Mapping[str, ClockState], step: Step, on: dt.date) -> Text | None:
    for name in step.extends:
        clock = clocks.get(name)
        if clock is None or not clock.runs:
            return Text("时限没有在计时", "the clock does not run")
        if clock.extended:
            return Text("时限已经延长过一次", "it was extended once already")
        if clock.due and on > clock.due:
            return Text("时限已经届满", "it has run out already")
    return None


def _is_applicant(parties: Collection[Party]) -> bool:
    return "applicant" in parties
