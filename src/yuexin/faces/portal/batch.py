"""A list of names or codes, looked up as a whole: answered on a page, or as a file.

Nothing is changed and nothing is kept, so no token guards the form and no visitor gets a cookie.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.credit import queries
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.portal import answers, pages
from yuexin.faces.shared.answered import as_csv, as_xlsx, table
from yuexin.faces.shared.given import list_given
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import TooOften, count_try

STATUSES: Final = {"TOO_LARGE": 413, "TOO_MANY_LINES": 413}
WRITERS: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer to what was pasted or uploaded; or that as a file."""
    if request.method != "POST":
        return answers.batch(request)
    try:
        return _answered(request, dt.datetime.now(dt.UTC))
    except TooOften as refusal:
        return pages.refused_for_now(request, refusal)
    except Refusal as refusal:
        return answers.batch(request, refusal=refusal, status=STATUSES.get(refusal.code, 400))


def _answered(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    count_try(request, action="batch")
    given = list_given(request)
    checked = queries.checked(actor=PUBLIC, lines=given.lines, now=now)
    form = request.POST.get("as", "")
    if form not in WRITERS:
        return answers.batch(request, given=given, checked=checked)
    write, content_type = WRITERS[form]
    rows = table(listing=given, checked=checked, now=now, language=get_language() or "zh")
    answer = HttpResponse(write(rows), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="yuexin-{today(now)}.{form}"'
    answer["Cache-Control"] = NEVER_KEEP
    return answer
