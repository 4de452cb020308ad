"""The owner's calendar of deadlines, as a page and under an address for calendar programs."""

from __future__ import annotations

import datetime as dt
from calendar import month_name
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.credit.calendar import Due
from yuexin.domains.credit.calendar import deadlines as deadlines_of
from yuexin.domains.credit.watching.operations import close_feed, open_feed
from yuexin.domains.credit.watching.queries import has_feed, ical
from yuexin.engines.declare.queries import current
from yuexin.faces.counter.entering import Visit, at_counter, show
from yuexin.faces.counter.owed import owed
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.language import PARAMETER, asked_for

CHINESE: Final = "zh-hans"


@require_safe
@at_counter
def calendar(request: HttpRequest, visit: Visit) -> HttpResponseBase | None:
    """Everything that falls due, by month."""
    return _calendar(request, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
def open_address(request: HttpRequest, visit: Visit) -> HttpResponseBase | None:
    """A new address for calendar programs, in the language of the page, shown this once. Whoever
    only comes by, as after signing in again, is led to the calendar."""
    if request.method != "POST":
        return _to_calendar()
    token = open_feed(actor=visit.actor, now=visit.now)
    path = reverse("counter:calendar_feed", args=[token])
    told = urlencode({PARAMETER: get_language() or CHINESE})
    return _calendar(request, visit, address=request.build_absolute_uri(f"{path}?{told}"))


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
def close_address(request: HttpRequest, visit: Visit) -> HttpResponseBase | None:
    """Let the address lead nowhere."""
    if request.method != "POST":
        return _to_calendar()
    close_feed(actor=visit.actor, now=visit.now)
    return _calendar(request, visit, closed=True)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar for a calendar program, which cannot sign in: the address is the secret, and
    says the language. What the program says of itself is its maker's, not the owner's."""
    found = ical(
        declarations=current(),
        token=token,
        site=f"{request.scheme}://{request.get_host()}",
        language=asked_for(request) or CHINESE,
        now=dt.datetime.now(dt.UTC),
    )
    response = HttpResponse(
        found or b"", status=200 if found else 404, content_type="text/calendar; charset=utf-8"
    )
    response.headers["Cache-Control"] = NEVER_KEEP
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _calendar(
    request: HttpRequest, visit: Visit, *, address: str = "", closed: bool = False
) -> HttpResponse:
    on = today(visit.now)
    found = deadlines_of(declarations=visit.declarations, code=visit.code, now=visit.now, on=on)
    months = [(month, list(days)) for month, days in groupby(found, key=_month)]
    return show(
        request,
        "calendar",
        code=visit.code,
        name=visit.name,
        months=[(month, [(due, (due.on - on).days) for due in days]) for month, days in months],
        overdue=[one for one in owed(visit) if one.stand.standing == "late"],
        address=address,
        closed=closed,
        has_address=has_feed(actor=visit.actor),
    )


def _to_calendar() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('counter:calendar')}#subscribe")


def _month(due: Due) -> Text:
    return Text(f"{due.on.year}年{due.on.month}月", f"{month_name[due.on.month]} {due.on.year}")
