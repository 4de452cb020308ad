"""When a message may go out, and when it is tried again. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.dates import SHANGHAI

QUIET_FROM: Final = dt.time(21)
QUIET_TO: Final = dt.time(8)
DISTANCES: Final = tuple(
    dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)
)
"""After the first failed try, after the second, and so on; after the last there is none."""


def may_go_at(now: dt.datetime, *, urgent: bool) -> dt.datetime:
    """The first moment from `now` on at which a message may go out: what is not urgent waits for
    the morning in Guangdong."""
    local = now.astimezone(SHANGHAI)
    if urgent or QUIET_TO <= local.time() < QUIET_FROM:
        return now
    day = local.date() + dt.timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return dt.datetime.combine(day, QUIET_TO, SHANGHAI).astimezone(dt.UTC)


def next_try(now: dt.datetime, *, tries: int, urgent: bool) -> dt.datetime | None:
    """When to try again after so many tries in vain, or never."""
    if not 1 <= tries <= len(DISTANCES):
        return None
    return may_go_at(now + DISTANCES[tries - 1], urgent=urgent)
