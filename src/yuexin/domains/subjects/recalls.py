"""What a decided case changed or took down: who had been shown it before, and who has confirmed
that he knows.

Which records these are follows from the cases and their deliveries; who was shown a file is read by
`shown`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import Deadline, period_end, today
from yuexin.domains.subjects.shown import (
    Receiver,
    Shown,
    Span,
    confirmed_of,
    receivers_of,
    shown_in,
)
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import rooms_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations

CONFIRMED: Final = "recall.confirmed"
# The delivery of a case replaces, or takes back, the version of its record that stood: the one
# that was superseded between the outcome being carried out and the end of the delivery's fold.
RECALLED: Final = """
SELECT e.delivery, f.number, f.process, f.office, s.code, r.kind, r.known_at, r.superseded_at
FROM case_effect e
JOIN case_file f ON f.number = e.case AND f.kind <> ''
JOIN receipt t ON t.delivery = e.delivery
JOIN subject s ON s.id = f.subject
CROSS JOIN LATERAL (
    SELECT * FROM record WHERE subject = f.subject AND kind = f.kind
        AND source_key = f.source_key AND superseded_at BETWEEN e.at AND t.loaded_at
    ORDER BY superseded_at LIMIT 1
) r
WHERE e.delivery > %(after)s AND e.at > %(since)s AND {whose}
ORDER BY e.delivery
"""
LOOKED_AT: Final = """EXISTS (SELECT FROM journal_entry l WHERE l.thing = 'subject/' || f.code
    AND l.stream = 'look' AND l.actor = %(actor)s)"""
EVER: Final = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """A record of the file of `code` that stood from a moment to before another, and was changed or
    taken down by a case. `number` is that of the delivery by which it was."""

    number: int
    case: str
    process: str
    office: str
    code: str
    kind: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Recall:
    """What was recalled, and who was shown it, as far as the reader may see: himself, or, for
    whoever judges, everybody. `due` is the last day on which one confirms in time."""

    of: Recalled
    receivers: tuple[Receiver, ...]
    due: Deadline

    @property
    def missing(self) -> tuple[Receiver, ...]:
        """Those who have not confirmed yet."""
        return tuple(one for one in self.receivers if one.confirmed_at is None)


def recalls(
    *, declarations: Declarations, actor: Actor, after: int = 0, most: int | None = None
) -> tuple[Recall, ...]:
    """What the actor was shown and was recalled since, in order of its numbers, above `after`."""
    found = _recalled(after=after, actor=actor.id)
    return _with_receivers(declarations, found, actor=actor.id)[:most]


def open_recalls(*, declarations: Declarations, actor: Actor) -> tuple[Recall, ...]:
    """Those that somebody has not confirmed yet, the last first, for whoever judges."""
    if "judging" not in rooms_of(declarations=declarations, actor=actor):
        return ()
    found = _with_receivers(declarations, _recalled())[::-1]
    return tuple(one for one in found if one.missing)


def recalled_since(*, declarations: Declarations, moment: dt.datetime) -> tuple[Recall, ...]:
    """What was recalled by cases that were carried out since a moment, with everybody who was shown
    it."""
    return _with_receivers(declarations, _recalled(since=moment))


def confirm(
    *, declarations: Declarations, actor: Actor, number: int, now: dt.datetime
) -> dt.datetime | None:
    """Say that one knows of a recall of what one was shown, journaled once however often it is
    said. Returns when it was said first; none where the actor was shown nothing of it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two clicks at once are one confirmation.
            cursor.execute("SELECT FROM delivery WHERE number = %s FOR UPDATE", [number])
        found = recalls(declarations=declarations, actor=actor, after=number - 1, most=1)
        if not found or found[0].of.number != number:
            return None
        if first := found[0].receivers[0].confirmed_at:
            return first
        note(
            stream="change", actor=actor, action="recall.confirmed", thing=_thing(number),
            now=now, subject=found[0].of.code,
        )  # fmt: skip
    return now


def unconfirmed(*, declarations: Declarations, actor: Actor) -> int:
    """How many recalls the actor has to confirm yet."""
    found = recalls(declarations=declarations, actor=actor)
    return sum(bool(one.missing) for one in found)


def _recalled(
    *, after: int = 0, since: dt.datetime = EVER, actor: str = ""
) -> tuple[Recalled, ...]:
    """All of them, or those of files that this actor looked at on any day."""
    statement = RECALLED.format(whose=LOOKED_AT if actor else "true")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"after": after, "since": since, "actor": actor})
        names = ("number", "case", "process", "office", "code", "kind", "since", "until")
        return tuple(Recalled(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def _with_receivers(
    declarations: Declarations, found: Sequence[Recalled], *, actor: str = ""
) -> tuple[Recall, ...]:
    """Those of which anybody was shown something, or this actor."""
    if not found:
        return ()
    shown = shown_in(spans=[_span(one) for one in found], by=actor)
    confirmed = confirmed_of(
        action=CONFIRMED, kind="delivery", numbers=[one.number for one in found]
    )
    calendar = calendar_of(declarations=declarations)
    assert declarations.handling is not None
    clock = declarations.handling.recall
    return tuple(
        Recall(
            of=one,
            receivers=tuple(receivers_of(one.number, others, confirmed)),
            due=period_end(
                unit=clock.unit, amount=clock.limit, on=today(one.until), calendar=calendar
            ),
        )
        for one in found
        if (others := _others(one, shown.get(one.number, ())))
    )


def _span(one: Recalled) -> Span:
    return Span(number=one.number, code=one.code, since=one.since, until=one.until)


def _others(one: Recalled, shown: Sequence[Shown]) -> list[Shown]:
    """An entity that looks at its own file, and the body that decided, are not told what they
    know."""
    return [look for look in shown if look.body not in ("", one.office)]


def _thing(number: int) -> str:
    return f"delivery/{number}"
