"""A page instead of nothing where an address was asked in a way that it does not take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from yuexin.faces.portal import pages, refusals

READING: Final = frozenset({"GET", "HEAD"})


class WrongMethod:
    """Say on a page, whatever face refused it, that an address is not asked so, and how it is.

    Stands last in MIDDLEWARE: the page says as whom one acts. For what machines ask, the gateway
    makes a problem of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refusal = refusals.only_by_button() if request.method in READING else refusals.only_read()
        page = pages.refused(request, refusal, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
