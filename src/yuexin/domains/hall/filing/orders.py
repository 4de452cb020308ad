"""Orders of the register to correct what was published: while one runs, the entity may."""

from __future__ import annotations

import datetime as dt

from yuexin.engines.cases.models import CaseFile
from yuexin.engines.declare.types import Declarations, Filing
from yuexin.engines.records.models import Record


def ordered_until(
    *, declarations: Declarations, filing: Filing, code: str, thing: str, on: dt.date
) -> dt.date | None:
    """The last day of an order that runs on this day, of this year's filing."""
    if not filing.ordered:
        return None
    open_ones = CaseFile.objects.filter(
        process=filing.ordered, code=code, is_open=True, due__gte=on
    )
    resource = declarations.resources[filing.resource]
    field = resource.by_header[filing.period].field if filing.period else ""
    days: list[dt.date] = []
    for record, due in open_ones.filter(kind=resource.kind).values_list("record", "due"):
        told = Record.objects.filter(id__in=[record]).values_list("body", flat=True).first()
        if due and field and told and str(told.get(field)) == thing:
            days.append(due)
    return max(days, default=None)
