"""Whether a check that comes due can be done, and its worked examples come out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import based, known
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.workdays import calendar_of

PLACELESS: Final = frozenset({"register", "opener"})
"""Bodies that do not follow of the record that is to be checked."""


def check_period(
    d: t.Declarations, place: str, period: t.CheckPeriod, *, kind: str
) -> Iterator[Refusal]:
    """What is wrong with a check of records of this kind."""
    where = f"{place} {period.process}"
    yield from known(place, "process", [period.process], d.processes)
    yield from based(d, where, [period.basis], getattr(period, "valid_to", None))
    process = d.processes.get(period.process)
    if process and (process.about != "record" or kind not in process.kinds):
        yield _wrong(where, f"程序不是针对“{kind}”的", f"its process is about no “{kind}”")
    if process and process.office in PLACELESS:
        yield _wrong(where, "办理机关不能由此确定", "which body does it, no record says")
    if period.months < 1:
        yield _wrong(where, "months 不是正数", "months is no period")
        return
    if not period.examples:
        yield _wrong(where, "没有写示例", "it has no examples")
    calendar = calendar_of(declarations=d)
    for example in period.examples:
        due = period.due(since=example.since, checked=example.checked, calendar=calendar).date
        if due != example.due:
            yield _wrong(
                f"{where} “{example.name}”",
                f"示例应为“{example.due}”，得到“{due}”",
                f"the example must give “{example.due}” and gives “{due}”",
            )


def _wrong(place: str, zh: str, en: str) -> Refusal:
    return declaration_error(
        place=place, what=Text(zh, en), remedy=Text("改声明", "mend the declaration")
    )
