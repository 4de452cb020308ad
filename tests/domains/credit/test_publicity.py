"""What agencies delivered: what waits now, what is late, which names were known."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, PUBLIC, entity
from tests.intake import Intake
from tests.state import undone

from yuexin.domains.credit.files import calendar_of
from yuexin.domains.credit.queries import agencies, credit_file
from yuexin.domains.credit.types import ResourceSummary
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.freshness import freshness

pytestmark = pytest.mark.usefixtures("database")

UNREGISTERED = entity(9100)


def summary(deliver: Intake, agency: str, resource: str) -> ResourceSummary:
    found = {item.agency: item for item in agencies(actor=PUBLIC, now=deliver.now)}
    return next(item for item in found[agency].resources if item.resource == resource)


def test_what_waits_is_what_waits_now(deliver: Intake) -> None:
    with undone():
        deliver("penalties_2018", [UNREGISTERED.penalty()], agency="environment")
        assert summary(deliver, "environment", "penalties_2018").waiting == 1
        assert summary(deliver, "housing", "penalties_2018").waiting == 0
        deliver("penalties_2018", [UNREGISTERED.penalty()], agency="environment", name="again.csv")
        assert summary(deliver, "environment", "penalties_2018").waiting == 1
        deliver("registration", [UNREGISTERED.registration()])
        assert summary(deliver, "environment", "penalties_2018").waiting == 0


def test_what_was_rejected_counts_until_it_is_delivered_again(deliver: Intake) -> None:
    with undone():
        bad = COMPANY.penalty(CF_JDRQ="没有日期")
        first = deliver("penalties_2018", [bad], agency="environment")
        assert summary(deliver, "environment", "penalties_2018").quarantined == 1
        deliver(
            "penalties_2018", [COMPANY.penalty()], agency="environment", linked_to=first["number"]
        )
        again = summary(deliver, "environment", "penalties_2018")
        assert (again.quarantined, again.rows, again.deliveries) == (0, 2, 2)


def test_a_resource_for_trials_is_listed_only_once_it_was_delivered(deliver: Intake) -> None:
    with undone():
        assert "data_bureau" not in {
            item.agency for item in agencies(actor=PUBLIC, now=deliver.now)
        }
        deliver("register_extract", [COMPANY.extract()])
        assert summary(deliver, "data_bureau", "register_extract").rows == 1


@pytest.mark.parametrize(
    ("came", "asked", "late"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 24), None),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 25), dt.date(2026, 11, 25)),
        # The calendar ends with 2026: the next working day is not announced.
        (dt.date(2026, 12, 31), dt.date(2027, 1, 2), None),
        (dt.date(2026, 12, 31), dt.date(2027, 3, 1), None),
    ],
)
def test_nobody_is_late_by_a_calendar_that_is_not_announced(
    deliver: Intake, came: dt.date, asked: dt.date, late: dt.date | None
) -> None:
    with undone():
        moment = dt.datetime.combine(came, dt.time(4), dt.UTC)
        deliver("registration", [COMPANY.registration()], now=moment)
        until = dt.datetime.combine(asked, dt.time(4), dt.UTC)
        found = freshness(
            declarations=current(), calendar=calendar_of(current()), on=asked, until=until
        )
        (register,) = [item for item in found if item.resource == "registration"]
        assert register.late_since == late


def test_a_past_day_lists_no_name_that_was_learned_later(deliver: Intake) -> None:
    with undone():
        for name, approved, moment in (
            ("佛山旧名示例有限公司", "2024-02-01", dt.datetime(2026, 2, 2, tzinfo=dt.UTC)),
            ("佛山又名示例有限公司", "2026-03-01", dt.datetime(2026, 4, 2, tzinfo=dt.UTC)),
            (COMPANY.name, "2026-05-01", dt.datetime(2026, 6, 2, tzinfo=dt.UTC)),
        ):
            row = COMPANY.registration(名称=name, 核准日期=approved)
            deliver("registration", [row], now=moment)

        def former(on: dt.date | None) -> tuple[str, ...]:
            file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=on, now=deliver.now)
            assert file is not None
            return file.head.former_names

        assert former(dt.date(2026, 3, 1)) == ("佛山旧名示例有限公司",)
        assert former(None) == ("佛山旧名示例有限公司", "佛山又名示例有限公司")
