"""What every answer tells the browser: load and run nothing foreign, keep nothing private."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # What a visitor searched for is nobody else's business.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
ASK_AGAIN: Final = "public, max-age=0, must-revalidate"
NEVER_KEEP: Final = "no-store"


class SecurityHeaders:
    """Set the headers above, and how long an answer may be kept.

    Stands first in MIDDLEWARE, so that errors and static files carry the headers too. A view that
    set `Cache-Control` itself keeps it; refusals repeat what was typed and are never kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        kept = NEVER_KEEP if response.status_code >= 400 else ASK_AGAIN
        response.headers.setdefault("Cache-Control", kept)
        return response
