"""Writes: open a case, take a step, note what became of an outcome. Each is one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import parties_in
from yuexin.engines.access.types import OPERATOR, Actor
from yuexin.engines.cases.about import about_of, now_of, office_of
from yuexin.engines.cases.acts import Case, about_to, act_of_row, case_of, file_of, files_again
from yuexin.engines.cases.amending import refuse_unreadable
from yuexin.engines.cases.counting import bound, counts_of
from yuexin.engines.cases.earlier import take_again
from yuexin.engines.cases.eligibility import eligibility, fits, held_in, unmet_again
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile, CasePaper
from yuexin.engines.cases.papers import keep_paper
from yuexin.engines.cases.refusals import no_case, not_for, refusal, taken_meanwhile
from yuexin.engines.cases.rested import choices_of, refuse_ungrounded
from yuexin.engines.cases.stepping import stepped
from yuexin.engines.cases.telling import tell_of
from yuexin.engines.cases.types import About, Act, Eligibility, Held, KeptPaper
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations, Party, Process, Step, is_for
from yuexin.engines.deliveries.operations import adopt, wake

__all__ = [
    "contained",
    "keep_paper",
    "note_effect",
    "open_case",
    "rebuild_files",
    "take_again",
    "take_due",
    "take_step",
]

logger = logging.getLogger(__name__)
UNFORESEEN: Final = "CASE_BROKE"
OPENING_LOCK: Final = 0x59584341  # cases get their numbers one at a time
PARTY_ORDER: Final[tuple[Party, ...]] = ("applicant", "signer", "office", "clock")


@transaction.atomic
def open_case(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    subject: UUID,
    record: UUID | None,
    form: Mapping[str, str],
    papers: Sequence[KeptPaper],
    reason: str,
    now: dt.datetime,
    step: str = "",
) -> str:
    """Open a case and return its number. `step` names the opening step where there are several.

    Raises a `Refusal` where the process is not in force, a condition does not hold, the same case
    is open already, whoever asks may not, or the form is not complete.
    """
    declared = _process(declarations, process)
    _hold(OPENING_LOCK)
    about = about_of(subject=subject, record=record)
    _refuse_misfit(declared, about)
    office = office_of(
        declarations=declarations, process=declared, about=about, opener=actor.agency
    )
    opening = _opening(declared, step)
    party = _party(declarations, actor, opening, about, office, applicant="")
    _refuse_ineligible(
        eligibility(
            declarations=declarations, process=declared, about=about, on=today(now),
            opener=actor.agency,
        )
    )  # fmt: skip
    act = act_of_row(
        step=opening.id, by=actor.id, party=party, now=now, form=_given(form),
        papers=[paper.slot for paper in papers], reason=reason,
    )  # fmt: skip
    version = declared.version_on(today(now))
    assert version is not None
    about = replace(
        about, counts=counts_of(declarations=declarations, version=version, body=about.body)
    )
    stepped(
        process=declared, version=bound(version=version, counts=about.counts), acts=(), act=act,
        calendar=calendar_of(declarations=declarations),
        codes=choices_of(declarations=declarations, process=declared, about=about),
        held=held_in(
            declarations=declarations, process=declared, step=opening, about=about, on=today(now)
        ),
    )  # fmt: skip
    refuse_unreadable(
        declarations=declarations, process=declared, kind=declarations.kinds.get(about.kind),
        act=act,
    )  # fmt: skip
    refuse_ungrounded(declarations=declarations, process=declared, about=about, acts=(), act=act)
    number = _new_number(declared, today(now))
    said = about_to(about=about, office=office)
    _write(declarations, actor, declared, number, 1, act, opening, papers, now, said)
    return number


@transaction.atomic
def take_step(
    *,
    declarations: Declarations,
    actor: Actor,
    case: str,
    step: str,
    seen: int,
    form: Mapping[str, str],
    papers: Sequence[KeptPaper],
    reason: str,
    now: dt.datetime,
) -> int:
    """Take a step of a case and return the number of the act.

    `seen` is the number of the last act that whoever acts has seen: of two at once, the second is
    refused. Raises a `Refusal` where the step may not be taken, and then nothing has changed.
    """
    found = _locked(declarations, case)
    declared = found.process.by_step.get(step)
    parties = _parties(declarations, actor, found)
    if not parties:
        raise no_case()
    if seen != found.rows[-1].number:
        raise taken_meanwhile()
    party = _first(parties, declared)
    act = act_of_row(
        step=step, by=actor.id, party=party, now=now, form=_given(form),
        papers=[paper.slot for paper in papers], reason=reason,
    )  # fmt: skip
    stepped(
        process=found.process, version=found.version, acts=found.acts, act=act,
        calendar=calendar_of(declarations=declarations),
        codes=choices_of(
            declarations=declarations, process=found.process, about=found.about
        ),
        held=held_in(
            declarations=declarations, process=found.process, step=declared, about=found.about,
            on=today(now),
        ) if declared else frozenset(),
    )  # fmt: skip
    assert declared is not None
    refuse_unreadable(
        declarations=declarations, process=found.process,
        kind=declarations.kinds.get(found.about.kind), act=act,
    )  # fmt: skip
    _refuse_unheld(
        unmet_again(
            declarations=declarations, process=found.process, version=found.version, step=step,
            about=now_of(found.about) or found.about, on=today(now),
        )
    )  # fmt: skip
    refuse_ungrounded(
        declarations=declarations, process=found.process, about=found.about, acts=found.acts,
        act=act,
    )  # fmt: skip
    number = seen + 1
    _write(declarations, actor, found.process, case, number, act, declared, papers, now, {})
    return number


def take_due(*, declarations: Declarations, now: dt.datetime) -> int:
    """Take every step that is due because a clock has run out. Returns how many.

    One that cannot be taken keeps none of the others back: it is logged, kept as the trouble of its
    case, where an officer sees it, and tried again.
    """
    on, taken = today(now), 0
    due = CaseFile.objects.filter(due__lt=on).exclude(waits=[])
    for number in due.order_by("number").values_list("number", flat=True):
        seen = CaseFile.objects.values_list("seen", flat=True).get(number=number)
        with contained(case=number, act=-seen, now=now):
            taken += _take_due(declarations, number, on, now)
    return taken


def note_effect(
    *,
    case: str,
    act: int,
    now: dt.datetime,
    delivery: int | None = None,
    grant: UUID | None = None,
    trouble: str = "",
    words: Text | None = None,
) -> None:
    """Keep, once, what became of the outcome of an act."""
    said = words or Text("", "")
    CaseEffect.objects.get_or_create(
        case=case,
        act=act,
        defaults={
            "at": now, "delivery": delivery, "grant": grant, "trouble": trouble,
            "words_zh": said.zh, "words_en": said.en,
        },
    )  # fmt: skip


# What a case raises that its acts, its declarations and the rows it is about do not fit together.
MISFITS: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError,
    DatabaseError, FileNotFoundError, ObjectDoesNotExist,
)  # fmt: skip


@contextmanager
def contained(*, case: str, act: int, now: dt.datetime) -> Iterator[None]:
    """During the body nothing is kept of what breaks: it is the trouble of this case, where an
    officer sees it, and no other case waits for it. That the database is out of reach goes through.
    """
    try:
        with transaction.atomic():
            yield
    except (OperationalError, InterfaceError):
        raise
    except Refusal as refused:
        trouble, words = refused.code, Text(refused.sentence("zh"), refused.sentence("en"))
    except MISFITS as broke:
        if not CaseEffect.objects.filter(case=case, act=act).exists():
            logger.exception("case %s, act %s could not be carried out", case, act)
        trouble, words = UNFORESEEN, _unforeseen(broke)
    else:
        return
    note_effect(case=case, act=act, now=now, trouble=trouble, words=words)


def _unforeseen(broke: Exception) -> Text:
    what = type(broke).__name__
    return Text(
        f"执行时出错（{what}）：请通知平台运维人员查看运行日志",
        f"it broke while it was carried out ({what}): let whoever runs the platform read its log",
    )


@transaction.atomic
def rebuild_files(*, declarations: Declarations) -> int:
    """Make every case's file again from its acts. Returns how many there are."""
    _hold(OPENING_LOCK)
    files = tuple(files_again(declarations=declarations))
    CaseFile.objects.all().delete()
    CaseFile.objects.bulk_create(files)
    return len(files)


