"""What the desk answers: frozen values into a page. Nothing is read here, nothing decided."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.language import PARAMETER
from yuexin.faces.shared.typed import repeatable

ROOMS: Final = "yuexin.desk.rooms"
"""Where a request carries the rooms that whoever asks may enter."""
LEADS_TO: Final = {
    "start": "start", "deliveries": "deliveries", "upload": "deliveries", "delivery": "deliveries",
    "layouts": "deliveries", "layout": "deliveries",
    "stored": "deliveries", "resolved": "deliveries",
    "quality": "quality", "quality_over": "quality", "rates": "quality",
    "quarantine": "quarantine", "quarantined": "quarantine", "mend": "quarantine",
    "waiting": "waiting", "waiting_row": "waiting", "judging": "judging", "judge": "judging",
    "pairs": "judging", "pair": "judging",
    "corrections": "start", "correction": "start",
    "subjects": "files", "file": "files",
    "cases": "cases", "case": "cases", "draws": "cases", "draw": "cases", "case_openings": "cases",
    "case_opening": "cases", "checks": "cases",
    "handling": "handling", "check": "handling", "liftings": "handling",
    "handling_numbers": "handling", "check_proof": "handling", "check_refusal": "handling",
    "check_signing": "handling",
    "proposed": "lists", "trials": "trials", "trial": "trials",
    "journal": "journal", "window": "window",
}  # fmt: skip
"""Which room each address is of."""
NOT_THERE: Final = Refusal(
    code="NOT_THERE",
    what=Text("没有这一项，或不在您的查看范围内", "There is none, or it is not yours to see"),
    remedy=Text("请从列表中打开", "Open it from the list"),
)


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the desk, never kept by anybody on the way."""
    given = request.GET.dict() if request.method == "GET" else {}
    kept = {name: repeatable(value) for name, value in given.items()}
    others = [
        (code, name, urlencode({**kept, PARAMETER: code}))
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]
    query = urlencode({k: v for k, v in kept.items() if k not in ("page", PARAMETER)})
    whole = {
        **context,
        "noindex": True,
        "languages": others,
        "query": query,
        "asked": kept,
        "rooms": request.META.get(ROOMS, ()),
        "room": LEADS_TO.get(match.url_name or "") if (match := request.resolver_match) else None,
    }
    response = render(request, f"desk/{template}.html", whole, status=status)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def refused(request: HttpRequest, refusal: Refusal, *, status: int) -> HttpResponse:
    """A refusal as a page."""
    return show(request, "refused", status=status, refusal=refusal)


def not_there(request: HttpRequest) -> HttpResponse:
    """One answer for what is not there and for what one may not see."""
    return refused(request, NOT_THERE, status=404)
