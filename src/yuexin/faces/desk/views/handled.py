"""How checks were answered for, in numbers: by month, body and scene."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import agency_named
from yuexin.domains.credit.handling.statistics import Counted, counted
from yuexin.engines.access.queries import counts_handling_of
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.acting import purpose_label
from yuexin.faces.shared.csvs import as_file

HEADS: Final = (
    Text("月份", "month"), Text("部门", "body"), Text("环节", "scene"), Text("核查", "checks"),
    Text("主体", "entities"), Text("触发措施", "measures called for"),
    Text("触发便利", "easings opened"), Text("已反馈", "reported"),
    Text("已实施的措施", "measures applied"), Text("已给予的便利", "easings granted"),
    Text("反馈率", "feedback rate"),
    Text("惩戒率", "punishment rate"), Text("激励率", "incentive rate"),
    Text("逾期未反馈", "feedback overdue"), Text("应解除", "to be ended"),
    Text("已确认解除", "confirmed as ended"), Text("平均解除天数", "days to end, on average"),
)  # fmt: skip


@require_safe
@at_desk
def numbers(request: HttpRequest, visit: Visit) -> HttpResponse:
    scope = counts_handling_of(declarations=visit.declarations, actor=visit.actor)
    return pages.show(
        request,
        "handling_numbers",
        lines=[
            (one, agency_named(visit.declarations, one.agency).label) for one in _counted(visit)
        ],
        scope=scope.reason,
        on=today(visit.now),
    )


@require_safe
@at_desk
def table(request: HttpRequest, visit: Visit) -> HttpResponse:
    del request
    language = get_language() or "zh-hans"
    rows = [[head.in_(language) for head in HEADS]]
    for one in _counted(visit):
        agency = agency_named(visit.declarations, one.agency).label
        scene = purpose_label(one.scene)
        rows.append([one.month, agency.in_(language), scene.in_(language), *_cells(one)])
    return as_file(rows=rows, name=f"handling-{today(visit.now)}")


def _counted(visit: Visit) -> tuple[Counted, ...]:
    return counted(declarations=visit.declarations, actor=visit.actor, now=visit.now)


def _cells(one: Counted) -> list[str]:
    rates = (one.feedback_rate, one.punishment_rate, one.incentive_rate)
    counts = (
        one.checks, one.subjects, one.triggered, one.eased, one.reported, one.punished,
        one.rewarded,
    )  # fmt: skip
    return [
        *map(str, counts),
        *("" if rate is None else f"{rate:.4f}" for rate in rates),
        *map(str, (one.overdue, one.told, one.released)),
        "" if one.release_days is None else f"{one.release_days:.1f}",
    ]  # fmt: skip
