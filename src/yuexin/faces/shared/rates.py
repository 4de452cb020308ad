"""The rates of publicity as a table that is taken home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse

from yuexin.domains.collection.rates import RATES, RateRows, RatesMonth
from yuexin.faces.shared.errors import BOM, csv_lines

HEADING: Final = (
    "月份 month", "名次 place", "部门 agency", "得分 score",
    *(
        f"{one.label.zh} {one.label.en} {what}"
        for one in RATES
        for what in ("%", "分子 numerator", "分母 denominator")
    ),
)  # fmt: skip
ROWS: Final = (
    "月份 month", "部门 agency", "情形 what", "种类 kind", "文书号 number", "决定日期 decided",
    "期限 due", "收到日期 came", "主体代码 code", "交付 delivery", "行 row",
)  # fmt: skip


def league_table(found: RatesMonth) -> HttpResponse:
    """A month of all agencies."""
    return _csv(_league(found), f"rates-{found.month}.csv")


def rows_table(found: RateRows) -> HttpResponse:
    """The rows behind the rates of an agency."""
    return _csv(_rows(found), f"rates-{found.month}-{found.agency.id}.csv")


def _league(found: RatesMonth) -> Iterator[tuple[str, ...]]:
    yield HEADING
    for one in found.agencies:
        ranked = ("", "") if one.place is None else (str(one.place), str(one.score))
        cells = [found.month, ranked[0], one.agency.label.zh, ranked[1]]
        for measure in RATES:
            share = one.by_measure.get(measure.id)
            cells += (
                [str(share.percent), str(share.numerator), str(share.denominator)]
                if share and share.denominator
                else ["", "", ""]
            )
        yield tuple(cells)


def _rows(found: RateRows) -> Iterator[tuple[str, ...]]:
    yield ROWS
    head = (found.month, found.agency.label.zh)
    for late in found.late:
        days = (str(late.decided), str(late.due), str(late.came))
        place = (late.code, str(late.delivery), str(late.row))
        yield (*head, "迟报", late.kind.zh, late.number, *days, *place)
    for item in found.concealed:
        one = item.found
        came = str(one.reported_on or "")
        named = (str(one.decided), str(one.due), came, "", *map(str, item.source))
        yield (*head, f"瞒报（{item.named_by.zh}载明）", item.kind.zh, one.number, *named)


def _csv(rows: Iterator[tuple[str, ...]], name: str) -> HttpResponse:
    response = HttpResponse(BOM + csv_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
