"""Draws at the desk: announced by one officer of the register, drawn by another."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.credit.queries import names
from yuexin.domains.hall.checking.queries import checks_of_draw
from yuexin.domains.hall.filing.draws import (
    announce,
    announces,
    draw_now,
    draw_of,
    drawers,
    draws,
    own_announcements,
)
from yuexin.engines.access.queries import agencies_acted_for, require_room
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
            done = _do(request, visit)
        except Refusal as refused:
            refusal = refused
        else:
            return HttpResponseRedirect(f"{reverse('desk:draws')}?done={done}")
    found = draws(declarations=visit.declarations, most=SHOWN)
    return pages.show(
        request, "draws", status=400 if refusal else 200, refusal=refusal, found=found,
        done=next((one for one in found if str(one.number) == request.GET.get("done")), None),
        now=visit.now, filings=announces(declarations=visit.declarations, actor=visit.actor),
        own=own_announcements(actor=visit.actor), drawers=drawers(declarations=visit.declarations),
        last_year=today(visit.now).year - 1,
    )  # fmt: skip


@require_safe
@at_desk
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    """Who was drawn, for whoever has to check them."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    found = draw_of(declarations=visit.declarations, number=number)
    if found is None or found.drawn_at is None:
        return None
    called = names(actor=visit.actor, codes=found.drawn)
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    checks = checks_of_draw(**who, number=number, now=visit.now)
    return pages.show(
        request, "draw", found=found, own=agencies_acted_for(**who),
        done=sum(one.last is not None for one in checks.values()),
        drawn=[(code, called.get(code, ""), checks.get(code)) for code in found.drawn],
    )  # fmt: skip


def _do(request: HttpRequest, visit: Visit) -> int:
    """Announce or draw, and give the number of the draw."""
    number, period = request.POST.get("draw", ""), request.POST.get("period", "")
    if number.isdecimal() and len(number) < 9:
        return draw_now(
            declarations=visit.declarations, actor=visit.actor, home=visit.home,
            number=int(number), now=visit.now,
        ).number  # fmt: skip
    return announce(
        declarations=visit.declarations, actor=visit.actor, home=visit.home,
        filing=request.POST.get("filing", ""),
        period=int(period) if period.isdecimal() and len(period) == 4 else 0, now=visit.now,
    ).number  # fmt: skip
