"""The lists of the law and the measures: who stands in them, how one gets off, what follows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.dates import parse_date
from yuexin.base.errors import Refusal
from yuexin.domains.credit import queries
from yuexin.domains.credit.measured import MeasureFilter
from yuexin.domains.credit.members import MembersPage, Narrowed
from yuexin.domains.subjects.names import UNNAMED
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.portal import pages, refusals
from yuexin.faces.portal.asked import page_of
from yuexin.faces.shared.errors import csv_lines
from yuexin.faces.shared.headers import NEVER_KEEP

CITY: Final = re.compile("[0-9]{6}")
WORD: Final = re.compile("[A-Za-z0-9_-]{1,60}")
HEADING: Final = ("名称", "统一社会信用代码", "所在城市", "列入日期", "记录", "公示至")


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every list by its statutory name."""
    return pages.lists(request, found=queries.lists(actor=PUBLIC, now=dt.datetime.now(dt.UTC)))


@require_safe
def members(request: HttpRequest, regime: str) -> HttpResponse:
    """Who stands in one list today, narrowed by city and day of entry."""
    now = dt.datetime.now(dt.UTC)
    try:
        asked, page = _narrowed(request), page_of(request)
        found = queries.members(actor=PUBLIC, regime=regime, asked=asked, page=page, now=now)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    if found is None:
        return pages.refused(request, refusals.unknown_list(), status=404)
    if page > max(found.pages, 1):
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    return pages.members(request, found=found, paging=_address(asked))


@require_safe
def members_table(request: HttpRequest, regime: str) -> HttpResponse:
    """The same as CSV, as many as are taken at once. Not kept: who is off it tomorrow is off it."""
    now = dt.datetime.now(dt.UTC)
    try:
        asked = _narrowed(request)
        found = queries.all_members(actor=PUBLIC, regime=regime, asked=asked, now=now)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    if found is None:
        return pages.refused(request, refusals.unknown_list(), status=404)
    text = "\ufeff" + csv_lines(_lines(found))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{regime}.csv"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """The catalogue of measures, narrowed by group, scene, strength, sheet and law."""
    try:
        asked = MeasureFilter(
            **{
                name: _word(request, name)
                for name in ("group", "scene", "strength", "law", "sheet")
            }
        )
    except Refusal as refusal:
        return pages.refused(request, refusal)
    found = queries.measures(asked=asked, now=dt.datetime.now(dt.UTC))
    return pages.measures(request, found=found)


def _lines(found: MembersPage) -> Iterator[tuple[str, ...]]:
    yield HEADING
    for one in found.rows:
        entry = one.row.entry
        yield (
            one.row.name or UNNAMED.zh, one.row.code, one.city.zh, str(entry.event_date or ""),
            entry.headline.zh, str(one.last_day or ""),
        )  # fmt: skip
    if found.entries > len(found.rows):
        yield (f"共 {found.entries} 条，只取前 {len(found.rows)} 条。",)


def _narrowed(request: HttpRequest) -> Narrowed:
    city = request.GET.get("city", "").strip()
    if city and not CITY.fullmatch(city):
        raise refusals.no_such_filter("city")
    return Narrowed(city=city, since=_day(request, "since"), until=_day(request, "until"))


def _day(request: HttpRequest, name: str) -> dt.date | None:
    typed = request.GET.get(name, "").strip()
    if not typed:
        return None
    try:
        return parse_date(typed)
    except ValueError as error:
        raise refusals.no_such_filter(name) from error


def _word(request: HttpRequest, name: str) -> str:
    typed = request.GET.get(name, "").strip()
    if typed and not WORD.fullmatch(typed):
        raise refusals.no_such_filter(name)
    return typed


def _address(asked: Narrowed) -> str:
    """The query string that asks this again, from the first page on."""
    given = {"city": asked.city, "since": asked.since, "until": asked.until}
    return urlencode({name: str(value) for name, value in given.items() if value})