def _take_due(declarations: Declarations, number: str, on: dt.date, now: dt.datetime) -> int:
    with transaction.atomic():
        case = _locked(declarations, number)
        for step in case.process.steps:
            clock = case.standing.clocks.get(step.when_due)
            over = clock is not None and clock.runs and clock.due is not None and on > clock.due
            if "clock" in step.by and case.standing.state in step.after and over:
                take_step(
                    declarations=declarations, actor=OPERATOR, case=number, step=step.id,
                    seen=case.rows[-1].number, form={}, papers=(), reason="", now=now,
                )  # fmt: skip
                return 1
    return 0


def _write(
    declarations: Declarations,
    actor: Actor,
    process: Process,
    case: str,
    number: int,
    act: Act,
    step: Step,
    papers: Sequence[KeptPaper],
    now: dt.datetime,
    about: dict[str, object],
) -> None:
    """The act, its papers, the file that follows, the notices; and the worker is told."""
    adopt(declarations=declarations, now=now)
    try:
        with transaction.atomic():
            CaseAct.objects.create(
                case=case, number=number, process=process.id, step=step.id, outcome=step.outcome,
                on=act.on, at=now, actor=actor.id, role=actor.role, agency=actor.agency,
                party=act.party, form=dict(act.form), reason=act.reason.strip(), about=about,
                declarations=declarations.digest,
            )  # fmt: skip
    except IntegrityError as error:
        raise taken_meanwhile() from error
    CasePaper.objects.bulk_create(
        CasePaper(
            case=case, act=number, slot=one.slot, name=one.name, sha256=one.sha256,
            size_bytes=one.size_bytes, media_type=one.media_type, scan=one.scan,
        )
        for one in papers
    )  # fmt: skip
    whole = case_of(number=case, declarations=declarations)
    assert whole is not None
    _save(file_of(case=whole))
    note(
        stream="change", actor=actor, action="case.opened" if number == 1 else "case.step",
        thing=f"case/{case}", now=now, step=step.id, act=number, subject=whole.about.code,
    )  # fmt: skip
    tell_of(declarations=declarations, case=whole, step=step, now=now)
    if step.outcome:
        wake()


