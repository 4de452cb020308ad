"""A credit report on its way to whoever asked for it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yuexin.domains.credit.operations import issue_report
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.types import AskedBy
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import count_try


def report(
    request: HttpRequest, *, code: str, asked_by: AskedBy, actor: Actor, now: dt.datetime
) -> HttpResponse | None:
    """A new report as a file to keep, in the edition that the form names; none where nothing stands
    under the code. Raises `TooOften`."""
    count_try(request, action="report")
    issued = issue_report(
        code=code,
        language="en" if request.POST.get("edition") == "en" else "zh",
        asked_by=asked_by,
        verify_at=request.build_absolute_uri(reverse("portal:verify")),
        home=settings.HOME,
        actor=actor,
        now=now,
    )
    if issued is None:
        return None
    response = HttpResponse(issued.file, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{issued.number}.pdf"'
    response.headers["Cache-Control"] = NEVER_KEEP
    response.headers["X-Robots-Tag"] = "noindex"
    return response
