"""The placing of one delivery: its batches, then what waited for it, and whom it is about."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.domains.collection import recount, sql, stage_sql, waiting_sql
from yuexin.domains.collection.kept import masked
from yuexin.domains.collection.linking import Linking
from yuexin.domains.collection.placer import Placer, tables
from yuexin.domains.collection.reading.batches import ROW
from yuexin.domains.collection.recount import Placed
from yuexin.domains.collection.staging import Staging
from yuexin.domains.subjects import joining
from yuexin.domains.subjects.judgements import hold
from yuexin.domains.subjects.judging import judge
from yuexin.domains.subjects.operations import doubt, establish
from yuexin.engines.deliveries.queries import repeats

NUL_AS_JSON: Final = "\\u0000"


@dataclass(kw_only=True)
class Placing:
    """The placing of one delivery, batch by batch, within its transaction."""

    staging: Staging
    linking: Linking
    placer: Placer
    placed: Placed = field(default_factory=Placed)

    @property
    def cursor(self) -> CursorWrapper:
        return self.placer.cursor

    def batch(self, staged: pl.DataFrame) -> None:
        """Place one batch of staged rows."""
        copy_staged(self.cursor, staged)
        self._place()

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
            _copy(self.cursor, "quarantined", frame.columns, frame)

    def finish(self, progress: Callable[[str, int], None] | None) -> Placed:
        """Release rows that waited for this delivery, link what still waits of it or may be
        about whom it tells of first, then judge every subject it touched."""
        if self._teaches:
            self.placer.release_known()
        self._link()
        joining.settle(cursor=self.cursor, states=self.placer.states)
        judge(
            cursor=self.cursor,
            declarations=self.staging.declarations,
            now=self.staging.delivery.received_at,
            kinds={self.staging.kind.id, *self.placer.moved},
            progress=progress,
        )
        return self.placed

    @property
    def _teaches(self) -> bool:
        """Whether the delivery tells names or numbers that others may wait for."""
        return self.staging.resource.establishes or bool(self.staging.kind.taught)

    def _link(self) -> None:
        """Let through what is judged, with this delivery, to be about a subject."""
        linked = self.linking.judged(
            cursor=self.cursor,
            delivery=self.staging.delivery.number,
            declarations=self.staging.declarations,
            teaches=self._teaches,
            now=self.staging.delivery.received_at,
        )
        self.placed.linked, self.placed.asked = len(linked.same), linked.asked
        if not linked.same:
            return
        hold(cursor=self.cursor, judgements=linked.same)
        if self.placer.release(
            waiting_sql.RELEASE_JUDGED, {"judgements": list(linked.same)}, placed=self._recount
        ):
            self.placer.release_known()

    def _recount(self) -> None:
        self.placed.rewrite(self.cursor, event=self.staging.kind.temporal == "event")

    def _place(self) -> None:
        resource, submission = self.staging.resource, self.staging.delivery.submission
        kind = self.staging.kind
        if kind.names and resource.establishes and submission.intent == "report":
            establish(cursor=self.cursor, authority=resource.authority, kind=kind)
        self.placer.place()
        if submission.intent == "withdraw":
            self.cursor.execute(waiting_sql.WITHDRAW_WAITING)
            self.cursor.execute(waiting_sql.FORGET_LED)
        self.placer.settle(taught=bool(self.staging.kind.taught))
        if resource.establishes:
            doubt(cursor=self.cursor)
        self.cursor.execute(sql.REMEMBER_TOUCHED)
        self.cursor.execute(recount.KEEP_WAITED)
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


def copy_staged(cursor: CursorWrapper, staged: pl.DataFrame) -> None:
    """Let `stage` hold these rows and no others."""
    cursor.execute("TRUNCATE stage")
    _copy(cursor, "stage", list(stage_sql.COPIED), staged.select(stage_sql.COPIED))


def _copy(cursor: CursorWrapper, table: str, columns: list[str], frame: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, null_value="\\N", quote_style="non_numeric")
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')"
    with cursor.copy(statement) as copy:
        copy.write(buffer.getbuffer())


def shared_by_all(staging: Staging) -> dict[str, Any]:
    """What all staged rows of a delivery have in common."""
    delivery = staging.delivery
    return {
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


@contextmanager
def placing(staging: Staging, linking: Linking) -> Iterator[Placing]:
    """The temporary tables of one fold, dropped with its transaction."""
    with tables(shared_by_all(staging)) as cursor:
        cursor.execute(recount.WAITED)
        placer = Placer(
            cursor=cursor,
            declarations=staging.declarations,
            delivery=staging.delivery.number,
            known_at=staging.delivery.received_at,
        )
        yield Placing(staging=staging, linking=linking, placer=placer)
        cursor.execute("DROP TABLE waited")


def _add(counts: dict[Any, int], more: list[tuple[Any, int]]) -> None:
    for key, count in more:
        counts[key] = counts.get(key, 0) + count


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
