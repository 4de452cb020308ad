"""The counter's pages: my credit, what I can apply for and whether, my cases."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.domains.hall.filing.queries import things
from yuexin.domains.hall.filing.types import Thing
from yuexin.engines.access.queries import acts_for
from yuexin.engines.cases.queries import case_seen, eligibility_of, own_cases, paper_of
from yuexin.faces.counter.credit import BY, my_credit
from yuexin.faces.counter.entering import NOT_THERE, Visit, asks, at_counter, show
from yuexin.faces.shared.attempts import (
    NOTHING_SENT,
    Sitting,
    moved_on,
    opened,
    opening_form,
    step_forms,
)
from yuexin.faces.shared.casework import is_public, paper_response, title_of, ways_of

OWED: Final = ("open", "late", "ordered")


@require_safe
@at_counter
@asks("read_file")
def credit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What stands against the entity, until when, how it gets off; what else it applies for."""
    found = my_credit(
        declarations=visit.declarations, actor=visit.actor, subject=visit.subject,
        code=visit.code, now=visit.now,
    )  # fmt: skip
    ways = ways_of(
        declarations=visit.declarations, actor=visit.actor, by=BY, subject=visit.subject,
        record=None, now=visit.now,
    )  # fmt: skip
    return show(request, "credit", visit=visit, found=found, ways=ways, owed=_owed(visit))


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
    step = found.openings[0]
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = opened(request=request, sitting=_sitting(visit), found=found, step=step)
        if tried.case:
            return _done(tried.case)
    form = opening_form(
        request=request, declarations=visit.declarations, found=found, step=step, attempt=tried
    )
    return show(
        request, "apply", status=400 if tried.refusal else 200, visit=visit, found=found,
        form=form, refusal=tried.refusal, is_public=is_public(about=found.about, now=visit.now),
        title=title_of(declarations=visit.declarations, about=found.about),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("apply")
def one(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """One case of the entity, and what it may do in it now."""
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = moved_on(request=request, sitting=_sitting(visit), number=number, missing=NOT_THERE)
        if tried.case:
            return _done(tried.case)
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    if seen is None or seen.at_office:
        return None
    forms = step_forms(request=request, declarations=visit.declarations, seen=seen, attempt=tried)
    return show(
        request, "case", status=400 if tried.refusal else 200, visit=visit, seen=seen,
        forms=forms, refusal=tried.refusal, taken=tried.step,
        is_public=is_public(about=seen.about, now=visit.now),
        title=title_of(declarations=visit.declarations, about=seen.about),
    )  # fmt: skip


@require_safe
@at_counter
@asks("apply")
def paper(request: HttpRequest, visit: Visit, number: str, paper: UUID) -> HttpResponseBase | None:
    """A document of one's own case, as a file."""
    del request
    found = paper_of(
        declarations=visit.declarations, actor=visit.actor, number=number, paper=paper,
        now=visit.now,
    )  # fmt: skip
    return paper_response(found) if found else None


def _owed(visit: Visit) -> list[Thing]:
    """What of the latest year is to be filed now, for whoever may file it."""
    if not acts_for(actor=visit.actor, code=visit.code, right="file_reports"):
        return []
    found = things(
        declarations=visit.declarations, actor=visit.actor, code=visit.code,
        store=visit.home.deliveries, now=visit.now,
    )  # fmt: skip
    latest = [lines[0] for filing, lines in found if filing.yearly and lines]
    return [one for one in latest if one.stand.standing in OWED]


def _done(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("counter:case", kwargs={"number": number}) + "?done=1")


def _sitting(visit: Visit) -> Sitting:
    return Sitting(
        declarations=visit.declarations, actor=visit.actor, home=visit.home, now=visit.now
    )
