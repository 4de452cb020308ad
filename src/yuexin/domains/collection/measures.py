"""How good a delivery is, measured while it is folded, so that a rebuild measures the same.

The measures are those of GB/T 36344-2018 as domain rule 9.3 makes them concrete;
`docs/mechanisms/quality.md` gives each formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from yuexin.base.dates import Calendar, today
from yuexin.base.text import Text
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.models import DeliveryLag, DeliveryMeasure
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Kept

UNMATCHED: Final = (*LINKABLE, JUDGED_DIFFERENT)
"""Reasons to wait that say: this row led to no subject."""
NATURAL_PERSON: Final = "NATURAL_PERSON"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure: what is counted of what, and whether much of it is good."""

    id: str
    label: Text
    numerator: Text
    denominator: Text
    good: Literal["more", "less"] = "more"


MEASURES: Final = (
    Measure(
        id="required_filled",
        label=Text("必填项完整率", "Required values filled"),
        numerator=Text("已填的必填项", "required values that are filled"),
        denominator=Text("行数 × 必填列数", "rows × required columns"),
    ),
    Measure(
        id="code_check",
        label=Text("代码校验通过率", "Codes passing their check"),
        numerator=Text("通过校验的代码", "codes that pass"),
        denominator=Text("已填的代码", "codes that are filled"),
    ),
    Measure(
        id="code_list",
        label=Text("代码表符合率", "Values in their code list"),
        numerator=Text("在代码表中的值", "values in the list"),
        denominator=Text("代码表列中已填的值", "values filled in columns with a list"),
    ),
    Measure(
        id="duplicate",
        label=Text("重复率", "Duplicate rows"),
        numerator=Text("与同批另一行完全相同的行", "rows equal to another of the delivery"),
        denominator=Text("收到的完整行", "whole rows received"),
        good="less",
    ),
    Measure(
        id="matched",
        label=Text("主体匹配率", "Rows led to a subject"),
        numerator=Text("对应到主体的行", "rows that led to a subject"),
        denominator=Text("未退回、且非自然人的行", "rows not returned, natural persons apart"),
    ),
    Measure(
        id="rejected",
        label=Text("退回率", "Rows returned"),
        numerator=Text("退回的行", "rows returned"),
        denominator=Text("收到的行", "rows received"),
        good="less",
    ),
    Measure(
        id="timely",
        label=Text("按时报送率", "Delivered in time"),
        numerator=Text(
            "法定公开期限内收到的新事项", "new events received within the time the law gives"
        ),
        denominator=Text(
            "有法定公开期限的新事项（首次接入的历史数据不计时限，不在内）",
            "new events that have such a time, without what an agency had when it first delivered",
        ),
    ),
    # Known only later, so it is read from the receipts of the linked deliveries.
    Measure(
        id="mended",
        label=Text("按时更正率", "Mended in time"),
        numerator=Text(
            "十个工作日内关联重新交付并入库或待核的行",
            "rows delivered again, linked, and taken within ten working days",
        ),
        denominator=Text("期限已到或已更正的退回行", "returned rows that are due or mended"),
    ),
)
BY_ID: Final[Mapping[str, Measure]] = {measure.id: measure for measure in MEASURES}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a fold counted, whole: findings by column and rule, cells filled by column."""

    program: CheckProgram
    rejected: int
    findings: Mapping[tuple[str, str], int]
    filled: Mapping[str, int]
    prints: Sequence[pl.Series]
    reasons: Mapping[str, int]
    events: Mapping[dt.date, int]


def keep(*, delivery: Kept, declarations: Declarations, counted: Counted) -> None:
    """Keep the measures of a delivery, in the transaction that folds it."""
    calendar = calendar_of(declarations=declarations)
    received_on = today(delivery.received_at)
    DeliveryMeasure.objects.bulk_create(
        DeliveryMeasure(
            delivery=delivery.number, measure=measure, numerator=part, denominator=whole
        )
        for measure, part, whole in measured(
            counted=counted, calendar=calendar, received_on=received_on
        )
        if whole
    )
    lags: dict[int, int] = {}
    for day, rows in counted.events.items():
        days = max((received_on - day).days, 0)
        lags[days] = lags.get(days, 0) + rows
    DeliveryLag.objects.bulk_create(
        DeliveryLag(delivery=delivery.number, days=days, rows=rows) for days, rows in lags.items()
    )


def measured(
    *, counted: Counted, calendar: Calendar, received_on: dt.date
) -> Iterator[tuple[str, int, int]]:
    """Each measure with its numerator and denominator."""
    prints = pl.concat(counted.prints) if counted.prints else pl.Series(dtype=pl.UInt64)
    whole = prints.len()
    received = whole + counted.findings.get(("", "SHAPE"), 0)
    required = [c.header for c in counted.program.resource.columns if c.required]
    cells = whole * len(required)
    yield "required_filled", cells - _found(counted, "REQUIRED", required), cells
    for measure, rule in (("code_check", "CODE_CHECK"), ("code_list", "CODE_LIST")):
        columns = counted.program.judged_by(rule)
        filled = sum(counted.filled.get(column, 0) for column in columns)
        yield measure, filled - _found(counted, rule, columns), filled
    yield "duplicate", whole - prints.n_unique(), whole
    passed = received - counted.rejected - counted.reasons.get(NATURAL_PERSON, 0)
    yield "matched", passed - sum(counted.reasons.get(why, 0) for why in UNMATCHED), passed
    yield "rejected", counted.rejected, received
    yield from _timely(counted, calendar, received_on)


def _timely(
    counted: Counted, calendar: Calendar, received_on: dt.date
) -> Iterator[tuple[str, int, int]]:
    """Opinions IV.1: published within seven working days of the decision.

    Kept of stock too: whether a delivery is stock is asked when the months are summed.
    """
    period = counted.program.kind.strictest
    if period:
        in_time = sum(
            rows
            for day, rows in counted.events.items()
            if received_on <= calendar.add_workdays(day, period.workdays).date
        )
        yield "timely", in_time, sum(counted.events.values())


def _found(counted: Counted, rule: str, columns: Sequence[str]) -> int:
    return sum(counted.findings.get((column, rule), 0) for column in columns)
