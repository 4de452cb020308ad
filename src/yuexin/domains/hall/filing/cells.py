"""What the cells of repeated lines say amiss, while who fills them in can still mend it.

A line is told as text, which no check of the layout reads; so these are hints and stop nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from yuexin.base.codes import check_uscc
from yuexin.base.dates import read_date
from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.held import Finding
from yuexin.domains.hall.filing.forms import NOTHING, label_of
from yuexin.domains.hall.filing.types import Filled
from yuexin.engines.declare.types import Filing, PartType

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
SHOULD_BE: Final[dict[PartType, Text]] = {
    "date": Text("应为日期，如 2025-12-31", "should be a date such as 2025-12-31"),
    "number": Text("应为数字，不写单位", "should be a number, without its unit"),
    "uscc": Text("不是有效的统一社会信用代码", "is no valid unified code"),
}


def in_cells(*, layout: Layout, filing: Filing, filled: Filled) -> Iterator[Finding]:
    """Each cell whose value is not of the declared type."""
    for item in filing.items:
        for number, line in enumerate(filled.lines.get(item.column, ()), start=1):
            for part in item.parts:
                value = line.get(part.zh, "").strip()
                if not value or not part.type or _fits(part.type, value):
                    continue
                said = SHOULD_BE[part.type]
                yield Finding(
                    column=item.column, label=label_of(layout, item), rule="CELL",
                    sentence=Text(
                        f"第 {number} 行“{part.zh}”{said.zh}",
                        f"line {number}: “{part.en}” {said.en}",
                    ),
                    remedy=NOTHING, value=value, rejects=False,
                )  # fmt: skip


def _fits(declared: PartType, value: str) -> bool:
    match declared:
        case "date":
            return read_date(value) is not None
        case "number":
            return _NUMBER.fullmatch(value.replace(",", "")) is not None
        case _:
            return check_uscc(value).valid
