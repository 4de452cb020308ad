"""Where whoever just signed in begins: an officer at the desk, everybody else at his account."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from yuexin.faces.shared.acting import rooms_open_to


def landing(request: HttpRequest) -> str:
    """The address of the first page. Who has to choose a grant first does so at his account."""
    return reverse("desk:start" if rooms_open_to(request) else "account_home")
