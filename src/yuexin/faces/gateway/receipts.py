"""Where gateways report what became of a message that they took."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yuexin.base.errors import Refusal
from yuexin.engines.notices.operations import take_report
from yuexin.engines.notices.types import PUSHED
from yuexin.faces.gateway import refusals
from yuexin.faces.gateway.problems import problem

LARGEST: Final = 1 << 16


@csrf_exempt
@require_POST
def receipt(request: HttpRequest, channel: str) -> HttpResponse:
    """Take a signed report; 204 however often it is sent."""
    if channel not in PUSHED:
        raise Http404
    try:
        length = int(request.headers.get("Content-Length") or 0)
        body = request.body if length <= LARGEST else b""
        take_report(
            channel=channel,
            body=body,
            stamp=request.headers.get("X-Yuexin-Timestamp", ""),
            signed=request.headers.get("X-Yuexin-Signature", ""),
            home=settings.HOME,
            now=dt.datetime.now(dt.UTC),
        )
    except (ValueError, UnreadablePostError, RawPostDataException):
        return problem(request, refusals.not_understood())
    except Refusal as refusal:
        return problem(request, refusal)
    return HttpResponse(status=204)
