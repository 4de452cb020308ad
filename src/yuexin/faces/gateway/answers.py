"""Answers as bytes: JSON values, and lines of JSON that are written as they are read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from yuexin.faces.gateway import refusals

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
RETRY_SECONDS: Final = 2


def value(said: Any, *, status: int = 200, **headers: str) -> HttpResponse:
    """One value as JSON. Headers are named with underscores."""
    return document(dumped(said), status=status, **headers)


def document(body: bytes, *, status: int = 200, **headers: str) -> HttpResponse:
    """JSON that is written already."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    answer = HttpResponse(body, status=status, content_type=JSON, headers=named)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def lines(groups: Iterable[bytes]) -> StreamingHttpResponse:
    """Lines of JSON, sent a group at a time."""
    answer = StreamingHttpResponse(groups, content_type=LINES)
    answer["Cache-Control"] = "no-store"
    return answer


def dumped(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, default=_written).encode()


def _written(thing: object) -> str:
    """Days and moments by ISO 8601, to the microsecond: signatures are over what is said."""
    if isinstance(thing, dt.date):
        return thing.isoformat()
    if isinstance(thing, UUID):
        return str(thing)
    raise TypeError(f"{thing!r} has no JSON form here")


def require_accepted(request: HttpRequest, media_type: str) -> None:
    """Refuse whoever says that he cannot read the form of the answer."""
    if not request.accepts(media_type):
        raise refusals.not_acceptable(media_type)
