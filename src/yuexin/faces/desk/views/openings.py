"""The room of cases: what may be opened about a record or a whole subject, and the form for it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.domains.credit.queries import entry
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.queries import require_room, rooms_of
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.cases.types import Eligibility
from yuexin.engines.declare.types import Step, is_for
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.shared.cases import Side, opening_page
from yuexin.faces.shared.casework import OFFICERS, ways_of

DESK: Final = Side(by=OFFICERS, at_office=True, case="desk:case", paper="desk:case_paper")


@require_safe
@at_desk
def openings(
    request: HttpRequest, visit: Visit, code: str, record: UUID | None = None
) -> HttpResponse | None:
    """What one's body may open about a record, or about the subject where none is named."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        return None
    ways = ways_of(
        declarations=visit.declarations, actor=visit.actor, by=DESK.by, subject=subject.pk,
        record=record, now=visit.now,
    )  # fmt: skip
    rooms = rooms_of(declarations=visit.declarations, actor=visit.actor)
    return pages.show(
        request, "case_openings", ways=ways, code=code, record=record, name=subject.name,
        sees_proposed="lists" in rooms,
        proposed={
            one.id
            for one in visit.declarations.processes.values()
            if one.proposed and is_for(one.entity, sole_trader=subject.sole_trader)
        },
        is_public=record is not None and bool(entry(actor=PUBLIC, record=record, now=visit.now)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def opening(
    request: HttpRequest, visit: Visit, code: str, process: str, record: UUID | None = None
) -> HttpResponse | None:
    """Whether a case may be opened, and the form to open it by the step that `step` names."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="cases")
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        return None
    found = eligibility_of(
        declarations=visit.declarations, actor=visit.actor, process=process, subject=subject.pk,
        record=record, now=visit.now,
    )  # fmt: skip
    step = _asked(request, found) if found else None
    if found is None or step is None:
        return None
    page = opening_page(request=request, visit=visit, side=DESK, found=found, step=step)
    if isinstance(page, HttpResponseRedirect):
        return page
    status = status_of(page.refusal) if page.refusal else 200
    return pages.show(request, "case_opening", status=status, page=page, code=code, record=record)


def _asked(request: HttpRequest, found: Eligibility) -> Step | None:
    """The step that was asked for; none where it is not open to whoever asks."""
    asked = request.GET.get("step", "")
    return next((one for one in found.singly if asked in ("", one.id)), None)
