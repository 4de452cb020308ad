"""What a file to be delivered looks like, and a table to begin with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.domains.collection.rooms import layouts
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    return pages.show(request, "layouts", found=layouts.layouts(**_who(visit)))


@require_safe
@at_desk
def one(request: HttpRequest, visit: Visit, resource: str) -> HttpResponse | None:
    found = layouts.layout_page(**_who(visit), resource=resource)
    return pages.show(request, "layout", found=found) if found else None


@require_safe
@at_desk
def template(request: HttpRequest, visit: Visit, resource: str) -> HttpResponse | None:
    del request
    text = layouts.template(**_who(visit), resource=resource)
    if text is None:
        return None
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{resource}.csv"'
    return response


def _who(visit: Visit) -> dict[str, Any]:
    return {"declarations": visit.declarations, "actor": visit.actor}
