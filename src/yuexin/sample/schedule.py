"""What is delivered, by whom, in which form and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from yuexin.base.dates import Calendar, add_months

Form = Literal[
    "gb18030", "utf-8", "utf-8-sig", "xlsx", "json", "ndjson", "xml", "parquet",
    "gb18030+zip", "utf-8+gzip", "json+zip", "ndjson+gzip", "xml+gzip", "xml+zip",
]  # fmt: skip
"""A format, for CSV by its encoding, and behind a plus sign how the file is packed."""
ENDINGS: Final[dict[Form, str]] = {
    "gb18030": "csv", "utf-8": "csv", "utf-8-sig": "csv", "xlsx": "xlsx", "json": "json",
    "ndjson": "ndjson", "xml": "xml", "parquet": "parquet", "gb18030+zip": "csv.zip",
    "utf-8+gzip": "csv.gz", "json+zip": "json.zip", "ndjson+gzip": "ndjson.gz",
    "xml+gzip": "xml.gz", "xml+zip": "xml.zip",
}  # fmt: skip

PENALTY_YEARS: Final = 4
LATE_WORKDAYS: Final = 8
LATEST_WORKDAYS: Final = 20


_CALENDAR: Final = Calendar()


def worked_day(day: dt.date, *, earliest: dt.date) -> dt.date:
    """The day if offices work on it, else the last such day before, where not too early."""
    worked = day
    while not _CALENDAR.is_workday(worked):
        worked -= dt.timedelta(days=1)
    return worked if worked >= earliest else day


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
        """The last day whose seven working days are over."""
        return self._workdays_ago(LATE_WORKDAYS)

    @cached_property
    def latest(self) -> dt.date:
        """The first day from which something may come late today."""
        return self._workdays_ago(LATEST_WORKDAYS)

    def _workdays_ago(self, workdays: int) -> dt.date:
        day = self.before(workdays)
        while _CALENDAR.workdays_between(day, self.today) < workdays:
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
        return f"deliveries/{self.number:03}-{self.resource}-{self.agency}.{ENDINGS[self.form]}"


def sheets(times: Times) -> tuple[Sheet, ...]:
    """All files in the order in which they are delivered."""
    return tuple(
        Sheet(number=n, resource=r, agency=a, form=form, delivered_on=times.before(days))
        for n, (r, a, form, days) in enumerate(PLAN, start=1)
    )


_MARKET: Final = "market_regulation"
PLAN: Final[tuple[tuple[str, str, Form, int], ...]] = (
    ("registration", _MARKET, "gb18030", 60),
    ("cooperatives", _MARKET, "json", 60),
    ("institutions", "institution_registrar", "xlsx", 60),
    ("social_organisations", "civil_affairs", "xml", 60),
    ("registration_changes", _MARKET, "utf-8-sig", 58),
    ("key_people", _MARKET, "parquet", 57),
    ("shareholders", _MARKET, "parquet", 57),
    ("branches", _MARKET, "xml", 56),
    ("licences_2016", "food_drug", "gb18030", 50),
    ("penalties_2016", "food_drug", "gb18030", 50),
    ("annual_reports", _MARKET, "xlsx", 45),
    ("land_contracts", "natural_resources", "gb18030", 40),
    ("idle_land", "natural_resources", "xlsx", 40),
    ("contracts", "finance", "json", 39),
    ("procurement_dishonesty", "finance", "gb18030", 39),
    ("technology_enterprises", "science", "xlsx", 38),
    ("farm_samples", "agriculture", "xlsx", 37),
    ("culture_market_dishonesty", "culture_tourism", "utf-8-sig", 36),
    ("tax_a_grades", "tax", "ndjson+gzip", 35),
    ("serious_tax_cases", "tax", "json", 35),
    ("social_security_arrears", "human_resources", "gb18030", 34),
    ("social_security_arrears", "tax", "ndjson", 34),
    ("wage_arrears", "human_resources", "xlsx", 34),
    ("customs_grades", "customs", "xml+zip", 33),
    ("environmental_ratings", "environment", "json+zip", 32),
    ("environmental_ratings", "foshan_environment", "xlsx", 31),
    ("safety_accidents", "emergency", "gb18030", 30),
    ("safety_dishonesty", "emergency", "xml", 30),
    ("statistics_dishonesty", "statistics", "utf-8", 29),
    ("transport_dishonesty", "transport", "ndjson", 28),
    ("drug_dishonesty", "drug", "gb18030", 27),
    ("construction_dishonesty", "housing", "xlsx", 27),
    ("bidding_dishonesty", "development_reform", "json", 27),
    ("social_insurance_dishonesty", "human_resources", "utf-8", 27),
    ("medical_security_dishonesty", "medical_security", "ndjson", 26),
    ("ip_dishonesty", "market_regulation", "gb18030", 26),
    ("securities_dishonesty", "securities", "xml", 26),
    ("social_organisation_abnormal", "civil_affairs", "utf-8", 26),
    ("social_organisation_dishonesty", "civil_affairs", "utf-8", 26),
    ("judgement_debtors", "high_court", "xml", 25),
    ("equity_freezes", "high_court", "json", 25),
    ("honours", "development_reform", "utf-8-sig", 24),
    ("honours", "foshan_data", "json", 24),
    ("commitments", "development_reform", "ndjson", 23),
    ("commitments", "foshan_data", "xml+gzip", 23),
    ("equity_pledges", _MARKET, "gb18030", 22),
    ("chattel_mortgages", _MARKET, "utf-8+gzip", 22),
    ("ip_pledges", _MARKET, "xlsx", 22),
    ("instant_information", _MARKET, "json", 22),
    ("filing_exemptions", _MARKET, "xlsx", 22),
    ("false_information", _MARKET, "ndjson", 22),
    ("spot_checks", _MARKET, "parquet", 21),
    ("spot_checks", "guangzhou_market_regulation", "utf-8", 21),
    ("spot_checks", "shenzhen_market_regulation", "json", 21),
    ("spot_checks", "foshan_market_regulation", "gb18030", 20),
    ("spot_check_problems", _MARKET, "xml", 20),
    ("spot_check_problems", "foshan_market_regulation", "gb18030", 20),
    ("product_samples_passed", _MARKET, "gb18030", 19),
    ("product_samples_passed", "shenzhen_market_regulation", "parquet", 19),
    ("product_samples_failed", _MARKET, "xlsx", 18),
    ("food_samples_passed", _MARKET, "gb18030+zip", 18),
    ("food_samples_passed", "guangzhou_market_regulation", "ndjson", 18),
    ("food_samples_failed", _MARKET, "xlsx", 17),
    ("food_samples_failed", "foshan_market_regulation", "utf-8", 17),
    ("serious_dishonesty", _MARKET, "gb18030", 16),
    ("abnormal_operations", _MARKET, "utf-8", 15),
    ("abnormal_operations", "foshan_market_regulation", "json", 15),
    ("registration", _MARKET, "gb18030", 12),
    ("cooperatives", _MARKET, "json", 12),
    ("institutions", "institution_registrar", "xlsx", 12),
    ("social_organisations", "civil_affairs", "xml", 12),
    ("licences_2018", _MARKET, "xlsx", 8),
    ("licences_2018", "housing", "utf-8", 8),
    ("licences_2018", "environment", "utf-8", 8),
    ("penalties_2018", _MARKET, "utf-8", 8),
    ("penalties_2018", "housing", "xlsx", 8),
    ("penalties_2018", "environment", "utf-8", 8),
    ("deregistration_announcements", _MARKET, "utf-8", 2),
    ("creditors_announcements", _MARKET, "json", 2),
    ("revocation_announcements", _MARKET, "gb18030", 2),
    ("compulsory_deregistrations", _MARKET, "utf-8", 2),
    ("abnormal_operations", _MARKET, "ndjson", 0),
    ("judgement_debtors", "high_court", "json", 0),
    ("licences_2018", "housing", "xml", 0),
    ("licences_2018", "environment", "json", 0),
    ("licences_2018", _MARKET, "utf-8", 0),
    ("penalties_2018", "environment", "xlsx", 0),
    ("penalties_2018", _MARKET, "utf-8", 0),
)
"""Each file by its resource, agency and form, and how many days before today it comes."""
