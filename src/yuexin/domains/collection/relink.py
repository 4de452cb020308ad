"""Compare what still waits once more, with the weights of today and all that is known by now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import Clock
from yuexin.domains.collection.judged import say
from yuexin.domains.collection.matching import matched, news
from yuexin.domains.collection.models import Waiting
from yuexin.domains.collection.waiting_sql import (
    LINKABLE,
    NEXT_OPEN,
    OPEN_MENTIONS,
    PIECE,
    ROWS_OF,
)
from yuexin.domains.subjects.judgements import MATCHER, Said, Verdict
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import FOLD_LOCK

PIECE_MENTIONS: Final = 5_000
MOST_SHOWN: Final = 20
FIRST: Final = UUID(int=0)
Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and of how much."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One thing that is said: of whom a row says it is about, and of a subject."""

    delivery: int
    row: int
    name: str
    verdict: Verdict
    code: str
    weight: float | None


@dataclass(frozen=True, kw_only=True)
class Relinked:
    """What comparing again says that was not said before, or would say; `shown` is the first of it.

    Of `compared` mentions, `linked` are a subject's, with so many `rows`, `asked` are a person's
    to judge, and `dropped` are no longer asked about.
    """

    compared: int = 0
    linked: int = 0
    rows: int = 0
    asked: int = 0
    dropped: int = 0
    shown: tuple[Shown, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.linked or self.asked or self.dropped)

    def __add__(self, other: Relinked) -> Relinked:
        return Relinked(
            compared=self.compared + other.compared,
            linked=self.linked + other.linked,
            rows=self.rows + other.rows,
            asked=self.asked + other.asked,
            dropped=self.dropped + other.dropped,
            shown=(*self.shown, *other.shown)[:MOST_SHOWN],
        )


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """Some mentions that were compared: the last of them, none after the end, and what is said."""

    last: UUID | None
    said: tuple[Said, ...]
    told: Relinked


def foresee(
    *, declarations: Declarations, actor: Actor, progress: Progress | None = None
) -> Relinked:
    """What `relink` would say first; what follows from rows it lets through is not told. Nothing
    is written, and no delivery waits for it."""
    del actor
    found, model = Relinked(), Model.of(declarations)
    last: UUID | None = FIRST
    most = _open_mentions()
    while last:
        with transaction.atomic(), connection.cursor() as cursor:
            piece = _compared(cursor, declarations, model, last, PIECE_MENTIONS)
        found, last = found + piece.told, piece.last
        if progress:
            progress("mentions", found.compared, most)
    return found


def relink(
    *,
    declarations: Declarations,
    actor: Actor,
    clock: Clock,
    progress: Progress | None = None,
    at_once: int = PIECE_MENTIONS,
) -> Relinked:
    """Judge what waits again, and let that count. Doing it twice changes nothing.

    What a person said is never overridden. So many mentions `at_once`, each time in a transaction
    of its own under the fold lock: deliveries need not wait for the end, and what was said stays
    said when it is stopped. Rows that are let through may tell more of subjects, so all is compared
    again until nothing more is linked.
    """
    found = _round(declarations, actor, clock, progress, at_once)
    linked = found.linked
    while linked:
        more = _round(declarations, actor, clock, progress, at_once)
        found, linked = found + replace(more, compared=0), more.linked
    return found


def _round(
    declarations: Declarations,
    actor: Actor,
    clock: Clock,
    progress: Progress | None,
    at_once: int,
) -> Relinked:
    found, model = Relinked(), Model.of(declarations)
    last: UUID | None = FIRST
    most = _open_mentions()
    while last:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
            now = clock()
            piece = _compared(cursor, declarations, model, last, at_once)
            if piece.said:
                _say(cursor, declarations, piece, model, actor, now)
        found, last = found + piece.told, piece.last
        if progress:
            progress("mentions", found.compared, most)
    return found


def _open_mentions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_MENTIONS, {"reasons": list(LINKABLE)})
        ((mentions,),) = cursor.fetchall()
    return int(mentions)


def _compared(
    cursor: CursorWrapper, declarations: Declarations, model: Model, last: UUID, most: int
) -> _Piece:
    """What is to be said of the next mentions after `last`."""
    said = {"last": last, "most": most}
    found = matched(
        cursor=cursor, model=model, declarations=declarations, which=NEXT_OPEN, said=said
    )
    told = tuple(news(cursor=cursor, found=found, model=model))
    cursor.execute(PIECE)
    ((compared, until),) = cursor.fetchall()
    return _Piece(last=until, said=told, told=_told(cursor, told, compared))


def _told(cursor: CursorWrapper, said: tuple[Said, ...], compared: int) -> Relinked:
    verdicts = Counter(one.verdict for one in said)
    linked = [one.about for one in said if one.verdict == "same"]
    cursor.execute(ROWS_OF, {"mentions": linked, "reasons": list(LINKABLE)})
    ((rows,),) = cursor.fetchall()
    return Relinked(
        compared=compared,
        linked=verdicts["same"],
        rows=rows,
        asked=verdicts["unsure"],
        dropped=verdicts["taken_back"],
        shown=tuple(_shown(said[:MOST_SHOWN])),
    )


def _shown(said: Sequence[Said]) -> Iterator[Shown]:
    subjects = Subject.objects.in_bulk({one.subject for one in said})
    for one in said:
        row = Waiting.objects.filter(mention=one.about).order_by("delivery", "row").first()
        subject = subjects.get(one.subject)
        if row:
            yield Shown(
                delivery=row.delivery,
                row=row.row,
                name=row.staged.get("name") or "",
                verdict=one.verdict,
                code=subject.code if subject else "",
                weight=one.weight,
            )


def _say(
    cursor: CursorWrapper,
    declarations: Declarations,
    piece: _Piece,
    model: Model,
    actor: Actor,
    now: dt.datetime,
) -> None:
    numbers = say(
        cursor=cursor,
        declarations=declarations,
        said=piece.said,
        author=MATCHER,
        now=now,
        model=model.digest,
    )
    note(
        stream="change",
        actor=actor,
        action="judgement.relinked",
        thing=f"judgement/{numbers[0]}",
        now=now,
        judgements=len(numbers),
        linked=piece.told.linked,
        asked=piece.told.asked,
        model=model.digest,
    )
