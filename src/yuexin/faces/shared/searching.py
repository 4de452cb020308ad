"""What a search is asked for in an address, and its result as a table: the same on every face."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from django.http import HttpResponse

from yuexin.base.dates import parse_date
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.finding.types import Hit, Query, SearchPage
from yuexin.domains.subjects.names import UNNAMED
from yuexin.faces.shared.errors import csv_lines

FILTERS: Final = {
    "city": re.compile("[0-9]{6}"),
    "entity_type": re.compile("[0-9A-Za-z_-]{1,16}"),
    "industry": re.compile("[0-9A-Za-z]{1,6}"),
    "status": re.compile("[a-z_]{1,40}"),
}
DAYS: Final = ("since", "until")
HEADING: Final = (
    "名称", "匹配的名称", "匹配方式", "状态", "类型", "城市", "成立日期", "统一社会信用代码",
)  # fmt: skip


def query_from(given: Mapping[str, str], *, text: str, page: int) -> Query:
    """The query of an address. Raises `Refusal` for a filter that makes no sense."""
    chosen = {name: given.get(name, "").strip() for name in FILTERS}
    for name, value in chosen.items():
        if value and not FILTERS[name].fullmatch(value):
            raise _not(name, Text("没有这种筛选条件", "There is no such filter"))
    first, last = (_day(given, name) for name in DAYS)
    return Query(
        text=text,
        page=page,
        city=chosen["city"],
        entity_type=chosen["entity_type"],
        industry=chosen["industry"],
        status=chosen["status"],
        since=first,
        until=last,
    )


def address_of(query: Query, **changed: str) -> str:
    """The query string that asks this again, from the first page on, with `changed` filters."""
    asked = {"q": query.text, **{name: getattr(query, name) for name in (*FILTERS, *DAYS)}}
    given = {name: value for name, value in {**asked, **changed}.items() if value}
    return urlencode(given, quote_via=quote)


def readable(typed: str) -> str:
    """White space as single spaces, and nothing that cannot be seen."""
    return "".join(character for character in " ".join(typed.split()) if character.isprintable())


def table(found: SearchPage) -> Iterator[tuple[str, ...]]:
    """A result as rows below a heading; the last row says so where there is more."""
    yield HEADING
    yield from map(_row, found.hits)
    if found.capped:
        yield (f"符合的主体不止这些，只列出最相近的 {len(found.hits)} 个。",)


def as_csv(found: SearchPage) -> HttpResponse:
    """A result as a file that a spreadsheet opens and does not compute."""
    text = "\ufeff" + csv_lines(table(found))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="search.csv"'
    return response


def _row(hit: Hit) -> tuple[str, ...]:
    return (
        hit.name or UNNAMED.zh, hit.matched, hit.why.zh, hit.status.zh, hit.type_label.zh,
        hit.city.zh, str(hit.est_date or ""), hit.code,
    )  # fmt: skip


def _day(given: Mapping[str, str], name: str) -> dt.date | None:
    typed = given.get(name, "").strip()
    if not typed:
        return None
    try:
        return parse_date(typed)
    except ValueError as error:
        said = Text("日期应写作“2024-03-05”", "A day is written like 2024-03-05")
        raise _not(name, said) from error


def _not(name: str, what: Text) -> Refusal:
    return Refusal(
        code="not_a_filter",
        what=what,
        where=name,
        remedy=Text("请从查询结果页上选择", "Choose one on the page of results"),
    )
