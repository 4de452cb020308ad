"""What a step asks for, and whether an act gives it: fields, papers, the reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

from yuexin.base.codes.contacts import is_phone, normalise_mail
from yuexin.base.dates import Calendar, day_text, parse_date, period_end
from yuexin.base.errors import Refusal
from yuexin.base.text import Text, has_control
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.types import Act
from yuexin.engines.declare.types import CodeList, FormField, Step

LONGEST_REASON: Final = 2000
TRUE: Final = "true"
_MONEY: Final = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2})?")
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}")


def refuse_incomplete(
    *,
    step: Step,
    act: Act,
    codes: Mapping[str, CodeList],
    held: frozenset[str],
    calendar: Calendar,
) -> None:
    """Refuse an act that lacks what its step asks for and is not `held`, or says what it does not
    ask for."""
    unknown = sorted(set(act.form) - {field.id for field in step.form})
    if unknown:
        raise refusal("CASE_FORM", "表单没有这一项", "the form has no such field", where=unknown[0])
    for field in step.form:
        refuse_value(field, act.form.get(field.id, ""), codes, act.on)
        _refuse_too_soon(field, act, calendar)
    _refuse_papers(step, act, held)
    if step.reason and not act.reason.strip():
        raise refusal(
            "CASE_REASON",
            f"“{step.zh}”须说明理由",
            f"“{step.en}” needs a reason",
            where="reason",
            remedy=Text("写明理由后再提交", "say why, then submit again"),
        )
    if len(act.reason) > LONGEST_REASON:
        raise refusal("CASE_REASON", "理由过长", "the reason is too long", where="reason")


def refuse_value(field: FormField, value: str, codes: Mapping[str, CodeList], on: dt.date) -> None:
    """Refuse what cannot be the answer to a field in a step of this day."""
    if not value.strip():
        if field.required:
            raise _field(field, "CASE_MISSING", "须填写", "must be filled")
        return
    if len(value) > field.max_length:
        most = field.max_length
        raise _field(field, "CASE_LENGTH", f"不超过 {most} 个字", f"takes {most} characters")
    lines = value.replace("\r\n", " ").replace("\n", " ") if field.type == "long_text" else value
    if has_control(lines) or not _CHECKS[field.type](field, value, codes):
        wanted = _WANTED[field.type]
        raise _field(field, "CASE_TYPE", f"应为{wanted.zh}", f"must be {wanted.en}")
    if field.past and parse_date(value) > on:
        raise _field(field, "CASE_DAY", "不能晚于今天", "cannot be after today")


def _refuse_too_soon(field: FormField, act: Act, calendar: Calendar) -> None:
    """Refuse a date that leaves fewer working days after the step than are declared."""
    given = act.form.get(field.id, "").strip()
    if not given or not field.workdays_ahead:
        return
    first = first_day(field=field, on=act.on, calendar=calendar)
    if parse_date(given) < first:
        days, day = field.workdays_ahead, day_text(first)
        raise refusal(
            "CASE_TOO_SOON",
            f"“{field.zh}”太早：须提前 {days} 个工作日通知",
            f"“{field.en}” is too soon: it takes {days} working days' notice",
            where=field.id,
            remedy=Text(f"最早可以是{day.zh}", f"the earliest is {day.en}"),
        )


def first_day(*, field: FormField, on: dt.date, calendar: Calendar) -> dt.date:
    """The first day that a date may be which is given in a step of this day."""
    days = field.workdays_ahead
    return period_end(unit="workdays", amount=days, on=on, calendar=calendar).date


def _refuse_papers(step: Step, act: Act, held: frozenset[str]) -> None:
    declared = {paper.id: paper for paper in step.papers}
    for slot, count in act.papers.items():
        if slot not in declared:
            raise refusal(
                "CASE_PAPER", "没有要求这份材料", "no such paper is asked for", where=slot
            )
        if count > declared[slot].most:
            most = declared[slot].most
            raise refusal(
                "CASE_PAPER",
                f"“{declared[slot].zh}”至多 {most} 份",
                f"“{declared[slot].en}”: {most} at most",
                where=slot,
            )
    for paper in step.papers:
        if paper.required and not act.papers.get(paper.id) and paper.id not in held:
            raise refusal(
                "CASE_PAPER",
                f"缺少材料“{paper.zh}”",
                f"the paper “{paper.en}” is missing",
                where=paper.id,
                remedy=Text("上传 PDF、PNG 或 JPEG", "upload it as PDF, PNG or JPEG"),
            )


def _field(field: FormField, code: str, zh: str, en: str) -> Refusal:
    return refusal(code, f"“{field.zh}”{zh}", f"“{field.en}” {en}", where=field.id)


def _is_listed(field: FormField, value: str, codes: Mapping[str, CodeList]) -> bool:
    return field.listed in codes and value in codes[field.listed].by_code


def _is_date(field: FormField, value: str, codes: Mapping[str, CodeList]) -> bool:
    del field, codes
    try:
        return parse_date(value).isoformat() == value
    except ValueError:
        return False


def _matches(pattern: re.Pattern[str]) -> Callable[..., bool]:
    return lambda field, value, codes: pattern.fullmatch(value) is not None


_CHECKS: Final[dict[str, Callable[[FormField, str, Mapping[str, CodeList]], bool]]] = {
    "text": lambda field, value, codes: True,
    "long_text": lambda field, value, codes: True,
    "code": _is_listed,
    "record_field": _is_listed,
    "ground": _is_listed,
    "file_record": _is_listed,
    "date": _is_date,
    "money": _matches(_MONEY),
    "integer": _matches(_INTEGER),
    "flag": lambda field, value, codes: (
        value in (TRUE, "false") and (value == TRUE or not field.required)
    ),
    "phone": lambda field, value, codes: is_phone(value),
    "email": lambda field, value, codes: normalise_mail(value) is not None,
}
_WANTED: Final = {
    "text": Text("一行文字", "one line of text"),
    "long_text": Text("文字", "text"),
    "code": Text("所列选项之一", "one of those listed"),
    "record_field": Text("这条记录的一个项目", "a field of the record"),
    "ground": Text("所列情形之一", "one of the grounds listed"),
    "file_record": Text("档案中所列记录之一", "one of the records of the file that are listed"),
    "date": Text("日期，如 2026-11-24", "a date such as 2026-11-24"),
    "money": Text("金额，至多两位小数", "an amount with two decimals at most"),
    "integer": Text("整数", "a whole number"),
    "flag": Text("勾选", "ticked"),
    "phone": Text("电话号码", "a telephone number"),
    "email": Text("电子邮箱地址", "an address of e-mail"),
}
