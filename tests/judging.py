"""What a person says of rows that wait, or were led to a subject."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.intake import Intake

from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.resolve import Opinion, judge_row
from yuexin.domains.subjects.judgements import Verdict
from yuexin.domains.subjects.models import Judgement
from yuexin.engines.access.types import Actor

CHIEF = Actor(id="chief-wu", role="chief", agency="data_bureau", purpose="data_quality")


def judge(
    deliver: Intake,
    row: Waiting | LedRow,
    verdict: Verdict,
    code: str,
    *,
    actor: Actor = CHIEF,
    now: dt.datetime | None = None,
    **said: Any,
) -> int | None:
    """Say it of this row, having seen what was said before unless `seen` says otherwise."""
    said.setdefault("seen", last_number())
    return judge_row(
        declarations=deliver.declarations,
        actor=actor,
        agency=row.agency,
        resource=row.resource,
        content=row.content,
        opinion=Opinion(verdict=verdict, code=code, **said),
        now=now or deliver.now,
    )


def held_row() -> Waiting | LedRow:
    """The first row that waits, else that was led."""
    row = Waiting.objects.first() or LedRow.objects.first()
    assert row is not None
    return row


def last_number() -> int:
    """The number of the last judgement; 0 before the first."""
    last = Judgement.objects.order_by("-number").first()
    return last.number if last else 0
