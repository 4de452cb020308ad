"""How whoever waits for deliveries learns that one came: PostgreSQL tells him, when it commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from django.db import connection

CHANNEL: Final = "yuexin_work"
PARAMETERS: Final = frozenset({"host", "port", "user", "password", "dbname"})


def wake() -> None:
    """Tell the worker, once the caller's transaction commits, that there is something to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@contextmanager
def listening() -> Iterator[Callable[[float], None]]:
    """Gives a function that waits until somebody wakes, so many seconds at most.

    What wakes between two waits ends the next one at once, so nothing is missed that came after
    the listening began.
    """
    given = connection.get_connection_params()
    parameters = {name: value for name, value in given.items() if name in PARAMETERS and value}
    with psycopg.connect(**parameters, autocommit=True) as ears:
        ears.execute(f"LISTEN {CHANNEL}")

        def wait(seconds: float) -> None:
            for _ in ears.notifies(timeout=seconds, stop_after=1):
                pass

        yield wait
