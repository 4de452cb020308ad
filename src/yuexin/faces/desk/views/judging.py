"""The room in which people judge whose rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.resolve import Opinion, judge_row
from yuexin.domains.collection.rooms import held, judging
from yuexin.domains.subjects.judgements import Verdict
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import counted, page_of, wanted_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.desk.views.held import choices_of
from yuexin.faces.shared.typed import repeatable

KEPT: Final = ("agency", "resource", "delivery", "from", "to")
"""What of the address says which rows are asked for."""
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
    judged = _judged(request, visit)
    kept = urlencode(_kept(request))
    return pages.show(request, "doubts", found=found, judged=judged, kept=kept, **choices_of(visit))


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
            return HttpResponseRedirect(_onward(request, visit, number)) if number else None
    return _beside(request, visit, named, refusal)


def _beside(
    request: HttpRequest, visit: Visit, named: dict[str, Any], refusal: Refusal | None
) -> HttpResponse | None:
    """The page of a row; what was typed and chosen stays where it was refused."""
    said = request.POST
    typed = check_uscc(request.GET.get("other", "")).code
    found = judging.judging(**named, other=typed or said.get("code", ""), now=visit.now)
    row = held.waiting_row(**named, now=visit.now) or held.led_row(**named, now=visit.now)
    if found is None or row is None:
        return None
    if refusal is None and typed and not found.led and not any(one.picked for one in found.likely):
        refusal = _unknown(repeatable(typed))
    judged = _judged(request, visit)
    onward = judging.next_doubt(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=wanted_of(request),
        after=found.mention,
    )
    return pages.show(
        request,
        "judge",
        status=status_of(refusal) if refusal else 200,
        found=found,
        row=row,
        refusal=refusal,
        judged=judged,
        is_here=judged is not None and judged.mention == found.mention,
        chosen=typed or said.get("code", ""),
        reason="" if found.led else said.get("reason", ""),
        onward=_address(onward, _kept(request)) if onward else "",
        kept=urlencode(_kept(request)),
        kept_fields=_kept(request).items(),
    )


def _judged(request: HttpRequest, visit: Visit) -> judging.JustJudged | None:
    """What was judged just now, as the address says."""
    number = counted(request.GET.get("judged"))
    if not number:
        return None
    return judging.just_judged(declarations=visit.declarations, actor=visit.actor, number=number)


def _opinion(request: HttpRequest, visit: Visit, named: dict[str, Any]) -> Opinion:
    said = request.POST
    verdict = next((one for one in SAYS if one == said.get("verdict")), None)
    code = check_uscc(said.get("code", "")).code
    if verdict is None or not code:
        raise Refusal(
            code="CHOICE",
            what=Text("请选定一个主体和一个结论", "choose an entity and a verdict"),
            where="verdict" if verdict is None else "code",
            remedy=Text("选好后再提交", "choose, then submit again"),
        )
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
        seen=counted(said.get("seen")),
        **evidence,
    )


def _onward(request: HttpRequest, visit: Visit, number: int) -> str:
    """To the next row that people are asked about, or the list where none is left."""
    kept = _kept(request) | {"judged": str(number)}
    judged = judging.just_judged(declarations=visit.declarations, actor=visit.actor, number=number)
    following = (
        judging.next_doubt(
            declarations=visit.declarations,
            actor=visit.actor,
            wanted=wanted_of(request),
            after=judged.mention,
        )
        if judged
        else None
    )
    if following is None:
        return f"{reverse('desk:judging')}?{urlencode(kept)}"
    return _address(following, kept)


def _address(row: judging.RowName, kept: Mapping[str, str]) -> str:
    address = reverse("desk:judge", kwargs=row._asdict())
    return f"{address}?{urlencode(kept)}" if kept else address


def _kept(request: HttpRequest) -> dict[str, str]:
    """Which rows are asked for, from one row to the next."""
    given = {name: request.GET.get(name, "") for name in KEPT}
    return {name: repeatable(value) for name, value in given.items() if value}


def _unknown(code: str) -> Refusal:
    return Refusal(
        code="UNKNOWN_SUBJECT",
        what=Text(f"没有代码为“{code}”的主体", f"no entity has the code “{code}”"),
        where="other",
        remedy=Text("先查到主体，再填它的代码", "search for the entity, then enter its code"),
    )
