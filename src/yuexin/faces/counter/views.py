"""The counter's pages: my credit, what I can apply for and whether, my cases."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.engines.access.queries import acts_for
from yuexin.engines.cases.queries import eligibility_of, opened_about, own_cases
from yuexin.faces.counter.credit import COUNTER, my_credit
from yuexin.faces.counter.entering import Visit, asks, at_counter, show
from yuexin.faces.counter.owed import owed
from yuexin.faces.shared.cases import case_page, case_paper, opening_page
from yuexin.faces.shared.casework import ways_of

ROOMS: Final = {"apply": "cases", "file_reports": "filings"}
"""By right the room to which somebody comes who may not see all."""


@require_safe
@at_counter
def credit(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What bodies are deciding about the entity; what stands against it, until when, how it gets
    off; what else it applies for. Whoever was given other rights comes to the first room that they
    open."""
    if not acts_for(actor=visit.actor, code=visit.code, right="read_file"):
        rooms = (
            room
            for right, room in ROOMS.items()
            if acts_for(actor=visit.actor, code=visit.code, right=right)
        )
        return HttpResponseRedirect(reverse(f"counter:{next(rooms, 'calendar')}"))
    found = my_credit(
        declarations=visit.declarations, actor=visit.actor, subject=visit.subject,
        code=visit.code, now=visit.now,
    )  # fmt: skip
    ways = ways_of(
        declarations=visit.declarations, actor=visit.actor, by=COUNTER.by, subject=visit.subject,
        record=None, now=visit.now,
    )  # fmt: skip
    about = opened_about(declarations=visit.declarations, actor=visit.actor, now=visit.now)
    return show(
        request, "credit", visit=visit, found=found, ways=ways, owed=owed(visit), about=about
    )  # fmt: skip


@require_safe
@at_counter
@asks("apply")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The cases of the entity and those that one opened."""
    page = request.GET.get("page", "1")
    found = own_cases(
        declarations=visit.declarations, actor=visit.actor, now=visit.now,
        page=int(page) if page.isdecimal() and 0 < len(page) < 5 else 1,
    )  # fmt: skip
    return show(request, "cases", visit=visit, found=found)


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("apply")
def apply(
    request: HttpRequest, visit: Visit, process: str, record: UUID | None = None
) -> HttpResponse | None:
    """Whether one may apply, condition by condition; then the form, filled with what is known."""
    found = eligibility_of(
        declarations=visit.declarations, actor=visit.actor, process=process,
        subject=visit.subject, record=record, now=visit.now,
    )  # fmt: skip
    if found is None:
        return None
    page = opening_page(
        request=request, visit=visit, side=COUNTER, found=found, step=found.openings[0]
    )
    if isinstance(page, HttpResponseRedirect):
        return page
    return show(request, "apply", status=400 if page.refusal else 200, visit=visit, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("apply")
def one(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """One case of the entity, and what it may do in it now."""
    page = case_page(request=request, visit=visit, side=COUNTER, number=number)
    if page is None or isinstance(page, HttpResponseRedirect):
        return page
    return show(request, "case", status=400 if page.refusal else 200, visit=visit, page=page)


@require_safe
@at_counter
@asks("apply")
def paper(request: HttpRequest, visit: Visit, number: str, paper: UUID) -> HttpResponseBase | None:
    """A document of one's own case, as a file."""
    del request
    return case_paper(visit=visit, number=number, paper=paper)
