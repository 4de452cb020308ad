"""In which language a request is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from yuexin.faces.shared.headers import NEVER_KEEP

PARAMETER: Final = "lang"
KEPT_SECONDS: Final = 365 * 24 * 3600


class Language:
    """Answer in the language of `?lang=`, else of the cookie, else of the browser, else Chinese.

    Stands in MIDDLEWARE where Django's LocaleMiddleware would. `?lang=` works without cookies and
    is remembered where they work; nothing is redirected, so there is no address to forge.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = asked_for(request)
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if chosen:
            _remember(response, language, secure=request.is_secure())
        return response


def languages(request: HttpRequest) -> dict[str, list[tuple[str, str, str]]]:
    """For templates of views that give none: each other language, and this address in it."""
    now = translation.get_language()
    kept = {key: str(value) for key, value in request.GET.items() if key == "next"}
    others = [
        (code, name, urlencode({**kept, PARAMETER: code}))
        for code, name in settings.LANGUAGES
        if code != now
    ]
    return {"languages": others}


def asked_for(request: HttpRequest) -> str | None:
    """The language that the address itself names, if it is one of ours."""
    try:
        return translation.get_supported_language_variant(request.GET.get(PARAMETER, ""))
    except LookupError:
        return None


def _remember(response: HttpResponseBase, language: str, *, secure: bool) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=KEPT_SECONDS,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    # A shared cache must not hand one reader's choice to the next.
    response.headers["Cache-Control"] = NEVER_KEEP
