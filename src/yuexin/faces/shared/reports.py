"""A credit report on its way to whoever asked for it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.operations import NO_NOTICE, issue_report
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.types import AskedBy
from yuexin.faces.shared.demonstration import invented
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import count_try

logger = logging.getLogger(__name__)
INVENTED: Final = Text(
    "示例：主体、记录、部门表现全属虚构，本报告没有任何效力",
    "A demonstration: everything in it is invented, and this report proves nothing",
)


def report(
    request: HttpRequest, *, code: str, asked_by: AskedBy, actor: Actor, now: dt.datetime
) -> HttpResponse | None:
    """A new report as a file to keep, in the edition that the form names; none where nothing stands
    under the code. Raises `TooOften`, and a `Refusal` while none can be signed."""
    count_try(request, action="report")
    try:
        issued = issue_report(
            code=code,
            language="en" if request.POST.get("edition") == "en" else "zh",
            asked_by=asked_by,
            verify_at=request.build_absolute_uri(reverse("portal:verify")),
            notice=INVENTED if invented() else NO_NOTICE,
            home=settings.HOME,
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        # What is wrong with the operator's key is for the operator.
        logger.error("%s", refusal.sentence("en"))
        raise _not_now() from refusal
    if issued is None:
        return None
    response = HttpResponse(issued.file, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{issued.number}.pdf"'
    response.headers["Cache-Control"] = NEVER_KEEP
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _not_now() -> Refusal:
    return Refusal(
        code="NO_REPORT_NOW",
        what=Text("现在签不了报告", "No report can be signed at present"),
        remedy=Text(
            "请过一段时间再试；档案本身照常可以查看",
            "Try again later; the file itself can be read meanwhile",
        ),
    )
