"""Reports on paper: one handed out, and one shown here to be verified."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.checking import Checked, check_file, check_number
from yuexin.domains.credit.handling.queries import read_number
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.papers.queries import LARGEST_BYTES, could_be
from yuexin.faces.portal import pages
from yuexin.faces.shared.often import TooOften, count_try
from yuexin.faces.shared.reports import report as handed_out

FORM_BYTES: Final = 64 << 10
LONGEST_TYPED: Final = 80


# Nothing of whoever is signed in counts here, so there is nothing to forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The public report of a file, signed. Whoever only comes to look is led to the file."""
    verdict = check_uscc(code)
    if not verdict.valid:
        return pages.unknown_code(request, verdict=verdict)
    if request.method != "POST" or code != verdict.code:
        return HttpResponseRedirect(reverse("portal:file", kwargs={"code": verdict.code}))
    try:
        answer = handed_out(
            request, code=code, asked_by="public", actor=PUBLIC, now=dt.datetime.now(dt.UTC)
        )
    except TooOften as refusal:
        return pages.refused_for_now(request, refusal)
    except Refusal as refusal:
        return pages.refused(request, refusal, status=503)
    return answer or pages.unknown_code(request, verdict=verdict)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Is this report genuine, and does it still hold? By number and code, or by the file."""
    typed = {name: _typed(request, name) for name in ("n", "c") if name in request.GET}
    try:
        found = _checked(request, dt.datetime.now(dt.UTC))
    except TooOften as refusal:
        return pages.refused_for_now(request, refusal)
    except Refusal as refusal:
        return pages.verify(request, refusal=refusal, status=400)
    return pages.verify(request, found=found, typed=typed)


def _checked(request: HttpRequest, now: dt.datetime) -> Checked | None:
    """What was found of a report that is shown, none where none is shown yet."""
    if request.method == "POST":
        # Before anything of the body is read.
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES + FORM_BYTES:
            raise _too_large()
        count_try(request, action="verify")
        file = request.FILES.get("file")
        if file is None:
            raise _no_file()
        return check_file(data=file.read(), now=now)
    number, code = _typed(request, "n"), _typed(request, "c")
    if not number and not code:
        return None
    if could_be(number=number, code=code) or read_number(number):
        count_try(request, action="verify")
    return check_number(number=number, code=code, now=now)


def _typed(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()[:LONGEST_TYPED]


def _too_large() -> Refusal:
    size = LARGEST_BYTES >> 20
    return Refusal(
        code="TOO_LARGE",
        what=Text(f"文件超过 {size} MB", f"The file is larger than {size} MB"),
        remedy=Text(
            "本平台的报告没有这么大。请选择下载的报告文件，或输入编号和校验码",
            "No report of this platform is. Choose the report as downloaded, or type its number "
            "and check code",
        ),
    )


def _no_file() -> Refusal:
    return Refusal(
        code="NO_FILE",
        what=Text("没有选择文件", "No file was chosen"),
        remedy=Text("请选择下载的报告文件再提交", "Choose the report as downloaded, then submit"),
    )
