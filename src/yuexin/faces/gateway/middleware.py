"""Whatever else is answered below /api/ is answered as the gateway answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from yuexin.base.errors import Refusal
from yuexin.faces.gateway import refusals
from yuexin.faces.gateway.problems import MEDIA_TYPE, problem
from yuexin.faces.shared.headers import NEVER_KEEP

PREFIX: Final = "/api/"


class Problems:
    """Give the errors of Django, and of what stands before a view, the form of problems.

    Stands in MIDDLEWARE below the language and above all that may refuse a request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(PREFIX):
            return response
        _keep_apart(request, response)
        if response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        answer = problem(request, _refusal(response))
        if "Allow" in response.headers:
            answer["Allow"] = response.headers["Allow"]
        response.close()
        return answer


def _keep_apart(request: HttpRequest, response: HttpResponseBase) -> None:
    """What is answered to a key is for nobody else, so no cache may keep it."""
    patch_vary_headers(response, ("Authorization",))
    if "Authorization" in request.headers:
        response.headers["Cache-Control"] = NEVER_KEEP


def _refusal(response: HttpResponseBase) -> Refusal:
    if response.status_code == 404:
        return refusals.no_such_address()
    if response.status_code == 405:
        return refusals.method(response.headers.get("Allow", ""))
    return refusals.broken() if response.status_code >= 500 else refusals.not_understood()
