"""Tables that are taken home as CSV: readable by spreadsheets, and no formula in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from django.http import HttpResponse

from yuexin.faces.shared.headers import NEVER_KEEP

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MARK: Final = "\ufeff"


def as_file(*, rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Rows as a file to keep, under this name without its ending."""
    out = io.StringIO(newline="")
    out.write(MARK)
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in rows])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = NEVER_KEEP
    return answer


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
