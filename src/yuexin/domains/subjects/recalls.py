"""What was taken down before its time, or changed by a case: who had been shown it before, and who
has confirmed that he knows.

Whoever took it down, a case decided here or an agency that delivered it, it is recalled here alone.
Which records these are is kept where they leave (`taken_down`); who was shown a file is read by
`shown`. What one delivery took down is one recall, and confirmed at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from yuexin.base.dates import Deadline, period_end, today
from yuexin.domains.subjects.models import RecallReceiver
from yuexin.domains.subjects.shown import Receiver, Shown, Span, receivers_of, shown_in
from yuexin.engines.access.models import Entry
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import rooms_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.releases.models import TakenDown

CONFIRMED: Final = "recall.confirmed"
# Until a fold was done everybody was shown what stood before it; what a person's judgement let
# through afterwards stands under the number of the delivery that was folded last, as `late`.
# Whoever was shown an earlier version is meant as well, but what was recalled already is not again.
RECALLED: Final = """
SELECT t.record, t.folded_in, coalesce(f.number, ''), coalesce(f.process, ''),
    coalesce(f.office, t.agency), s.code, t.kind, stood.since,
    CASE WHEN {late} THEN t.ended_at ELSE c.loaded_at END AS until, {late}
FROM taken_down t
JOIN record r ON r.id = t.record
CROSS JOIN LATERAL (
    SELECT min(v.known_at) AS since FROM record v
    WHERE (v.subject, v.kind, v.source_key) = (r.subject, r.kind, r.source_key)
        AND v.superseded_at IS NOT NULL AND v.known_at <= r.known_at AND NOT EXISTS (
            SELECT FROM taken_down b JOIN record w ON w.id = b.record
            WHERE (b.subject, b.kind) = (r.subject, r.kind) AND w.source_key = r.source_key
                AND b.ended_at <= r.known_at AND b.ended_at > v.known_at)
) stood
JOIN subject s ON s.id = t.subject
JOIN delivery d ON d.number = t.folded_in
JOIN receipt c ON c.delivery = t.folded_in
LEFT JOIN case_file f
    ON d.channel = 'case' AND NOT {late} AND f.number = split_part(d.idempotency_key, '/', 2)
WHERE (t.ended OR (f.subject, f.kind, f.source_key) = (r.subject, r.kind, r.source_key))
    AND {{which}}
ORDER BY t.folded_in, until, s.code, t.kind, t.record
""".format(late="(t.ended_at <> d.received_at)")
OF_NUMBER: Final = """t.folded_in = %(number)s AND NOT t.opened AND EXISTS (
    SELECT FROM journal_entry l WHERE l.thing = 'subject/' || s.code AND l.stream = 'look')"""
SHOWN_TO: Final = """EXISTS (SELECT FROM recall_receiver k
    WHERE k.record = t.record AND k.actor = %(actor)s)"""
# In what comes later nothing has a lower number; but it may have the last one, where it is late.
BEHIND: Final = """
    (t.folded_in > %(after)s OR t.folded_in = %(after)s AND t.ended_at <> d.received_at)
    AND t.folded_in <= coalesce((SELECT max(number) FROM (
        SELECT DISTINCT b.folded_in AS number
        FROM taken_down b JOIN recall_receiver k USING (record)
        WHERE k.actor = %(actor)s AND b.folded_in >= %(after)s
        ORDER BY number LIMIT %(most)s) page), 0)"""
UNANSWERED: Final = """NOT EXISTS (SELECT FROM journal_entry j
    WHERE j.thing = 'delivery/' || t.folded_in AND j.stream = 'change'
        AND j.action = 'recall.confirmed' AND j.actor = k.actor AND j.at >= t.ended_at)"""
OPEN: Final = f"""EXISTS (SELECT FROM recall_receiver k
    WHERE k.record = t.record AND {UNANSWERED})"""
COUNTED: Final = f"""
SELECT count(*) FROM (
    SELECT DISTINCT t.folded_in, t.ended_at FROM recall_receiver k JOIN taken_down t USING (record)
    WHERE k.actor = %(actor)s AND {UNANSWERED}) waits
