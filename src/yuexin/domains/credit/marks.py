"""The short statuses of one record: whether it stands, and how long it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from yuexin.base.text import Text
from yuexin.domains.credit.present import days_left
from yuexin.domains.credit.rows import Row
from yuexin.domains.credit.types import Mark
from yuexin.engines.access.types import Disclosure
from yuexin.engines.declare.queries import calendar_of, surely_late, value_text
from yuexin.engines.declare.types import Declarations, RecordKind

ENDING_SOON_DAYS = 30


def marks(
    *,
    declarations: Declarations,
    kind: RecordKind,
    disclosure: Disclosure,
    row: Row,
    on: dt.date,
    today: dt.date,
    disputed: bool,
) -> Iterator[Mark]:
    """The marks of a record: in force on the day `on`, and shown for how long from `today`."""
    if disputed:
        # Guangdong credit regulation: a record to which an objection is handled says so.
        yield Mark(id="disputed", label=Text("异议处理中", "disputed"), tone="warn")
    if kind.valid_until and _state_is_seen(kind, disclosure):
        yield _stopped(declarations, kind, row.body) or _by_date(row, on)
    if _filed_late(declarations, disclosure, row):
        yield Mark(id="filed_late", label=Text("逾期报送", "filed late"), tone="warn")
    left = days_left(shown_until=row.shown_until, on=today)
    if left is not None:
        said = f"{_days(left, 'publicity')}, today included"
        yield Mark(id="days_left", label=Text(f"公示期剩余 {left} 天（含今天）", said))


def _state_is_seen(kind: RecordKind, disclosure: Disclosure) -> bool:
    """Nothing is said to be in force to a reader from whom its state is hidden."""
    seen = {decision.field for decision in disclosure.visible}
    return kind.standing is None or kind.standing.field in seen


def _filed_late(declarations: Declarations, disclosure: Disclosure, row: Row) -> bool:
    """Whether a year's filing was too late, whoever filed it. Of a fact that was told again nobody
    is said to be late: that it was corrected does not tell when it was filed."""
    filing = next(
        (one for one in declarations.filings.values() if one.resource == row.resource), None
    )
    if filing is None or not filing.yearly or row.version > 1:
        return False
    columns = declarations.resources[filing.resource].by_header
    asked = (columns[filing.period].field, columns[filing.filed].field)
    seen = {decision.field for decision in disclosure.visible}
    period, filed = (str(row.body.get(one) or "") if one in seen else "" for one in asked)
    if not period.isdecimal() or not filed:
        return False
    return surely_late(
        filing=filing, period=int(period), filed=dt.date.fromisoformat(filed),
        calendar=calendar_of(declarations=declarations),
    )  # fmt: skip


def _stopped(declarations: Declarations, kind: RecordKind, body: Mapping[str, Any]) -> Mark | None:
    """That the source says the record does not stand, whatever its dates."""
    if kind.standing is None:
        return None
    state = body.get(kind.standing.field)
    if state in (None, "", *kind.standing.codes):
        return None
    field = kind.by_field[kind.standing.field]
    said = value_text(declarations, field, state)
    label = Text(f"{field.zh}：{said.zh}", f"{field.en}: {said.en}")
    return Mark(id="stopped", label=label, tone="warn")


def _by_date(row: Row, on: dt.date) -> Mark:
    if row.valid_from and row.valid_from > on:
        return Mark(id="not_yet", label=Text("尚未生效", "not yet in force"))
    if not row.stands(on):
        return Mark(id="lapsed", label=Text("已过有效期", "no longer in force"), tone="warn")
    if row.valid_until and (days := (row.valid_until - on).days) <= ENDING_SOON_DAYS:
        label = Text(f"有效，剩余 {days} 天", f"in force, {_days(days, 'validity')}")
        return Mark(id="ending", label=label, tone="warn")
    return Mark(id="in_force", label=Text("有效", "in force"), tone="good")


def _days(left: int, of: str) -> str:
    """Days left, the last one counted."""
    return f"{left} {'day' if left == 1 else 'days'} of {of} left"
