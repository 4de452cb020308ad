"""Whoever was shown what a case then changed or took down is told by a notice, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.domains.subjects.corrections_told import reader_of
from yuexin.domains.subjects.recalls import Recall, recalled_since
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import To

LOOKED_BACK: Final = dt.timedelta(days=7)
"""A worker that stood still for a week still tells everybody; nobody is told twice."""
JUST_NOW: Final = dt.timedelta(hours=1)
"""How far back is looked after each delivery; what is left over is told by the day's work."""
NOTICE: Final = "record_recalled"


def tell_of_recalls(
    *, declarations: Declarations, now: dt.datetime, back: dt.timedelta = LOOKED_BACK
) -> int:
    """Tell of what was recalled so far back whoever has not been told. Returns how many were."""
    told = 0
    for one in recalled_since(declarations=declarations, moment=now - back):
        with transaction.atomic():
            told += sum(_tell(declarations, one, to, now) for to in dict.fromkeys(_readers(one)))
    return told


def _readers(one: Recall) -> Iterator[To]:
    for receiver in one.receivers:
        yield from reader_of(receiver.actor)


def _tell(declarations: Declarations, one: Recall, to: To, now: dt.datetime) -> int:
    return tell(
        declarations=declarations,
        notice=NOTICE,
        to=to,
        values={
            "code": one.of.code,
            "kind": declarations.kinds[one.of.kind].label,
            "process": declarations.processes[one.of.process].label,
            "day": day_text(today(one.of.until)),
            "due": day_text(one.due.date),
        },
        about=f"delivery/{one.of.number}",
        key=f"recall/{one.of.number}",
        now=now,
    )
