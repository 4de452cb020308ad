"""Looks that the subject learns of later: while an investigation is open, by approval, for a time.

The looks are journaled as all are; nothing is left out of the journal, which auditors read. Only
what is told to whoever acts for the subject waits, and says afterwards that it did, and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction

from yuexin.base.dates import today
from yuexin.engines.access.decision import lineage_of
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import LookDelay
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

# Of the table of subjects, which is derived.
_OF_ONE_FILE = """
SELECT m.code FROM subject a JOIN subject f ON f.id = coalesce(a.joined_to, a.id)
JOIN subject m ON m.id = f.id OR m.joined_to = f.id WHERE a.code = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Looks by these bodies, one through all reforms, from `since` on are told from the day `until`
    on; what was looked at after that day is told at once. `basis` is the law it rests on."""

    bodies: frozenset[str]
    since: dt.datetime
    until: dt.date
    basis: str

    def covers(self, *, body: str, at: dt.datetime) -> bool:
        """Whether a look of this body at this moment waits, or waited."""
        return body in self.bodies and at >= self.since and today(at) < self.until

    def runs(self, *, now: dt.datetime) -> bool:
        return today(now) < self.until


def delay_looks(
    *,
    actor: Actor,
    code: str,
    body: str,
    since: dt.datetime,
    until: dt.date,
    case: str,
    act: int,
    reason: str,
    basis: str,
    asked_by: str,
    approved_by: str,
    now: dt.datetime,
) -> LookDelay:
    """Keep, once for an act of a case, until when the looks of a body at a subject wait. Journaled.
    Whoever asked for it is not whoever approved it: the table refuses that."""
    with transaction.atomic():
        row, made = LookDelay.objects.get_or_create(
            case=case, act=act,
            defaults={
                "subject_code": code, "body": body, "since": since, "until": until,
                "reason": reason, "basis": basis, "asked_by": asked_by,
                "approved_by": approved_by, "at": now,
            },
        )  # fmt: skip
        if made:
            note(
                stream="change", actor=actor, action="look.delayed", thing=f"case/{case}", now=now,
                subject=code, by=body, until=str(until), asked_by=asked_by,
                approved_by=approved_by,
            )  # fmt: skip
    return row


def delays_of(*, declarations: Declarations, codes: Collection[str]) -> tuple[Delay, ...]:
    """The delays of looks at these subjects, over or not: of each case as it stands. A look at a
    file is one at every code of it, so that it waits under all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE_FILE, [[*codes]])
        joined = {code for (code,) in cursor.fetchall()}
    rows = LookDelay.objects.filter(subject_code__in=joined | {*codes}).order_by("case", "act")
    last = {row.case: row for row in rows}
    return tuple(
        Delay(
            bodies=lineage_of(declarations=declarations, agency=row.body),
            since=row.since,
            until=row.until,
            basis=row.basis,
        )
        for row in last.values()
    )


def waits(*, delays: Collection[Delay], body: str, at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a look is not told yet."""
    return any(one.runs(now=now) and one.covers(body=body, at=at) for one in delays)
