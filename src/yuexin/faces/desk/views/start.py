"""What waits for whoever is signed in."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.domains.collection.rooms import start as waits
from yuexin.engines.access.queries import require_room
from yuexin.engines.notices.queries import office_inbox
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.acting import account_of

TOLD: Final = 5
"""How many of the office's notices stand on the first page; the others are in the inbox."""


@require_safe
@at_desk
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = waits.start(declarations=visit.declarations, actor=visit.actor, now=visit.now)
    if not found.rooms:
        require_room(declarations=visit.declarations, actor=visit.actor, room="deliveries")
    account = account_of(request)
    told = (
        office_inbox(declarations=visit.declarations, account=account, actor=visit.actor, most=TOLD)
        if account
        else ()
    )
    return pages.show(request, "start", found=found, told=told)
