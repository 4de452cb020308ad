"""Measures that are to end: this body's, each to be confirmed; and who has not, in numbers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.dates import parse_date, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import agency_named
from yuexin.domains.credit.handling.liftings import (
    confirm_lifting,
    explained,
    liftings,
    unconfirmed,
)
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse | None:
    refusal = None
    if request.method == "POST":
        try:
            _confirm(request, visit)
        except Refusal as refused:
            if refused.code in ("ROOM", "NO_SUCH_LIFTING"):
                raise
            refusal = refused
        else:
            return HttpResponseRedirect(f"{reverse('desk:liftings')}?confirmed=1")
    who: dict[str, Any] = {
        "declarations": visit.declarations, "actor": visit.actor, "now": visit.now,
    }  # fmt: skip
    waiting, found = unconfirmed(**who), liftings(**who)
    told = explained(
        declarations=visit.declarations, actor=visit.actor, lines=found, on=today(visit.now)
    )
    return pages.show(
        request,
        "liftings",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        lines=[(one.lifting, one) for one in told],
        waiting=[(agency_named(visit.declarations, one.agency).label, one) for one in waiting],
        today=today(visit.now),
    )


def _confirm(request: HttpRequest, visit: Visit) -> None:
    given, day = request.POST.get("lifting", ""), request.POST.get("withdrawn_on", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    try:
        withdrawn_on = parse_date(day)
    except ValueError as error:
        raise Refusal(
            code="FEEDBACK",
            what=Text("日期应写作 2026-11-24", "a day is written like 2026-11-24"),
            where="withdrawn_on",
            remedy=Text("请改正后重新提交", "correct it and submit again"),
        ) from error
    confirm_lifting(
        declarations=visit.declarations,
        actor=visit.actor,
        lifting=number,
        withdrawn_on=withdrawn_on,
        now=visit.now,
    )
