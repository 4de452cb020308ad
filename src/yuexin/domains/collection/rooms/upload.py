"""A file handed in at the desk goes through the door of all channels."""

from __future__ import annotations

from dataclasses import dataclass

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.admission import dead_link
from yuexin.domains.collection.rooms.asked import Named, agency_named
from yuexin.domains.collection.rooms.delivered import seen_one
from yuexin.domains.collection.rooms.mended import called_as_mending
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations


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


def refuse_unfit(*, declarations: Declarations, actor: Actor, offer: Offer) -> None:
    """Refuse (ROOM, LINK, FILE_NAME) what may not be delivered, or tried, at the desk.

    A dead link is refused like one that leads to a delivery the actor may not see.
    """
    require_room(declarations=declarations, actor=actor, room="deliveries")
    first = offer.linked_to
    if first and not seen_one(declarations=declarations, actor=actor, number=first):
        raise dead_link(first)
    if called_as_mending(offer.file_name):
        raise Refusal(
            code="FILE_NAME",
            what=Text(
                "这个文件名只用于办公台更正一行时的交付",
                "a file of this name mends one row at the desk",
            ),
            where=offer.file_name,
            remedy=Text(
                "请改名后交付，或打开退回的那一行更正",
                "give it another name, or open the returned row and mend it",
            ),
        )
