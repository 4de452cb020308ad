"""Asked by an officer, done by the worker, answered when it is ready; one at a time each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from yuexin.base.dates import Clock
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.subjects.looks import note_looks
from yuexin.domains.subjects.models import Subject, WhatIf
from yuexin.domains.subjects.whatif.comparing import compare, compared
from yuexin.domains.subjects.whatif.types import Change, Found, Mover
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import tell_settled, wait_until, wake

_TURN: Final = BoundedSemaphore(1)
"""One officer waits in each process; the others look again."""
MOST_LISTED: Final = 20


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question and what was found, none while it is not done. `refused` where it could not be
    tried any more."""

    id: int
    change: Change
    digest: str
    asked_at: dt.datetime
    done_at: dt.datetime | None
    found: Found | None
    refused: Text | None


@dataclass(frozen=True, kw_only=True)
class Named:
    """One who would move, by code and name."""

    code: str
    name: str
    city: str
    sole_trader: bool
    before: str | None
    after: str | None


def ask(*, declarations: Declarations, actor: Actor, change: Change, now: dt.datetime) -> int:
    """Ask the worker to try a change. Raises a `Refusal` for whoever may not, for a number that
    cannot be tried, and while one's last question is not answered."""
    require_room(declarations=declarations, actor=actor, room="trials")
    _refuse_unknown(declarations, change)
    compared(declarations=declarations, change=change)
    digest = change.digest(declarations=declarations.digest)
    try:
        with transaction.atomic():
            row = WhatIf.objects.create(
                asked_by=actor.id, asked_at=now, digest=digest, asked=change.as_json()
            )
            thing = f"rule/{change.rule}" if change.rule else f"term/{change.term}"
            note(stream="change", actor=actor, action="whatif.asked", thing=thing, now=now)
            wake()
    except IntegrityError as error:
        raise _busy() from error
    return int(row.pk)


def run_asked(*, declarations: Declarations, clock: Clock) -> bool:
    """Answer the question that has waited longest, if one waits. Run twice it is run again."""
    waiting = WhatIf.objects.filter(done_at=None).order_by("id").first()
    if waiting is None:
        return False
    change = Change.from_json(waiting.asked)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Everything is read as it is at one moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = compare(cursor=cursor, declarations=declarations, change=change)
        waiting.found = found.as_json()
    except Refusal as refusal:
        waiting.refused = {"zh": refusal.what.zh, "en": refusal.what.en}
    with transaction.atomic():
        waiting.digest = change.digest(declarations=declarations.digest)
        waiting.done_at = clock()
        waiting.save()
        tell_settled()
    return True


def answers(*, declarations: Declarations, actor: Actor) -> tuple[Answer, ...]:
    """What one asked last, the latest first."""
    require_room(declarations=declarations, actor=actor, room="trials")
    rows = WhatIf.objects.filter(asked_by=actor.id).order_by("-asked_at", "-id")[:MOST_LISTED]
    return tuple(_answer(row) for row in rows)


def answer(*, declarations: Declarations, actor: Actor, number: int) -> Answer | None:
    """One of one's own questions, none where there is no such."""
    require_room(declarations=declarations, actor=actor, room="trials")
    row = WhatIf.objects.filter(asked_by=actor.id, id=number).first()
    return _answer(row) if row else None


def wait_done(*, number: int, seconds: float) -> None:
    """Wait until a question is answered, so many seconds at most."""
    done = WhatIf.objects.filter(id=number).exclude(done_at=None).exists
    wait_until(done, seconds=seconds, turns=_TURN)


def named(
    *, actor: Actor, number: int, movers: Sequence[Mover], now: dt.datetime
) -> tuple[Named, ...]:
    """Those of a trial who would move by code and name, in the order given; whoever is no more is
    left out. A look at each of them, which is journaled."""
    rows = Subject.objects.in_bulk([UUID(mover.subject) for mover in movers])
    note_looks(actor=actor, action="trial.read", subjects=[*rows], now=now, trial=number)
    known = [(mover, rows.get(UUID(mover.subject))) for mover in movers]
    return tuple(
        Named(
            code=row.code,
            name=row.name,
            city=row.city,
            sole_trader=row.sole_trader,
            before=mover.before,
            after=mover.after,
        )
        for mover, row in known
        if row
    )


def _answer(row: WhatIf) -> Answer:
    refused = Text(row.refused["zh"], row.refused["en"]) if row.refused else None
    return Answer(
        id=row.pk,
        change=Change.from_json(row.asked),
        digest=row.digest,
        asked_at=row.asked_at,
        done_at=row.done_at,
        found=Found.from_json(row.found) if row.found else None,
        refused=refused,
    )


def _refuse_unknown(declarations: Declarations, change: Change) -> None:
    named = declarations.rules if change.rule else declarations.terms
    if (change.rule or change.term) not in named or bool(change.rule) == bool(change.term):
        raise Refusal(
            code="CHOICE",
            what=Text("请选择一条规则或一个期限", "choose a rule or a term"),
            where="law",
            remedy=Text("从列表中选择", "choose from the list"),
        )


def _busy() -> Refusal:
    return Refusal(
        code="BUSY",
        what=Text("您上一次的试算还没有完成", "your last question is not answered yet"),
        rule="trials",
        remedy=Text("等它完成后再试", "wait until it is, then ask again"),
    )