def _save(file: CaseFile) -> None:
    if CaseFile.objects.filter(number=file.number).exists():
        file.save(force_update=True)
    else:
        file.save(force_insert=True)


def _process(declarations: Declarations, process: str) -> Process:
    found = declarations.processes.get(process)
    if found is None:
        raise refusal("CASE_PROCESS", "没有这种办理事项", "no such process is declared")
    return found


def _opening(process: Process, step: str) -> Step:
    openings = [one for one in process.openings if step in ("", one.id)]
    if not openings:
        raise refusal("CASE_STEP", "不能这样开始", "a case does not begin so", where=step)
    return openings[0]


def _refuse_misfit(process: Process, about: About) -> None:
    """A case is about a record where its process is, and of a kind that it names; and about an
    entity for which it is."""
    if not is_for(process.entity, sole_trader=about.sole_trader):
        raise not_for(process)
    if not fits(process=process, about=about):
        raise refusal(
            "CASE_ABOUT",
            f"“{process.zh}”不办理这类信息",
            f"“{process.en}” is not about this kind of information",
        )


def _refuse_ineligible(found: Eligibility) -> None:
    if not found.in_force:
        raise refusal(
            "CASE_NOT_IN_FORCE",
            f"“{found.process.zh}”当前没有有效的规定",
            f"no rule of “{found.process.en}” is in force",
        )
    if found.barred:
        raise refusal(
            "CASE_BARRED", "因此前的案件，暂时不能再次申请",
            "an earlier case bars another application for now", where=found.standing_case,
        )  # fmt: skip
    if found.standing_case:
        raise refusal(
            "CASE_STANDING", "同一事项正在办理", "the same case is open already",
            where=found.standing_case,
        )  # fmt: skip
    _refuse_unheld(found.unmet)


def _refuse_unheld(unmet: Sequence[Held]) -> None:
    for one in unmet:
        later = one.from_day
        raise refusal(
            "CASE_CONDITION",
            f"不符合条件：{one.words.zh}" + (f"（{later} 起符合）" if later else ""),
            f"a condition does not hold: {one.words.en}"
            + (f" (it will from {later} on)" if later else ""),
            where=one.id,
            rule=one.basis,
            remedy=one.remedy if one.remedy.zh else None,
        )


def _party(
    declarations: Declarations,
    actor: Actor,
    step: Step,
    about: About,
    office: str,
    *,
    applicant: str,
) -> str:
    return _first(
        parties_in(
            declarations=declarations, actor=actor, code=about.code, office=office,
            applicant=applicant,
        ),
        step,
    )  # fmt: skip


def _parties(declarations: Declarations, actor: Actor, case: Case) -> frozenset[Party]:
    return parties_in(
        declarations=declarations, actor=actor, code=case.about.code, office=case.office,
        applicant=case.applicant, closed=case.process.closed_to_subject,
    )  # fmt: skip


def _first(parties: Collection[Party], step: Step | None) -> str:
    """The party as which somebody acts: one that the step is for, if he is any such."""
    fit = [one for one in PARTY_ORDER if one in parties and step and one in step.by]
    return fit[0] if fit else next((one for one in PARTY_ORDER if one in parties), "")


def _given(form: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in form.items() if value.strip()}


def _locked(declarations: Declarations, number: str) -> Case:
    """The case, which nobody else steps until the transaction ends."""
    held = CaseFile.objects.select_for_update().filter(number=number).first()
    case = case_of(number=number, declarations=declarations) if held else None
    if case is None:
        raise no_case()
    return case


def _new_number(process: Process, on: dt.date) -> str:
    """The next of the day: the letters of the process, the day, a serial."""
    stem = f"{process.letters}{on:%Y%m%d}-"
    used = CaseAct.objects.filter(number=1, case__startswith=stem).values_list("case", flat=True)
    last = max((int(one.removeprefix(stem)) for one in used), default=0)
    return f"{stem}{last + 1:04d}"


def _hold(lock: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
