"""Where whoever just signed in begins: an officer at the desk, everybody else at his account."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from yuexin.faces.shared.acting import rooms_open_to

NEXT = "next"


def landing(request: HttpRequest) -> str:
    """The address of the first page. Who has to choose a grant first does so at his account."""
    return reverse("desk:start" if rooms_open_to(request) else "account_home")


def onward(request: HttpRequest, *, otherwise: str) -> str:
    """Where the form or the address said to go on, if that is a page of ours."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    safe = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise
