"""Who comes to the desk: signed in, acting by a grant; every no becomes a page that says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.engines.access.queries import rooms_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import Declarations, current
from yuexin.faces.desk import pages
from yuexin.faces.shared.acting import account_of, actor_of_request
from yuexin.home.folder import Home

FORBIDDEN: Final = frozenset({
    "ROOM", "OWNERSHIP", "GRANT_OVER", "AGENCY_OVER", "ROLE_UNKNOWN", "GRANT_CHOICE",
    "SECOND_FACTOR", "FORBIDDEN",
})  # fmt: skip
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request at the desk: who acts, at what moment, by which declarations, in which home."""

    actor: Actor
    now: dt.datetime
    declarations: Declarations
    home: Home


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase | None]
Answer = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_desk(view: View[P]) -> Answer[P]:
    """A view for whoever is signed in. None means that there is no such thing that he may see."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if account_of(request) is None:
            back = request.get_full_path() if request.method == "GET" else reverse("desk:start")
            return redirect_to_login(back)
        try:
            actor = actor_of_request(request)
            request.META[pages.ROOMS] = rooms_of(declarations=current(), actor=actor)
            visit = Visit(
                actor=actor,
                now=dt.datetime.now(dt.UTC),
                declarations=current(),
                home=settings.HOME,
            )
            found = view(request, visit, *args, **kwargs)
        except Refusal as refusal:
            return pages.refused(request, refusal, status=status_of(refusal))
        return found or pages.not_there(request)

    return answer


def status_of(refusal: Refusal) -> int:
    """The status of a refusal: 403 for what one may not, 400 for what makes no sense."""
    return 403 if refusal.code in FORBIDDEN else 400
