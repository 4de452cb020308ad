"""Atom feeds of what is public: made anew at every request, so that what is gone is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from yuexin.base.dates import SHANGHAI
from yuexin.base.errors import printable
from yuexin.base.text import Text
from yuexin.domains.credit.happenings import Happening
from yuexin.domains.subjects.names import UNNAMED
from yuexin.faces.shared.headers import ASK_AGAIN


def of_file(
    request: HttpRequest, *, code: str, name: str, found: Iterable[Happening]
) -> HttpResponse:
    """What happened to one file."""
    language = get_language() or "zh-hans"
    title = Text(f"{name or code} · 粤信", f"{name or code} · Yuexin").in_(language)
    return _feed(request, title, reverse("portal:history", args=[code]), found, named=False)


def of_announcements(
    request: HttpRequest, *, title: Text, link: str, found: Iterable[Happening]
) -> HttpResponse:
    """What was announced."""
    return _feed(request, title.in_(get_language() or "zh-hans"), link, found, named=True)


def _feed(
    request: HttpRequest, title: str, link: str, found: Iterable[Happening], *, named: bool
) -> HttpResponse:
    language = get_language() or "zh-hans"
    feed = Atom1Feed(
        title=printable(title),
        link=request.build_absolute_uri(link),
        description="",
        language=language,
        feed_url=request.build_absolute_uri(),
    )
    for one in found:
        name = one.name or UNNAMED.in_(language)
        head = f"{one.word.in_(language)} · {one.entry.title.in_(language)}"
        address = (
            reverse("portal:record", args=[one.code, one.record])
            if one.record
            else reverse("portal:file", args=[one.code])
        )
        moment = dt.datetime.combine(one.on, dt.time(), SHANGHAI)
        feed.add_item(
            title=printable(f"{name} · {head}" if named else head),
            link=request.build_absolute_uri(address),
            description=printable(one.entry.kind_label.in_(language)),
            unique_id=f"urn:yuexin:{one.what}:{one.entry.record}",
            author_name=one.entry.source.agency_label.in_(language),
            pubdate=moment,
            updateddate=moment,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response.headers["Cache-Control"] = ASK_AGAIN
    response.headers["X-Robots-Tag"] = "noindex"
    return response
