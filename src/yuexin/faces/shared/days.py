"""Which past day a reader may ask for: one rule for pages, interfaces and commands."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.dates import parse_date, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text

FIRST_DAY: Final = dt.date(1900, 1, 1)


def past_day(text: str, *, now: dt.datetime) -> dt.date | None:
    """The day asked for, none where nothing was. Raises `Refusal` outside 1900 to today."""
    given = text.strip()
    last = today(now)
    if not given:
        return None
    try:
        day = parse_date(given)
    except ValueError:
        day = dt.date.max
    if FIRST_DAY <= day <= last:
        return day
    raise Refusal(
        code="not_a_day",
        what=Text(
            f"查看日期应写作“2024-03-05”，并在{FIRST_DAY}至{last}（今天）之间",
            f"The day to look at is written like 2024-03-05, from {FIRST_DAY} to {last} (today)",
        ),
        remedy=Text("请改正日期，或去掉日期看今天的档案", "Correct the day, or leave it out"),
    )
