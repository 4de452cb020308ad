"""Civil dates in Asia/Shanghai, and the working-day calendar on which every clock runs."""

from __future__ import annotations

import calendar as months
import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from chinese_calendar import holidays as _holidays
from chinese_calendar import workdays as _makeup_days

from yuexin.base.text import Text

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

PeriodUnit = Literal["workdays", "days", "months", "years"]

Clock = Callable[[], dt.datetime]
"""What is asked for the moment as often as a long piece of work needs to know it."""

OPEN_ENDS: Final = frozenset({dt.date(2099, 12, 31), dt.date(9999, 9, 9), dt.date(9999, 12, 31)})
"""Dates that legacy systems write where they mean 长期, without an end."""

_FIRST_YEAR: Final[int] = min(_holidays).year
_LAST_YEAR: Final[int] = max(_holidays).year
_ONE_DAY: Final = dt.timedelta(days=1)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
# The year comes first, in four digits: what else begins a date can be read in two ways.
_WRITTEN: Final = re.compile(
    r"([0-9]{4})"
    r"(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:[T ](?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_HALF_WIDTH: Final = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}


def today(now: dt.datetime) -> dt.date:
    """The civil date of a moment in Asia/Shanghai. Raises `ValueError` for a naive moment."""
    if now.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return now.astimezone(SHANGHAI).date()


def last_moment(date: dt.date) -> dt.datetime:
    """The last microsecond of a civil date in Asia/Shanghai."""
    return dt.datetime.combine(date, dt.time.max, SHANGHAI)


def day_text(date: dt.date) -> Text:
    """A civil date as running text has it."""
    return Text(
        f"{date.year}年{date.month}月{date.day}日",
        f"{date.day} {_MONTHS[date.month - 1]} {date.year}",
    )


def parse_date(text: str) -> dt.date:
    """The date that `read_date` reads.

    Raises `ValueError` where it reads none, and outside the years 1900 to 2999, `OPEN_ENDS`
    excepted.
    """
    if date := read_date(text):
        return _in_range(date)
    raise ValueError(f"not a date: {text!r}")


def read_date(text: str) -> dt.date | None:
    """The civil date in Asia/Shanghai that a text names beyond doubt, or nothing.

    YYYY-M-D, YYYY/M/D, YYYY.M.D, YYYYMMDD or YYYY年M月D日, in digits of either width, with or
    without a time of day. A time with a zone may fall on another day here.
    """
    if not (match := _WRITTEN.fullmatch(text.translate(_HALF_WIDTH).strip())):
        return None
    year, month, day = (int(group) for group in match.group(1, 3, 4, 5, 6, 7, 8) if group)
    try:
        date = dt.date(year, month, day)
        return _here(date, match) if match["zone"] else date
    except (ValueError, OverflowError):
        return None


def _here(date: dt.date, written: re.Match[str]) -> dt.date:
    time = dt.time.fromisoformat(f"{written['hour']:0>2}:{written['minute']}{written['zone']}")
    return dt.datetime.combine(date, time).astimezone(SHANGHAI).date()


def _in_range(date: dt.date) -> dt.date:
    if 1900 <= date.year <= 2999 or is_open_end(date):
        return date
    raise ValueError(f"a date outside the years 1900 to 2999: {date}")


def is_open_end(date: dt.date) -> bool:
    """Whether a legacy system means "long-term" by this date."""
    return date in OPEN_ENDS


def add_months(date: dt.date, n: int) -> dt.date:
    """The same day of the month n months later, or that month's last day where it has no such day.

    NDRC Order 36: publicity periods run from the decision date to the same day of the month.
    """
    year, month = divmod(date.year * 12 + date.month - 1 + n, 12)
    last_day = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(date.day, last_day))


class CalendarDay(NamedTuple):
    """A day on which the State Council's notice, or a local one, departs from the weekly rhythm."""

    date: dt.date
    is_workday: bool
    name: str
    source: str


class Deadline(NamedTuple):
    """A date found by counting. Provisional: it crosses a year whose notice is not known yet."""

    date: dt.date
    provisional: bool


class Calendar:
    """Working days: our own overrides, else the package `chinese_calendar`, else Monday to Friday.

    A year that the package lacks counts as announced once its overrides reach 1 October, which
    every yearly notice does; a single closed day (a typhoon) does not announce a year.
    """

    def __init__(self, overrides: Iterable[CalendarDay] = ()) -> None:
        self._overrides: dict[dt.date, CalendarDay] = {}
        for day in overrides:
            self._add(day)
        self._announced = frozenset(
            date.year for date in self._overrides if (date.month, date.day) == (10, 1)
        )

    def _add(self, day: CalendarDay) -> None:
        known = self._overrides.setdefault(day.date, day)
        if known.is_workday != day.is_workday:
            raise ValueError(f"{day.date}: {known.source} and {day.source} contradict each other")

    def is_workday(self, date: dt.date) -> bool:
        """Whether the day is worked, make-up days included."""
        if day := self._overrides.get(date):
            return day.is_workday
        return date in _makeup_days or (date.weekday() < 5 and date not in _holidays)

    def is_provisional(self, date: dt.date) -> bool:
        """Whether the answer for this day may still change with a notice that is not known."""
        return not (
            date in self._overrides
            or _FIRST_YEAR <= date.year <= _LAST_YEAR
            or date.year in self._announced
        )

    def add_workdays(self, start: dt.date, n: int) -> Deadline:
        """The n-th working day after `start`; the day of the event is not counted."""
        if n < 0:
            raise ValueError(f"a period of {n} working days")
        date, provisional = start, False
        for _ in range(n):
            date, unsure = self._next_workday(date)
            provisional = provisional or unsure
        return Deadline(date, provisional)

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        """The working days after `a` up to and including `b`; negative where `b` comes first."""
        if b < a:
            return -self.workdays_between(b, a)
        days = (a + dt.timedelta(days=n) for n in range(1, (b - a).days + 1))
        return sum(map(self.is_workday, days))

    def roll(self, date: dt.date) -> Deadline:
        """The day itself if it is worked, else the next working day.

        Civil Code Art. 203: a period whose last day is a rest day ends on the next working day.
        """
        return self._next_workday(date - _ONE_DAY)

    def _next_workday(self, date: dt.date) -> Deadline:
        provisional = False
        while True:
            date += _ONE_DAY
            provisional = provisional or self.is_provisional(date)
            if self.is_workday(date):
                return Deadline(date, provisional)


def period_end(*, unit: PeriodUnit, amount: int, on: dt.date, calendar: Calendar) -> Deadline:
    """The last day of a period that an event of this day begins.

    Civil Code Art. 200 to 203: the day of the event is not counted, a last day of rest moves.
    """
    match unit:
        case "workdays":
            return calendar.add_workdays(on, amount)
        case "days":
            return calendar.roll(on + dt.timedelta(days=amount))
        case "months":
            return calendar.roll(add_months(on, amount))
        case "years":
            return calendar.roll(add_months(on, 12 * amount))
