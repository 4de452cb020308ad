"""The room of the journal: what was changed, and who looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.engines.access import queries
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import journal_of, page_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.desk.telling import told_lines


@require_safe
@at_desk
def journal(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = queries.journal(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=journal_of(request),
        page=page_of(request),
    )
    lines = told_lines(page=found, declarations=visit.declarations, actor=visit.actor)
    return pages.show(request, "journal", found=found, lines=lines)
