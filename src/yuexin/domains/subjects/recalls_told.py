"""Whoever was shown what was then taken down, or changed by a case, is told by a notice, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.base.text import Text
from yuexin.domains.subjects.corrections_told import reader_of
from yuexin.domains.subjects.recalls import Recall, Recalled, opened, unopened
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import To

A_ROUND: Final = 100
"""Of so many deliveries in a round: the worker has other work."""
NOTICE: Final = "record_recalled"
READ_AGAIN: Final = Text("重新读取", "reading it again")


def tell_of_recalls(*, declarations: Declarations, now: dt.datetime) -> int:
    """Find who had been shown what was taken down since this was asked last, and tell each of them
    once of what one delivery took down. Returns how many were told."""
    told = 0
    for number in unopened(most=A_ROUND):
        with transaction.atomic():
            for one in opened(declarations=declarations, number=number):
                told += sum(
                    _tell(declarations, one, shown, to, now) for to, shown in _readers(one).items()
                )
    return told


def doing_of(*, declarations: Declarations, recall: Recall) -> Text:
    """By what it was taken down, in words: the process of the case, or what an agency delivered."""
    if recall.process:
        return declarations.processes[recall.process].label
    if not recall.body:
        return READ_AGAIN
    body = declarations.agencies[recall.body].label
    return Text(f"{body.zh}的交付", f"a delivery of {body.en}")


def _readers(one: Recall) -> dict[To, tuple[Recalled, ...]]:
    """Who is told, and what of it he was shown."""
    found: dict[To, tuple[Recalled, ...]] = {}
    for receiver in one.receivers:
        for to in reader_of(receiver.actor):
            found.setdefault(to, one.shown[receiver.actor])
    return found


def _tell(
    declarations: Declarations, one: Recall, shown: Sequence[Recalled], to: To, now: dt.datetime
) -> int:
    kinds = [declarations.kinds[kind].label for kind in dict.fromkeys(r.kind for r in shown)]
    return tell(
        declarations=declarations,
        notice=NOTICE,
        to=to,
        values={
            "code": _whose(shown),
            "kind": Text("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds)),
            "process": doing_of(declarations=declarations, recall=one),
            "day": day_text(today(one.until)),
            "due": day_text(one.due.date),
        },
        about=f"delivery/{one.number}",
        key=_key(one),
        now=now,
    )


def _key(one: Recall) -> str:
    """One notice of what was taken down at one moment under a number."""
    late = f"/{one.until.isoformat()}" if one.of[0].late else ""
    return f"recall/{one.number}{late}"


def _whose(shown: Sequence[Recalled]) -> Text:
    codes = tuple(dict.fromkeys(one.code for one in shown))
    if len(codes) == 1:
        return Text(codes[0], codes[0])
    return Text(f"{codes[0]} 等 {len(codes)} 个主体", f"{codes[0]} and {len(codes) - 1} more")
