"""Civil dates as they are written and counted."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.dates import add_months, is_open_end, parse_date, read_date, today

DATES = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31))


def test_the_day_begins_at_midnight_in_shanghai() -> None:
    assert today(dt.datetime(2016, 6, 23, 15, 59, tzinfo=dt.UTC)) == dt.date(2016, 6, 23)
    assert today(dt.datetime(2016, 6, 23, 16, 0, tzinfo=dt.UTC)) == dt.date(2016, 6, 24)


def test_a_moment_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today(dt.datetime(2016, 6, 24))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["2016-06-24", "2016-6-24", "2016/6/24", "2016.06.24", "2016.6.24", "20160624",
     " 2016年6月24日 ", "２０１６-０６-２４", "２０１６－０６－２４", "２０１６年６月２４日",
     "2016/06/24 03:04:05", "2016/6/24 3:04", "2016-06-24 00:00:00", "2016-06-24T03:04:05",
     "2016-06-24T03:04:05.123", "2016-06-24T03:04:05+08:00", "2016-06-24T23:59:59+0800",
     "2016-06-23T16:00:00Z", "2016-06-24T15:59:59Z", "2016-06-24 03:04+00:00",
     "2016-06-23T23:00:00-05:00"],
)  # fmt: skip
def test_a_date_is_read_in_every_form_that_leaves_no_doubt(text: str) -> None:
    assert read_date(text) == dt.date(2016, 6, 24)


@pytest.mark.parametrize(
    "text",
    ["24/06/2016", "06/24/2016", "24.6.2016", "16-06-24", "16/6/24", "2016-06/24", "2016-02-30",
     "2016-13-01", "2016-06", "201606", "39874", "长期", "", "2016-06-24T", "2016-06-24T25:00:00",
     "2016-06-24 24:00:00", "2016-06-24T03:04:05+99:00", "2016-06-24 上午", "+2016-06-24",
     "2016- 6-24", "2016-06-24Z", "9999-12-31T23:00:00Z", "٢٠١٦-٠٦-٢٤"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_no_date(text: str) -> None:
    assert read_date(text) is None
    with pytest.raises(ValueError, match="not a date"):
        parse_date(text)


@pytest.mark.parametrize("text", ["1899-12-31", "3000-01-01", "9999-01-01"])
def test_a_year_no_file_lives_in_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="years"):
        parse_date(text)


@pytest.mark.parametrize("text", ["9999-09-09", "9999-12-31", "2099/12/31"])
def test_a_legacy_date_without_end_is_read_and_told(text: str) -> None:
    assert is_open_end(parse_date(text))
    assert not is_open_end(dt.date(2099, 12, 30))


@given(DATES)
def test_a_date_is_read_back_in_every_form(date: dt.date) -> None:
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y-%m-%dT%H:%M:%S")
    assert {parse_date(date.strftime(form)) for form in forms} == {date}


@pytest.mark.parametrize(
    ("date", "n", "result"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2023, 11, 30), 3, dt.date(2024, 2, 29)),
        (dt.date(2026, 4, 1), 36, dt.date(2029, 4, 1)),
        (dt.date(2026, 3, 31), -1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 15), 0, dt.date(2026, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(date: dt.date, n: int, result: dt.date) -> None:
    assert add_months(date, n) == result


@given(DATES, st.integers(0, 600))
def test_months_land_in_the_right_month(date: dt.date, n: int) -> None:
    later = add_months(date, n)
    assert (later.year * 12 + later.month) - (date.year * 12 + date.month) == n
    assert later.day <= date.day
