"""The room of cases: what may be opened about a record or a whole subject, and the form for it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.queries import require_room, rooms_of
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.cases.types import Eligibility
from yuexin.engines.declare.types import Party, Step
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.desk.views.cases import done, sitting_of
from yuexin.faces.shared.attempts import NOTHING_SENT, opened, opening_form
from yuexin.faces.shared.casework import title_of, ways_of

BY: Final[tuple[Party, ...]] = ("office", "signer")
"""As whom one opens a case at the desk."""


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
        declarations=visit.declarations, actor=visit.actor, by=BY, subject=subject.pk,
        record=record, now=visit.now,
    )  # fmt: skip
    rooms = rooms_of(declarations=visit.declarations, actor=visit.actor)
    return pages.show(
        request, "case_openings", ways=ways, code=code, record=record, name=subject.name,
        sees_proposed="lists" in rooms,
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
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = opened(request=request, sitting=sitting_of(visit), found=found, step=step)
        if tried.case:
            return done(tried.case)
    refusal = tried.refusal
    form = opening_form(
        request=request, declarations=visit.declarations, found=found, step=step, attempt=tried
    )
    return pages.show(
        request, "case_opening", status=status_of(refusal) if refusal else 200, found=found,
        form=form, refusal=refusal, code=code, record=record,
        title=title_of(declarations=visit.declarations, about=found.about),
    )  # fmt: skip


def _asked(request: HttpRequest, found: Eligibility) -> Step | None:
    """The step that was asked for; none where it is not open to whoever asks."""
    asked = request.GET.get("step", "")
    return next((one for one in found.singly if asked in ("", one.id)), None)
