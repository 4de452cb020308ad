"""Which commitments a body has to check, and until when: what is due soon, and what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from yuexin.base.dates import Calendar, Deadline, day_text, period_end, today
from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.domains.hall.filing.commitments import promising_of
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Office

PAGE: Final = 50
AHEAD_DAYS: Final = 30
"""So many days ahead a check is on the list."""
REMINDED: Final = (14, 1)
"""So many days ahead the body is told."""
ONE_DAY: Final = dt.timedelta(days=1)
# A commitment is checked by whoever accepted it (its code), else by whoever told it.
UNCHECKED: Final = """
WITH text AS (
    SELECT * FROM unnest(%(types)s::text[], %(first)s::date[], %(last)s::date[], %(months)s::int[])
        AS t (type, first, last, months)
), body AS (
    SELECT * FROM unnest(%(codes)s::text[], %(bodies)s::text[]) AS b (code, id)
), unchecked AS (
    SELECT r.id, s.code, r.kind, r.body->>%(of_type)s AS type, r.body->>%(matter)s AS matter,
        r.event_date, t.months, coalesce(b.id, d.agency) AS office,
        (r.event_date + make_interval(months => t.months))::date AS ends,
        (SELECT min(f.number) FROM case_file f WHERE f.subject = r.subject AND f.kind = r.kind
            AND f.source_key = r.source_key AND f.process = %(process)s AND f.is_open) AS "case"
    FROM record r JOIN subject s ON s.id = r.subject JOIN delivery d ON d.number = r.delivery
    JOIN text t ON t.type = r.body->>%(of_type)s AND t.first <= r.event_date
        AND (t.last IS NULL OR t.last > r.event_date)
    LEFT JOIN body b ON b.code = r.body->>%(decided_by)s
    WHERE r.kind = %(kind)s AND r.superseded_at IS NULL AND r.body ? %(made)s
        AND NOT r.body ? %(checked)s AND r.event_date IS NOT NULL
        AND coalesce(r.body->>%(state)s, '') = ANY(%(running)s)
        AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
)
"""
OWN: Final = "FROM unchecked WHERE office = ANY(%(own)s) AND NOT code = ANY(%(not_of)s)"
COUNTED: Final = f"""{UNCHECKED}
SELECT count(*) FILTER (WHERE ends <= %(ahead)s), count(*) FILTER (WHERE ends <= %(over)s) {OWN}
"""
LINES: Final = f"""{UNCHECKED}
SELECT id, code, type, matter, event_date, months, "case" {OWN} AND ends <= %(ahead)s
ORDER BY ends, code, id LIMIT {PAGE} OFFSET %(from)s
"""
ENDING: Final = f"""{UNCHECKED}
SELECT office, ends, count(*) FROM unchecked WHERE ends > %(since)s AND ends <= %(ahead)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class ToCheck:
    """A commitment that is to be checked by a day, and the case in which that is done, if one is
    open."""

    record: UUID
    code: str
    name: str
    type: Text
    matter: str
    made_on: dt.date
    due: Deadline
    overdue: bool
    case: str


@dataclass(frozen=True, kw_only=True)
class ChecksDue:
    """What a body has to check within `AHEAD_DAYS`, what is due first before the rest: how many in
    all, how many of them are `overdue`, and a page of them. `process` is how one is checked."""

    total: int
    overdue: int
    lines: tuple[ToCheck, ...]
    page: int
    pages: int
    process: str


def checks_due(
    *, declarations: Declarations, actor: Actor, page: int = 1, now: dt.datetime
) -> ChecksDue:
    """What the bodies of `actor` have to check soon or should have checked; nothing of a firm of
    his own. Raises a `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room="cases")
    on, calendar = today(now), calendar_of(declarations=declarations)
    asked = _asked(declarations) | {
        "own": sorted(agencies_acted_for(declarations=declarations, actor=actor)),
        "not_of": list(actor.also_for),
        "ahead": on + AHEAD_DAYS * ONE_DAY, "over": _over(calendar, on), "from": (page - 1) * PAGE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        total, overdue = cursor.fetchone() or (0, 0)
        cursor.execute(LINES, asked)
        rows = cursor.fetchall()
    called = names(actor=PUBLIC, codes=[row[1] for row in rows])
    return ChecksDue(
        total=total, overdue=overdue, page=page, pages=max(1, -(-total // PAGE)),
        process=promising_of(declarations).check,
        lines=tuple(_line(declarations, calendar, on, row, called) for row in rows),
    )  # fmt: skip


def remind_offices(*, declarations: Declarations, now: dt.datetime) -> Iterator[int]:
    """Tell each body how many commitments are to be checked by a day that comes near, once at each
    distance, whatever day was left out. Gives how many were told."""
    on, calendar = today(now), calendar_of(declarations=declarations)
    asked = _asked(declarations) | {"since": on - ONE_DAY, "ahead": on + max(REMINDED) * ONE_DAY}
    with connection.cursor() as cursor:
        cursor.execute(ENDING, asked)
        rows = cursor.fetchall()
    for office, ends, count in rows:
        due = calendar.roll(ends).date
        ahead = min((one for one in REMINDED if (due - on).days <= one), default=max(REMINDED))
        with transaction.atomic():
            yield tell(
                declarations=declarations, notice=promising_of(declarations).reminded,
                to=Office(agency=office),
                values={"count": str(count), "day": day_text(due)},
                about=f"agency/{office}", key=f"checks/{office}/{ends}/{ahead}", now=now,
            )  # fmt: skip


def _asked(declarations: Declarations) -> dict[str, Any]:
    how = promising_of(declarations)
    kind = declarations.kinds[declarations.resources[how.resource].kind]
    texts = [
        (one.type, text.valid_from, text.valid_to, text.check_months)
        for one in declarations.commitments.values()
        for text in one.versions
        if text.check_months
    ]
    coded = [(one.uscc, one.id) for one in declarations.agencies.values() if one.uscc]
    return {
        "types": [one[0] for one in texts], "first": [one[1] for one in texts],
        "last": [one[2] for one in texts], "months": [one[3] for one in texts],
        "codes": [code for code, _ in coded], "bodies": [name for _, name in coded],
        "kind": kind.id, "of_type": how.type, "matter": how.matter, "checked": how.checked,
        "decided_by": kind.decided_by, "process": how.check, "made": kind.event_date,
        "state": how.running.field, "running": ["", *how.running.codes],
    }  # fmt: skip


def _line(
    declarations: Declarations,
    calendar: Calendar,
    on: dt.date,
    row: tuple[Any, ...],
    called: Any,
) -> ToCheck:
    record, code, type_, matter, made_on, months, case = row
    due = period_end(unit="months", amount=months, on=made_on, calendar=calendar)
    return ToCheck(
        record=record, code=code, name=called.get(code, ""), matter=matter or "", made_on=made_on,
        type=declarations.codes["commitment_types"].by_code[type_].label, due=due,
        overdue=due.date < on, case=case or "",
    )  # fmt: skip


def _over(calendar: Calendar, on: dt.date) -> dt.date:
    """The last day of which the working day it ends on is past."""
    day = on - ONE_DAY
    while calendar.roll(day).date >= on:
        day -= ONE_DAY
    return day
