"""Replay deliveries beside what lives: by `search_path`, unqualified names mean the copies.

The very code that folds new deliveries folds them here, so that both take one road.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from operator import itemgetter
from typing import Final

from django.db import OperationalError, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import LockNotAvailable

from yuexin.domains.collection.fold import fold
from yuexin.domains.collection.judged import let_count
from yuexin.domains.collection.linking import AsJudged
from yuexin.domains.collection.rereading import REREAD, compare, take_over
from yuexin.domains.subjects.judgements import Act, acts
from yuexin.engines.deliveries.queries import adopted, folded, read_under, readings
from yuexin.engines.deliveries.types import Counts, ReadAgain
from yuexin.home.folder import Home

# Every derived table. Nothing else is made again.
DERIVED = (
    "subject",
    "alias",
    "subject_name",
    "record",
    "public_row",
    "taken_down",
    "verdict",
    "judged",
    "rule_set",
    "quarantined",
    "waiting",
    "led_row",
    "judged_pair",
    "joined_pair",
    "echo",
    "delivery_measure",
    "delivery_lag",
)
LIVING = "public"
REBUILT = "rebuilt"
TRIES: Final = 100
TRY_MILLISECONDS: Final = 250  # less than a deadlock takes to be seen
Progress = Callable[[str, int], None]


@contextmanager
def beside(cursor: CursorWrapper, *, schema: str, over: str = LIVING) -> Iterator[None]:
    """Empty copies of the derived tables, which unqualified names then mean, and not those of
    `over`; dropped at the end."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    cursor.execute(f"CREATE SCHEMA {schema}")
    for table in DERIVED:
        cursor.execute(f"CREATE TABLE {schema}.{table} (LIKE {LIVING}.{table} INCLUDING ALL)")
    meaning(cursor, schema)
    yield
    meaning(cursor, over)
    cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def meaning(cursor: CursorWrapper, schema: str) -> None:
    """From now on, in this transaction, unqualified names mean the tables of this schema."""
    path = LIVING if schema == LIVING else f"{schema}, {LIVING}"
    cursor.execute(f"SET LOCAL search_path = {path}")


def replay(
    *, cursor: CursorWrapper, home: Home, schema: str, progress: Progress | None = None
) -> dict[int, Counts]:
    """Fold every folded delivery again, in order, into the tables of the schema, which unqualified
    names mean. What was read again later is read again in its turn.

    Returns how each delivery counts, by its number.
    """
    counted: dict[int, Counts] = {}
    later = list(_later(cursor))
    for delivery in folded(store=home.deliveries):
        while later and later[0].after < delivery.number:
            _do(cursor, home, later.pop(0), schema)
        declarations = adopted(delivery.declarations)
        found = fold(delivery=delivery, declarations=declarations, linking=AsJudged(), home=home)
        counted[delivery.number] = found.counts
        if progress:
            progress("deliveries", len(counted))
    for event in later:
        _do(cursor, home, event, schema)
    return counted


def _later(cursor: CursorWrapper) -> list[ReadAgain | Act]:
    """What was done between deliveries, as it was done: read again, or judged.

    Acts of judging are done in the order of their numbers: whoever waited for the fold lock may
    say so with an earlier moment than whoever held it.
    """
    judged = acts(cursor=cursor)
    no_earlier = accumulate((act.at for act in judged), max)
    done: list[tuple[int, dt.datetime, ReadAgain | Act]] = [
        *((one.after, one.read_at, one) for one in readings()),
        *((act.after, at, act) for act, at in zip(judged, no_earlier, strict=True)),
    ]
    return [one for *_, one in sorted(done, key=itemgetter(0, 1))]


def _do(cursor: CursorWrapper, home: Home, event: ReadAgain | Act, schema: str) -> None:
    if isinstance(event, Act):
        let_count(cursor=cursor, act=event, declarations=adopted(event.declarations))
        return
    declarations = adopted(event.declarations)
    with reread(cursor=cursor, home=home, reading=event, over=schema):
        compare(cursor=cursor, declarations=declarations, now=event.read_at)
        take_over(cursor=cursor, declarations=declarations, after=event.after, now=event.read_at)


@contextmanager
def reread(
    *, cursor: CursorWrapper, home: Home, reading: ReadAgain, over: str = LIVING
) -> Iterator[None]:
    """During the body `reread` holds what would be known, had every delivery so far been read from
    the start as this reading says; unqualified names mean the tables of `over`."""
    under = read_under(up_to=reading)
    with beside(cursor, schema=REREAD, over=over):
        judged = [act for act in acts(cursor=cursor) if act.at <= reading.read_at]
        for delivery in folded(store=home.deliveries):
            if delivery.number > reading.after:
                continue
            while judged and judged[0].after < delivery.number:
                _do(cursor, home, judged.pop(0), REREAD)
            declarations = adopted(under.get(delivery.number, delivery.declarations))
            fold(
                delivery=delivery,
                declarations=declarations,
                linking=AsJudged(),
                home=home,
            )
        for act in judged:
            _do(cursor, home, act, REREAD)
        meaning(cursor, over)
        yield


def put_in_place(cursor: CursorWrapper, *, schema: str) -> None:
    """Let the copies take the place of what lives. The files of the old tables go on commit."""
    _keep_readers_out(cursor)
    for table in DERIVED:
        cursor.execute(f"TRUNCATE {LIVING}.{table}")
        cursor.execute(f"INSERT INTO {LIVING}.{table} SELECT * FROM {schema}.{table}")


def _keep_readers_out(cursor: CursorWrapper) -> None:
    """Have all living tables to ourselves until the end of the transaction.

    A reader of two tables may hold one and wait for the other: to let it through we let go again.
    """
    named = ", ".join(f"{LIVING}.{table}" for table in DERIVED)
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = '{TRY_MILLISECONDS}ms'")
                cursor.execute(f"LOCK TABLE {named}")
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        else:
            return
    cursor.execute(f"LOCK TABLE {named}")
