"""Looks that the subject learns of later: while an investigation is open, by approval, for a time.

The looks are journaled as all are; nothing is left out of the journal, which auditors read. Only
what is told to whoever acts for the subject waits, and says afterwards that it did, and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import last_moment
from yuexin.engines.access.decision import lineage_of
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import LookDelay
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

ONE_DAY: Final = dt.timedelta(days=1)
SMALLEST: Final = dt.timedelta(microseconds=1)
# Of the table of subjects, which is derived.
_OF_ONE_FILE = """
SELECT m.code FROM subject a JOIN subject f ON f.id = coalesce(a.joined_to, a.id)
JOIN subject m ON m.id = f.id OR m.joined_to = f.id WHERE a.code = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Looks by these bodies, one through all reforms, from `since` on wait until the moment `over`,
    which is within the day `until` where it was ended early; what was looked at after it is told at
    once. `basis` is the law it rests on."""

    bodies: frozenset[str]
    since: dt.datetime
    until: dt.date
    over: dt.datetime
    basis: str

    def covers(self, *, body: str, at: dt.datetime) -> bool:
        """Whether a look of this body at this moment waits, or waited."""
        return body in self.bodies and self.since <= at < self.over

    def runs(self, *, now: dt.datetime) -> bool:
        return now < self.over


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
    found: dict[str, Delay] = {}
    for row in rows:
        found[row.case] = _delay(declarations, row, found.get(row.case))
    return tuple(found.values())


def _delay(declarations: Declarations, row: LookDelay, before: Delay | None) -> Delay:
    """A delay as an act of its case leaves it. One that was ended before its time lasts until the
    moment at which that was kept: until then its looks waited."""
    over = last_moment(row.until - ONE_DAY) + SMALLEST
    if before is not None and over < before.over:
        over = min(before.over, max(over, row.at))
    return Delay(
        bodies=lineage_of(declarations=declarations, agency=row.body),
        since=row.since,
        until=row.until,
        over=over,
        basis=row.basis,
    )


def waits(*, delays: Collection[Delay], body: str, at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a look is not told yet."""
    return any(one.runs(now=now) and one.covers(body=body, at=at) for one in delays)


def delay_of_look(
    *, declarations: Declarations, actor: Actor, code: str, now: dt.datetime
) -> Delay | None:
    """The delay by which a look of `actor` at this file is told later; none where it is told at
    once. Of several the one that ends last."""
    delays = delays_of(declarations=declarations, codes=[code])
    running = [one for one in delays if one.covers(body=actor.agency, at=now)]
    return max(running, key=lambda one: one.over, default=None)
