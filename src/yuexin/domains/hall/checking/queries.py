"""What a body has to check, and what became of whom was drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, cast

from django.db import connection

from yuexin.base.dates import Calendar, day_text, period_end, today
from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.domains.hall.checking.due_sql import COUNTED, LINES, OF_DRAW, PAGE
from yuexin.domains.hall.checking.sources import SOURCES, Source, asked_of, drawn_checks
from yuexin.domains.hall.checking.types import ChecksDue, LastCheck, ToCheck
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import CheckPeriod, Declarations, version_on

__all__ = ["AHEAD_DAYS", "SOURCES", "checks_due", "checks_of_draw", "past"]

AHEAD_DAYS: Final = 30
"""So many days ahead a check is on the list; whoever was drawn is on it at once."""
ONE_DAY: Final = dt.timedelta(days=1)


def checks_due(
    *,
    declarations: Declarations,
    actor: Actor,
    source: str = "",
    page: int = 1,
    now: dt.datetime,
) -> ChecksDue:
    """What the bodies of `actor` have to check soon or should have checked; nothing of a firm of
    his own. Raises a `Refusal` (ROOM)."""
    on, calendar = today(now), calendar_of(declarations=declarations)
    chosen = next((one for one in SOURCES if one == source), None)
    asked = _asked(declarations, actor, on)
    counted = _counted(asked)
    with connection.cursor() as cursor:
        cursor.execute(LINES, asked | {"source": chosen or "", "from": (page - 1) * PAGE})
        rows = cursor.fetchall()
    counts = {cast(Source, name): count for name, count, _ in counted}
    shown = sum(count for name, count in counts.items() if chosen in (None, name))
    return ChecksDue(
        counts={one: counts[one] for one in SOURCES if one in counts},
        overdue=sum(over for name, _, over in counted if chosen in (None, name)),
        source=chosen, page=page, pages=max(1, -(-shown // PAGE)),
        lines=_lines(declarations, calendar, on, rows, PUBLIC),
    )  # fmt: skip


def checks_of_draw(
    *, declarations: Declarations, actor: Actor, number: int, now: dt.datetime
) -> Mapping[str, ToCheck]:
    """Everybody who was drawn and whose filing stands, by code, with the body that checks it and
    what was found. Raises a `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room="cases")
    on, calendar = today(now), calendar_of(declarations=declarations)
    asked = asked_of(declarations=declarations, on=on) | {"which": number, "ahead": on}
    with connection.cursor() as cursor:
        cursor.execute(OF_DRAW, asked)
        rows = cursor.fetchall()
    return {one.code: one for one in _lines(declarations, calendar, on, rows, actor)}


def past(*, calendar: Calendar, on: dt.date) -> dt.date:
    """The last day of which the working day it ends on is past."""
    day = on - ONE_DAY
    while calendar.roll(day).date >= on:
        day -= ONE_DAY
    return day


def _asked(declarations: Declarations, actor: Actor, on: dt.date) -> dict[str, Any]:
    require_room(declarations=declarations, actor=actor, room="cases")
    calendar = calendar_of(declarations=declarations)
    return asked_of(declarations=declarations, on=on) | {
        "own": sorted(agencies_acted_for(declarations=declarations, actor=actor)),
        "not_of": list(actor.also_for), "ahead": on + AHEAD_DAYS * ONE_DAY,
        "over": past(calendar=calendar, on=on),
    }  # fmt: skip


def _counted(asked: dict[str, Any]) -> list[tuple[str, int, int]]:
    """How many from each source, and how many of them are overdue."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        return list(cursor.fetchall())


def _lines(
    declarations: Declarations,
    calendar: Calendar,
    on: dt.date,
    rows: list[tuple[Any, ...]],
    reader: Actor,
) -> tuple[ToCheck, ...]:
    called = names(actor=reader, codes=[row[6] for row in rows])
    draws = {one.number: one.check for one in drawn_checks(declarations=declarations)}
    return tuple(_line(declarations, calendar, on, row, called, draws) for row in rows)


def _line(
    d: Declarations,
    calendar: Calendar,
    on: dt.date,
    row: tuple[Any, ...],
    called: Mapping[str, str],
    draws: Mapping[int, CheckPeriod],
) -> ToCheck:
    record, source, listed, draw, type_, matter, code, process, since, months, office = row[:11]
    last, last_on, last_state, case = row[11:]
    period = draws.get(draw) if source == "draws" else _followed(d, listed, on)
    due = (
        period.due(since=since, checked=last_on, calendar=calendar)
        if period
        else period_end(unit="months", amount=months, on=since, calendar=calendar)
    )
    state = d.processes[process].by_state.get(last_state or "")
    what, detail = _what(d, source, listed, draw, period, type_, matter, since)
    body = d.agencies.get(office)
    return ToCheck(
        source=source, record=record, code=code, name=called.get(code, ""), what=what,
        detail=detail, draw=draw, since=since, due=due, overdue=due.date < on, process=process,
        office=body.label if body else Text(office, office), agency=office, case=case,
        last=LastCheck(case=last, on=last_on, result=state.label, tone=state.tone)
        if last and state
        else None,
    )  # fmt: skip


def _followed(d: Declarations, listed: str, on: dt.date) -> CheckPeriod | None:
    """How the members of a list are checked; none where it is of no list."""
    return version_on(d.regimes[listed].follow_ups, on) if listed else None


def _what(
    d: Declarations,
    source: Source,
    listed: str,
    draw: int,
    period: CheckPeriod | None,
    type_: str,
    matter: str,
    since: dt.date,
) -> tuple[Text, Text]:
    """Why something is checked, and what of it."""
    if source == "lists":
        regime = d.regimes[listed]
        return regime.label, period.what if period else regime.label
    if source == "draws":
        return (
            Text(f"第 {draw} 次抽取（{matter} 年度）", f"Draw {draw}, of the year {matter}"),
            period.what if period else Text("", ""),
        )
    made = day_text(since)
    return d.codes["commitment_types"].by_code[type_].label, Text(
        f"{matter or ''} {made.zh}".strip(), f"{matter or ''} {made.en}".strip()
    )
