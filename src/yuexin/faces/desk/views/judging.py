"""The room in which people judge whose rows are."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.resolve import Opinion, judge_row
from yuexin.domains.collection.rooms import held, judging
from yuexin.domains.collection.rooms.asked import Wanted
from yuexin.domains.subjects.judgements import Verdict
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of, wanted_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.desk.views.held import choices_of

SAYS: Final[tuple[Verdict, ...]] = ("same", "different", "unsure", "taken_back")


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = judging.doubts(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=wanted_of(request),
        page=page_of(request),
    )
    return pages.show(request, "doubts", found=found, **choices_of(visit))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def one(
    request: HttpRequest, visit: Visit, agency: str, resource: str, content: UUID
) -> HttpResponse | None:
    """A row beside the subjects it may be about; what is said of it counts at once."""
    named: dict[str, Any] = {
        "declarations": visit.declarations,
        "actor": visit.actor,
        "agency": agency,
        "resource": resource,
        "content": content,
    }
    refusal = None
    if request.method == "POST":
        try:
            number = judge_row(**named, opinion=_opinion(request, visit, named), now=visit.now)
        except Refusal as refused:
            if refused.code == "ROOM":
                raise
            refusal = refused
        else:
            return HttpResponseRedirect(_onward(visit, number)) if number else None
    found = judging.judging(**named)
    row = held.waiting_row(**named, now=visit.now) or held.led_row(**named, now=visit.now)
    if found is None or row is None:
        return None
    status = status_of(refusal) if refusal else 200
    return pages.show(request, "judge", status=status, found=found, row=row, refusal=refusal)


def _opinion(request: HttpRequest, visit: Visit, named: dict[str, Any]) -> Opinion:
    said = request.POST
    verdict = next((one for one in SAYS if one == said.get("verdict")), None)
    code = check_uscc(said.get("other", "") or said.get("code", "")).code
    if verdict is None or not code:
        raise Refusal(
            code="CHOICE",
            what=Text("请选定一个主体和一个结论", "choose an entity and a verdict"),
            where="verdict" if verdict is None else "code",
            remedy=Text("选好后再提交", "choose, then submit again"),
        )
    seen = said.get("seen", "0")
    evidence = judging.evidence(
        declarations=visit.declarations,
        agency=named["agency"],
        resource=named["resource"],
        content=named["content"],
        code=code,
    )
    return Opinion(
        verdict=verdict,
        code=code,
        reason=said.get("reason", ""),
        seen=int(seen) if seen.isdecimal() else 0,
        **evidence,
    )


def _onward(visit: Visit, number: int) -> str:
    """To the next row that people are asked about, or the list where none is left."""
    following = judging.next_doubt(
        declarations=visit.declarations, actor=visit.actor, wanted=Wanted()
    )
    if following is None:
        return f"{reverse('desk:judging')}?judged={number}"
    agency, resource, content = following
    named = {"agency": agency, "resource": resource, "content": content}
    return f"{reverse('desk:judge', kwargs=named)}?judged={number}"
