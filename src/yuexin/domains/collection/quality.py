"""Quality per resource and agency, by month: sums of what each delivery was measured by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from yuexin.base.dates import SHANGHAI, add_months, today
from yuexin.base.shares import percent, tenth
from yuexin.domains.collection import quality_sql as sql
from yuexin.domains.collection.measures import BY_ID, MEASURES, Measure
from yuexin.domains.collection.rooms.asked import Named, agency_named, resource_named
from yuexin.engines.access.queries import deliveries_scope, require_room
from yuexin.engines.access.types import Actor, Scope
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import CYCLE_DAYS, freshness

MENDED_WITHIN_DAYS: Final = 10
"""Working days (domain rule 9.3, ours)."""
MONTHS_SHOWN: Final = 12
STALE_AFTER: Final = Decimal("1.5")
Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Share:
    """A measure as so many of so many."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal:
        return percent(self.numerator, self.denominator)

    @property
    def goodness(self) -> Decimal:
        """From 0 to 1, where 1 is best."""
        share = Decimal(self.numerator) / self.denominator
        return share if self.measure.good == "more" else 1 - share


@dataclass(frozen=True, kw_only=True)
class Lag:
    """Within how many days of the event half, and 95 of 100, of the new events came."""

    median: int
    p95: int
    events: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How good one agency's deliveries of one resource were in a month."""

    month: str
    agency: Named
    resource: Named
    deliveries: int
    shares: tuple[Share, ...]
    lag: Lag | None


@dataclass(frozen=True, kw_only=True)
class League:
    """An agency's place in a month: the mean of its measures' goodness, of 100."""

    place: int
    agency: Named
    score: Decimal
    deliveries: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class Stale:
    """A resource of an agency from which nothing came for more than one and a half cycles."""

    agency: Named
    resource: Named
    last_received_at: dt.datetime
    cycle_days: int
    age_days: int


@dataclass(frozen=True, kw_only=True)
class QualityMonth:
    """One month: each resource and agency, the agencies in order, and what is stale today."""

    month: str
    months: tuple[str, ...]
    standings: tuple[Standing, ...]
    league: tuple[League, ...]
    stale: tuple[Stale, ...]


@dataclass(frozen=True, kw_only=True)
class QualityOver:
    """One resource of one agency over the months in which something came, the latest first."""

    agency: Named
    resource: Named
    standings: tuple[Standing, ...]
    stale: Stale | None


def month_of_quality(
    *, declarations: Declarations, actor: Actor, month: str, now: dt.datetime
) -> QualityMonth:
    """A month, `YYYY-MM`; the latest in which something was folded where none is given."""
    scope = _scope(declarations, actor)
    last = today(now).replace(day=1)
    months = tuple(f"{add_months(last, -n):%Y-%m}" for n in range(MONTHS_SHOWN))
    given = dt.date.fromisoformat(f"{month}-01") if month else None
    asked = _asked(scope, given or add_months(last, 1 - MONTHS_SHOWN), given or last)
    found = _standings(declarations, asked, now)
    chosen = month or max((one.month for one in found), default=months[0])
    standings = tuple(one for one in found if one.month == chosen)
    return QualityMonth(
        month=chosen,
        months=months if chosen in months else (chosen, *months),
        standings=standings,
        league=_league(standings),
        stale=tuple(_stale(declarations, scope, now)),
    )


def quality_over_time(
    *, declarations: Declarations, actor: Actor, agency: str, resource: str, now: dt.datetime
) -> QualityOver | None:
    """The last twelve months of one resource; none where the actor does not see the agency."""
    scope = _scope(declarations, actor)
    declared = declarations.resources.get(resource)
    if declared is None or agency not in declared.providers or not scope.covers(agency):
        return None
    last = today(now).replace(day=1)
    asked = _asked(scope, add_months(last, 1 - MONTHS_SHOWN), last, agency, resource)
    found = _standings(declarations, asked, now)
    stale = [
        one
        for one in _stale(declarations, scope, now)
        if (one.agency.id, one.resource.id) == (agency, resource)
    ]
    return QualityOver(
        agency=agency_named(declarations, agency),
        resource=resource_named(declarations, resource),
        standings=tuple(sorted(found, key=lambda one: one.month, reverse=True)),
        stale=stale[0] if stale else None,
    )


def _scope(declarations: Declarations, actor: Actor) -> Scope:
    require_room(declarations=declarations, actor=actor, room="deliveries")
    return deliveries_scope(declarations=declarations, actor=actor)


