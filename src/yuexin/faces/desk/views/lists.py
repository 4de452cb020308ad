"""The room of lists: who is proposed, with the evidence; the signature for them, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.errors import Refusal
from yuexin.base.regions import PROVINCE, cities, name_of
from yuexin.domains.credit.proposals import NOBODY_BEFORE, processes_proposed, proposed
from yuexin.domains.credit.signing.operations import (
    decline,
    everybody,
    sign,
    sign_for_all,
    stop,
)
from yuexin.domains.credit.signing.queries import progress
from yuexin.domains.credit.signing.types import Everybody, Signed
from yuexin.engines.access.queries import signs
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk

ANSWERS: Final = {"sign": sign, "decline": decline}
LONGEST_REASON: Final = 500
AT_ONCE: Final = ("sign_all", "stop")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def candidates(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Who is proposed for a process today, or left out; those chosen, or all of a page, are told
    once more, with their number, before they are signed for or declined."""
    processes = processes_proposed(declarations=visit.declarations, actor=visit.actor)
    asked = request.GET.get("process", "") or (processes[0].id if processes else "")
    known = {one.code: one.name for one in cities()}
    city = request.GET.get("city", "") if request.GET.get("city") in known else ""
    if not processes:
        return pages.show(request, "proposed", processes=())
    if request.POST.get("act") in AT_ONCE:
        return _at_once(request, visit, asked, city)
    chosen = _ids(request.POST.getlist("subject"))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    signed, lacking = _answered(request, visit, asked, act, chosen)
    found = proposed(
        declarations=visit.declarations,
        actor=visit.actor,
        process=asked,
        now=visit.now,
        city=city,
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
        named={one.code: one.name for one in found.candidates},
        city=city, cities=known.items(), place=name_of(city or PROVINCE),
        everybody=_everybody(visit, asked, city, act),
        at_once=progress(declarations=visit.declarations, actor=visit.actor, process=asked),
        lacking_stop=request.GET.get("stop") == "reason",
    )  # fmt: skip


def _everybody(visit: Visit, process: str, city: str, act: str) -> Everybody | None:
    """For whom all would be signed, where that is asked for."""
    if act != "everybody":
        return None
    return everybody(
        declarations=visit.declarations, actor=visit.actor, process=process, city=city,
        now=visit.now,
    )  # fmt: skip


def _at_once(request: HttpRequest, visit: Visit, process: str, city: str) -> HttpResponseBase:
    """The signature for all, or its stop; then the list again, with how far it was carried out."""
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    lacking = False
    if request.POST["act"] == "sign_all":
        sign_for_all(
            declarations=visit.declarations, actor=visit.actor, process=process, city=city,
            seen=request.POST.get("seen", ""), reason=reason, now=visit.now,
        )  # fmt: skip
    elif not (lacking := not reason.strip()):
        number = request.POST.get("number", "")
        stop(
            declarations=visit.declarations, actor=visit.actor,
            number=int(number) if number.isdecimal() else 0, reason=reason, now=visit.now,
        )  # fmt: skip
    asked = {"process": process, "city": city, "stop": "reason" if lacking else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(f"{reverse('desk:proposed')}?{query}")


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
