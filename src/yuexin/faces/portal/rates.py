"""How well agencies publish licences and penalties: a month of all of them, for everybody."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection import rates as reads
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.faces.portal import pages
from yuexin.faces.shared.rates import league_table

MONTH: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """The agencies of a month in order, with each rate as so many of so many."""
    try:
        return pages.rates(request, found=_asked(request))
    except Refusal as refusal:
        return pages.refused(request, refusal)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    try:
        return league_table(_asked(request))
    except Refusal as refusal:
        return pages.refused(request, refusal)


def _asked(request: HttpRequest) -> reads.RatesMonth:
    now = dt.datetime.now(dt.UTC)
    month = request.GET.get("month", "")
    if month and not MONTH.fullmatch(month):
        raise _no_month()
    return reads.rates(declarations=current(), actor=PUBLIC, month=month, now=now)


def _no_month() -> Refusal:
    return Refusal(
        code="not_a_month",
        what=Text("月份应写作“2026-11”", "A month is written like 2026-11"),
        where="month",
        remedy=Text("请从列表中选择", "Choose one from the list"),
    )