def _asked(
    scope: Scope, first: dt.date, last: dt.date, agency: str = "", resource: str = ""
) -> dict[str, Any]:
    return {
        "everything": scope.everything,
        "agencies": sorted(scope.agencies),
        "agency": agency,
        "resource": resource,
        "since": dt.datetime.combine(first, dt.time.min, SHANGHAI),
        "before": dt.datetime.combine(add_months(last, 1), dt.time.min, SHANGHAI),
    }


def _standings(
    declarations: Declarations, asked: Mapping[str, Any], now: dt.datetime
) -> tuple[Standing, ...]:
    shares: dict[Key, dict[str, Share]] = {}
    measured = [(*row[:3], BY_ID[row[3]], *row[4:]) for row in _rows(sql.MEASURES, asked)]
    mended = [(*row[:3], BY_ID["mended"], *row[3:]) for row in _mended(declarations, asked, now)]
    for month, agency, resource, measure, part, whole in [*measured, *mended]:
        share = Share(measure=measure, numerator=part, denominator=whole)
        shares.setdefault((month, agency, resource), {})[measure.id] = share
    lags = {
        (month, agency, resource): Lag(median=median, p95=p95, events=events)
        for month, agency, resource, median, p95, events in _rows(sql.LAGS, asked)
    }
    return tuple(
        Standing(
            month=month,
            agency=agency_named(declarations, agency),
            resource=resource_named(declarations, resource),
            deliveries=count,
            shares=_ordered(shares.get((month, agency, resource), {})),
            lag=lags.get((month, agency, resource)),
        )
        for month, agency, resource, count in sorted(_rows(sql.DELIVERIES, asked))
    )


def _mended(
    declarations: Declarations, asked: Mapping[str, Any], now: dt.datetime
) -> Sequence[tuple[Any, ...]]:
    calendar = calendar_of(declarations=declarations)
    days = [day for (day,) in _rows(sql.DAYS_WITH_REJECTED, asked)]
    dues = [calendar.add_workdays(day, MENDED_WITHIN_DAYS).date for day in days]
    return _rows(sql.MENDED, {**asked, "days": days, "dues": dues, "today": today(now)})


def _league(standings: Iterable[Standing]) -> tuple[League, ...]:
    """The agencies of a month by score, equal ones by name."""
    sums: dict[Named, tuple[int, dict[str, Share]]] = {}
    for one in standings:
        deliveries, shares = sums.get(one.agency, (0, {}))
        for share in one.shares:
            before = shares.get(share.measure.id)
            shares[share.measure.id] = Share(
                measure=share.measure,
                numerator=share.numerator + (before.numerator if before else 0),
                denominator=share.denominator + (before.denominator if before else 0),
            )
        sums[one.agency] = (deliveries + one.deliveries, shares)
    scored = [
        (_score(tuple(shares.values())), agency, deliveries, _ordered(shares))
        for agency, (deliveries, shares) in sums.items()
        if shares
    ]
    scored.sort(key=lambda item: (-item[0], item[1].id))
    better = [score for score, *_ in scored]
    return tuple(
        League(
            place=better.index(score) + 1,
            agency=agency,
            score=score,
            deliveries=deliveries,
            shares=shares,
        )
        for score, agency, deliveries, shares in scored
    )


def _score(shares: Sequence[Share]) -> Decimal:
    """The plain mean of the measures there are, of 100, with one decimal."""
    mean = sum((share.goodness for share in shares), Decimal()) / len(shares)
    return tenth(mean * 100)


def _stale(declarations: Declarations, scope: Scope, now: dt.datetime) -> Iterable[Stale]:
    for item in freshness(declarations=declarations, on=today(now)):
        days = CYCLE_DAYS.get(declarations.resources[item.resource].cycle)
        if days is None or item.last_received_at is None or not scope.covers(item.agency):
            continue
        age = now - item.last_received_at
        if age > dt.timedelta(days=float(days * STALE_AFTER)):
            yield Stale(
                agency=agency_named(declarations, item.agency),
                resource=resource_named(declarations, item.resource),
                last_received_at=item.last_received_at,
                cycle_days=days,
                age_days=age.days,
            )


def _ordered(shares: Mapping[str, Share]) -> tuple[Share, ...]:
    return tuple(shares[measure.id] for measure in MEASURES if measure.id in shares)


def _rows(statement: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
