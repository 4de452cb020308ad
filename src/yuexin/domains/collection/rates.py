"""How well agencies publish what the law gives them seven working days for, by month.

A row counts in the month in which it was received: what comes late for an older month is late now,
and months that are over stay as they were. What is concealed counts in the month in which it was
both found and overdue.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.dates import SHANGHAI, add_months, today
from yuexin.base.shares import tenth
from yuexin.base.text import Text
from yuexin.domains.collection import rates_sql as sql
from yuexin.domains.collection.concealed import Concealed, concealed
from yuexin.domains.collection.measures import BY_ID, Measure
from yuexin.domains.collection.quality import MONTHS_SHOWN, Share
from yuexin.domains.collection.rooms.asked import Named, agency_named, resource_named
from yuexin.engines.access.queries import deliveries_scope, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import remembered

LATE: Final = Measure(
    id="late",
    label=Text("迟报率", "Published late"),
    numerator=Text(
        "超过法定公开期限收到的新事项", "new events received after the time the law gives"
    ),
    denominator=BY_ID["timely"].denominator,
    good="less",
)
CONCEALED: Final = Measure(
    id="concealed",
    label=Text("瞒报率", "Concealed"),
    numerator=Text(
        "别的来源写明、期限已过而本部门没有交付的决定",
        "decisions that another source names, overdue, and not delivered",
    ),
    denominator=Text("新事项与这些决定之和", "new events and these decisions together"),
    good="less",
)
SOUND: Final = Measure(
    id="sound",
    label=Text("合规率", "Rows by the standard"),
    numerator=Text("通过校验的行", "rows that passed their checks"),
    denominator=BY_ID["rejected"].denominator,
)
RATES: Final = (BY_ID["timely"], LATE, CONCEALED, SOUND)


@dataclass(frozen=True, kw_only=True)
class AgencyRates:
    """An agency's place in a month: the mean of what of its rates is good, of 100. It has none, and
    stands apart, where nothing of its own ran under a clock of the law."""

    place: int | None
    agency: Named
    score: Decimal
    shares: tuple[Share, ...]

    @property
    def cells(self) -> tuple[tuple[Measure, Share | None], ...]:
        """Every rate in its order, none where there is nothing to count."""
        return tuple((one, self.by_measure.get(one.id)) for one in RATES)

    @property
    def by_measure(self) -> Mapping[str, Share]:
        return {share.measure.id: share for share in self.shares}


@dataclass(frozen=True, kw_only=True)
class RatesMonth:
    """One month of the agencies that deliver under a clock of the law, the best first."""

    month: str
    months: tuple[str, ...]
    agencies: tuple[AgencyRates, ...]

    @property
    def ranked(self) -> tuple[AgencyRates, ...]:
        return tuple(one for one in self.agencies if one.place is not None)

    @property
    def apart(self) -> tuple[AgencyRates, ...]:
        """Those of which nothing could have been late."""
        return tuple(one for one in self.agencies if one.place is None)


@dataclass(frozen=True, kw_only=True)
class LateRow:
    """A new event that came after its deadline. `name` is '' where it is a person's own."""

    record: UUID
    code: str
    name: str
    resource: Named
    delivery: int
    row: int
    kind: Text
    number: str
    decided: dt.date
    due: dt.date
    came: dt.date


@dataclass(frozen=True, kw_only=True)
class ConcealedRow:
    """A decision that was not delivered, and the record of which kind proves it."""

    found: Concealed
    kind: Text
    named_by: Text
    source: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class RateRows:
    """The rows behind an agency's rates of a month."""

    agency: Named
    month: str
    rates: AgencyRates | None
    late: tuple[LateRow, ...]
    concealed: tuple[ConcealedRow, ...]


def rates(*, declarations: Declarations, actor: Actor, month: str, now: dt.datetime) -> RatesMonth:
    """A month, `YYYY-MM`, the running one where none is given: counts of all agencies.

    Everybody may read them: they say nothing of any subject.
    """
    del actor
    last = today(now).replace(day=1)
    months = tuple(f"{add_months(last, -n):%Y-%m}" for n in range(MONTHS_SHOWN))
    chosen = month or months[0]
    on = min(today(now), _last_day(chosen))
    key = ("rates of publicity", declarations.digest, chosen, on)
    return RatesMonth(
        month=chosen,
        months=months if chosen in months else (chosen, *months),
        agencies=remembered(key=key, count=lambda: _counted(declarations, chosen, on)),
    )


def rate_rows(
    *, declarations: Declarations, actor: Actor, agency: str, month: str, now: dt.datetime
) -> RateRows | None:
    """The rows behind an agency's rates, for whoever sees its deliveries; else none.

    Raises a `Refusal` (ROOM) for whoever sees nobody's.
    """
    require_room(declarations=declarations, actor=actor, room="deliveries")
    scope = deliveries_scope(declarations=declarations, actor=actor)
    if agency not in declarations.agencies or not scope.covers(agency):
        return None
    found = rates(declarations=declarations, actor=actor, month=month, now=now)
    on = min(today(now), _last_day(found.month))
    hidden = [
        one
        for one in concealed(declarations=declarations, on=on)
        if (one.agency, one.month) == (agency, found.month)
    ]
    return RateRows(
        agency=agency_named(declarations, agency),
        month=found.month,
        rates=next((one for one in found.agencies if one.agency.id == agency), None),
        late=tuple(_late(declarations, found.month, agency)),
        concealed=tuple(_proved(declarations, hidden)),
    )


