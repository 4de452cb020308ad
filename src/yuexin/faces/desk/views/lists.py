"""The room of lists: who is proposed, with the evidence, and the signature for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from yuexin.domains.credit.proposals import NOBODY_BEFORE, processes_proposed, proposed
from yuexin.domains.credit.signing import Signed, sign
from yuexin.engines.access.queries import signs
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def candidates(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Who is proposed for a process today, or left out; those chosen, or all of a page, are told
    once more, with their number, before they are signed for."""
    processes = processes_proposed(declarations=visit.declarations, actor=visit.actor)
    asked = request.GET.get("process", "") or (processes[0].id if processes else "")
    if not processes:
        return pages.show(request, "proposed", processes=())
    chosen = _ids(request.POST.getlist("subject"))
    signed: Signed | None = None
    if request.method == "POST" and request.POST.get("act") == "sign":
        signed = sign(
            declarations=visit.declarations,
            actor=visit.actor,
            process=asked,
            subjects=chosen,
            reason=request.POST.get("reason", "")[:500],
            now=visit.now,
        )
        chosen = []
    stands = request.GET.get("left") != "1"
    found = proposed(
        declarations=visit.declarations,
        actor=visit.actor,
        process=asked,
        now=visit.now,
        stands=stands,
        after=next(iter(_ids([request.GET.get("after", "")])), NOBODY_BEFORE),
    )
    act = request.POST.get("act", "")
    if act == "all":
        chosen = [one.subject for one in found.candidates]
    may_sign = signs(declarations=visit.declarations, actor=visit.actor)
    return _shown(
        request, found=found, processes=processes, chosen=chosen, signed=signed, may_sign=may_sign,
        none=act == "choose" and not chosen,
    )  # fmt: skip


def _shown(request: HttpRequest, **context: Any) -> HttpResponse:
    return pages.show(request, "proposed", stands=request.GET.get("left") != "1", **context)


def _ids(given: list[str]) -> list[UUID]:
    """The ids among what a form carries; whatever is none is passed over."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
