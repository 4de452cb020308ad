"""Why rows were rejected, as the table that an agency takes home and opens in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

HEADINGS: Final = ("行号 row", "字段 field", "规则 rule", "说明 why", "值 value")
BOM: Final = "\ufeff"
# A spreadsheet would reckon with what begins so.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def error_table(groups: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[str]:
    """CSV by groups of errors as the collection's `error_groups` gives them, the headings first."""
    yield csv_lines([HEADINGS])
    for group in groups:
        yield csv_lines(_cells(error) for error in group)


def _cells(error: Mapping[str, Any]) -> tuple[str, ...]:
    why = error["sentence"]
    said = (error["field"], error["rule"], f"{why['zh']} {why['en']}", error["value_masked"])
    return (str(error["row"]), *said)


def csv_lines(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as CSV of which a spreadsheet reckons nothing."""
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def inert(cell: str) -> str:
    """A cell as a spreadsheet shows it, and reckons nothing."""
    return f"'{cell}" if cell.lstrip(" \u3000").startswith(FORMULA) else cell