"""
EVERY: Final = 2**31
LOOKED_AGAIN: Final = dt.timedelta(days=1)
"""What was taken down so lately is looked through again: a look may have been noted meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """A record of the file of `code` that stood from a moment to before another, and was taken down
    or changed. `number` is that of the delivery by which it was; `case` and its `process` are empty
    where none decided it; `body` is whose doing it was. `late`: it was not that delivery, but what
    was judged or read again behind it."""

    record: UUID
    number: int
    case: str
    process: str
    body: str
    code: str
    kind: str
    since: dt.datetime
    until: dt.datetime
    late: bool


@dataclass(frozen=True, kw_only=True)
class Recall:
    """What was recalled by one delivery, and who was shown any of it, as far as the reader may see:
    himself, or, for whoever judges, everybody. `shown` says which of it, by the actor. `due` is the
    last day on which one confirms in time."""

    of: tuple[Recalled, ...]
    receivers: tuple[Receiver, ...]
    shown: Mapping[str, tuple[Recalled, ...]]
    due: Deadline

    @property
    def number(self) -> int:
        return self.of[0].number

    @property
    def process(self) -> str:
        return self.of[0].process

    @property
    def body(self) -> str:
        return self.of[0].body

    @property
    def until(self) -> dt.datetime:
        return self.of[0].until

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.kind for one in self.of))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.code for one in self.of))

    @property
    def missing(self) -> tuple[Receiver, ...]:
        """Those who have not confirmed yet."""
        return tuple(one for one in self.receivers if one.confirmed_at is None)


def recalls(
    *, declarations: Declarations, actor: Actor, after: int = 0, most: int = EVERY
) -> tuple[Recall, ...]:
    """What the actor was shown and was recalled since, in order of its numbers, above `after`, of
    so many numbers at most; what came to the number `after` itself since it was given out, too."""
    found = _recalled(f"{SHOWN_TO} AND {BEHIND}", actor=actor.id, after=after, most=most)
    return _with_receivers(declarations, found, actor=actor.id)


def open_recalls(*, declarations: Declarations, actor: Actor) -> tuple[Recall, ...]:
    """Those that somebody has not confirmed yet, the last first, for whoever judges."""
    if "judging" not in rooms_of(declarations=declarations, actor=actor):
        return ()
    found = _with_receivers(declarations, _recalled(OPEN))[::-1]
    return tuple(one for one in found if one.missing)


def confirm(
    *, declarations: Declarations, actor: Actor, number: int, now: dt.datetime
) -> dt.datetime | None:
    """Say that one knows of all that a delivery recalled of what one was shown, journaled once
    however often it is said. Returns when it was said first; none where the actor was shown nothing
    of it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two clicks at once are one confirmation.
            cursor.execute("SELECT FROM delivery WHERE number = %s FOR UPDATE", [number])
        found = _with_receivers(
            declarations,
            _recalled(f"{SHOWN_TO} AND t.folded_in = %(number)s", actor=actor.id, number=number),
            actor=actor.id,
        )
        if not found:
            return None
        said = [one.confirmed_at for recall in found for one in recall.receivers]
        if all(said):
            return min(at for at in said if at)
        note(
            stream="change", actor=actor, action="recall.confirmed", thing=_thing(number),
            now=now, subject=found[0].codes[0],
        )  # fmt: skip
    return now


def unconfirmed(*, actor: Actor) -> int:
    """How many recalls the actor has to confirm yet."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"actor": actor.id})
        return int(cursor.fetchone()[0])


def unopened(*, most: int) -> tuple[int, ...]:
    """The numbers of the deliveries that took something down of which nobody was looked for yet."""
    waits = TakenDown.objects.filter(opened=False).values_list("folded_in", flat=True)
    return tuple(waits.distinct().order_by("folded_in")[:most])


