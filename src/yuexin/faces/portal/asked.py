"""What a reader asked for in the address, read strictly: a value that makes no sense is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.http import HttpRequest

from yuexin.domains.credit.finding.types import LONGEST_QUERY, Query
from yuexin.faces.portal import refusals
from yuexin.faces.shared.days import past_day
from yuexin.faces.shared.searching import query_from, readable
from yuexin.faces.shared.typed import repeatable as repeatable

LAST_PAGE: Final = 9_999
PAGE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")


def query_of(request: HttpRequest) -> str:
    """The text searched for: white space as single spaces, nothing invisible.

    Raises `Refusal` above `LONGEST_QUERY` characters.
    """
    query = readable(request.GET.get("q", ""))
    if len(query) > LONGEST_QUERY:
        raise refusals.query_too_long(length=len(query), longest=LONGEST_QUERY)
    return query


def search_of(request: HttpRequest) -> Query:
    """What is searched for, with its filters and page. Raises `Refusal` where it makes no sense."""
    return query_from(request.GET.dict(), text=query_of(request), page=page_of(request))


def page_of(request: HttpRequest) -> int:
    """The page number, 1 where none is given. Raises `Refusal` outside 1 to `LAST_PAGE`."""
    given = request.GET.get("page", "1")
    if PAGE_NUMBER.fullmatch(given):
        return int(given)
    raise refusals.not_a_page_number(last=LAST_PAGE)


def day_of(request: HttpRequest, now: dt.datetime) -> dt.date | None:
    """The past day to look at, none for today. Raises `Refusal` outside 1900 to today."""
    return past_day(request.GET.get("on", ""), now=now)
