"""Commitments at the counter: their texts, what follows of a breach, those that were made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.hall.filing.commitments import (
    LONGEST,
    LONGEST_CODE,
    commit,
    made,
    offered,
)
from yuexin.faces.counter.entering import Visit, asks, at_counter, show


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("apply")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The commitments that may be made now, and those of the entity that are public."""
    refusal = None
    if request.method == "POST":
        try:
            kept = commit(
                declarations=visit.declarations, actor=visit.actor, home=visit.home,
                code=visit.code, name=visit.name, commitment=request.POST.get("commitment", ""),
                matter=request.POST.get("matter", ""), agreed="agreed" in request.POST,
                item_code=request.POST.get("item_code", ""),
                case_no=request.POST.get("case_no", ""),
                now=visit.now,
            )  # fmt: skip
        except Refusal as refused:
            refusal = refused
        else:
            address = reverse("counter:commitments")
            return HttpResponseRedirect(f"{address}?made={kept.number}")
    number = request.GET.get("made", "")
    return show(
        request, "commitments", status=400 if refusal else 200, visit=visit, refusal=refusal,
        made_now=number if number.isdecimal() else "",
        chosen=request.POST.get("commitment", ""),
        matter=request.POST.get("matter", "")[:LONGEST],
        item_code=request.POST.get("item_code", "")[:LONGEST_CODE],
        case_no=request.POST.get("case_no", "")[:LONGEST_CODE],
        offered=offered(
            declarations=visit.declarations, code=visit.code, on=today(visit.now)
        ),
        found=made(
            declarations=visit.declarations, kind="", code=visit.code, page=1, now=visit.now
        ),
    )  # fmt: skip
