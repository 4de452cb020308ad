"""What became of the rows of a delivery that waited: a page, and all of them as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.text import Text
from yuexin.domains.collection.resolved import Resolved
from yuexin.domains.collection.rooms import resolved as resolving
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import how_of, page_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.errors import BOM, csv_lines

HEADINGS: Final = (
    "行号 row", "结果 how", "等待的原因 waited for", "行里的名称 name", "行里的号码 number",
    "主体代码 code", "主体名称 entity", "并入代码 goes on under", "时间 at", "交付 delivery",
    "认定 judgement", "比对 compared", "理由 reason",
)  # fmt: skip


@require_safe
@at_desk
def listing(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    found = resolving.resolved(
        declarations=visit.declarations,
        actor=visit.actor,
        number=number,
        how=how_of(request),
        page=page_of(request),
    )
    return pages.show(request, "resolved", found=found) if found else None


@require_safe
@at_desk
def table(request: HttpRequest, visit: Visit, number: int) -> StreamingHttpResponse | None:
    """All of them as CSV that a spreadsheet opens and does not compute."""
    groups = resolving.resolved_groups(
        declarations=visit.declarations, actor=visit.actor, number=number, how=how_of(request)
    )
    if groups is None:
        return None
    response = StreamingHttpResponse(
        chain((BOM,), _csv(groups)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="resolved-{number}.csv"'
    return response


def _csv(groups: Iterable[Iterable[Resolved]]) -> Iterator[str]:
    yield csv_lines([HEADINGS])
    for group in groups:
        yield csv_lines(_cells(one) for one in group)


def _cells(one: Resolved) -> tuple[str, ...]:
    parts = "；".join(f"{part.label.zh}：{part.level.zh}" for part in one.parts)
    return (
        str(one.row), _both(one.label), _both(one.waited_for), one.name, one.number, one.code,
        one.subject, one.joined_to, one.at.isoformat(timespec="seconds"),
        str(one.delivery or ""), str(one.judgement or ""), parts, one.reason,
    )  # fmt: skip


def _both(said: Text | None) -> str:
    return f"{said.zh} {said.en}" if said else ""
