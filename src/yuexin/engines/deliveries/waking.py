"""How whoever waits for deliveries learns that one came: PostgreSQL tells him, when it commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

import psycopg
from django.db import connection
from psycopg import sql

from yuexin.engines.deliveries.models import Receipt

CHANNEL: Final = "yuexin_work"
SETTLED: Final = "yuexin_settled"
_for_receipts: Final = BoundedSemaphore(2)
PARAMETERS: Final = frozenset({"host", "port", "user", "password", "dbname"})


def wake() -> None:
    """Tell the worker, once the caller's transaction commits, that there is something to do."""
    _tell(CHANNEL)


def tell_settled() -> None:
    """Tell who waits for an outcome, once the caller's transaction commits, that one is there."""
    _tell(SETTLED)


def wait_settled(*, number: int, seconds: float) -> None:
    """Wait until a delivery has its receipt, so many seconds at most."""
    there = Receipt.objects.filter(delivery_id=number).exists
    wait_until(there, seconds=seconds, turns=_for_receipts)


def wait_until(done: Callable[[], bool], *, seconds: float, turns: BoundedSemaphore) -> None:
    """Wait until this is so, asked again at every outcome that is told, so many seconds at most.

    Each who waits holds a thread, so whoever finds no turn left does not wait.
    """
    if done() or not turns.acquire(blocking=False):
        return
    try:
        _wait(done, time.monotonic() + seconds)
    finally:
        turns.release()


def _wait(done: Callable[[], bool], until: float) -> None:
    with listening(SETTLED) as wait:
        while not done():
            left = until - time.monotonic()
            if left <= 0:
                return
            wait(left)


def _tell(channel: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])


@contextmanager
def listening(channel: str = CHANNEL) -> Iterator[Callable[[float], None]]:
    """Gives a function that waits until somebody wakes, so many seconds at most.

    What wakes between two waits ends the next one at once, so nothing is missed that came after
    the listening began.
    """
    given = connection.get_connection_params()
    parameters = {name: value for name, value in given.items() if name in PARAMETERS and value}
    with psycopg.connect(**parameters, autocommit=True) as ears:
        ears.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

        def wait(seconds: float) -> None:
            for _ in ears.notifies(timeout=seconds, stop_after=1):
                pass

        yield wait
