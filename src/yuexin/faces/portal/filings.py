"""Public pages of what entities file: how many have, the draws, commitments, and telling of a
false report."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.credit.queries import entry, names
from yuexin.domains.hall.filing.commitments import made
from yuexin.domains.hall.filing.draws import draw_of, draws, population_of
from yuexin.domains.hall.filing.statistics import counted
from yuexin.domains.hall.filing.told import (
    LEAST,
    LONGEST,
    open_to_anyone,
    tell_false,
    token_of,
    told_of,
)
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.faces.portal import pages, refusals
from yuexin.faces.portal.asked import page_of
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import TooOften, count_try

YEARS: Final = 3
SHOWN: Final = 5


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """How many owe the annual report, have filed it, and are late."""
    now = dt.datetime.now(dt.UTC)
    last = today(now).year - 1
    asked = request.GET.get("year", str(last))
    years = [last - n for n in range(YEARS)]
    if asked not in map(str, years):
        return pages.refused(request, refusals.no_such_address(), status=404)
    report = next(one for one in current().filings.values() if one.yearly)
    found = counted(declarations=current(), filing=report, period=int(asked), now=now)
    context = {"found": found, "years": years, "draws": draws(declarations=current(), most=SHOWN)}
    return pages.rendered(request, "filing_statistics", context, kept=request.GET.dict())


@require_safe
def draw(request: HttpRequest, number: int) -> HttpResponse:
    """One draw: its announcement, and once drawn all that is needed to draw it again."""
    found = draw_of(declarations=current(), number=number)
    if found is None:
        return pages.refused(request, refusals.no_such_address(), status=404)
    called = names(actor=PUBLIC, codes=found.drawn)
    context = {"found": found, "drawn": [(one, called.get(one, "")) for one in found.drawn]}
    return pages.rendered(request, "draw", context, noindex=True)


@require_safe
def population(request: HttpRequest, number: int) -> HttpResponse:
    """The codes that a draw was made from, one a line."""
    found = population_of(number=number)
    if found is None:
        return pages.refused(request, refusals.no_such_address(), status=404)
    return HttpResponse(found, content_type="text/plain; charset=utf-8")


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """The public commitments, of one type where asked."""
    types = current().codes["commitment_types"].values
    kind = request.GET.get("type", "")
    if kind and kind not in [one.code for one in types]:
        return pages.refused(request, refusals.no_such_address(), status=404)
    try:
        page = page_of(request)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    now = dt.datetime.now(dt.UTC)
    found = made(declarations=current(), kind=kind, code="", page=page, now=now)
    if page > found.pages:
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    context = {"found": found, "types": types, "kind": kind}
    return pages.rendered(request, "commitments", context, noindex=True, kept=request.GET.dict())


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, code: str, record: UUID) -> HttpResponse:
    """Tell that a public report is false: no account, no name, an address only for the answer."""
    now = dt.datetime.now(dt.UTC)
    seen = entry(actor=PUBLIC, record=record, now=now)
    process = open_to_anyone(declarations=current(), kind=seen[1].kind) if seen else None
    if seen is None or process is None or seen[0].code != code:
        return pages.refused(request, refusals.record_not_shown(), status=404)
    refusal: Refusal | None = None
    status = 200
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_told(request, record=record, now=now))
        except TooOften as often:
            refusal, status = often, 429
        except Refusal as refused:
            refusal, status = refused, 400
    context = {
        "head": seen[0], "entry": seen[1], "process": process, "refusal": refusal,
        "what": request.POST.get("what", "")[:LONGEST],
        "contact": request.POST.get("contact", "")[:200], "least": LEAST, "longest": LONGEST,
    }  # fmt: skip
    answer = pages.rendered(request, "tell", context, status=status, noindex=True)
    answer.headers["Cache-Control"] = NEVER_KEEP
    return pages.with_time(answer, refusal) if isinstance(refusal, TooOften) else answer


@require_safe
def told(request: HttpRequest, token: str) -> HttpResponse:
    """Where it stands what somebody told of: for whoever has the link, without an account."""
    found = told_of(declarations=current(), token=token)
    if found is None:
        refused = pages.refused(request, refusals.no_such_told(), status=404)
        refused.headers["Cache-Control"] = NEVER_KEEP
        return refused
    answer = pages.rendered(request, "told", {"found": found}, noindex=True)
    answer.headers["Cache-Control"] = NEVER_KEEP
    return answer


def _told(request: HttpRequest, *, record: UUID, now: dt.datetime) -> str:
    """Tell it, and lead to where it is followed: to load that again tells nothing twice. What is
    refused is not counted: whoever mends it tells it once."""
    take_back = count_try(request, action="tell")
    try:
        number = tell_false(
            declarations=current(), record=record, what=request.POST.get("what", ""),
            contact=request.POST.get("contact", "")[:200],
            language="zh" if (get_language() or "zh").startswith("zh") else "en", now=now,
        )  # fmt: skip
    except Refusal:
        take_back()
        raise
    return reverse("portal:told", args=[token_of(number=number)])
