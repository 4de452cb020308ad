"""Days on which yearly periods end, in conditions: by the working days of the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.engines.rules.made import KINDS, day, records, rule

from yuexin.base.dates import Calendar, CalendarDay
from yuexin.base.errors import Refusal
from yuexin.engines.rules import session
from yuexin.engines.rules.duedays import due_on
from yuexin.engines.rules.queries import SubjectProgram

FESTIVAL = CalendarDay(date=day("2033-06-30"), is_workday=False, name="x", source="x")
MAKE_UP = CalendarDay(date=day("2030-06-30"), is_workday=True, name="y", source="y")
CALENDARS = (Calendar(), Calendar([FESTIVAL, MAKE_UP]))
DUE = "count(penalty) FILTER (WHERE due_on(penalty.points + 1, 6, 30) < on_date) >= 1"


def value_of(year: str, month: int, date: int, calendar: Calendar) -> object:
    sql = f"SELECT {due_on(calendar=calendar, year=year, month=month, day=date)} AS d"
    return session.run(sql, frames={}, parameters={})["d"].item()


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize(("month", "date"), [(6, 30), (1, 1), (10, 1), (2, 28)])
def test_a_period_ends_where_the_calendar_ends_it(
    calendar: Calendar, month: int, date: int
) -> None:
    for year in range(2004, 2060):
        assert value_of(str(year), month, date, calendar) == (
            calendar.roll(dt.date(year, month, date)).date
        )


@pytest.mark.parametrize("year", ["NULL", "0", "-5", "99999999999", "1e300"])
def test_what_is_no_year_ends_on_no_day(year: str) -> None:
    assert value_of(year, 6, 30, Calendar()) is None


def test_the_day_after_is_foreseen() -> None:
    program = SubjectProgram([rule(yes=DUE)], KINDS, calendar=CALENDARS[1])
    told = {"penalty": records({"points": 2032})}
    spans = program.timeline(["a"], told, day("2026-01-01"))
    assert spans["value"].to_list() == ["none", "yes"]
    assert spans["valid_from"].to_list() == [day("2026-01-01"), day("2033-07-02")]
    for on, value in (("2033-07-01", "none"), ("2033-07-02", "yes")):
        assert program.evaluate(["a"], told, day(on))["value"].item() == value


def test_an_unknown_year_is_unknown() -> None:
    program = SubjectProgram([rule(yes=DUE)], KINDS)
    found = program.evaluate(["a"], {"penalty": records({"points": None})}, day("2026-01-01"))
    assert found["value"].item() is None


@pytest.mark.parametrize(
    "when",
    [
        "count(penalty) FILTER (WHERE due_on(penalty.points, 2, 29) < on_date) >= 1",
        "count(penalty) FILTER (WHERE due_on(penalty.points, 13, 1) < on_date) >= 1",
        "count(penalty) FILTER (WHERE due_on(penalty.points, 6) < on_date) >= 1",
        "count(penalty) FILTER (WHERE due_on(penalty.points, penalty.points, 1) < on_date) >= 1",
        "count(penalty) FILTER (WHERE due_on(penalty.word, 6, 30) < on_date) >= 1",
        "count(penalty) FILTER (WHERE due_on(year(on_date), 6, 30) < on_date) >= 1",
        "count(penalty) FILTER (WHERE year(on_date) = 2026) >= 1",
        "count(penalty) FILTER (WHERE year(penalty.points) = 2026) >= 1",
    ],
)
def test_what_no_calendar_answers_is_refused(when: str) -> None:
    with pytest.raises(Refusal):
        SubjectProgram([rule(yes=when)], KINDS)


def test_a_year_of_a_date_is_a_number() -> None:
    program = SubjectProgram(
        [rule(yes="count(penalty) FILTER (WHERE year(penalty.decided) = penalty.points) >= 1")],
        KINDS,
    )
    told = {"penalty": records({"decided": day("2024-12-31"), "points": 2024})}
    assert program.evaluate(["a"], told, day("2026-01-01"))["value"].item() == "yes"
