"""The QR code of a licence, by a photo of it: the file of the code that it holds.

Whatever it says, nobody is sent to another site: only a code, or an address of ours, is followed.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yuexin.base.codes import codes_within
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit import queries
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.portal import answers, pages
from yuexin.faces.portal.picture import MOST_BYTES, texts_in, too_large
from yuexin.faces.shared.often import TooOften, count_try

FORM_BYTES: Final = 64 << 10
LONGEST_TEXT: Final = 8_192
STATUSES: Final = {"TOO_LARGE": 413}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """The form; a photo, or what a browser read by itself, leads to the file it names.

    Nothing is changed and nothing is kept, so no token guards the form.
    """
    if request.method != "POST":
        return answers.scan(request)
    try:
        count_try(request, action="scan")
        return _led(request, _read(request))
    except TooOften as refusal:
        return pages.refused_for_now(request, refusal)
    except Refusal as refusal:
        return answers.scan(request, refusal=refusal, status=STATUSES.get(refusal.code, 400))


def _read(request: HttpRequest) -> tuple[str, ...]:
    """What the codes say: as the browser read it, or as they stand in the photo."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + FORM_BYTES:
        raise too_large()
    settings.HOME.scratch.mkdir(parents=True, exist_ok=True)
    photo = next((one for one in request.FILES.getlist("photo") if one.size), None)
    if photo is not None:
        return texts_in(photo.read())
    if text := request.POST.get("text", "")[:LONGEST_TEXT]:
        return (text,)
    raise Refusal(
        code="NO_PHOTO",
        what=Text("还没有拍或选照片", "no photo was taken or chosen"),
        remedy=Text("请先拍一张，或选一张照片", "take a photo, or choose one, first"),
    )


def _led(request: HttpRequest, texts: tuple[str, ...]) -> HttpResponse:
    for text in texts:
        if own := _own_address(request, text):
            return HttpResponseRedirect(own)
    found = (code for text in texts for code in codes_within(f"{text}\n{unquote(text)}"))
    codes = tuple(dict.fromkeys(found))
    if len(codes) == 1:
        return HttpResponseRedirect(reverse("portal:file", kwargs={"code": codes[0]}))
    names = queries.names(actor=PUBLIC, codes=codes)
    return answers.scan(request, texts=texts, codes=[(code, names.get(code)) for code in codes])


def _own_address(request: HttpRequest, text: str) -> str:
    """The path of an address of this very site, '' for any other."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != request.get_host():
        return ""
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
