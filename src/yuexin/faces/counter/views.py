"""The counter's pages: my credit, what I can apply for and whether, my cases."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.errors import Refusal
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.queries import (
    case_seen,
    choices_of,
    eligibility_of,
    own_cases,
    paper_of,
)
from yuexin.engines.cases.types import Eligibility
from yuexin.engines.declare.types import Step
from yuexin.faces.counter.credit import BY, my_credit
from yuexin.faces.counter.entering import NOT_THERE, Visit, asks, at_counter, show
from yuexin.faces.shared.casework import asked_step, given_step, paper_response, title_of, ways_of


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
    return show(request, "credit", visit=visit, found=found, ways=ways)


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
    refusal = None
    if request.method == "POST":
        try:
            number = _open(request, visit, found, step, record)
        except Refusal as refused:
            refusal = refused
        else:
            address = reverse("counter:case", kwargs={"number": number})
            return HttpResponseRedirect(f"{address}?done=1")
    form = asked_step(
        step=step,
        about=found.about,
        choices=choices_of(declarations=visit.declarations, about=found.about),
        held=found.papers_held,
        typed=request.POST.dict() if refusal else None,
    )
    status = 400 if refusal else 200
    return show(
        request, "apply", status=status, visit=visit, found=found, form=form, refusal=refusal,
        title=title_of(declarations=visit.declarations, about=found.about),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("apply")
def one(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """One case of the entity, and what it may do in it now."""
    refusal = None
    if request.method == "POST":
        try:
            _step(request, visit, number)
        except Refusal as refused:
            refusal = refused
        else:
            address = reverse("counter:case", kwargs={"number": number})
            return HttpResponseRedirect(f"{address}?done=1")
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    if seen is None or seen.at_office:
        return None
    taken = request.POST.get("step", "")
    choices = choices_of(declarations=visit.declarations, about=seen.about)
    forms = [
        asked_step(
            step=offered.step,
            about=seen.about,
            choices=choices,
            typed=request.POST.dict() if offered.step.id == taken else None,
        )
        for offered in seen.steps
        if offered.why_not is None
    ]
    return show(
        request, "case", status=400 if refusal else 200, visit=visit, seen=seen, forms=forms,
        refusal=refusal, taken=taken,
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


def _open(
    request: HttpRequest, visit: Visit, found: Eligibility, step: Step, record: UUID | None
) -> str:
    given = given_step(request=request, step=step, home=visit.home)
    return open_case(
        declarations=visit.declarations, actor=visit.actor, process=found.process.id,
        subject=visit.subject, record=record, form=given.form, papers=given.papers,
        reason=given.reason, now=visit.now, step=step.id,
    )  # fmt: skip


def _step(request: HttpRequest, visit: Visit, number: str) -> None:
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    step = seen.process.by_step.get(request.POST.get("step", "")) if seen else None
    if step is None:
        raise NOT_THERE
    given = given_step(request=request, step=step, home=visit.home)
    last = request.POST.get("seen", "")
    take_step(
        declarations=visit.declarations, actor=visit.actor, case=number, step=step.id,
        seen=int(last) if last.isdecimal() and len(last) < 9 else 0, form=given.form,
        papers=given.papers, reason=given.reason, now=visit.now,
    )  # fmt: skip
