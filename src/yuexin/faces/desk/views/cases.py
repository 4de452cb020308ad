"""The room of cases: what is due, one case, the steps of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.errors import Refusal
from yuexin.engines.access.queries import require_room
from yuexin.engines.cases.queries import case_seen, office_cases, paper_of
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.shared.attempts import NOTHING_SENT, Sitting, moved_on, step_forms
from yuexin.faces.shared.casework import is_public, paper_response, title_of

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
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = moved_on(request=request, sitting=sitting_of(visit), number=number, missing=NO_STEP)
        if tried.case:
            return done(tried.case)
    refusal = tried.refusal
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    if seen is None or not seen.at_office:
        return None
    forms = step_forms(request=request, declarations=visit.declarations, seen=seen, attempt=tried)
    return pages.show(
        request,
        "case",
        status=status_of(refusal) if refusal else 200,
        seen=seen,
        forms=forms,
        closed=[offered for offered in seen.steps if offered.why_not],
        refusal=refusal,
        taken=tried.step,
        is_public=is_public(about=seen.about, now=visit.now),
        title=title_of(declarations=visit.declarations, about=seen.about),
    )


@require_safe
@at_desk
def paper(request: HttpRequest, visit: Visit, number: str, paper: UUID) -> HttpResponseBase | None:
    """A document of a case, as a file."""
    del request
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    found = paper_of(
        declarations=visit.declarations, actor=visit.actor, number=number, paper=paper,
        now=visit.now,
    )  # fmt: skip
    return paper_response(found) if found else None


def done(number: str) -> HttpResponse:
    """To the case that was opened or moved on."""
    return HttpResponseRedirect(reverse("desk:case", kwargs={"number": number}) + "?done=1")


def sitting_of(visit: Visit) -> Sitting:
    return Sitting(
        declarations=visit.declarations, actor=visit.actor, home=visit.home, now=visit.now
    )


NO_STEP: Final = Refusal(code="CASE_STEP", what=pages.NOT_THERE.what, remedy=pages.NOT_THERE.remedy)
