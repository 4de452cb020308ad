"""Erase by order: what was received is replaced by a redacted copy, what was derived made again.

The steps, each durable before the next: the copies, under their own names; one transaction with
the erasure and all that is derived; the dropping of what was replaced. Killed before the commit,
nothing is erased and the copies are strays; after it, the next command drops the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.erasing import Target, refuse_order, targets
from yuexin.domains.collection.finishing import finish
from yuexin.domains.collection.reading.batches import opened
from yuexin.domains.collection.reading.redacted import Redacting, Scope
from yuexin.domains.collection.replay import REBUILT, beside, put_in_place, replay
from yuexin.domains.subjects.judging import judge_due
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Erasure
from yuexin.engines.deliveries.operations import (
    CHAIN_LOCK,
    FOLD_LOCK,
    arriving,
    keep_copy,
    write_erasure,
    write_pages,
    write_recounts,
)
from yuexin.engines.deliveries.queries import (
    adopted,
    arrived_since,
    counts_on_record,
    last_number,
)
from yuexin.engines.deliveries.types import Counts, Order, Redacted, Span
from yuexin.engines.lake.operations import drop_kinds
from yuexin.home.folder import Home

# Of what the rows of an erasure gave: addresses that the public could open until now.
PAGES = """
SELECT p.record, s.code FROM public_row p JOIN subject s ON s.id = p.subject
WHERE p.delivery = %(delivery)s AND {rows} AND p.shown_from <= %(on)s
    AND (p.shown_until IS NULL OR p.shown_until > %(on)s)
ORDER BY p.row
"""
HELD = """
SELECT (SELECT count(*) FROM record p WHERE p.delivery = %(delivery)s AND {rows}),
    (SELECT count(*) FROM waiting p WHERE p.delivery = %(delivery)s AND {rows}),
    (SELECT count(*) FROM quarantined p WHERE p.delivery = %(delivery)s AND {rows})
"""
AMONG = """EXISTS (SELECT FROM unnest(%(first)s::bigint[], %(last)s::bigint[]) s(first, last)
    WHERE p.row BETWEEN s.first AND s.last)"""
STILL_PUBLIC = f"SELECT record FROM {REBUILT}.public_row WHERE record = ANY(%s)"
# All that the pool holds of a record: `id` stands for whose and which, `content` for the body.
POOLED = "id, kind, event_date, valid_from, known_at, delivery, row, folded_in, content"
CHANGED_KINDS = f"""
SELECT DISTINCT kind FROM (
    (SELECT {POOLED} FROM public.record EXCEPT SELECT {POOLED} FROM {REBUILT}.record) UNION ALL
    (SELECT {POOLED} FROM {REBUILT}.record EXCEPT SELECT {POOLED} FROM public.record)) changed
"""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What an order takes of one delivery, and what stands on it."""

    delivery: int
    file_name: str
    rows: tuple[Span, ...]
    count: int
    of: int
    columns: tuple[str, ...]
    records: int
    waiting: int
    quarantined: int
    pages: tuple[str, ...]
    takes: bool


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What would be erased; nothing where all of it was erased before."""

    parts: tuple[Part, ...]

    @property
    def is_nothing(self) -> bool:
        return not any(part.takes for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased, and until when backups may still hold it. `number` is none for nothing."""

    number: int | None
    parts: tuple[Part, ...]
    recounted: int = 0
    gone: tuple[UUID, ...] = ()
    backups_until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class _Copy:
    """A redacted copy that was written, not yet kept for good."""

    target: Target
    rows: tuple[Span, ...]
    of: int
    path: Path
    takes: bool


def foresee(
    *,
    home: Home,
    order: Order,
    deliveries: Sequence[int],
    scope: Scope,
    declarations: Declarations,
    now: dt.datetime,
) -> Foreseen:
    """What an order would erase. Nothing is changed.

    Raises a `Refusal` for an order that does not hold, or a delivery, row or column that is not.
    """
    refuse_order(order=order, declarations=declarations, on=today(now))
    with connection.cursor() as cursor, _copies(home, deliveries, scope) as copies:
        return Foreseen(parts=tuple(_part(cursor, copy, declarations, now) for copy in copies))


def erase(
    *,
    home: Home,
    order: Order,
    deliveries: Sequence[int],
    scope: Scope,
    backup_days: int,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> Erased:
    """Erase by order, whole or not at all. Erasing twice changes nothing.

    Raises a `Refusal` as `foresee` does.
    """
    refuse_order(order=order, declarations=declarations, on=today(now))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        seen = last_number()
        with _copies(home, deliveries, scope) as copies:
            parts = tuple(_part(cursor, copy, declarations, now) for copy in copies)
            redacted = [_kept(home, copy) for copy in copies if copy.takes]
        if not redacted:
            return Erased(number=None, parts=parts)
        until = today(now) + dt.timedelta(days=backup_days)
        erasure = write_erasure(
            order=order, redacted=redacted, backups_until=until, actor=actor.id, now=now
        )
        pages = _pages(cursor, redacted, now)
        recounted, gone = _made_again(cursor, home, erasure, pages, declarations, now)
        _note(erasure, redacted, actor, now)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        _refuse_arrived(seen, deliveries)
    finish(home=home)
    return Erased(
        number=erasure.number, parts=parts, recounted=recounted, gone=gone, backups_until=until
    )


@contextmanager
def _copies(home: Home, deliveries: Sequence[int], scope: Scope) -> Iterator[list[_Copy]]:
    """The copies of every delivery that is reached, in a folder that lasts as long as the body."""
    wanted = targets(home=home, deliveries=deliveries, scope=scope)
    home.scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="reading-", dir=home.scratch) as folder:
        yield [_written(home, one, scope, Path(folder)) for one in wanted]