def _counted(declarations: Declarations, month: str, on: dt.date) -> tuple[AgencyRates, ...]:
    shares: dict[str, dict[str, Share]] = {}
    events: Counter[str] = Counter()
    for _, agency, measure, part, whole in _rows(sql.COUNTED, _asked(declarations, month)):
        own = shares.setdefault(agency, {})
        if measure == "timely":
            events[agency] = whole
            own["timely"] = Share(measure=BY_ID["timely"], numerator=part, denominator=whole)
            own["late"] = Share(measure=LATE, numerator=whole - part, denominator=whole)
        else:
            own["sound"] = Share(measure=SOUND, numerator=whole - part, denominator=whole)
    found = concealed(declarations=declarations, on=on)
    hidden = Counter(one.agency for one in found if one.month == month)
    for agency in {*hidden, *(one for one in events if events[one])}:
        whole = events[agency] + hidden[agency]
        share = Share(measure=CONCEALED, numerator=hidden[agency], denominator=whole)
        shares.setdefault(agency, {})["concealed"] = share
    return tuple(_placed(declarations, shares))


def _placed(
    declarations: Declarations, shares: Mapping[str, Mapping[str, Share]]
) -> Iterator[AgencyRates]:
    """The agencies by score, equal ones by name, then those that stand apart. What is timely is not
    late: it counts once."""
    scored = sorted(
        (
            (
                not _timed(own),
                -_score(share for share in own.values() if share.measure != LATE),
                agency,
            )
            for agency, own in shares.items()
        ),
    )
    better = [low for apart, low, _ in scored if not apart]
    for apart, low, agency in scored:
        score = -low
        yield AgencyRates(
            place=None if apart else better.index(low) + 1,
            agency=agency_named(declarations, agency),
            score=score,
            shares=tuple(shares[agency][one.id] for one in RATES if one.id in shares[agency]),
        )


def _timed(own: Mapping[str, Share]) -> bool:
    """Whether anything of an agency ran under a clock of the law."""
    return any(own[one].denominator for one in ("timely", "concealed") if one in own)


def _score(shares: Iterable[Share]) -> Decimal:
    counted = [share.goodness for share in shares]
    return tenth(sum(counted, Decimal()) / len(counted) * 100)


def _late(declarations: Declarations, month: str, agency: str) -> Iterator[LateRow]:
    asked = _asked(declarations, month, agency)
    calendar = calendar_of(declarations=declarations)
    days = _rows(sql.EVENT_DAYS, asked)
    periods = {one.id: one.strictest for one in declarations.kinds.values() if one.strictest}
    dues = [calendar.add_workdays(day, periods[kind].workdays).date for kind, day in days]
    asked |= {"kinds": [kind for kind, _ in days], "days": [day for _, day in days], "dues": dues}
    for (
        record,
        code,
        name,
        personal,
        _,
        resource,
        delivery,
        row,
        kind,
        event,
        due,
        came,
        number,
    ) in _rows(sql.LATE, asked):
        declared = declarations.kinds[kind]
        yield LateRow(
            record=record, code=code, name="" if personal else name,
            resource=resource_named(declarations, resource), delivery=delivery, row=row,
            kind=declared.label, number=number, decided=event, due=due,
            came=came,
        )  # fmt: skip


def _proved(declarations: Declarations, found: list[Concealed]) -> Iterator[ConcealedRow]:
    sources = {
        record: (delivery, row)
        for record, delivery, row in _rows(
            "SELECT id, delivery, row FROM record WHERE id = ANY(%(records)s)",
            {"records": [one.record for one in found]},
        )
    }
    for one in found:
        yield ConcealedRow(
            found=one,
            kind=declarations.kinds[one.kind].label,
            named_by=declarations.kinds[one.named_by].label,
            source=sources[one.record],
        )


def _asked(declarations: Declarations, month: str, agency: str = "") -> dict[str, Any]:
    first = dt.date.fromisoformat(f"{month}-01")
    return {
        "everything": True,
        "agencies": [],
        "agency": agency,
        "resource": "",
        "resources": [
            one.id
            for one in declarations.resources.values()
            if declarations.kinds[one.kind].strictest and not one.testing_only
        ],
        "since": dt.datetime.combine(first, dt.time.min, SHANGHAI),
        "before": dt.datetime.combine(add_months(first, 1), dt.time.min, SHANGHAI),
    }


def _last_day(month: str) -> dt.date:
    return add_months(dt.date.fromisoformat(f"{month}-01"), 1) - dt.timedelta(days=1)


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
