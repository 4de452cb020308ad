"""Give each staged row its place: a record, a new version, or a reason to wait.

The work is set-based SQL over one temporary table per batch, whose columns are `STAGE`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Composed, Literal

from yuexin.base.dates import today
from yuexin.domains.collection import sql
from yuexin.domains.collection.kept import masked
from yuexin.domains.collection.reading.batches import ROW
from yuexin.domains.collection.staging import Staging
from yuexin.domains.subjects.judging import judge
from yuexin.domains.subjects.operations import doubt, establish, learn_names
from yuexin.engines.deliveries.queries import repeats
from yuexin.engines.records.operations import close_states
from yuexin.engines.releases.operations import publish

NUL_AS_JSON: Final = "\\u0000"


@dataclass(kw_only=True)
class Placed:
    """How many rows ended where, why rows wait, and the days of the events that are new."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    events: dict[dt.date, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Placing:
    """The placing of one delivery, batch by batch, within its transaction.

    `moved` are the kinds of rows that waited for it, and were placed with it.
    """

    staging: Staging
    cursor: CursorWrapper
    placed: Placed = field(default_factory=Placed)
    moved: set[str] = field(default_factory=set)

    def batch(self, staged: pl.DataFrame) -> None:
        """Place one batch of staged rows."""
        self.cursor.execute("TRUNCATE stage")
        self._copy("stage", list(sql.COPIED), staged.select(sql.COPIED))
        self._place(counted=True)

    def quarantine(
        self,
        *,
        raw: pl.DataFrame,
        misshapen: pl.DataFrame,
        findings: pl.DataFrame,
        severity: Callable[[str, str], str],
    ) -> None:
        """Keep rejected rows as delivered with their findings; no row is dropped."""
        grouped: dict[int, list[dict[str, Any]]] = {}
        for row, column, rule, value in findings.iter_rows():
            said = {"column": column, "rule": rule, "value": self._masked(column, value)}
            grouped.setdefault(row, []).append({**said, "severity": severity(column, rule)})
        kept = [
            (row, {name: self._masked(name, text) for name, text in values.items() if text})
            for row, values in _by_row(raw)
        ]
        kept += [
            (row, {"": self._masked("", text)})
            for row, text in misshapen.select(ROW, "raw").iter_rows()
        ]
        frame = pl.DataFrame(
            [
                (self.staging.delivery.number, row, _json(values), _json(grouped.get(row, [])))
                for row, values in kept
            ],
            schema={"delivery": pl.Int64, "row": pl.Int64, "raw": pl.String, "findings": pl.String},
            orient="row",
        )
        if not frame.is_empty():
            self._copy("quarantined", frame.columns, frame)

    def finish(self, progress: Callable[[str, int], None] | None) -> Placed:
        """Release rows that waited for this delivery, then judge every subject it touched."""
        if self.staging.resource.establishes or self.staging.kind.taught:
            self._release_waiting()
        judge(
            cursor=self.cursor,
            declarations=self.staging.declarations,
            now=self.staging.delivery.received_at,
            kinds={self.staging.kind.id, *self.moved},
            progress=progress,
        )
        return self.placed

    def _release_waiting(self) -> None:
        """Rows that named a subject nobody had registered are placed as if they came now."""
        self.cursor.execute("TRUNCATE stage")
        delivery = self.staging.delivery
        released: dict[str, Any] = {
            "delivery": delivery.number,
            "known_at": delivery.received_at,
            "known_on": today(delivery.received_at),
        }
        statement = sql.STAGE_RELEASED.format(columns=", ".join(sql.CARRIED))
        kinds = self.staging.declarations.kinds.values()
        taught = {"kinds": [kind.id for kind in kinds if kind.taught]}
        again = True
        # A released row may teach the name or number that another one waits for.
        while again:
            again = False
            self.cursor.execute(statement, released)
            # What several deliveries said of one fact is placed one after the other, as it came.
            while self.cursor.rowcount:
                self._place(counted=False)
                self.cursor.execute(sql.MOVED)
                self.moved.update(kind for (kind,) in self.cursor.fetchall())
                self.cursor.execute(sql.TEACHES, taught)
                again = again or self.cursor.rowcount > 0
                self.cursor.execute(sql.KEEP_LATER)
                self.cursor.execute("SELECT FROM stage LIMIT 1")

    def _place(self, *, counted: bool) -> None:
        resource, delivery = self.staging.resource, self.staging.delivery
        names = self.staging.kind.names
        if names and resource.establishes and counted and delivery.submission.intent == "report":
            establish(cursor=self.cursor, authority=resource.authority, names=names)
        self.cursor.execute("DROP TABLE IF EXISTS placed")
        self.cursor.execute(sql.LOOK_UP)
        self.cursor.execute(sql.PLACE)
        self.cursor.execute(sql.JOIN)
        if delivery.submission.intent == "withdraw" and counted:
            self.cursor.execute(sql.WITHDRAW_WAITING)
        self.cursor.execute(sql.KEEP_WAITING)
        self.cursor.execute(sql.SUPERSEDE)
        self.cursor.execute(sql.INSERT_RECORDS)
        publish(cursor=self.cursor)
        close_states(cursor=self.cursor, kinds=self._states())
        if self.staging.kind.taught or not counted:
            learn_names(cursor=self.cursor, declarations=self.staging.declarations)
        if resource.establishes and counted:
            doubt(cursor=self.cursor)
        self.cursor.execute(sql.REMEMBER_TOUCHED)
        if counted:
            self._count()

    def _count(self) -> None:
        self.cursor.execute("SELECT action, count(*) FROM placed GROUP BY action")
        counts: dict[str, int] = dict(self.cursor.fetchall())
        self.placed.new += counts.get("new", 0)
        self.placed.changed += counts.get("changed", 0) + counts.get("withdrawn", 0)
        self.placed.unchanged += counts.get("unchanged", 0)
        self.placed.waiting += counts.get("waiting", 0)
        self.cursor.execute(sql.WHY_WAITING)
        _add(self.placed.reasons, self.cursor.fetchall())
        if self.staging.kind.temporal == "event":
            self.cursor.execute(sql.NEW_EVENTS)
            _add(self.placed.events, self.cursor.fetchall())

    def _masked(self, header: str, text: str | None) -> str | None:
        return None if text is None else masked(self.staging.resource, header, text)

    def _states(self) -> list[str]:
        kinds = self.staging.declarations.kinds.values()
        return [kind.id for kind in kinds if kind.temporal == "state"]

    def _copy(self, table: str, columns: list[str], frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_csv(buffer, include_header=False, null_value="\\N", quote_style="non_numeric")
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')"
        with self.cursor.copy(statement) as copy:
            copy.write(buffer.getbuffer())


@contextmanager
def placing(staging: Staging) -> Iterator[Placing]:
    """The temporary tables of one fold, dropped with its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_tables(staging))
        yield Placing(staging=staging, cursor=cursor)
        cursor.execute("DROP TABLE IF EXISTS stage, placed, touched")


def _add(counts: dict[Any, int], more: list[tuple[Any, int]]) -> None:
    for key, count in more:
        counts[key] = counts.get(key, 0) + count


def _tables(staging: Staging) -> Composed:
    """The temporary tables, with what the rows of this delivery share as defaults."""
    delivery = staging.delivery
    shared = {
        "delivery": delivery.number,
        "agency": delivery.submission.agency,
        "lineage": staging.lineage,
        "resource": delivery.submission.resource,
        "kind": staging.kind.id,
        "adverse": staging.kind.adverse,
        "state": staging.kind.temporal == "state",
        "register": staging.resource.establishes,
        "repeated": repeats(delivery) is not None,
        "withdraws": delivery.submission.intent == "withdraw",
        "corrects": delivery.submission.linked_to,
        "known_at": delivery.received_at,
    }
    literals = {name: Literal(value) for name, value in shared.items()}
    return SQL(sql.CREATE_TEMPORARY).format(**literals)


def _by_row(raw: pl.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    for values in raw.iter_rows(named=True):
        row = values.pop(ROW)
        yield row, values


def _json(value: Any) -> str:
    """As JSON that the database takes: it knows no NUL."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(_without_nul(value), ensure_ascii=False) if NUL_AS_JSON in text else text


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return [_without_nul(one) for one in value] if isinstance(value, list) else value
