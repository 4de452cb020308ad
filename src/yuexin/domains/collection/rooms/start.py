"""What waits for an officer: by agency, how much of what is open. Each number opens its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import (
    Named,
    Wanted,
    agencies_seen,
    agency_named,
    deliveries_seen,
    resource_named,
)
from yuexin.domains.collection.rooms.judging import doubts_in_all
from yuexin.domains.collection.rooms.mended import UNMENDED, columns_of, mended_rows
from yuexin.domains.subjects import recalls
from yuexin.domains.subjects.corrections import unconfirmed
from yuexin.engines.access.queries import deliveries_scope, rooms_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Room
from yuexin.engines.deliveries.queries import freshness

RECENT_DAYS: Final = 30
STATES: Final = ("pending", "refused")
WAITING = "SELECT delivery FROM waiting"
HELD = """
SELECT d.agency, count(*), count(DISTINCT d.number)
FROM ({rows}) h JOIN delivery d ON d.number = h.delivery
WHERE %s OR d.agency = ANY(%s) GROUP BY d.agency
"""


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A resource whose next delivery has been due since a day."""

    resource: Named
    late_since: dt.date
    last_received_at: dt.datetime | None
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Held:
    """So many rows of so many deliveries."""

    rows: int
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class AgencyStanding:
    """What is open of one agency: `pending` and `refused` deliveries since `Waits.since`, and all
    `rejected` deliveries of which `quarantined` rows are not mended yet."""

    agency: Named
    pending: int
    refused: int
    rejected: int
    quarantined: int
    waiting: int
    overdue: tuple[Overdue, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        counts = (self.pending, self.refused, self.rejected, self.quarantined, self.waiting)
        return not any(counts) and not self.overdue


@dataclass(frozen=True, kw_only=True)
class Waits:
    """All that waits for an actor, who sees the rows of some agencies for a reason. `silent` are
    the agencies from which nothing came yet, `doubts` the mentions that a person is asked about;
    `corrections` how many the actor has to confirm."""

    scope: Text
    rooms: tuple[Room, ...]
    since: dt.date
    open: tuple[AgencyStanding, ...]
    clear: tuple[Named, ...]
    silent: tuple[Named, ...]
    corrections: int
    doubts: int


def start(*, declarations: Declarations, actor: Actor, now: dt.datetime) -> Waits:
    """What is open of the agencies whose rows the actor sees."""
    since = today(now) - dt.timedelta(days=RECENT_DAYS)
    rooms = rooms_of(declarations=declarations, actor=actor)
    standings: tuple[AgencyStanding, ...] = ()
    if "deliveries" in rooms:
        standings = _standings(declarations, actor, rooms, since, now)
    clear = [one.agency for one in standings if one.is_clear]
    came = freshness(declarations=declarations, on=today(now)) if clear else ()
    heard = {item.agency for item in came if item.deliveries}
    return Waits(
        scope=deliveries_scope(declarations=declarations, actor=actor).reason,
        rooms=rooms,
        since=since,
        open=tuple(one for one in standings if not one.is_clear),
        clear=tuple(one for one in clear if one.id in heard),
        silent=tuple(one for one in clear if one.id not in heard),
        corrections=unconfirmed(actor=actor) + recalls.unconfirmed(actor=actor),
        doubts=doubts_in_all(declarations=declarations, actor=actor) if "judging" in rooms else 0,
    )


def _standings(
    declarations: Declarations,
    actor: Actor,
    rooms: tuple[Room, ...],
    since: dt.date,
    now: dt.datetime,
) -> tuple[AgencyStanding, ...]:
    counts = {state: _deliveries(declarations, actor, state, since) for state in STATES}
    held = {
        "unmended": _unmended(declarations, actor),
        "waiting": _held(declarations, actor, WAITING) if "waiting" in rooms else {},
    }
    none = Held(rows=0, deliveries=0)
    late = _overdue(declarations, actor, now)
    known = {one.id: one for one in agencies_seen(declarations=declarations, actor=actor)}
    # Whoever delivered once and is declared no more still has rows.
    for found in (*counts.values(), *held.values()):
        for agency in found.keys() - known.keys():
            known[agency] = agency_named(declarations, agency)
    return tuple(
        AgencyStanding(
            agency=named,
            **{state: counts[state].get(agency, 0) for state in STATES},
            rejected=held["unmended"].get(agency, none).deliveries,
            quarantined=held["unmended"].get(agency, none).rows,
            waiting=held["waiting"].get(agency, none).rows,
            overdue=late.get(agency, ()),
        )
        for agency, named in known.items()
    )


def _deliveries(
    declarations: Declarations, actor: Actor, state: str, since: dt.date
) -> Mapping[str, int]:
    wanted = Wanted(state=state, first=since)  # type: ignore[arg-type]
    rows = deliveries_seen(declarations=declarations, actor=actor, room="deliveries", wanted=wanted)
    return dict(rows.values_list("agency").annotate(count=Count("number")))


def _held(
    declarations: Declarations, actor: Actor, rows: str, *said: list[int]
) -> Mapping[str, Held]:
    """By agency, how many of these rows the actor sees, and of how many deliveries."""
    scope = deliveries_scope(declarations=declarations, actor=actor)
    values: list[Any] = [*said, scope.everything, sorted(scope.agencies)]
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(rows=rows), values)
        found = cursor.fetchall()
    return {agency: Held(rows=rows, deliveries=deliveries) for agency, rows, deliveries in found}


def _unmended(declarations: Declarations, actor: Actor) -> Mapping[str, Held]:
    """By agency, how many rejected rows the desk has not mended yet."""
    seen = deliveries_seen(
        declarations=declarations, actor=actor, room="deliveries", wanted=Wanted()
    )
    return _held(declarations, actor, UNMENDED, *columns_of(mended_rows(of=seen)))


def _overdue(
    declarations: Declarations, actor: Actor, now: dt.datetime
) -> Mapping[str, tuple[Overdue, ...]]:
    scope = deliveries_scope(declarations=declarations, actor=actor)
    found: dict[str, tuple[Overdue, ...]] = {}
    for item in freshness(declarations=declarations, on=today(now)):
        if item.late_since and scope.covers(item.agency):
            late = Overdue(
                resource=resource_named(declarations, item.resource),
                late_since=item.late_since,
                last_received_at=item.last_received_at,
                provisional=item.provisional,
            )
            found[item.agency] = (*found.get(item.agency, ()), late)
    return found
