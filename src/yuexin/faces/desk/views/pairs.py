"""Two codes that may be one entity: side by side, and what an officer says of them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.collection.rooms import pairs
from yuexin.domains.subjects.judgements import Verdict
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import counted
from yuexin.faces.desk.entering import Visit, at_desk, status_of

SAYS: Final[tuple[Verdict, ...]] = ("same", "different", "unsure", "taken_back")


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The pairs in doubt; two codes that are typed lead to their page."""
    typed = [check_uscc(request.GET.get(name, "")).code for name in ("code", "other")]
    if all(typed):
        named = {"code": typed[0], "other": typed[1]}
        return HttpResponseRedirect(reverse("desk:pair", kwargs=named))
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    found, awaiting = pairs.doubtful_pairs(**who), pairs.awaiting_pairs(**who)
    return pages.show(request, "pairs", found=found, awaiting=awaiting)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def one(request: HttpRequest, visit: Visit, code: str, other: str) -> HttpResponse | None:
    """Two subjects side by side; what is said of them counts at once, or with a second person."""
    refusal = None
    if request.method == "POST":
        try:
            judged = _judge(request, visit, code, other)
        except Refusal as refused:
            if refused.code == "ROOM":
                raise
            refusal = refused
        else:
            address = reverse("desk:pair", kwargs={"code": code, "other": other})
            return HttpResponseRedirect(f"{address}?judged={judged}")
    found = pairs.pair(
        declarations=visit.declarations,
        actor=visit.actor,
        code=code,
        other=other,
        now=visit.now,
    )
    if found is None:
        return None
    status = status_of(refusal) if refusal else 200
    return pages.show(
        request,
        "pair",
        status=status,
        found=found,
        refusal=refusal,
        reason=request.POST.get("reason", ""),
        keeps=request.POST.get("keeps", found.keeps),
    )


def _judge(request: HttpRequest, visit: Visit, code: str, other: str) -> int:
    said = request.POST
    verdict = next((one for one in SAYS if one == said.get("verdict")), None)
    if verdict is None:
        raise Refusal(
            code="CHOICE",
            what=Text("请选定一个结论", "choose a verdict"),
            where="verdict",
            remedy=Text("选好后再提交", "choose, then submit again"),
        )
    # Which of the two codes goes on is chosen with the verdict.
    kept = said.get("keeps", other)
    one, goes_on_as = (other, code) if kept == code else (code, other)
    judged = judge_pair(
        declarations=visit.declarations,
        actor=visit.actor,
        code=one,
        other=goes_on_as,
        opinion=PairOpinion(
            verdict=verdict,
            reason=said.get("reason", ""),
            seen=counted(said.get("seen")),
        ),
        now=visit.now,
    )
    return judged.number
