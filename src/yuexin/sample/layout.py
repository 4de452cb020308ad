"""How a row, told in the terms of its record kind, is written in the declared layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.engines.declare.types import Column, Declarations, Resource

Row = dict[str, str]
"""What a row says, by field of its record kind. What names the subject stands under the marks."""

USCC: Final = "@uscc"
ORG_CODE: Final = "@org_code"
REG_NO: Final = "@reg_no"
NAME: Final = "@name"

# Columns an agency fills and the platform reads but need not keep, so no field may name them.
_READ_ONLY: Final = {
    "XK_FR_ZJLX": "legal_rep_id_type", "CF_FR_ZJLX": "legal_rep_id_type",
    "XK_FR_ZJHM": "legal_rep_id_no", "CF_FR_ZJHM": "legal_rep_id_no",
    "XK_XDR_ZJLX": "party_id_type", "CF_XDR_ZJLX": "party_id_type",
    "XK_XDR_ZJHM": "party_id_no", "CF_XDR_ZJHM": "party_id_no",
    "XK_XDR_SFZ": "party_id_no", "CF_XDR_SFZ": "party_id_no",
    "BZ": "remarks", "SJC": "source_time", "主体身份代码": "pripid",
    "联系电话": "phone", "电子邮箱": "email",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A resource's columns in order, each with its key in a `Row` and the words for its codes."""

    resource: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    words: tuple[tuple[int, Mapping[str, str]], ...]
    event_date: str
    establishes: bool = False

    def cells(self, row: Row) -> list[str]:
        """The row in the order of the headers; what the layout has no column for is left out."""
        cells = [row.get(key, "") for key in self.keys]
        for place, words in self.words:
            cells[place] = words.get(cells[place], cells[place])
        return cells


def layout(*, declarations: Declarations, resource: str) -> Layout:
    """The declared layout of a resource."""
    declared = declarations.resources[resource]
    marks = _marks(declared)
    coded = ((n, _words(declarations, c)) for n, c in enumerate(declared.columns))
    return Layout(
        resource=resource,
        columns=declared.columns,
        keys=tuple(marks.get(c.header) or _key(c) for c in declared.columns),
        words=tuple((place, words) for place, words in coded if words),
        event_date=declarations.kinds[declared.kind].event_date,
        establishes=declared.establishes,
    )


def _key(column: Column) -> str:
    return column.field or _READ_ONLY.get(column.header, column.header)


def _marks(resource: Resource) -> dict[str, str]:
    numbers = {item.column: f"@{item.scheme}" for item in resource.identifiers}
    return {**numbers, resource.subject_name: NAME}


def _words(declarations: Declarations, column: Column) -> dict[str, str]:
    """The word an agency writes for each code; a layout's own old code where it maps one."""
    if not column.codes:
        return {}
    words = {one.code: one.zh for one in declarations.codes[column.codes].values}
    old = {new: old for old, new in column.map.items()}
    return {code: old.get(code, word) for code, word in words.items()} if old else words
