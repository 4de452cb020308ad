"""Place staged rows: what a fold does with a batch, and what is done again with rows that waited.

The work is set-based SQL over one temporary table per batch, whose columns are `STAGE`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Literal

from yuexin.base.dates import today
from yuexin.domains.collection import sql, stage_sql, waiting_sql
from yuexin.domains.subjects.linkage.parts import cores
from yuexin.domains.subjects.operations import learn_names
from yuexin.engines.declare.types import Declarations
from yuexin.engines.records.operations import close_states
from yuexin.engines.releases.operations import publish


@dataclass(kw_only=True)
class Placer:
    """Places what stands in `stage`. Rows that waited are known from `known_at` on, and were
    placed with `delivery`, the last one folded. `moved` are their kinds."""

    cursor: CursorWrapper
    declarations: Declarations
    delivery: int
    known_at: dt.datetime
    moved: set[str] = field(default_factory=set)

    @property
    def known(self) -> dict[str, Any]:
        """With which delivery, and since when, what is placed now is known."""
        on = today(self.known_at)
        return {"delivery": self.delivery, "known_at": self.known_at, "known_on": on}

    def place(self) -> None:
        """Give each staged row its place: a record, a new version, or a reason to wait."""
        self.cursor.execute("DROP TABLE IF EXISTS placed")
        self.cursor.execute(sql.LOOK_UP)
        self.cursor.execute(sql.PLACE)
        self.cursor.execute(sql.JOIN)

    def settle(self, *, taught: bool) -> None:
        """Let what was placed be known: kept, published, and learned from where it teaches."""
        self.keep()
        self.follow(taught=taught)

    def keep(self) -> None:
        """Keep what was placed: as records and what is public of them, or as rows that wait."""
        self.keep_waiting()
        self.cursor.execute(waiting_sql.KEEP_LED)
        self.cursor.execute(sql.SUPERSEDE)
        self.cursor.execute(sql.INSERT_RECORDS)
        publish(cursor=self.cursor, kinds=self.declarations.kinds.values())

    def keep_waiting(self) -> None:
        """Keep the rows that wait, each with what its name is found by."""
        self.cursor.execute(waiting_sql.NAMES_THAT_WAIT)
        self.cursor.execute(waiting_sql.KEEP_WAITING, _heard([key for (key,) in self.cursor]))

    @property
    def states(self) -> list[str]:
        """The kinds of which one fact holds at a time."""
        return [one.id for one in self.declarations.kinds.values() if one.temporal == "state"]

    def follow(self, *, taught: bool) -> None:
        """Let states end where others begin, and names and numbers say what the records say."""
        close_states(cursor=self.cursor, kinds=self.states)
        if taught:
            learn_names(cursor=self.cursor, declarations=self.declarations)

    def stage(self, released: str, said: Mapping[str, Any] | None = None) -> None:
        """Put the rows that a statement lets go into `stage`, known from now on."""
        self.cursor.execute("TRUNCATE stage")
        columns = ", ".join(stage_sql.CARRIED)
        statement = waiting_sql.STAGE_RELEASED.format(released=released, columns=columns)
        self.cursor.execute(statement, {**(said or {}), **self.known})

    def release(
        self,
        released: str,
        said: Mapping[str, Any] | None = None,
        *,
        placed: Callable[[], None] | None = None,
    ) -> bool:
        """Place the waiting rows that a statement lets go; `placed` sees each round's `placed`.

        Whether any of them taught a name or number, which other rows may wait for.
        """
        self.stage(released, said)
        kinds = self.declarations.kinds.values()
        taught = {"kinds": [kind.id for kind in kinds if kind.taught]}
        teaches = False
        # What several deliveries said of one fact is placed one after the other, as it came.
        while self.cursor.rowcount:
            self.place()
            self.settle(taught=True)
            self.cursor.execute(sql.REMEMBER_TOUCHED)
            if placed:
                placed()
            self.cursor.execute(sql.MOVED)
            self.moved.update(kind for (kind,) in self.cursor.fetchall())
            self.cursor.execute(sql.TEACHES, taught)
            teaches = teaches or self.cursor.rowcount > 0
            self.cursor.execute(sql.KEEP_LATER)
            self.cursor.execute("SELECT FROM stage LIMIT 1")
        return teaches

    def release_known(self) -> None:
        """Place the rows that waited for what `touched` subjects are known by since."""
        # A released row may teach the name or number that another one waits for.
        while self.release(waiting_sql.RELEASE_KNOWN):
            pass


def _heard(keys: list[str]) -> dict[str, list[str]]:
    """What these names are found by."""
    found = cores(pl.Series("key", keys, dtype=pl.String))
    return {"keys": keys, "cores": found["core"].to_list(), "sounds": found["sound"].to_list()}


@contextmanager
def tables(shared: Mapping[str, Any]) -> Iterator[CursorWrapper]:
    """The temporary tables of placing, dropped with the transaction; `shared` is what all rows
    that are copied into them have in common."""
    literals = {name: Literal(shared.get(name)) for name in stage_sql.SHARED}
    with connection.cursor() as cursor:
        cursor.execute(SQL(stage_sql.CREATE_TEMPORARY).format(**literals))
        yield cursor
        cursor.execute("DROP TABLE IF EXISTS stage, placed, touched, regrouped")
