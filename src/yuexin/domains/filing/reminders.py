"""Who is reminded of a year's filing today: on the first day of the window, and some days before
its end. The worker asks once a day; nobody is told the same twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db import transaction

from yuexin.base.dates import Calendar, day_text, today
from yuexin.domains.filing.entity import entity_of
from yuexin.domains.filing.standing import year_standing
from yuexin.engines.access.models import Grant
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations, Filing
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Owners

NOTICE: Final = "report_due"


def remind(*, declarations: Declarations, now: dt.datetime) -> int:
    """Tell whoever acts for an entity that owes a filing, on the days declared. Returns to how
    many. Who has nobody that acts for it here is reminded by nobody here."""
    told, on = 0, today(now)
    for filing in declarations.filings.values():
        if filing.yearly and (days := set(_days(declarations, filing, on))):
            told += _remind(declarations, filing, on, days, now)
    return told


def _days(declarations: Declarations, filing: Filing, on: dt.date) -> Iterator[tuple[str, str]]:
    """The occasions of today: the class of filers, and which reminder it is."""
    calendar, period = calendar_of(declarations=declarations), on.year - 1
    version = filing.version_of(period)
    for filer in version.filers if version else ():
        opens, closes = filer.window(period)
        due = calendar.roll(closes).date
        if on == opens:
            yield filer.id, "opens"
        for left in filing.remind_days:
            if on == due - dt.timedelta(days=left):
                yield filer.id, str(left)


def _remind(
    declarations: Declarations,
    filing: Filing,
    on: dt.date,
    days: set[tuple[str, str]],
    now: dt.datetime,
) -> int:
    told, calendar = 0, calendar_of(declarations=declarations)
    codes = Grant.objects.exclude(subject_code="").values_list("subject_code", flat=True)
    for code in codes.distinct().order_by("subject_code"):
        told += _remind_one(declarations, filing, code, on, days, calendar, now)
    return told


def _remind_one(
    declarations: Declarations,
    filing: Filing,
    code: str,
    on: dt.date,
    days: set[tuple[str, str]],
    calendar: Calendar,
    now: dt.datetime,
) -> int:
    year = on.year - 1
    entity = entity_of(declarations=declarations, filing=filing, code=code, thing=str(year))
    if entity is None:
        return 0
    stand = year_standing(filing=filing, period=year, entity=entity.filed, on=on, calendar=calendar)
    told = 0
    for filer, which in days:
        if stand.standing == "open" and stand.filer and stand.filer.id == filer and stand.due:
            with transaction.atomic():
                told += tell(
                    declarations=declarations, notice=NOTICE, to=Owners(code=code),
                    values={"code": code, "year": str(year), "date": day_text(stand.due.date).zh},
                    about=f"subject/{code}", key=f"{filing.id}/{code}/{year}/{which}", now=now,
                )  # fmt: skip
    return told
