"""The room of files: find a subject, and see its whole file as far as the law lets one."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.codes import check_uscc
from yuexin.domains.credit import queries
from yuexin.domains.credit.finding.types import LONGEST_QUERY, Query
from yuexin.engines.access.queries import (
    delay_of_look,
    deliveries_scope,
    finds_by_person,
    require_room,
    rooms_of,
)
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.acting import purpose_label, purposes_of
from yuexin.faces.shared.casework import openable_records
from yuexin.faces.shared.closed import closed_fields
from yuexin.faces.shared.searching import address_of, as_csv, query_from, readable
from yuexin.faces.shared.typed import repeatable


@require_safe
@at_desk
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    require_room(declarations=visit.declarations, actor=visit.actor, room="files")
    asked = _asked(request)
    found = queries.search(actor=visit.actor, query=asked, now=visit.now) if asked.text else None
    text = repeatable(asked.text)
    return pages.show(
        request,
        "subjects",
        found=found,
        typed=text,
        asked_for=replace(asked, text=text),
        paging=address_of(replace(asked, text=text)),
        finds_persons=finds_by_person(declarations=visit.declarations, actor=visit.actor),
    )


@require_safe
@at_desk
def table(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The hits of a search as CSV."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="files")
    return as_csv(queries.export(actor=visit.actor, query=_asked(request), now=visit.now))


def _asked(request: HttpRequest) -> Query:
    text = readable(request.GET.get("q", ""))[:LONGEST_QUERY]
    return query_from(request.GET.dict(), text=text, page=page_of(request))


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
        delay=delay_of_look(
            declarations=visit.declarations, actor=visit.actor, code=code, now=visit.now
        ),
        closed=closed_fields(
            declarations=visit.declarations, actor=visit.actor, about=code, file=found
        ),
        courses=queries.courses(actor=visit.actor, file=found, now=visit.now),
        sources=seen,
        sees_journal="journal" in rooms,
        sees_cases="cases" in rooms,
        openable=openable_records(
            declarations=visit.declarations,
            actor=visit.actor,
            records=[entry.record for section in found.sections for entry in section.entries],
        ),
    )
