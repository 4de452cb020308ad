"""What a step puts in the place of what a record says is a value that its field takes: refused when
it is said, not found out when the row that it makes is rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from yuexin.base.codes import check_uscc
from yuexin.base.dates import read_date
from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.types import Act
from yuexin.engines.declare.types import Declarations, Field, Process, RecordKind

ASKED: Final = re.compile(r"\{form\.(\w+)\}")
ENDLESS: Final = frozenset({"长期", "永久"})
FLAGS: Final = frozenset({"是", "否"})
LISTED: Final = 8
"""So many of what may be chosen a refusal names."""
_AMOUNT: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(?:\.[0-9]{1,6})?")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,14}")
IN_TEN_THOUSANDS: Final = Text("（万元）", " (10,000 yuan)")


def unit_of(field: Field) -> Text:
    """In what an amount is written where it is amended: as it is delivered."""
    return IN_TEN_THOUSANDS if field.type == "money_wan" else Text("", "")


def refuse_unreadable(
    *, declarations: Declarations, process: Process, kind: RecordKind | None, act: Act
) -> None:
    """Raise a `Refusal` for an act that amends a field of its record by what is no value of it."""
    for asked, field, value in _amended(process, kind, act):
        if value and (wanted := _wanted(declarations, field, value)):
            raise refusal(
                "CASE_TYPE",
                f"“{field.zh}”应为{wanted.zh}",
                f"“{field.en}” must be {wanted.en}",
                where=asked,
                remedy=Text("请改正后重新提交", "correct it and submit again"),
            )


def _amended(
    process: Process, kind: RecordKind | None, act: Act
) -> Iterator[tuple[str, Field, str]]:
    """Of what is amended by what somebody typed: in which field of the form, which field of the
    record, and the value."""
    outcome = process.by_outcome.get(process.by_step[act.step].outcome)
    if kind is None or outcome is None or not outcome.amends:
        return
    for name, template in outcome.row.items():
        chosen, asked = ASKED.fullmatch(name), ASKED.fullmatch(template)
        field = kind.by_field.get(act.form.get(chosen[1], "") if chosen else name)
        if field and asked:
            yield asked[1], field, act.form.get(asked[1], "").strip()


def _wanted(declarations: Declarations, field: Field, value: str) -> Text | None:
    """What a value of the field is, where this is none."""
    match field.type:
        case "date" if not read_date(value):
            return Text("日期，如 2026-11-24", "a date such as 2026-11-24")
        case "open_date" if not read_date(value) and value not in ENDLESS:
            return Text("日期或“长期”", "a date, or 长期 for one without an end")
        case "money_wan" if not _AMOUNT.fullmatch(value):
            return Text("以万元计的数字，如 12.5", "a number of ten thousand yuan, such as 12.5")
        case "decimal" if not _AMOUNT.fullmatch(value):
            return Text("数字", "a number")
        case "integer" if not _WHOLE.fullmatch(value):
            return Text("整数", "a whole number")
        case "flag" if value not in FLAGS:
            return Text("“是”或“否”", "是 or 否")
        case "uscc" if not check_uscc(value).valid:
            return Text("有效的统一社会信用代码", "a valid unified social credit code")
        case "code" if not field.many:
            return _unlisted(declarations, field, value)
    return None


def _unlisted(declarations: Declarations, field: Field, value: str) -> Text | None:
    """What may be chosen, where this is nothing that a layout of the kind writes for a code."""
    listed = declarations.codes.get(field.codes)
    if listed is None or listed.open:
        return None
    written = {
        given
        for resource in declarations.resources.values()
        for column in resource.columns
        if column.field == field.id
        for given in column.map
    }
    written |= {one for code in listed.values for one in (code.code, code.zh, *code.aliases)}
    if value in written:
        return None
    some = listed.values[:LISTED]
    more = Text("等", ", …") if len(listed.values) > LISTED else Text("", "")
    return Text(
        f"所列的一项：{'、'.join(one.zh for one in some)}{more.zh}",
        f"one of those listed: {', '.join(one.zh for one in some)}{more.en}",
    )
