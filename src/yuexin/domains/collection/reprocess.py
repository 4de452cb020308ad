"""Read deliveries again under the declarations of today: the difference first, then on the word.

One transaction holds all of it: the reading, what is derived, the journal's line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.replay import reread
from yuexin.domains.collection.rereading import KindDifference, Moved, compare, take_over, unlike
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import FOLD_LOCK, adopt, write_reading
from yuexin.engines.deliveries.queries import folded, last_folded, read_under
from yuexin.engines.deliveries.types import Kept, ReadAgain
from yuexin.engines.lake.operations import drop_kinds
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Reprocessed:
    """What reading again would change, or did. `digest` names exactly this difference.

    `number` is the reading's, none while it was not applied, or where nothing differs.
    """

    declarations: str
    deliveries: tuple[int, ...]
    kinds: tuple[KindDifference, ...]
    moved: Moved
    examples: tuple[str, ...]
    digest: str
    number: int | None = None

    @property
    def is_nothing(self) -> bool:
        return not self.digest


NOTHING_MOVED = Moved(
    into_quarantine=0,
    out_of_quarantine=0,
    into_waiting=0,
    out_of_waiting=0,
    waiting_otherwise=0,
)


def difference(
    *,
    home: Home,
    declarations: Declarations,
    resource: str,
    kind: str,
    actor: Actor,
    now: dt.datetime,
) -> Reprocessed:
    """What reading the deliveries of a resource or kind, or all, again would change. Nothing is.

    Raises a `Refusal` where a delivery cannot be read under these declarations.
    """
    del actor
    with transaction.atomic():
        with _compared(home, declarations, resource, kind, now) as (_, found):
            pass
        transaction.set_rollback(True)
    return found


def reprocess(
    *,
    home: Home,
    declarations: Declarations,
    resource: str,
    kind: str,
    expect: str,
    actor: Actor,
    now: dt.datetime,
) -> Reprocessed:
    """Apply exactly the difference of this digest. Doing it twice changes nothing.

    Raises a `Refusal` where the difference is another one by now.
    """
    with _compared(home, declarations, resource, kind, now) as (cursor, found):
        if found.is_nothing:
            return found
        _refuse_other(expect, found.digest)
        take_over(cursor=cursor, declarations=declarations, after=last_folded(), now=now)
        drop_kinds(cursor=cursor, kinds=[one.kind for one in found.kinds])
        reading = write_reading(
            deliveries=found.deliveries,
            declarations=declarations.digest,
            after=last_folded(),
            difference=found.digest,
            actor=actor.id,
            now=now,
        )
        note(
            stream="change",
            actor=actor,
            action="delivery.read_again",
            thing=f"reading/{reading.number}",
            now=now,
            declarations=declarations.digest,
            deliveries=len(found.deliveries),
            difference=found.digest,
            chain=reading.chain,
        )
    return Reprocessed(**{**vars(found), "number": reading.number})


@contextmanager
def _compared(
    home: Home, declarations: Declarations, resource: str, kind: str, now: dt.datetime
) -> Iterator[tuple[CursorWrapper, Reprocessed]]:
    """The two states side by side, in a transaction that nobody else folds meanwhile."""
    _refuse_undeclared(declarations, resource, kind)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        adopt(declarations=declarations, now=now)
        chosen = _chosen(home, declarations, resource, kind)
        if not chosen:
            yield cursor, _nothing(declarations)
            return
        reading = ReadAgain(
            number=None,
            deliveries=chosen,
            declarations=declarations.digest,
            after=last_folded(),
            read_at=now,
        )
        with reread(cursor=cursor, home=home, reading=reading):
            compare(cursor=cursor, declarations=declarations, now=now)
            yield cursor, _found(cursor, declarations, chosen)


def _found(
    cursor: CursorWrapper, declarations: Declarations, chosen: tuple[int, ...]
) -> Reprocessed:
    seen = unlike(cursor=cursor, declarations=declarations)
    if not seen.lines:
        return _nothing(declarations)
    said = {"declarations": declarations.digest, "deliveries": chosen, "changes": seen.digest}
    return Reprocessed(
        declarations=declarations.digest,
        deliveries=chosen,
        kinds=seen.kinds,
        moved=seen.moved,
        examples=seen.examples,
        digest=sha256_hex(canonical_json(said)),
    )


def _nothing(declarations: Declarations) -> Reprocessed:
    return Reprocessed(
        declarations=declarations.digest,
        deliveries=(),
        kinds=(),
        moved=NOTHING_MOVED,
        examples=(),
        digest="",
    )


def _chosen(home: Home, declarations: Declarations, resource: str, kind: str) -> tuple[int, ...]:
    """Folded deliveries that are asked for and were last read under other declarations."""
    under = read_under()

    def asked(delivery: Kept) -> bool:
        declared = declarations.resources.get(delivery.submission.resource)
        return (
            declared is not None
            and resource in ("", declared.id)
            and kind in ("", declared.kind)
            and under.get(delivery.number, delivery.declarations) != declarations.digest
        )

    return tuple(one.number for one in folded(store=home.deliveries) if asked(one))


def _refuse_undeclared(declarations: Declarations, resource: str, kind: str) -> None:
    for option, asked, known in (
        ("--resource", resource, declarations.resources),
        ("--kind", kind, declarations.kinds),
    ):
        if asked and asked not in known:
            raise Refusal(
                code="RESOURCE",
                what=Text(f"目录中没有“{asked}”", f"“{asked}” is not declared"),
                where=option,
                rule="catalogue",
                remedy=Text(f"可选：{'、'.join(known)}", f"choose one of: {', '.join(known)}"),
            )


def _refuse_other(expect: str, digest: str) -> None:
    if expect == digest:
        return
    raise Refusal(
        code="DIFFERENCE",
        what=Text("差异已不是所确认的那一份，未作更改", "the difference is not the one confirmed"),
        where=f"--expect {expect or '—'}",
        rule=digest,
        remedy=Text("重新查看差异后再确认", "look at the difference again, then confirm it"),
    )
