"""The room of quality: a month of everybody, and a year of one resource."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuexin.domains.collection import quality
from yuexin.domains.collection.measures import MEASURES
from yuexin.domains.collection.rates import RATES, RateRows, rate_rows, rates
from yuexin.domains.collection.rooms.asked import scope_in_words
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import month_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.rates import rows_table


@require_safe
@at_desk
def month(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = quality.month_of_quality(
        declarations=visit.declarations,
        actor=visit.actor,
        month=month_of(request),
        now=visit.now,
    )
    scope = scope_in_words(declarations=visit.declarations, actor=visit.actor)
    return pages.show(
        request, "quality", found=found, scope=scope, measures=MEASURES, now=visit.now
    )


@require_safe
@at_desk
def over_time(
    request: HttpRequest, visit: Visit, agency: str, resource: str
) -> HttpResponse | None:
    found = quality.quality_over_time(
        declarations=visit.declarations,
        actor=visit.actor,
        agency=agency,
        resource=resource,
        now=visit.now,
    )
    if found is None:
        return None
    by_measure = [
        (measure, rows)
        for measure in MEASURES
        if (rows := [(s, share) for s in found.standings for share in s.shares
                     if share.measure == measure])
    ]  # fmt: skip
    return pages.show(request, "quality_over", found=found, by_measure=by_measure, now=visit.now)


@require_safe
@at_desk
def publicity(request: HttpRequest, visit: Visit, agency: str) -> HttpResponse | None:
    """How well an agency publishes what has a time set by law, with the rows behind each rate."""
    found = _rows_of(request, visit, agency)
    if found is None:
        return None
    of_all = rates(
        declarations=visit.declarations, actor=visit.actor, month=found.month, now=visit.now
    )
    return pages.show(
        request, "rates", found=found, months=of_all.months, measures=RATES, now=visit.now
    )


@require_safe
@at_desk
def publicity_table(request: HttpRequest, visit: Visit, agency: str) -> HttpResponse | None:
    found = _rows_of(request, visit, agency)
    return rows_table(found) if found else None


def _rows_of(request: HttpRequest, visit: Visit, agency: str) -> RateRows | None:
    return rate_rows(
        declarations=visit.declarations,
        actor=visit.actor,
        agency=agency,
        month=month_of(request),
        now=visit.now,
    )
