"""Anybody tells that a report is false. Where he may be answered stands apart from the case, is
shown to nobody, and goes once he was answered."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from yuexin.base.codes.contacts import normalise_mail, normalise_phone
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.hall.filing.models import Teller
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.cases.operations import open_case
from yuexin.engines.declare.types import Declarations, Process
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Address
from yuexin.engines.releases.models import ReleaseRow

LONGEST: Final = 1000
LEAST: Final = 10
MOST_OPEN: Final = 20
"""So many open ones about one record are enough: more say the same."""


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
        raise _refusal("TOLD_RECORD", "没有这条公示的报告", "there is no such public report")
    said = what.strip()
    if not LEAST <= len(said) <= LONGEST:
        raise _refusal(
            "TOLD_LENGTH",
            f"请用 {LEAST} 到 {LONGEST} 个字说明哪里不实",
            f"say in {LEAST} to {LONGEST} characters what is false",
        )
    channel, address = _reached(contact.strip())
    with transaction.atomic():
        open_ones = CaseFile.objects.filter(process=process.id, subject=row.subject, is_open=True)
        if open_ones.filter(record=record).count() >= MOST_OPEN:
            raise _refusal(
                "TOLD_ENOUGH",
                "这条报告已有多人举报，正在核查",
                "enough people told of this report, and it is being verified",
            )
        number = open_case(
            declarations=declarations, actor=OPERATOR, process=process.id, subject=row.subject,
            record=record, form={process.anyone.field: said}, papers=(), reason="", now=now,
        )  # fmt: skip
        if channel:
            Teller.objects.create(case=number, channel=channel, address=address, language=language)
    return number


def open_to_anyone(*, declarations: Declarations, kind: str) -> Process | None:
    """The process by which anybody tells of something about a record of this kind, if any."""
    found = (one for one in declarations.processes.values() if one.anyone and kind in one.kinds)
    return next(found, None)


def kinds_told_of(*, declarations: Declarations) -> frozenset[str]:
    """The kinds of records of which anybody tells something."""
    open_to_all = (one for one in declarations.processes.values() if one.anyone)
    return frozenset(kind for one in open_to_all for kind in one.kinds)


def answer_tellers(*, declarations: Declarations, now: dt.datetime) -> int:
    """Tell whoever left an address what became of what he told, and forget the address."""
    told = 0
    for teller in Teller.objects.order_by("case"):
        case = CaseFile.objects.filter(number=teller.case, is_open=False).first()
        if case is None:
            continue
        process = declarations.processes[case.process]
        if process.anyone is None:
            continue
        state = process.by_state[case.state]
        with transaction.atomic():
            told += tell(
                declarations=declarations, notice=process.anyone.answered,
                to=Address(
                    channel="email" if teller.channel == "email" else "sms",
                    value=teller.address, language="en" if teller.language == "en" else "zh",
                ),
                values={
                    "code": case.code, "number": case.number,
                    "result": state.label.in_(teller.language),
                },
                about=f"case/{case.number}", key=f"told/{case.number}", now=now,
            )  # fmt: skip
            teller.delete()
    return told


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
    )


def _refusal(code: str, zh: str, en: str) -> Refusal:
    return Refusal(
        code=code, what=Text(zh, en), remedy=Text("请改好后再提交", "mend it and send it again")
    )
