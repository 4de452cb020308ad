"""Draws at the desk: announced by one officer of the register, drawn by another."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.hall.filing.draws import announce, announces, draw_now, draws
from yuexin.engines.access.queries import require_room
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk

SHOWN: Final = 12


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The draws, and what may be done about them now."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    refusal = None
    if request.method == "POST":
        try:
            _do(request, visit)
        except Refusal as refused:
            refusal = refused
        else:
            return HttpResponseRedirect(reverse("desk:draws"))
    return pages.show(
        request, "draws", status=400 if refusal else 200, refusal=refusal,
        found=draws(declarations=visit.declarations, most=SHOWN), now=visit.now,
        filings=announces(declarations=visit.declarations, actor=visit.actor),
        last_year=today(visit.now).year - 1,
    )  # fmt: skip


def _do(request: HttpRequest, visit: Visit) -> None:
    number, period = request.POST.get("draw", ""), request.POST.get("period", "")
    if number.isdecimal() and len(number) < 9:
        draw_now(
            declarations=visit.declarations, actor=visit.actor, home=visit.home,
            number=int(number), now=visit.now,
        )  # fmt: skip
        return
    announce(
        declarations=visit.declarations, actor=visit.actor, home=visit.home,
        filing=request.POST.get("filing", ""),
        period=int(period) if period.isdecimal() and len(period) == 4 else 0, now=visit.now,
    )  # fmt: skip
