"""Anybody tells that a report is false. Where he may be answered stands apart from the case, is
shown to nobody, and goes once he was answered. He follows it by a link that only we can make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import polars as pl
from django.core.signing import BadSignature, Signer
from django.db import transaction

from yuexin.base.codes.contacts import normalise_mail, normalise_phone
from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.hall.filing.models import Teller
from yuexin.domains.subjects.called import firm_called
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.declare.types import Anyone, CaseState, Declarations, Process
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Address
from yuexin.engines.records.models import Record
from yuexin.engines.releases.models import ReleaseRow
from yuexin.engines.releases.queries import without_id_numbers, without_mobiles

LONGEST: Final = 1000
LEAST: Final = 10
MOST_OPEN: Final = 20
"""So many open ones about one record are enough: more say the same."""
NO_REASON: Final = Text("没有写明", "none was written down")
_SIGNER: Final = Signer(salt="told")


@dataclass(frozen=True, kw_only=True)
class ToldOf:
    """Where something stands that somebody told of: of which firm, at which body, since when, until
    when it is to be verified, and once it is closed, when and why. `record` is the report while it
    is public."""

    number: str
    code: str
    firm: Text
    record: UUID | None
    kind: Text
    office: Text
    told_on: dt.date
    state: CaseState
    due: dt.date | None
    provisional: bool
    closed_on: dt.date | None
    reason: str
    called: Text


def tell_false(
    *,
    declarations: Declarations,
    record: UUID,
    what: str,
    contact: str,
    language: Literal["zh", "en"],
    now: dt.datetime,
) -> str:
    """Open a case about a public report and return its number. Raises a `Refusal` for what is no
    public report, says too little or too much, or was told by enough people already."""
    row = ReleaseRow.objects.filter(record=record).first()
    process = open_to_anyone(declarations=declarations, kind=row.kind) if row else None
    if row is None or process is None or process.anyone is None:
        raise _no_such_report()
    said = what.strip()
    if not LEAST <= len(said) <= LONGEST:
        raise _refusal(
            "TOLD_LENGTH",
            f"请用 {LEAST} 到 {LONGEST} 个字写明：{process.anyone.asks.zh}",
            f"say in {LEAST} to {LONGEST} characters: {process.anyone.asks.en}",
            where="what",
        )
    channel, address = _reached(contact.strip())
    with transaction.atomic():
        if process.anyone.step:
            number = _step_by_anybody(declarations, process, record, said, now)
            _answer_to(number, channel, address, language)
            return number.partition("/")[0]
        open_ones = CaseFile.objects.filter(process=process.id, subject=row.subject, is_open=True)
        if open_ones.filter(record=record).count() >= MOST_OPEN:
            raise _enough()
        number = open_case(
            declarations=declarations, actor=OPERATOR, process=process.id, subject=row.subject,
            record=record, form={process.anyone.field: said}, papers=(), reason="", now=now,
        )  # fmt: skip
        _answer_to(number, channel, address, language)
    return number


def _step_by_anybody(
    declarations: Declarations, process: Process, record: UUID, said: str, now: dt.datetime
) -> str:
    """Take the step that anybody may take in the case that published a record, and return the case
    and the act. Raises a `Refusal` where the case is over or the step not open."""
    assert process.anyone is not None
    case = _case_behind(process, record)
    if case is None:
        raise _no_such_report()
    if CaseAct.objects.filter(case=case.number, step=process.anyone.step).count() >= MOST_OPEN:
        raise _enough()
    act = take_step(
        declarations=declarations, actor=OPERATOR, case=case.number, step=process.anyone.step,
        seen=case.seen, form={process.anyone.field: said}, papers=(), reason="", now=now,
    )  # fmt: skip
    return f"{case.number}/{act}"


def _case_behind(process: Process, record: UUID) -> CaseFile | None:
    """The open case of a process whose outcome told what a record says."""
    row = Record.objects.filter(pk=record, superseded_at=None).first()
    if row is None:
        return None
    made = CaseEffect.objects.filter(delivery=row.delivery).values("case")
    return CaseFile.objects.filter(number__in=made, process=process.id, is_open=True).first()


def _answer_to(number: str, channel: str, address: str, language: str) -> None:
    if channel:
        Teller.objects.create(case=number, channel=channel, address=address, language=language)


def anyone_about(*, declarations: Declarations, kind: str, record: UUID) -> Anyone | None:
    """By what anybody says something now about a public record, if by anything."""
    process = open_to_anyone(declarations=declarations, kind=kind)
    if process is None or process.anyone is None or not process.anyone.step:
        return process.anyone if process else None
    case = _case_behind(process, record)
    after = process.by_step[process.anyone.step].after
    return process.anyone if case and case.state in after else None


def open_to_anyone(*, declarations: Declarations, kind: str) -> Process | None:
    """The process by which anybody tells of something about a record of this kind, if any."""
    found = (one for one in declarations.processes.values() if kind in one.told_about)
    return next(found, None)


def kinds_told_of(*, declarations: Declarations) -> frozenset[str]:
    """The kinds of records of which anybody tells something at any time."""
    at_any_time = (
        one for one in declarations.processes.values() if one.anyone and not one.anyone.step
    )
    return frozenset(kind for one in at_any_time for kind in one.told_about)


def token_of(*, number: str) -> str:
    """What stands in the link by which whoever told of something follows it."""
    return _SIGNER.sign(number)


def told_of(*, declarations: Declarations, token: str) -> ToldOf | None:
    """Where it stands, for whoever has the link; none where we never made it. It says nothing of
    who told, nor what he wrote."""
    try:
        number = _SIGNER.unsign(token)
    except BadSignature:
        return None
    case = CaseFile.objects.filter(number=number).first()
    return _standing(declarations, case) if case else None


def answer_tellers(*, declarations: Declarations, now: dt.datetime) -> int:
    """Tell whoever left an address what became of what he told, and forget the address."""
    told = 0
    for teller in Teller.objects.order_by("case"):
        number = teller.case.partition("/")[0]
        case = CaseFile.objects.filter(number=number, is_open=False).first()
        if case is None:
            continue
        process = declarations.processes[case.process]
        if process.anyone is None:
            continue
        found = _standing(declarations, case)
        with transaction.atomic():
            told += tell(
                declarations=declarations, notice=process.anyone.answered,
                to=Address(
                    channel="email" if teller.channel == "email" else "sms",
                    value=teller.address, language="en" if teller.language == "en" else "zh",
                ),
                values={
                    "firm": found.firm, "code": case.code, "number": case.number,
                    "result": found.state.label, "office": found.office,
                    "reason": Text(found.reason, found.reason) if found.reason else NO_REASON,
                },
                secret={"token": token_of(number=case.number)},
                about=f"case/{case.number}", key=f"told/{teller.case}", now=now,
            )  # fmt: skip
            teller.delete()
    return told


def _standing(declarations: Declarations, case: CaseFile) -> ToldOf:
    acts = list(CaseAct.objects.filter(case=case.number).order_by("number"))
    agency, kind = declarations.agencies.get(case.office), declarations.kinds.get(case.kind)
    process = declarations.processes[case.process]
    shown = ReleaseRow.objects.filter(record=case.record).exists() if case.record else False
    return ToldOf(
        number=case.number,
        code=case.code,
        firm=firm_called(case.code),
        record=case.record if shown else None,
        kind=kind.label if kind else Text("", ""),
        office=agency.label if agency else Text(case.office, case.office),
        told_on=today(case.opened_at),
        state=process.by_state[case.state],
        due=case.due,
        provisional=case.provisional,
        closed_on=None if case.is_open else acts[-1].on,
        reason="" if case.is_open else _nameless(_last_reason(acts)),
        called=process.anyone.called if process.anyone else Text("", ""),
    )


def _last_reason(acts: Sequence[CaseAct]) -> str:
    """Why it was decided so: the last steps of a case may only carry it out."""
    return next((one.reason for one in reversed(acts) if one.reason), "")


def _nameless(reason: str) -> str:
    """Prose without the numbers by which a person is known."""
    return str(pl.select(without_mobiles(without_id_numbers(pl.lit(reason)))).item())


def _reached(contact: str) -> tuple[str, str]:
    """By which channel, and at which address; both '' where nobody wants to be told."""
    if not contact:
        return "", ""
    if address := normalise_mail(contact):
        return "email", address
    if number := normalise_phone(contact):
        return "sms", number
    raise _refusal(
        "TOLD_CONTACT",
        "联系方式应为邮箱或手机号；不需要答复就不填",
        "leave a mail address or a mobile number, or nothing",
        where="contact",
    )


def _refusal(code: str, zh: str, en: str, *, where: str = "") -> Refusal:
    return Refusal(
        code=code, what=Text(zh, en), where=where,
        remedy=Text("请改好后再提交", "mend it and send it again"),
    )  # fmt: skip


def _no_such_report() -> Refusal:
    return Refusal(
        code="TOLD_RECORD",
        what=Text("没有这条公示的报告", "there is no such public report"),
        remedy=Text(
            "可能刚被更正或已不再公示：请从信用档案里重新打开",
            "it may have been corrected, or be public no more: open it from the credit file again",
        ),
    )


def _enough() -> Refusal:
    return Refusal(
        code="TOLD_ENOUGH",
        what=Text(
            "这条报告已有多人举报，正在核查",
            "enough people told of this report, and it is being verified",
        ),
        remedy=Text(
            "不必重复举报；有新的事实，请等这次核查结束后再举报，或到登记机关窗口反映",
            "there is no need to tell it again; if you know something new, tell it once this is "
            "verified, or at a window of the registrar",
        ),
    )
