"""The room of deliveries: the list, one with its receipt, its errors, its rows, and a new one."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.http import (
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.turns import waiting
from yuexin.domains.collection.rooms import delivered
from yuexin.domains.collection.rooms import stored as storing
from yuexin.domains.collection.rooms.asked import agencies_seen, resources_seen, scope_in_words
from yuexin.domains.credit.queries import course_of_row
from yuexin.engines.access.queries import names_of
from yuexin.engines.deliveries.operations import wait_settled
from yuexin.faces.desk import pages, uploading
from yuexin.faces.desk.asked import page_of, wanted_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.desk.telling import told_who
from yuexin.faces.shared.errors import BOM, error_table

PATIENCE_SECONDS: Final = 5.0


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    found = delivered.deliveries(
        declarations=visit.declarations,
        actor=visit.actor,
        wanted=wanted_of(request),
        page=page_of(request),
    )
    return pages.show(
        request,
        "deliveries",
        found=found,
        agencies=agencies_seen(**who),
        resources=resources_seen(**who),
        scope=scope_in_words(**who),
    )


@require_safe
@at_desk
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    found = delivered.delivery(
        declarations=visit.declarations, actor=visit.actor, number=number, home=visit.home
    )
    if found is None:
        return None
    is_new = "kept" in request.GET
    if is_new and found.receipt is None:
        # The worker is about it already: a moment's patience saves the officer a second look.
        with waiting():
            wait_settled(number=number, seconds=PATIENCE_SECONDS)
        found = delivered.delivery(
            declarations=visit.declarations, actor=visit.actor, number=number, home=visit.home
        )
    if found is None:
        return None
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    login = found.submitted_by
    return pages.show(
        request,
        "delivery",
        found=found,
        is_new=is_new,
        submitter=told_who(login=login, known=names_of(logins=[login])),
        only=storing.only_row(**who, number=number, now=visit.now),
    )


@require_safe
@at_desk
def errors(request: HttpRequest, visit: Visit, number: int) -> StreamingHttpResponse | None:
    """Every reason for a rejection as CSV that a spreadsheet opens and does not compute."""
    del request
    groups = delivered.error_groups(
        declarations=visit.declarations, actor=visit.actor, number=number
    )
    if groups is None:
        return None
    response = StreamingHttpResponse(
        chain((BOM,), error_table(groups)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="errors-{number}.csv"'
    return response


@require_safe
@at_desk
def receipt(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    """The signed receipt as it stands."""
    del request
    found = delivered.delivery(
        declarations=visit.declarations, actor=visit.actor, number=number, home=visit.home
    )
    if found is None or found.receipt is None:
        return None
    response = JsonResponse(
        found.receipt,
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{number}.json"'
    return response


@require_safe
@at_desk
def stored(request: HttpRequest, visit: Visit, number: int, row: int) -> HttpResponse | None:
    found = storing.stored_row(
        declarations=visit.declarations,
        actor=visit.actor,
        number=number,
        row=row,
        home=visit.home,
        now=visit.now,
    )
    if found is None:
        return None
    course = course_of_row(delivery=number, row=row, now=visit.now)
    return pages.show(request, "stored", found=found, course=course)


# The token is checked in `uploading`, after the size: to look for it is to read the whole body.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def upload(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return uploading.form(request, visit)
    return uploading.take(request, visit)
