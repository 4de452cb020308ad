"""Telling bodies what they have to check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import today
from yuexin.domains.hall.checking.due_sql import OFFICES
from yuexin.domains.hall.checking.queries import AHEAD_DAYS, past
from yuexin.domains.hall.checking.sources import SOURCES, asked_of
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Office

NOTICE: Final = "checks_due"
ONE_DAY: Final = dt.timedelta(days=1)


def remind_offices(*, declarations: Declarations, now: dt.datetime) -> Iterator[int]:
    """Tell each body what stands in its list of checks, and how much of it is overdue, of each
    source once in a calendar week. Gives how many were told."""
    on, calendar = today(now), calendar_of(declarations=declarations)
    asked = asked_of(declarations=declarations, on=on) | {
        "over": past(calendar=calendar, on=on), "ahead": on + AHEAD_DAYS * ONE_DAY
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OFFICES, asked)
        rows = cursor.fetchall()
    monday = on - on.weekday() * ONE_DAY
    for office, source, count, late in rows:
        with transaction.atomic():
            yield tell(
                declarations=declarations, notice=NOTICE, to=Office(agency=office),
                values={"what": SOURCES[source], "count": f"{count:,}", "late": f"{late:,}"},
                about=f"agency/{office}", key=f"checks/{office}/{source}/{monday}", now=now,
            )  # fmt: skip
