"""Announcements by heading, city and day, as a page and as a feed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.regions import name_of
from yuexin.base.text import Text
from yuexin.domains.credit.happenings import Announced, announced
from yuexin.domains.credit.removals import removals_of
from yuexin.domains.credit.withdrawals import Withdrawn, withdrawn_of_all
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Announcement
from yuexin.faces.portal import pages, refusals
from yuexin.faces.portal.asked import day_of, page_of
from yuexin.faces.portal.feeds import of_announcements
from yuexin.faces.portal.reading import public_reader
from yuexin.faces.shared.headers import NEVER_KEEP

DAYS: Final = 30
"""What is shown where no day is named; also of how many days the feed tells."""
PROVINCE: Final = "44"
TITLE: Final = Text("信息公告", "Announcements")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a reader wants to see announced: under one heading or all, in one city or all, of one
    day or of the last weeks."""

    heading: Announcement | None
    city: str
    on: dt.date | None
    page: int

    @property
    def kept(self) -> dict[str, str]:
        """What of it stands in the address of the next page."""
        found = {"kind": self.heading.id if self.heading else "", "city": self.city}
        found["on"] = self.on.isoformat() if self.on else ""
        return {name: value for name, value in found.items() if value}


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """The announcements of the last days, or of a day."""
    now = dt.datetime.now(dt.UTC)
    try:
        asked = _asked(request, now)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    found = _found(asked, now)
    if asked.page > found.pages:
        return pages.refused(request, refusals.past_the_last_page(page=asked.page), status=404)
    context = {
        "found": found,
        "asked": asked,
        "headings": tuple(current().announcements.values()),
        "cities": _cities(),
        "days": DAYS,
        "today": today(now),
        "removals": [
            {"removal": one, "label": current().kinds[one.kind].label}
            for one in removals_of(current().announcements.values())
        ],
        "networks": _networks(),
        "paging": urlencode(asked.kept),
        "chosen": asked.heading.id if asked.heading else "",
    }
    response = pages.rendered(request, "announcements", context, noindex=True, kept=asked.kept)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same as an Atom feed, the first page of it."""
    now = dt.datetime.now(dt.UTC)
    try:
        asked = _asked(request, now)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    query = f"?{urlencode(asked.kept)}" if asked.kept else ""
    link = f"{reverse('portal:announcements')}{query}"
    found, gone = _found(asked, now).rows, _gone(asked, now)
    return of_announcements(request, title=TITLE, link=link, found=found, gone=gone)


def _headings(asked: Asked) -> tuple[Announcement, ...]:
    return (asked.heading,) if asked.heading else tuple(current().announcements.values())


def _gone(asked: Asked, now: dt.datetime) -> tuple[Withdrawn, ...]:
    """What had been announced so and was taken down in the last days; on no past day."""
    if asked.on:
        return ()
    kinds = {kind for heading in _headings(asked) for kind in heading.kinds}
    return withdrawn_of_all(city=asked.city, kinds=kinds, now=now)


def _found(asked: Asked, now: dt.datetime) -> Announced:
    until = asked.on or today(now)
    return announced(
        reader=public_reader(now),
        announcements=_headings(asked),
        city=asked.city,
        after=until - dt.timedelta(days=1 if asked.on else DAYS),
        until=until,
        page=asked.page,
    )


def _asked(request: HttpRequest, now: dt.datetime) -> Asked:
    kind, city = request.GET.get("kind", ""), request.GET.get("city", "")
    heading = current().announcements.get(kind)
    if (kind and heading is None) or (city and city not in dict(_cities())):
        raise refusals.no_such_address()
    day = today(now) if request.GET.get("on") == today(now).isoformat() else day_of(request, now)
    return Asked(heading=heading, city=city, on=day, page=page_of(request))


def _networks() -> Text | None:
    """The accounts on other networks that are told of announcements from here; none where no
    gateway leads to any."""
    accounts = current().public_accounts.values()
    told = [one.label for one in accounts if settings.NOTICE_GATEWAYS.get(one.channel)]
    names = Text("、".join(one.zh for one in told), ", ".join(one.en for one in told))
    return names if told else None


def _cities() -> tuple[tuple[str, Text], ...]:
    """The cities of the province, by their division."""
    codes = (f"{PROVINCE}{number:02}00" for number in range(1, 54))
    return tuple((code, name) for code in codes if (name := name_of(code)) is not None)
