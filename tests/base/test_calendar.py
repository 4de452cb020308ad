"""The working-day calendar, by the results tested for domain rules 0.3 and 0.4."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.dates import Calendar, CalendarDay, Deadline, PeriodUnit, period_end

CALENDAR = Calendar()
KNOWN = st.dates(dt.date(2005, 1, 1), dt.date(2026, 6, 30))
ANY = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31))


def on(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


def holiday(year: int, month: int, day: int) -> CalendarDay:
    return CalendarDay(dt.date(year, month, day), False, "测试", "国办发明电")


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-02-10", 7, "2026-02-26"),
        ("2016-06-24", 7, "2016-07-05"),
        ("2026-09-25", 7, "2026-10-12"),
        ("2025-09-25", 7, "2025-10-11"),
        ("2026-04-28", 20, "2026-05-28"),
        ("2026-01-30", 10, "2026-02-13"),
        ("2026-01-31", 0, "2026-01-31"),
    ],
)
def test_working_days_are_counted_with_make_up_days(start: str, n: int, end: str) -> None:
    deadline = CALENDAR.add_workdays(dt.date.fromisoformat(start), n)
    assert deadline == Deadline(dt.date.fromisoformat(end), provisional=False)


@pytest.mark.parametrize("day", [on(1, 4), on(2, 14), on(2, 28), on(5, 9), on(9, 20), on(10, 10)])
def test_make_up_days_of_2026_are_worked(day: dt.date) -> None:
    assert day.weekday() >= 5
    assert CALENDAR.is_workday(day)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (on(1, 1), on(1, 3)),
        (on(2, 15), on(2, 23)),
        (on(4, 4), on(4, 6)),
        (on(5, 1), on(5, 5)),
        (on(6, 19), on(6, 21)),
        (on(9, 25), on(9, 27)),
        (on(10, 1), on(10, 7)),
    ],
)
def test_holidays_of_2026_are_not_worked(first: dt.date, last: dt.date) -> None:
    assert CALENDAR.workdays_between(first - dt.timedelta(days=1), last) == 0


def test_a_period_that_ends_on_a_rest_day_ends_on_the_next_working_day() -> None:
    assert CALENDAR.roll(on(2, 15)) == Deadline(on(2, 24), provisional=False)
    assert CALENDAR.roll(on(2, 14)) == Deadline(on(2, 14), provisional=False)


def test_a_deadline_in_a_year_without_a_notice_is_provisional() -> None:
    assert CALENDAR.add_workdays(on(12, 31), 1) == Deadline(dt.date(2027, 1, 1), provisional=True)
    assert CALENDAR.add_workdays(on(12, 30), 1).provisional is False
    assert CALENDAR.roll(dt.date(2027, 1, 2)) == Deadline(dt.date(2027, 1, 4), provisional=True)


def test_an_override_wins_over_the_package() -> None:
    typhoon = Calendar([CalendarDay(on(9, 24), False, "台风停工", "应急响应")])
    assert not typhoon.is_workday(on(9, 24))
    assert CALENDAR.is_workday(on(9, 24))


def test_a_year_is_announced_by_its_notice_but_not_by_one_closed_day() -> None:
    closed = Calendar([holiday(2027, 8, 2)])
    assert closed.add_workdays(dt.date(2027, 7, 30), 1) == Deadline(dt.date(2027, 8, 3), True)
    announced = Calendar([holiday(2027, 1, 1), holiday(2027, 10, 1)])
    assert announced.add_workdays(on(12, 31), 1) == Deadline(dt.date(2027, 1, 4), False)


def test_two_notices_that_contradict_each_other_are_refused() -> None:
    day = holiday(2027, 1, 1)
    assert Calendar([day, day]).is_workday(day.date) is False
    with pytest.raises(ValueError, match="contradict"):
        Calendar([day, day._replace(is_workday=True)])


def test_a_negative_period_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.add_workdays(on(1, 5), -1)


@given(KNOWN, st.integers(0, 60))
def test_adding_and_counting_working_days_agree(start: dt.date, n: int) -> None:
    end = CALENDAR.add_workdays(start, n).date
    assert CALENDAR.workdays_between(start, end) == n
    assert n == 0 or CALENDAR.is_workday(end)


@given(KNOWN, st.integers(0, 20), st.integers(0, 20))
def test_periods_add_up(start: dt.date, a: int, b: int) -> None:
    middle = CALENDAR.add_workdays(start, a).date
    assert CALENDAR.add_workdays(middle, b) == CALENDAR.add_workdays(start, a + b)


@given(ANY, st.integers(-400, 400))
def test_counting_back_is_counting_with_a_minus(a: dt.date, days: int) -> None:
    b = a + dt.timedelta(days=days)
    assert CALENDAR.workdays_between(a, b) == -CALENDAR.workdays_between(b, a)


@given(ANY)
def test_rolling_twice_changes_nothing(date: dt.date) -> None:
    end = CALENDAR.roll(date).date
    assert end >= date
    assert CALENDAR.roll(end).date == end


@pytest.mark.parametrize(
    ("unit", "amount", "start", "end"),
    [
        ("workdays", 7, on(2, 10), on(2, 26)),
        ("days", 60, on(8, 4), on(10, 8)),
        ("days", 60, on(8, 10), on(10, 9)),
        ("months", 6, on(4, 1), on(10, 8)),
        ("months", 1, on(1, 31), on(2, 28)),
        ("years", 1, dt.date(2025, 2, 15), on(2, 24)),
    ],
)
def test_a_period_ends_on_a_working_day(
    unit: PeriodUnit, amount: int, start: dt.date, end: dt.date
) -> None:
    found = period_end(unit=unit, amount=amount, on=start, calendar=CALENDAR)
    assert found == Deadline(end, provisional=False)
