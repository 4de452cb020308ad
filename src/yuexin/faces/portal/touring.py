"""The guided tour of a demonstration: its stops, and which of them a visitor opened.

A stop is opened by `/tour/<number>`, which adds the number to a cookie of the visit and leads to
the real page; every page then says which stop was opened last and where the next one leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from yuexin.base.text import Text
from yuexin.faces.portal.stops import STOPS, Lead, Stop
from yuexin.faces.shared.demonstration import Player, invented
from yuexin.faces.shared.headers import NEVER_KEEP

COOKIE: Final = "yuexin_tour"
OVER: Final = "over"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stop on the page of the tour: whether the visitor may open it as he is, else the one of
    the cast as whom it takes one click, if it may, and what that one is called."""

    number: int
    stop: Stop
    lead: Lead
    is_open: bool
    player: Player | None
    name: Text | None


@dataclass(frozen=True, kw_only=True)
class Waypoint:
    """The stop that was opened last, whether this page is it, and what comes next if anything."""

    number: int
    stop: Stop
    here: bool
    onward: Stop | None

    @property
    def count(self) -> int:
        return len(STOPS)

    @property
    def following(self) -> int:
        return self.number + 1


def opened(request: HttpRequest, *, address: str, number: int) -> HttpResponseRedirect:
    """Off to a stop's page, where the visit remembers which were opened since it began, or began
    anew."""
    before = () if is_over(request) else (n for n in seen(request) if n != number)
    return _remembering(request, HttpResponseRedirect(address), *before, number)


def left(request: HttpRequest) -> HttpResponseRedirect:
    """The tour is over: no page speaks of it any more, but its own still knows what was seen."""
    response = HttpResponseRedirect(reverse("portal:tour"))
    return _remembering(request, response, *seen(request), OVER)


def _remembering(
    request: HttpRequest, response: HttpResponseRedirect, *said: object
) -> HttpResponseRedirect:
    value = ".".join(map(str, said))
    response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.is_secure())
    return _unkept(response)


def _unkept(response: HttpResponseRedirect) -> HttpResponseRedirect:
    # A shared cache must not hand one visitor's way to the next.
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def seen(request: HttpRequest) -> tuple[int, ...]:
    """The numbers of the stops that were opened, the last one last."""
    known = {str(number): number for number in range(1, len(STOPS) + 1)}
    return tuple(dict.fromkeys(known[one] for one in _said(request) if one in known))


def is_over(request: HttpRequest) -> bool:
    """Whether the visitor has ended the tour, and opened no stop since."""
    return OVER in _said(request)


def _said(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE, "")[: 3 * len(STOPS)].split(".")


def guided(request: HttpRequest) -> dict[str, Any]:
    """For templates: `waypoint`, where a visitor is on the tour; none where he is not on it."""
    stops = seen(request)
    if not stops or is_over(request) or not invented():
        return {"waypoint": None}
    number = stops[-1]
    stop, match = STOPS[number - 1], request.resolver_match
    waypoint = Waypoint(
        number=number,
        stop=stop,
        here=match is not None and match.view_name == stop.view,
        onward=STOPS[number] if number < len(STOPS) else None,
    )
    return {"waypoint": waypoint}