def _written(home: Home, target: Target, scope: Scope, folder: Path) -> _Copy:
    """Write the copy of one delivery. One that was refused holds no rows that can be read."""
    kept = target.kept
    resource = adopted(kept.declarations).resources[kept.submission.resource]
    path = folder / str(kept.number)
    with path.open("wb") as out:
        redacting = Redacting(delivery=kept.number, scope=scope, out=out)
        if target.folded:
            with opened(
                path=kept.path, form=kept.reads_as, resource=resource, scratch=home.scratch
            ) as batches:
                redacting.write(batches, resource)
        else:
            redacting.write((), resource)
    if target.named:
        _refuse_missing(kept.number, scope, redacting.rows)
    rows = redacting.spans()
    takes = bool(rows) or not (target.folded or kept.redacted_under)
    return _Copy(target=target, rows=rows, of=redacting.rows, path=path, takes=takes)


def _kept(home: Home, copy: _Copy) -> Redacted:
    """Keep a copy durably, beside what it is to replace."""
    with copy.path.open("rb") as stream, arriving(store=home.deliveries, stream=stream) as arrived:
        keep_copy(store=home.deliveries, arrived=arrived)
    return Redacted(
        delivery=copy.target.kept.number,
        before_sha256=copy.target.stored_sha256,
        after_sha256=arrived.sha256,
        after_size_bytes=arrived.size_bytes,
        rows=copy.rows,
        columns=copy.target.columns,
    )


def _part(cursor: CursorWrapper, copy: _Copy, declarations: Declarations, now: dt.datetime) -> Part:
    page = declarations.addresses["record"]
    kept = copy.target.kept
    said = _among(kept.number, copy.rows)
    cursor.execute(HELD.format(rows=AMONG), said)
    records, waiting, quarantined = cursor.fetchone()
    cursor.execute(PAGES.format(rows=AMONG), said | {"on": today(now)})
    return Part(
        delivery=kept.number,
        file_name=kept.submission.file_name,
        rows=copy.rows,
        count=sum(last - first + 1 for first, last in copy.rows),
        of=copy.of,
        columns=copy.target.columns,
        records=records,
        waiting=waiting,
        quarantined=quarantined,
        takes=copy.takes,
        pages=tuple(page.of(code=code, record=record) for record, code in cursor.fetchall()),
    )


def _pages(cursor: CursorWrapper, redacted: Sequence[Redacted], now: dt.datetime) -> list[UUID]:
    """The public records that stand on what is erased whole."""
    found: list[UUID] = []
    for one in redacted:
        if not one.columns:
            said = _among(one.delivery, one.rows) | {"on": today(now)}
            cursor.execute(PAGES.format(rows=AMONG), said)
            found += [record for record, _ in cursor.fetchall()]
    return found


def _among(delivery: int, rows: Sequence[Span]) -> dict[str, Any]:
    return {
        "delivery": delivery,
        "first": [first for first, _ in rows],
        "last": [last for _, last in rows],
    }


def _made_again(
    cursor: CursorWrapper,
    home: Home,
    erasure: Erasure,
    pages: Sequence[UUID],
    declarations: Declarations,
    now: dt.datetime,
) -> tuple[int, tuple[UUID, ...]]:
    """Make everything derived again without what was erased. Returns how many deliveries count
    otherwise now, and which public addresses are gone."""
    with beside(cursor, schema=REBUILT):
        counted = replay(cursor=cursor, home=home, schema=REBUILT)
        judge_due(cursor=cursor, declarations=declarations, now=now)
        cursor.execute(STILL_PUBLIC, [list(pages)])
        still = {record for (record,) in cursor.fetchall()}
        cursor.execute(CHANGED_KINDS)
        drop_kinds(cursor=cursor, kinds=[kind for (kind,) in cursor.fetchall()])
        put_in_place(cursor, schema=REBUILT)
    changed = list(_recounted(counted))
    write_recounts(erasure=erasure, counted=changed)
    gone = tuple(record for record in pages if record not in still)
    write_pages(erasure=erasure, records=gone)
    return len(changed), gone


def _recounted(counted: dict[int, Counts]) -> Iterator[tuple[int, Counts]]:
    for number, counts in counted.items():
        if counts != counts_on_record(number=number):
            yield number, counts


def _note(erasure: Erasure, redacted: Sequence[Redacted], actor: Actor, now: dt.datetime) -> None:
    """The journal says which order took how much of which delivery, and the act's chain."""
    note(
        stream="change",
        actor=actor,
        action="delivery.erased",
        thing=f"erasure/{erasure.number}",
        now=now,
        order=erasure.order_number,
        deliveries=[one.delivery for one in redacted],
        chain=erasure.chain,
    )


def _refuse_missing(number: int, scope: Scope, rows: int) -> None:
    missing = [row for row in sorted(scope.rows) if not 1 <= row <= rows]
    if missing:
        raise Refusal(
            code="ROW",
            what=Text(
                f"交付 {number} 没有第 {missing[0]} 行，共 {rows} 行",
                f"delivery {number} has no row {missing[0]}; it has {rows}",
            ),
            where="--row",
            remedy=Text("行号从表头下一行起数，为 1", "rows count from 1 below the header"),
        )


def _refuse_arrived(seen: int, deliveries: Sequence[int]) -> None:
    """The same file may have come again while everything was made anew."""
    if arrived_since(number=seen, same_as=deliveries):
        raise Refusal(
            code="ARRIVED_MEANWHILE",
            what=Text("执行期间又收到相同文件，未删除", "the same file arrived meanwhile"),
            remedy=Text("请再次执行本命令", "run this command again"),
        )
