"""What is counted over everything, kept in memory until something new was folded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar, cast

from django.db import connection

T = TypeVar("T")
SECONDS: Final = 60
"""How long a count may stand that a withdrawal of another kind, an erasure for one, has changed."""

MOST: Final = 64
_kept: dict[tuple[Hashable, ...], Any] = {}


def kept(*, key: tuple[Hashable, ...], now: dt.datetime, count: Callable[[], T]) -> T:
    """What `count` gives, or gave since the last receipt was written and within a minute.

    `key` names what is counted, with everything it depends on besides the deliveries.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(loaded_at) FROM receipt")
        state = cursor.fetchone()
    whole = (*key, *state, int(now.timestamp()) // SECONDS)
    if whole not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[whole] = count()
    return cast(T, _kept[whole])
