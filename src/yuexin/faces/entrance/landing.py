"""Where whoever just signed in begins: an officer at the desk, everybody else at his account."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.engines.access.queries import rooms_of
from yuexin.engines.declare.queries import current
from yuexin.faces.shared.acting import actor_of_request


def landing(request: HttpRequest) -> str:
    """The address of the first page. Who has to choose a grant first does so at his account."""
    try:
        rooms = rooms_of(declarations=current(), actor=actor_of_request(request))
    except Refusal:
        rooms = ()
    return reverse("desk:start" if rooms else "account_home")
