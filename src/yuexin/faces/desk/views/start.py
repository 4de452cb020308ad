"""What waits for whoever is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.domains.collection.rooms import start as waits
from yuexin.engines.access.queries import require_room
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk


@require_safe
@at_desk
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = waits.start(declarations=visit.declarations, actor=visit.actor, now=visit.now)
    if not found.rooms:
        require_room(declarations=visit.declarations, actor=visit.actor, room="deliveries")
    return pages.show(request, "start", found=found)
