"""The room of cases: what is due, one case, the steps of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.engines.access.queries import require_room
from yuexin.engines.cases.queries import office_cases
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.desk.views.openings import DESK
from yuexin.faces.shared.cases import case_page, case_paper

WHICH: Final = ("open", "troubled", "closed")


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The cases of one's body, what is due first before the rest."""
    which = request.GET.get("state", "open")
    process = request.GET.get("process", "")
    found = office_cases(
        declarations=visit.declarations,
        actor=visit.actor,
        which=next((one for one in WHICH if one == which), "open"),
        process=process if process in visit.declarations.processes else "",
        page=page_of(request),
        now=visit.now,
    )
    return pages.show(
        request,
        "cases",
        found=found,
        which=which if which in WHICH else "open",
        processes=tuple(visit.declarations.processes.values()),
        process=process,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def one(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """One case: what is asked, its papers, what was done, what may be done next."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    page = case_page(request=request, visit=visit, side=DESK, number=number)
    if page is None or isinstance(page, HttpResponseRedirect):
        return page
    status = status_of(page.refusal) if page.refusal else 200
    return pages.show(request, "case", status=status, page=page)


@require_safe
@at_desk
def paper(request: HttpRequest, visit: Visit, number: str, paper: UUID) -> HttpResponseBase | None:
    """A document of a case, as a file."""
    del request
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    return case_paper(visit=visit, number=number, paper=paper)
