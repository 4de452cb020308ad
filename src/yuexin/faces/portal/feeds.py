"""Atom feeds of what is public: made anew at every request, so that what is gone is gone.

Which earlier entries are to be deleted is said as well (RFC 6721), by their names alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import get_language

from yuexin.base.dates import SHANGHAI
from yuexin.base.errors import printable
from yuexin.base.text import Text
from yuexin.domains.credit.happenings import Happening
from yuexin.domains.credit.withdrawals import Withdrawn
from yuexin.domains.credit.withdrawals import named as entry_named
from yuexin.domains.subjects.names import UNNAMED
from yuexin.faces.shared.headers import ASK_AGAIN

TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
COMMENT: Final = Text(
    "该条目所述记录已撤下，请删除留存的副本", "The record it told of was taken down: delete copies"
)


def of_file(
    request: HttpRequest,
    *,
    code: str,
    name: str,
    found: Iterable[Happening],
    gone: Sequence[Withdrawn],
) -> HttpResponse:
    """What happened to one file."""
    language = get_language() or "zh-hans"
    title = Text(f"{name or code} · 粤信", f"{name or code} · Yuexin").in_(language)
    link = reverse("portal:history", args=[code])
    return _feed(request, title, link, found, gone, named=False)


def of_announcements(
    request: HttpRequest,
    *,
    title: Text,
    link: str,
    found: Iterable[Happening],
    gone: Sequence[Withdrawn],
) -> HttpResponse:
    """What was announced."""
    return _feed(request, title.in_(get_language() or "zh-hans"), link, found, gone, named=True)


class _Feed(Atom1Feed):
    """A feed that says which of its entries are to be deleted, as `gone`."""

    gone: Sequence[Withdrawn] = ()

    def root_attributes(self) -> dict[Any, Any]:
        return super().root_attributes() | {"xmlns:at": TOMBSTONES}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        said = COMMENT.in_(get_language() or "zh-hans")
        for one in self.gone:
            when = rfc3339_date(one.at.astimezone(SHANGHAI))
            handler.startElement("at:deleted-entry", {"ref": one.entry, "when": when})
            handler.addQuickElement("at:comment", said)
            handler.endElement("at:deleted-entry")

    def latest_post_date(self) -> dt.datetime:
        return max([super().latest_post_date(), *(one.at for one in self.gone)])


def _feed(
    request: HttpRequest,
    title: str,
    link: str,
    found: Iterable[Happening],
    gone: Sequence[Withdrawn],
    *,
    named: bool,
) -> HttpResponse:
    language = get_language() or "zh-hans"
    feed = _Feed(
        title=printable(title),
        link=request.build_absolute_uri(link),
        description="",
        language=language,
        feed_url=request.build_absolute_uri(),
    )
    feed.gone = gone
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
            unique_id=entry_named(one.what, one.entry.record),
            author_name=one.entry.source.agency_label.in_(language),
            pubdate=moment,
            updateddate=moment,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response.headers["Cache-Control"] = ASK_AGAIN
    response.headers["X-Robots-Tag"] = "noindex"
    return response
