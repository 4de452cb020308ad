"""The day on which time changes a comparison, month ends included."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuexin.base.dates import add_months
from yuexin.engines.rules import session
from yuexin.engines.rules.clock import Step, first_day, moved

STEPS = st.lists(
    st.builds(
        lambda sign, pair: Step(sign=sign, amount=pair[1], unit=pair[0]),
        st.sampled_from("+-"),
        st.tuples(st.just("DAY"), st.integers(0, 400))
        | st.tuples(st.just("MONTH"), st.integers(0, 40))
        | st.tuples(st.just("YEAR"), st.integers(0, 6)),
    ),
    min_size=1,
    max_size=3,
)
DAYS = st.lists(st.dates(dt.date(2018, 1, 1), dt.date(2026, 12, 31)), min_size=1, max_size=30)
MONTH_ENDS = [
    day
    for day in (dt.date(2023, 1, 27) + dt.timedelta(n) for n in range(430))
    if day.day > 26 or day.day < 3
]


def walked(day: dt.date, steps: Sequence[Step]) -> dt.date:
    for step in steps:
        amount = step.amount if step.sign == "+" else -step.amount
        if step.unit == "DAY":
            day += dt.timedelta(days=amount)
        else:
            day = add_months(day, amount * (12 if step.unit == "YEAR" else 1))
    return day


def first_by_trial(target: dt.date, steps: Sequence[Step]) -> dt.date:
    around = range(target.toordinal() - 15_000, target.toordinal() + 15_000)
    found = bisect_left(around, target, key=lambda n: walked(dt.date.fromordinal(n), steps))
    return dt.date.fromordinal(around[found])


def answers(days: Sequence[dt.date], sql: str) -> list[dt.date]:
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date()})
    found = session.run(f"SELECT {sql} AS day FROM t", frames={"t": frame}, parameters={})
    return found["day"].to_list()


@settings(max_examples=60)
@given(DAYS, STEPS)
def test_the_first_day_is_the_first(days: list[dt.date], steps: list[Step]) -> None:
    assert answers(days, first_day("day", steps)) == [first_by_trial(day, steps) for day in days]


@pytest.mark.parametrize("sign", ["+", "-"])
@pytest.mark.parametrize("months", [1, 2, 6, 11, 12, 24])
def test_month_ends_are_clipped_like_everywhere(sign: str, months: int) -> None:
    step = Step(sign="+" if sign == "+" else "-", amount=months, unit="MONTH")
    assert answers(MONTH_ENDS, moved("day", step)) == [walked(day, [step]) for day in MONTH_ENDS]
    trials = [first_by_trial(day, [step]) for day in MONTH_ENDS]
    assert answers(MONTH_ENDS, first_day("day", [step])) == trials