def opened(*, declarations: Declarations, number: int) -> tuple[Recall, ...]:
    """Find who had been shown what a delivery took down, and keep it. However often it is asked,
    each of them is kept once. Belongs into a transaction of the caller."""
    found = _recalled(OF_NUMBER, number=number)
    recalled = _with_receivers(declarations, found)
    RecallReceiver.objects.bulk_create(
        [
            RecallReceiver(record=one.record, actor=actor)
            for recall in recalled
            for actor, records in recall.shown.items()
            for one in records
        ],
        ignore_conflicts=True,
    )
    TakenDown.objects.filter(folded_in=number, opened=False).update(opened=True)
    return recalled


def look_again(*, now: dt.datetime) -> None:
    """Let whoever was shown what was taken down lately be looked for once more."""
    TakenDown.objects.filter(opened=True, ended_at__gt=now - LOOKED_AGAIN).update(opened=False)


def _recalled(which: str, **values: Any) -> tuple[Recalled, ...]:
    with connection.cursor() as cursor:
        cursor.execute(RECALLED.format(which=which), values)
        names = (
            "record", "number", "case", "process", "body", "code", "kind", "since", "until",
            "late",
        )  # fmt: skip
        return tuple(Recalled(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def _with_receivers(
    declarations: Declarations, found: Sequence[Recalled], *, actor: str = ""
) -> tuple[Recall, ...]:
    """Those of which anybody was shown something, or this actor, by delivery and moment."""
    if not found:
        return ()
    spans = [
        Span(number=place, code=one.code, since=one.since, until=one.until)
        for place, one in enumerate(found)
    ]
    seen = shown_in(spans=spans, by=actor)
    looks = [(one, _others(one, seen.get(place, ()))) for place, one in enumerate(found)]
    said = _confirmations({one.number for one, others in looks if others})

    def taken(pair: tuple[Recalled, list[Shown]]) -> tuple[int, dt.datetime]:
        return (pair[0].number, pair[0].until)

    told = (pair for pair in looks if pair[1])
    return tuple(_recall(declarations, list(group), said) for _, group in groupby(told, key=taken))


def _recall(
    declarations: Declarations,
    looks: Sequence[tuple[Recalled, list[Shown]]],
    said: Mapping[tuple[int, str], Sequence[dt.datetime]],
) -> Recall:
    """The recall of what left at one moment, each record with the looks at it."""
    of = tuple(one for one, _ in looks)
    number, until = of[0].number, of[0].until
    shown: dict[str, dict[UUID, Recalled]] = defaultdict(dict)
    for one, others in looks:
        for look in others:
            shown[look.actor][one.record] = one
    confirmed = {
        (number, actor): min(later)
        for actor in shown
        if (later := [at for at in said.get((number, actor), ()) if at >= until])
    }
    everybody = sorted((look for _, others in looks for look in others), key=_last_first)
    assert declarations.handling is not None
    clock = declarations.handling.recall
    return Recall(
        of=of,
        receivers=tuple(receivers_of(number, everybody, confirmed)),
        shown={actor: tuple(records.values()) for actor, records in shown.items()},
        due=period_end(
            unit=clock.unit, amount=clock.limit, on=today(until),
            calendar=calendar_of(declarations=declarations),
        ),
    )  # fmt: skip


def _last_first(look: Shown) -> float:
    return -look.at.timestamp()


def _confirmations(numbers: Collection[int]) -> Mapping[tuple[int, str], list[dt.datetime]]:
    """Who confirmed which of these, and when."""
    things = {_thing(number): number for number in numbers}
    said = Entry.objects.filter(stream="change", action=CONFIRMED, thing__in=things)
    found: dict[tuple[int, str], list[dt.datetime]] = defaultdict(list)
    for thing, actor, at in said.values_list("thing", "actor", "at"):
        found[things[thing], actor].append(at)
    return found


def _others(one: Recalled, shown: Sequence[Shown]) -> list[Shown]:
    """An entity that looks at its own file, and the body whose doing it was, are not told what they
    know."""
    return [look for look in shown if look.body not in ("", one.body)]


def _thing(number: int) -> str:
    return f"delivery/{number}"
