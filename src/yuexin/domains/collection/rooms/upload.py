"""A file handed in at the desk goes through the door of all channels."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rooms.asked import Named, agency_named
from yuexin.domains.collection.rooms.delivered import seen_one
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Intent, Kept
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What an officer may deliver: a resource, in the name of an agency that provides it."""

    resource: Named
    agency: Named


def choices(*, declarations: Declarations, actor: Actor) -> tuple[Choice, ...]:
    """What the actor may deliver at the desk; nothing for whoever acts for no provider."""
    require_room(declarations=declarations, actor=actor, room="deliveries")
    own = agencies_acted_for(declarations=declarations, actor=actor)
    return tuple(
        Choice(resource=Named(one.id, one.label), agency=agency_named(declarations, agency))
        for one in declarations.resources.values()
        for agency in one.providers
        if agency in own and not one.testing_only
    )


def hand_in(
    *,
    declarations: Declarations,
    actor: Actor,
    path: Path,
    file_name: str,
    resource: str,
    agency: str,
    intent: Intent,
    secrecy: str,
    linked_to: int | None,
    home: Home,
    now: dt.datetime,
) -> Kept:
    """Keep a file as received and acknowledge it.

    Raises a `Refusal` (ROOM, OWNERSHIP), and as `take_in` does: a dead link is refused like one
    that leads to a delivery the actor may not see.
    """
    require_room(declarations=declarations, actor=actor, room="deliveries")
    if linked_to is not None:
        _require_seen(declarations, actor, linked_to)
    offer = Offer(
        resource=resource,
        agency=agency,
        channel="desk",
        file_name=file_name,
        intent=intent,
        secrecy=secrecy,
        linked_to=linked_to,
    )
    with path.open("rb") as stream:
        return accept(
            home=home, stream=stream, offer=offer, declarations=declarations, actor=actor, now=now
        )


def _require_seen(declarations: Declarations, actor: Actor, number: int) -> None:
    """What one may not see is refused as what is not there."""
    if seen_one(declarations=declarations, actor=actor, number=number):
        return
    raise Refusal(
        code="LINK",
        what=Text(f"没有交付 {number}", f"there is no delivery {number}"),
        rule="linked_to",
        remedy=Text("填写首次交付的回执号", "give the number on the first delivery's receipt"),
    )
