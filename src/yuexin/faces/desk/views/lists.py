"""The room of lists: who is proposed, with the evidence; the signature for them, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from yuexin.base.errors import Refusal
from yuexin.domains.credit.proposals import NOBODY_BEFORE, processes_proposed, proposed
from yuexin.domains.credit.signing import Signed, decline, sign
from yuexin.engines.access.queries import signs
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk

ANSWERS: Final = {"sign": sign, "decline": decline}
LONGEST_REASON: Final = 500


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def candidates(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Who is proposed for a process today, or left out; those chosen, or all of a page, are told
    once more, with their number, before they are signed for or declined."""
    processes = processes_proposed(declarations=visit.declarations, actor=visit.actor)
    asked = request.GET.get("process", "") or (processes[0].id if processes else "")
    if not processes:
        return pages.show(request, "proposed", processes=())
    chosen = _ids(request.POST.getlist("subject"))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    signed, lacking = _answered(request, visit, asked, act, chosen)
    found = proposed(
        declarations=visit.declarations,
        actor=visit.actor,
        process=asked,
        now=visit.now,
        stands=request.GET.get("left") != "1",
        after=next(iter(_ids([request.GET.get("after", "")])), NOBODY_BEFORE),
    )
    if signed:
        chosen = []
    if act == "all":
        chosen = [one.subject for one in found.candidates]
    return pages.show(
        request, "proposed", stands=request.GET.get("left") != "1", found=found,
        processes=processes, chosen=chosen, signed=signed, declined=act == "decline",
        may_sign=signs(declarations=visit.declarations, actor=visit.actor),
        none=act in ("choose", "refuse") and not chosen, lacking=lacking,
        declining=act in ("refuse", "decline") and not signed,
        named={one.subject: one.name for one in found.candidates},
    )  # fmt: skip


def _answered(
    request: HttpRequest, visit: Visit, process: str, act: str, chosen: Sequence[UUID]
) -> tuple[Signed | None, Refusal | None]:
    """What became of a signature, or of what was declined; a reason that is lacking comes back."""
    if act not in ANSWERS:
        return None, None
    try:
        signed = ANSWERS[act](
            declarations=visit.declarations,
            actor=visit.actor,
            process=process,
            subjects=chosen,
            reason=request.POST.get("reason", "")[:LONGEST_REASON],
            now=visit.now,
        )
    except Refusal as refusal:
        if refusal.code != "CASE_REASON":
            raise
        return None, refusal
    return signed, None


def _ids(given: list[str]) -> list[UUID]:
    """The ids among what a form carries; whatever is none is passed over."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
