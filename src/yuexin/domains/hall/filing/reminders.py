"""Who is told that the window of a year's filing is open. What falls due is told by the owner's
calendar (`credit.watching.reminding`). The worker asks once a day; nobody is told twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.domains.subjects.filers import entity_of
from yuexin.engines.access.queries import represented
from yuexin.engines.declare.queries import calendar_of, year_standing
from yuexin.engines.declare.types import Declarations, Filing
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Owners


def remind(*, declarations: Declarations, now: dt.datetime) -> Iterator[int]:
    """Tell whoever acts for an entity that owes a year's filing that its window is open, once, be
    it on a later day; one entity at each step. Gives how many were told. Who has nobody that acts
    for it here is told by nobody here."""
    for filing in declarations.filings.values():
        if filing.reminded and _opens(filing, today(now)):
            for code in represented(declarations=declarations, on=today(now)):
                yield _remind_one(declarations, filing, code, now)


def _opens(filing: Filing, on: dt.date) -> bool:
    """Whether the window of any class of filers is open on a day."""
    period = on.year - 1
    version = filing.version_of(period)
    windows = [filer.window(period) for filer in version.filers] if version else []
    return any(opens <= on <= closes for opens, closes in windows)


def _remind_one(declarations: Declarations, filing: Filing, code: str, now: dt.datetime) -> int:
    on, calendar = today(now), calendar_of(declarations=declarations)
    year = on.year - 1
    entity = entity_of(declarations=declarations, filing=filing, code=code, thing=str(year))
    if entity is None:
        return 0
    stand = year_standing(filing=filing, period=year, entity=entity.filed, on=on, calendar=calendar)
    if stand.standing != "open" or stand.due is None:
        return 0
    with transaction.atomic():
        return tell(
            declarations=declarations, notice=filing.reminded, to=Owners(code=code),
            values={"code": code, "year": str(year), "date": day_text(stand.due.date)},
            about=f"subject/{code}", key=f"{filing.id}/{code}/{year}/opens", now=now,
        )  # fmt: skip
