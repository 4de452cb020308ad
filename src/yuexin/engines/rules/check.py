"""A subject rule is in order when it compiles, binds, and its worked examples come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import RecordKind, RuleExample, SubjectRule
from yuexin.engines.rules.dialect import refused
from yuexin.engines.rules.frames import text_frame
from yuexin.engines.rules.subjects import SubjectProgram

UNKNOWN: Final = "null"
_SUBJECT: Final = "example"


def check_rule(rule: SubjectRule, kinds: Mapping[str, RecordKind]) -> None:
    """Compile and bind every version, and run every worked example. Raises the first `Refusal`.

    An example that must stay undecided says `outcome: null`; the word unknown may be an outcome.
    """
    program = SubjectProgram(rules=[rule], kinds=kinds)
    for example in rule.examples:
        records = {
            kind: _records(kinds[kind], example.records[kind], f"rules/{rule.id} “{example.name}”")
            for kind in example.records
        }
        found = program.evaluate([_SUBJECT], records, example.on).row(0, named=True)
        value = UNKNOWN if found["value"] is None else str(found["value"])
        if value != example.outcome:
            raise _failed(rule, example, value, str(found["reasons"]))


def _records(kind: RecordKind, rows: tuple[dict[str, str], ...], place: str) -> pl.DataFrame:
    unknown = sorted({name for row in rows for name in row} - set(kind.by_field))
    if unknown:
        raise _unreadable(place, f"{kind.id}.{unknown[0]}")
    try:
        frame = text_frame(kind, rows)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(place, str(error).splitlines()[0]) from error
    ids = pl.Series("record", [str(number + 1) for number in range(len(rows))], dtype=pl.String())
    return frame.with_columns(ids, subject=pl.lit(_SUBJECT))


def _unreadable(place: str, what: str) -> Refusal:
    return refused(
        place=place,
        what=Text(f"示例不可读：{what}", f"the example cannot be read: {what}"),
        remedy=Text(
            "日期写 2026-04-01，是非写 true 或 false，多值用 ; 分隔",
            "write dates as 2026-04-01, flags as true or false, several values with ;",
        ),
    )


def _failed(rule: SubjectRule, example: RuleExample, value: str, reasons: str) -> Refusal:
    return refused(
        place=f"rules/{rule.id} “{example.name}”",
        what=Text(
            f"示例应为“{example.outcome}”，得到“{value}”：{reasons}",
            f"the example must give “{example.outcome}” and gives “{value}”: {reasons}",
        ),
        remedy=Text(
            "改规则或示例；空值即未知，确指“无”时用 coalesce",
            "change the rule or the example; what is empty is unknown: write coalesce(…) "
            "where empty means none",
        ),
    )
