"""What a delivery is measured by, counted by hand; and the months summed from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from tests.cast import COMPANY, PUBLIC, entity
from tests.intake import Intake
from tests.state import all_rows

from yuexin.base.errors import Refusal
from yuexin.domains.collection.quality import (
    League,
    Share,
    month_of_quality,
    quality_over_time,
)
from yuexin.domains.credit.queries import published_on
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

CHIEF = Actor(id="chief", role="chief", agency="data_bureau", division="440000")
CLERK = Actor(id="clerk", role="clerk", agency="environment")
HOUSING = Actor(id="clerk-h", role="clerk", agency="housing")
INSPECTOR = Actor(id="inspector", role="inspector", agency="environment")


def measures(number: int) -> dict[str, tuple[int, int]]:
    found = all_rows(
        "SELECT measure, numerator, denominator FROM delivery_measure WHERE delivery = %s", number
    )
    return {measure: (part, whole) for measure, part, whole in found}


def faulty(deliver: Intake) -> int:
    """Ten rows whose faults are counted in the tests below."""
    deliver("registration", [COMPANY.registration()])
    rows = [
        COMPANY.penalty("1", CF_JDRQ="2026-11-20"),
        COMPANY.penalty("2", CF_JDRQ="2026-11-13"),
        COMPANY.penalty("3", CF_JDRQ="2026-11-12"),
        COMPANY.penalty("4", CF_JDRQ="2026-10-01"),
        COMPANY.penalty("4", CF_JDRQ="2026-10-01"),
        COMPANY.penalty("5", CF_WFXW="", CF_SY=""),
        COMPANY.penalty("6", CF_XDR_LB="没有这一类"),
        COMPANY.penalty("7", CF_CFJGDM="11440000MBYX00037A"),
        entity(9).penalty("8"),
        COMPANY.penalty("9", CF_XDR_MC="李示例", CF_XDR_LB="自然人", CF_XDR_SHXYM=""),
    ]
    return int(deliver("penalties_2018", rows, agency="environment")["batch_id"])


def test_each_measure_is_what_a_person_counts(deliver: Intake) -> None:
    found = measures(faulty(deliver))
    required = sum(c.required for c in current().resources["penalties_2018"].columns)
    assert found["required_filled"] == (10 * required - 2, 10 * required)
    # Nine unified codes of the party, ten of the authority, one of which is wrong.
    assert found["code_check"] == (18, 19)
    assert found["duplicate"] == (1, 10)
    assert found["rejected"][1] == 10
    # Of those not rejected, and no natural person's, one led to nobody.
    passed = 10 - found["rejected"][0] - 1
    assert found["matched"] == (passed - 1, passed)


def test_timeliness_counts_working_days_from_the_event(deliver: Intake) -> None:
    """The seventh working day after 13 November 2026, a Friday, is the 24th."""
    number = faulty(deliver)
    assert measures(number)["timely"] == (2, 4)
    lags = dict(all_rows("SELECT days, rows FROM delivery_lag WHERE delivery = %s", number))
    assert lags == {4: 1, 11: 1, 12: 1, 54: 1}


def test_a_delivery_of_no_rows_is_measured_by_nothing(deliver: Intake) -> None:
    assert measures(int(deliver("penalties_2018", [], agency="environment")["batch_id"])) == {}


def test_a_month_is_the_sum_of_its_deliveries(deliver: Intake) -> None:
    first = faulty(deliver)
    second = deliver("penalties_2018", [COMPANY.penalty("30"), {}], agency="environment")
    found = month_of_quality(declarations=current(), actor=CHIEF, month="", now=deliver.now)
    assert found.month == "2026-11"
    (own,) = [one for one in found.standings if one.resource.id == "penalties_2018"]
    shares = {share.measure.id: (share.numerator, share.denominator) for share in own.shares}
    parts = [measures(first), measures(int(second["batch_id"]))]
    for measure in ("required_filled", "code_check", "duplicate", "matched", "rejected"):
        assert shares[measure] == tuple(map(sum, zip(*(p[measure] for p in parts), strict=True)))
    # The first batch is the agency's stock: no clock ran for it.
    assert shares["timely"] == measures(int(second["batch_id"]))["timely"]
    assert own.deliveries == 2
    assert own.lag is not None
    assert (own.lag.events, own.lag.median, own.lag.p95) == (5, 12, 82)
    assert [one.place for one in found.league] == list(range(1, len(found.league) + 1))


def test_in_time_is_what_the_public_pages_call_so(deliver: Intake) -> None:
    """Of stock, and of what mends it, neither counts; of what came after, both count the same."""
    deliver("registration", [COMPANY.registration()])
    bad = COMPANY.penalty("old", CF_JDRQ="2026-09-03", CF_NR_FK="")
    stock = deliver("penalties_2018", [COMPANY.penalty("1", CF_JDRQ="2026-09-03"), bad],
                    agency="environment")  # fmt: skip
    deliver("penalties_2018", [COMPANY.penalty("old", CF_JDRQ="2026-09-03")],
            agency="environment", linked_to=stock["batch_id"])  # fmt: skip
    assert timely(deliver) is None
    assert in_public(deliver) is None
    assert [one.agency.id for one in league(deliver) if shared(one.shares, "timely")] == []
    days = {"2": "2026-11-12", "3": "2026-11-13", "4": "2026-11-20"}
    fresh = [COMPANY.penalty(number, CF_JDRQ=day) for number, day in days.items()]
    deliver("penalties_2018", fresh, agency="environment")
    assert timely(deliver) == in_public(deliver) == (2, 3)


def timely(deliver: Intake) -> tuple[int, int] | None:
    """What the quality room counts in time for the environment, as (in time, of so many)."""
    found = month_of_quality(declarations=current(), actor=CHIEF, month="", now=deliver.now)
    (own,) = [one for one in found.standings if one.resource.id == "penalties_2018"]
    return shared(own.shares, "timely")


def league(deliver: Intake) -> tuple[League, ...]:
    return month_of_quality(declarations=current(), actor=CHIEF, month="", now=deliver.now).league


def shared(shares: Sequence[Share], measure: str) -> tuple[int, int] | None:
    found = {share.measure.id: (share.numerator, share.denominator) for share in shares}
    return found.get(measure)


def in_public(deliver: Intake) -> tuple[int, int] | None:
    """The same from the page of what was published on the day."""
    found = published_on(actor=PUBLIC, on=deliver.now.date(), now=deliver.now).by_agency
    own = [one for one in found if one.agency == "environment"]
    return (own[0].published - own[0].late, own[0].published) if own else None


def test_rejected_rows_are_mended_in_time_or_not(deliver: Intake) -> None:
    """Ten working days: of the first batch one of two came back, of the second nothing is due."""
    long_ago = deliver.now - dt.timedelta(days=40)
    deliver("registration", [COMPANY.registration()], now=long_ago)
    bad = [COMPANY.penalty("1", CF_NR_FK=""), COMPANY.penalty("2", CF_NR_FK="")]
    first = deliver("penalties_2018", bad, agency="environment", now=long_ago)
    good = [COMPANY.penalty("1", CF_JDRQ="2026-09-03")]
    soon = long_ago + dt.timedelta(days=5)
    link = {"agency": "environment", "linked_to": first["batch_id"]}
    deliver("penalties_2018", good, now=soon, **link)
    late = [COMPANY.penalty("2", CF_JDRQ="2026-09-03")]
    deliver("penalties_2018", late, now=deliver.now - dt.timedelta(days=1), **link)
    deliver("penalties_2018", [COMPANY.penalty("3", CF_NR_FK="")], agency="environment")
    found = quality_over_time(
        declarations=current(), actor=CLERK, agency="environment", resource="penalties_2018",
        now=deliver.now,
    )  # fmt: skip
    assert found is not None
    mended = {
        one.month: (share.numerator, share.denominator)
        for one in found.standings
        for share in one.shares
        if share.measure.id == "mended"
    }
    assert mended == {"2026-10": (1, 2)}


def test_a_resource_is_stale_after_one_and_a_half_cycles(deliver: Intake) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2026-09-03")
    for hours, stale in ((35, False), (37, True)):
        then = deliver.now - dt.timedelta(hours=hours)
        deliver("penalties_2018", [row], agency="housing" if stale else "environment", now=then)
    found = month_of_quality(declarations=current(), actor=CHIEF, month="", now=deliver.now)
    named = [one.agency.id for one in found.stale if one.resource.id == "penalties_2018"]
    assert named == ["housing"]


def test_quality_is_seen_by_those_who_see_the_deliveries(deliver: Intake) -> None:
    faulty(deliver)
    own = month_of_quality(declarations=current(), actor=CLERK, month="", now=deliver.now)
    assert {one.agency.id for one in own.standings} == {"environment"}
    others = month_of_quality(declarations=current(), actor=HOUSING, month="", now=deliver.now)
    assert others.standings == ()
    hidden = quality_over_time(
        declarations=current(), actor=HOUSING, agency="environment", resource="penalties_2018",
        now=deliver.now,
    )  # fmt: skip
    assert hidden is None
    with pytest.raises(Refusal) as refused:
        month_of_quality(declarations=current(), actor=INSPECTOR, month="", now=deliver.now)
    assert refused.value.code == "ROOM"
