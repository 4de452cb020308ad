"""What is delivered, by whom, in which form and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from yuexin.base.dates import Calendar, add_months

Form = Literal["gb18030", "utf-8", "utf-8-sig", "xlsx"]

PENALTY_YEARS: Final = 4
LATE_WORKDAYS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Times:
    """The days around which the province turns, all counted back from today."""

    today: dt.date

    def before(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    @cached_property
    def oldest_penalty(self) -> dt.date:
        return add_months(self.today, -12 * PENALTY_YEARS)

    @cached_property
    def over_age(self) -> dt.date:
        """The last day that lies more than five years back."""
        return add_months(self.today, -60) - dt.timedelta(days=1)

    @cached_property
    def first_register(self) -> dt.date:
        return self.before(60)

    @cached_property
    def reports(self) -> dt.date:
        return self.before(45)

    @cached_property
    def second_register(self) -> dt.date:
        return self.before(12)

    @cached_property
    def last_regular(self) -> dt.date:
        """Decisions after this day come with the last files."""
        return self.before(8)

    @cached_property
    def old_layout(self) -> tuple[dt.date, dt.date]:
        """When the decisions were taken that come in the layouts of 2016.

        The agency that sends them was dissolved in October 2018.
        """
        first = min(self.before(9 * 365), dt.date(2016, 1, 1))
        return first, min(self.before(5 * 366), dt.date(2018, 9, 30))

    @cached_property
    def late(self) -> dt.date:
        """A day whose seven working days are over."""
        calendar, day = Calendar(), self.before(LATE_WORKDAYS)
        while calendar.workdays_between(day, self.today) < LATE_WORKDAYS:
            day -= dt.timedelta(days=1)
        return day


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One file to be delivered."""

    number: int
    resource: str
    agency: str
    form: Form
    delivered_on: dt.date

    @property
    def file(self) -> str:
        """Its path below the province's folder."""
        ending = "xlsx" if self.form == "xlsx" else "csv"
        return f"deliveries/{self.number:03}-{self.resource}-{self.agency}.{ending}"


def sheets(times: Times) -> tuple[Sheet, ...]:
    """All files in the order in which they are delivered."""
    plan: tuple[tuple[str, str, Form, int], ...] = (
        ("registration", "market_regulation", "gb18030", 60),
        ("registration_changes", "market_regulation", "utf-8-sig", 58),
        ("licences_2016", "food_drug", "gb18030", 50),
        ("penalties_2016", "food_drug", "gb18030", 50),
        ("annual_reports", "market_regulation", "xlsx", 45),
        ("registration", "market_regulation", "gb18030", 12),
        ("licences_2018", "market_regulation", "xlsx", 8),
        ("licences_2018", "housing", "utf-8", 8),
        ("licences_2018", "environment", "utf-8", 8),
        ("penalties_2018", "market_regulation", "utf-8", 8),
        ("penalties_2018", "housing", "xlsx", 8),
        ("penalties_2018", "environment", "utf-8", 8),
        ("licences_2018", "market_regulation", "utf-8", 0),
        ("penalties_2018", "environment", "xlsx", 0),
        ("penalties_2018", "market_regulation", "utf-8", 0),
    )
    return tuple(
        Sheet(number=n, resource=r, agency=a, form=form, delivered_on=times.before(days))
        for n, (r, a, form, days) in enumerate(plan, start=1)
    )
