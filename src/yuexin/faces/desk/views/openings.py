"""The room of cases: what may be opened about a record or a whole subject, and the form for it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.errors import Refusal
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.queries import require_room, rooms_of
from yuexin.engines.cases.operations import open_case
from yuexin.engines.cases.queries import choices_of, eligibility_of
from yuexin.engines.cases.types import Eligibility
from yuexin.engines.declare.types import Party, Step
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.shared.casework import asked_step, given_step, title_of, ways_of

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
    refusal = None
    if request.method == "POST":
        try:
            number = _open(request, visit, found, step)
        except Refusal as refused:
            refusal = refused
        else:
            address = reverse("desk:case", kwargs={"number": number})
            return HttpResponseRedirect(f"{address}?done=1")
    form = asked_step(
        step=step,
        about=found.about,
        choices=choices_of(declarations=visit.declarations, about=found.about),
        held=found.papers_held,
        typed=request.POST.dict() if refusal else None,
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


def _open(request: HttpRequest, visit: Visit, found: Eligibility, step: Step) -> str:
    given = given_step(request=request, step=step, home=visit.home)
    return open_case(
        declarations=visit.declarations, actor=visit.actor, process=found.process.id,
        subject=found.about.subject, record=found.about.record, form=given.form,
        papers=given.papers, reason=given.reason, now=visit.now, step=step.id,
    )  # fmt: skip
