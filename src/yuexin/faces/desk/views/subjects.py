"""The room of files: find a subject, and see its whole file as far as the law lets one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.codes import check_uscc
from yuexin.domains.credit import queries
from yuexin.engines.access.queries import deliveries_scope, require_room, rooms_of
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.acting import purpose_label, purposes_of
from yuexin.faces.shared.closed import closed_fields
from yuexin.faces.shared.typed import repeatable

LONGEST = 100


@require_safe
@at_desk
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    require_room(declarations=visit.declarations, actor=visit.actor, room="files")
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    text = "".join(character for character in text if character.isprintable())
    found = None
    if text:
        page = page_of(request)
        found = queries.search(actor=visit.actor, text=text, page=page, now=visit.now)
    return pages.show(request, "subjects", found=found, typed=repeatable(text))


@require_safe
@at_desk
def file(request: HttpRequest, visit: Visit, code: str) -> HttpResponse | None:
    """The whole file, for a purpose that was stated first."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="files")
    if not check_uscc(code).valid:
        return None
    if not visit.actor.purpose:
        purposes = [(one, purpose_label(one)) for one in purposes_of(visit.actor)]
        known = queries.names(actor=visit.actor, codes=[code])
        if code not in known:
            return None
        return pages.show(request, "purpose", code=code, name=known[code], purposes=purposes)
    found = queries.credit_file(actor=visit.actor, code=code, on=None, now=visit.now)
    if found is None:
        return None
    scope = deliveries_scope(declarations=visit.declarations, actor=visit.actor)
    rooms = rooms_of(declarations=visit.declarations, actor=visit.actor)
    seen = {a for a in visit.declarations.agencies if "deliveries" in rooms and scope.covers(a)}
    return pages.show(
        request,
        "file",
        file=found,
        adverse=[one for section in found.sections for one in section.entries if one.adverse],
        purpose=purpose_label(visit.actor.purpose),
        closed=closed_fields(declarations=visit.declarations, actor=visit.actor, file=found),
        sources=seen,
        sees_journal="journal" in rooms,
    )
