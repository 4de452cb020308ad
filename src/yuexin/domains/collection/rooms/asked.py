"""Which rows are asked for, and which of them the actor may see: one filter, in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from django.db.models import Q, QuerySet

from yuexin.base.dates import last_moment
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.mended import with_unmended
from yuexin.engines.access.queries import deliveries_scope, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Room
from yuexin.engines.deliveries.models import Delivery

PAGE_SIZE: Final = 30
ONE_DAY: Final = dt.timedelta(days=1)
State = Literal["", "pending", "folded", "refused", "rejected", "unmended", "waiting"]
STATES: Final[dict[State, Q]] = {
    "pending": Q(receipt__isnull=True),
    "folded": Q(receipt__state="folded"),
    "refused": Q(receipt__state="refused"),
    "rejected": Q(receipt__rows_rejected__gt=0),
    "unmended": Q(receipt__rows_rejected__gt=0),
    "waiting": Q(receipt__rows_waiting__gt=0),
}


class Named(NamedTuple):
    """An id and what people call it."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for: an empty field asks for all. Days are civil days of the receipt.

    `unmended`: of rejected rows those that the desk has not mended yet.
    """

    agency: str = ""
    resource: str = ""
    state: State = ""
    delivery: int | None = None
    column: str = ""
    rule: str = ""
    reason: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    unmended: bool = False


def deliveries_seen(
    *, declarations: Declarations, actor: Actor, room: Room, wanted: Wanted
) -> QuerySet[Delivery]:
    """The deliveries asked for that the actor may see in this room. Raises `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room=room)
    scope = deliveries_scope(declarations=declarations, actor=actor)
    rows = Delivery.objects.all()
    if not scope.everything:
        rows = rows.filter(agency__in=scope.agencies)
    exact = {"agency": wanted.agency, "resource": wanted.resource, "number": wanted.delivery}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.state:
        rows = rows.filter(STATES[wanted.state])
    if wanted.first:
        rows = rows.filter(received_at__gt=last_moment(wanted.first - ONE_DAY))
    if wanted.last:
        rows = rows.filter(received_at__lte=last_moment(wanted.last))
    if wanted.state == "unmended":
        rows = rows.filter(number__in=with_unmended(of=rows))
    return rows


def scope_in_words(*, declarations: Declarations, actor: Actor) -> Text:
    """Whose rows the actor sees, and why."""
    return deliveries_scope(declarations=declarations, actor=actor).reason


def agencies_seen(*, declarations: Declarations, actor: Actor) -> tuple[Named, ...]:
    """The agencies that deliver something and whose rows the actor sees, for a choice."""
    scope = deliveries_scope(declarations=declarations, actor=actor)
    providers = {one for item in declarations.resources.values() for one in item.providers}
    return tuple(
        Named(one.id, one.label)
        for one in declarations.agencies.values()
        if one.id in providers and scope.covers(one.id)
    )


def resources_seen(*, declarations: Declarations, actor: Actor) -> tuple[Named, ...]:
    """The resources of those agencies, for a choice."""
    agencies = {one.id for one in agencies_seen(declarations=declarations, actor=actor)}
    return tuple(
        Named(one.id, one.label)
        for one in declarations.resources.values()
        if agencies & set(one.providers)
    )


def agency_named(declarations: Declarations, agency: str) -> Named:
    """An agency by its name; one that is declared no more by its id."""
    known = declarations.agencies.get(agency)
    return Named(agency, known.label if known else Text(agency, agency))


def resource_named(declarations: Declarations, resource: str) -> Named:
    """A resource by its name; one that is declared no more by its id."""
    known = declarations.resources.get(resource)
    return Named(resource, known.label if known else Text(resource, resource))


def pages_of(total: int) -> int:
    """How many pages so many rows fill."""
    return -(-total // PAGE_SIZE)


def window(page: int) -> slice:
    """The rows of a page."""
    return slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
