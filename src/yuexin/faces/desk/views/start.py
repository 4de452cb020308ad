"""What waits for whoever is signed in."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.dates import today
from yuexin.domains.collection.rooms import start as waits
from yuexin.domains.credit.handling.liftings import explained, liftings
from yuexin.domains.credit.handling.queries import checks_of
from yuexin.domains.hall.filing.draws import announces, draws
from yuexin.engines.access.queries import require_room
from yuexin.engines.cases.queries import office_cases
from yuexin.engines.notices.queries import office_inbox
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.acting import account_of

TOLD: Final = 5
"""How many of the office's notices, and of the measures that are to end, stand on the first page;
the others are in the inbox and in their list."""


@require_safe
@at_desk
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = waits.start(declarations=visit.declarations, actor=visit.actor, now=visit.now)
    if not found.rooms:
        require_room(declarations=visit.declarations, actor=visit.actor, room="deliveries")
    account = account_of(request)
    told = (
        office_inbox(declarations=visit.declarations, account=account, actor=visit.actor, most=TOLD)
        if account
        else ()
    )
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    cases = office_cases(**who, which="open", now=visit.now) if "cases" in found.rooms else None
    owed = checks_of(**who, owing=True, page=1)[0] if "handling" in found.rooms else ()
    to_end = (
        [one for one in liftings(**who, now=visit.now) if one.confirmed_at is None]
        if "handling" in found.rooms
        else []
    )
    draws_here = "cases" in found.rooms and bool(announces(**who))
    latest = draws(declarations=visit.declarations, most=1) if draws_here else ()
    return pages.show(
        request, "start", found=found, told=told, cases=cases.total if cases else 0,
        cases_due=next((one.due for one in cases.lines if one.due), None) if cases else None,
        draws=draws_here, drawn=next((one for one in latest if one.drawn_at), None),
        owed=len(owed), to_end=len(to_end), today=today(visit.now),
        ending=[
            (one.lifting, one)
            for one in explained(**who, lines=to_end[:TOLD], on=today(visit.now))
        ],
    )  # fmt: skip
