"""The rooms of rejected rows and of rows that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.errors import Refusal
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.rooms import held, mending
from yuexin.domains.collection.rooms.asked import agencies_seen, resources_seen, scope_in_words
from yuexin.domains.collection.rooms.due import deadlines_of_row
from yuexin.domains.collection.rooms.trials import TrialView
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of, wanted_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.desk.uploading import taken
from yuexin.faces.shared.typed import repeatable

NOT_KEPT: Final = ("page", "unmended")
"""What a link to other rows of the same choice leaves out of the address."""

Filled = tuple[mending.MendField, str]


@require_safe
@at_desk
def quarantine(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = held.quarantine(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=wanted_of(request),
        page=page_of(request),
    )
    kept = {k: repeatable(v) for k, v in request.GET.dict().items() if k not in NOT_KEPT}
    return pages.show(
        request, "quarantine", found=found, others=urlencode(kept), **choices_of(visit)
    )


@require_safe
@at_desk
def quarantined(request: HttpRequest, visit: Visit, delivery: int, row: int) -> HttpResponse | None:
    found = held.look_at_rejected(
        declarations=visit.declarations,
        actor=visit.actor,
        delivery=delivery,
        row=row,
        now=visit.now,
    )
    return _shown(request, visit, "quarantined", found, delivery, row) if found else None


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def mend(request: HttpRequest, visit: Visit, delivery: int, row: int) -> HttpResponse | None:
    """The row's columns to be mended; what is sent becomes a delivery of one row, or is tried."""
    if request.method != "POST":
        return _mending(request, visit, delivery, row)
    made = mending.mended(
        declarations=visit.declarations,
        actor=visit.actor,
        delivery=delivery,
        row=row,
        values=_typed(request),
        unseen=request.POST.getlist("unseen"),
        home=visit.home,
    )
    if made is None:
        return None
    offer, stream = made
    try:
        got = taken(request, visit, offer=offer, stream=stream)
    except Refusal as refusal:
        if refusal.code in ("ROOM", "OWNERSHIP"):
            raise
        return _mending(request, visit, delivery, row, refusal=refusal)
    if isinstance(got, TrialView):
        return _mending(request, visit, delivery, row, trial=got)
    address = reverse("desk:delivery", kwargs={"number": got.number})
    return HttpResponseRedirect(f"{address}?kept=1")


@require_safe
@at_desk
def waiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = held.waiting(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=wanted_of(request),
        page=page_of(request),
    )
    return pages.show(request, "waiting", found=found, reasons=REASONS.items(), **choices_of(visit))


@require_safe
@at_desk
def one(
    request: HttpRequest, visit: Visit, agency: str, resource: str, content: UUID
) -> HttpResponse | None:
    found = held.waiting_row(
        declarations=visit.declarations,
        actor=visit.actor,
        agency=agency,
        resource=resource,
        content=content,
        now=visit.now,
    )
    if found is None:
        return None
    return _shown(request, visit, "waiting_row", found, found.line.delivery, found.line.row)


def _shown(
    request: HttpRequest, visit: Visit, template: str, found: object, delivery: int, row: int
) -> HttpResponse:
    """A row that is no record, with the days by which it should have been public."""
    due = deadlines_of_row(
        declarations=visit.declarations, delivery=delivery, row=row, now=visit.now
    )
    return pages.show(request, template, found=found, due=due)


def _mending(
    request: HttpRequest,
    visit: Visit,
    delivery: int,
    row: int,
    *,
    refusal: Refusal | None = None,
    trial: TrialView | None = None,
) -> HttpResponse | None:
    named: dict[str, Any] = {
        "declarations": visit.declarations,
        "actor": visit.actor,
        "delivery": delivery,
        "row": row,
        "home": visit.home,
    }
    if request.method == "POST":
        found = mending.mending(**named)
    else:
        found = mending.begin_mending(**named, now=visit.now)
    if found is None:
        return None
    typed = _typed(request)
    groups = _grouped([(_as_tried(f, trial), typed.get(f.header, f.value)) for f in found.fields])
    status = status_of(refusal) if refusal else 200
    # What is mended already is mended again only by whoever says so.
    again = "again" in request.GET or request.method == "POST"
    return pages.show(
        request,
        "mend",
        status=status,
        found=found,
        refusal=refusal,
        trial=trial,
        again=again,
        unseen=_kept_unseen(request, found),
        **groups,
    )


def _grouped(fields: Sequence[Filled]) -> dict[str, list[Filled]]:
    """What is to be mended, what is seen beside it, the rest, and what nobody filled."""
    groups: dict[str, list[Filled]] = {"faulty": [], "beside": [], "filled": [], "empty": []}
    for field, value in fields:
        if field.findings or field.faulty:
            name = "faulty"
        elif field.beside:
            name = "beside"
        else:
            name = "filled" if value or field.hidden or field.required else "empty"
        groups[name].append((field, value))
    return groups


def _kept_unseen(request: HttpRequest, found: mending.MendForm) -> frozenset[str]:
    """The columns whose box is ticked: as it was sent; at first all that may be kept."""
    if request.method == "POST":
        return frozenset(request.POST.getlist("unseen"))
    return frozenset(field.header for field in found.fields if field.keepable)


def _as_tried(field: mending.MendField, trial: TrialView | None) -> mending.MendField:
    """The field with what was found of it the last time: when it was tried, or delivered."""
    if trial is None:
        return field
    found = tuple(one for _, one in trial.first if one.column == field.header)
    return replace(field, findings=found)


def _typed(request: HttpRequest) -> dict[str, str]:
    """The columns as they were typed, whose names in the form begin so that none meets another."""
    return {
        name.removeprefix("c."): value
        for name, value in request.POST.items()
        if name.startswith("c.") and isinstance(value, str)
    }


def choices_of(visit: Visit) -> dict[str, Any]:
    """What a filter of rows offers."""
    return {
        "agencies": agencies_seen(declarations=visit.declarations, actor=visit.actor),
        "resources": resources_seen(declarations=visit.declarations, actor=visit.actor),
        "scope": scope_in_words(declarations=visit.declarations, actor=visit.actor),
    }
