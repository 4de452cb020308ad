"""The public file for machines, as it comes from the public projection, and results as data."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.domains.credit import queries
from yuexin.domains.credit.finding.types import LONGEST_QUERY
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.portal import pages
from yuexin.faces.portal.asked import search_of
from yuexin.faces.shared.searching import as_csv, readable

UNESCAPED = {"ensure_ascii": False}
PLACE: Final = "0" * 18


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far: at most a few names, each with its address."""
    text, now = readable(request.GET.get("q", ""))[:LONGEST_QUERY], dt.datetime.now(dt.UTC)
    language = get_language() or "zh-hans"
    place = reverse("portal:file", args=[PLACE])
    said = [
        {
            "name": one.name,
            "why": one.why.in_(language),
            "href": place.replace(PLACE, one.code),
        }
        for one in queries.suggest(actor=PUBLIC, text=text, now=now)
    ]
    return _unindexed(JsonResponse({"suggestions": said}, json_dumps_params=UNESCAPED))


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The hits of a search as CSV: the columns of the page, as many as are counted."""
    now = dt.datetime.now(dt.UTC)
    try:
        found = queries.export(actor=PUBLIC, query=search_of(request), now=now)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    return _unindexed(as_csv(found))


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The file of a code as JSON; a problem by RFC 9457 where there is none."""
    del request
    # A code of another shape is nobody's, and its characters may be none a database takes.
    known = code.isascii() and code.isalnum()
    now = dt.datetime.now(dt.UTC)
    body = queries.document(actor=PUBLIC, code=code, now=now) if known else None
    if body is not None:
        return _unindexed(HttpResponse(body, content_type="application/json"))
    verdict = check_uscc(code)
    if verdict.valid and verdict.code != code:
        return HttpResponsePermanentRedirect(reverse("portal:document", args=[verdict.code]))
    detail = "；".join(problem.text.zh for problem in verdict.problems if not verdict.valid)
    problem = {
        "type": "urn:yuexin:refusal:NOT_FOUND",
        "title": "没有这个主体 no such entity",
        "status": 404,
        "detail": detail or "已交付的数据中没有这个代码 the code is not in the data delivered",
    }
    answer = JsonResponse(problem, status=404, content_type="application/problem+json")
    return _unindexed(answer)


def _unindexed(answer: HttpResponse) -> HttpResponse:
    """Machine answers are no pages: search engines find the file itself."""
    answer["X-Robots-Tag"] = "noindex"
    return answer
