"""Owners are told of what falls due 30, 7 and 1 days ahead, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.base.text import Text
from yuexin.domains.credit.calendar import AHEAD, Due, deadlines
from yuexin.engines.access.queries import represented
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Owners


def remind_owners(*, declarations: Declarations, now: dt.datetime) -> Iterator[int]:
    """Tell everybody who acts for a firm what falls due soon, one firm at each step. However often
    it is called, and whatever day was left out, one day is told of once at each distance. Gives how
    many were told."""
    on = today(now)
    for code in represented(declarations=declarations, on=on):
        with transaction.atomic():
            ahead = deadlines(declarations=declarations, code=code, now=now, on=on)
            told = sum(_remind(declarations, code, due, on, now) for due in ahead)
        yield told


def distance(due: dt.date, on: dt.date) -> int | None:
    """At which of the distances a day stands: the nearest that it has come within, if any."""
    left = (due - on).days
    return min((ahead for ahead in AHEAD if 0 <= left <= ahead), default=None)


def _remind(declarations: Declarations, code: str, due: Due, on: dt.date, now: dt.datetime) -> int:
    ahead = distance(due.on, on)
    if ahead is None:
        return 0
    return tell(
        declarations=declarations,
        notice="deadline_ahead",
        to=Owners(code=code),
        values={
            "code": code, "what": due.label, "detail": due.detail, "day": day_text(due.on),
            "left": _days((due.on - on).days),
        },
        about=f"subject/{code}",
        key=f"deadline/{code}/{due.id}/{ahead}",
        now=now,
    )  # fmt: skip


def _days(left: int) -> Text:
    return Text(f"{left} 天", "1 day" if left == 1 else f"{left} days")
