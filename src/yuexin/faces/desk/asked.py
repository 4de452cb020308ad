"""What an officer asked for in the address, read strictly: what makes no sense is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal

from django.http import HttpRequest

from yuexin.base.dates import parse_date
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.resolved_sql import HOWS, How
from yuexin.domains.collection.rooms.asked import STATES, State, Wanted
from yuexin.engines.access.queries import JournalFilter

PAGE: Final = re.compile(r"[1-9][0-9]{0,4}")
MONTH: Final = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")
LONGEST: Final = 200
LARGEST: Final = 2**63 - 1


def page_of(request: HttpRequest) -> int:
    """The page number, 1 where none is given."""
    given = request.GET.get("page", "1")
    if PAGE.fullmatch(given):
        return int(given)
    raise _not(given, "page", "页码应为正整数", "a page number is a whole number from 1 on")


def wanted_of(request: HttpRequest) -> Wanted:
    """The rows asked for; a field that is not given asks for all."""
    state = _state(_text(request, "state"))
    return Wanted(
        agency=_text(request, "agency"),
        resource=_text(request, "resource"),
        state=state,
        delivery=number_of(_text(request, "delivery")),
        column=_text(request, "column"),
        rule=_text(request, "rule"),
        reason=_text(request, "reason"),
        first=day_of(request, "from"),
        last=day_of(request, "to"),
        unmended=_text(request, "unmended") == "1",
    )


def _state(given: str) -> State:
    for state in STATES:
        if state == given:
            return state
    if given:
        raise _not(given, "state", "没有这种状态", "there is no such state")
    return ""


def how_of(request: HttpRequest) -> How | Literal[""]:
    """What ended the waiting of the rows asked for; '' asks for all."""
    given = _text(request, "how")
    for how in HOWS:
        if how == given:
            return how
    if given:
        raise _not(given, "how", "没有这种结果", "nothing ends waiting so")
    return ""


def journal_of(request: HttpRequest) -> JournalFilter:
    """Which entries of the journal are asked for; a subject by its code."""
    stream, subject = _text(request, "stream"), _text(request, "subject")
    if stream not in ("", "change", "look"):
        raise _not(stream, "stream", "没有这类日志", "there is no such stream")
    return JournalFilter(
        stream=stream,  # type: ignore[arg-type]
        thing=f"subject/{subject.upper()}" if subject else _text(request, "thing"),
        actor=_text(request, "actor"),
        first=day_of(request, "from"),
        last=day_of(request, "to"),
    )


def month_of(request: HttpRequest) -> str:
    """A month as `YYYY-MM`, '' where none is given."""
    given = _text(request, "month")
    if not given or MONTH.fullmatch(given):
        return given
    raise _not(given, "month", "月份应写作 2026-11", "a month is written like 2026-11")


def day_of(request: HttpRequest, name: str) -> dt.date | None:
    """A civil day, none where none is given."""
    given = _text(request, name)
    if not given:
        return None
    try:
        return parse_date(given)
    except ValueError as error:
        raise _not(
            given, name, "日期应写作 2026-11-24", "a day is written like 2026-11-24"
        ) from error


def number_of(given: str) -> int | None:
    """A delivery's number, none where none is given."""
    if not given:
        return None
    number = counted(given)
    if number:
        return number
    raise _not(given, "delivery", "交付编号应为正整数", "a delivery's number is a whole number")


def counted(given: str | None) -> int:
    """A whole number from 1 on that a form or an address carries, 0 where there is none such.

    Every number that a visitor types is read here: `int` itself refuses thousands of digits, and
    the database those that it has no room for.
    """
    number = int(given) if given and NUMBER.fullmatch(given) else 0
    return number if number <= LARGEST else 0


def _text(request: HttpRequest, name: str) -> str:
    given = request.GET.get(name, "").strip()
    if len(given) > LONGEST or not given.isprintable():
        raise _not("", name, "查询条件过长或含有不可见字符", "this is too long, or not readable")
    return given


def _not(given: str, name: str, zh: str, en: str) -> Refusal:
    return Refusal(
        code="ASKED",
        what=Text(zh, en),
        where=f"{name}={given[:40]}",
        remedy=Text("请改正后重新查询", "correct it and ask again"),
    )
