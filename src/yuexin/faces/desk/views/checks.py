"""What one's body has to check, what is due first before the rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.domains.hall.checking.queries import AHEAD_DAYS, SOURCES, checks_due
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = checks_due(
        declarations=visit.declarations, actor=visit.actor, source=request.GET.get("source", ""),
        page=page_of(request), now=visit.now,
    )  # fmt: skip
    counts = [(one, label, found.counts.get(one, 0)) for one, label in SOURCES.items()]
    return pages.show(request, "checks", found=found, counts=counts, ahead=AHEAD_DAYS)
