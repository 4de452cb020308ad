"""Let what was judged between deliveries count: rows that waited are placed, others wait again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from django.db.backends.utils import CursorWrapper

from yuexin.domains.collection import sql, waiting_sql
from yuexin.domains.collection.placer import Placer, tables
from yuexin.domains.subjects import joining
from yuexin.domains.subjects.judgements import Act, Author, Said, hold, write
from yuexin.domains.subjects.judging import judge
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import adopt
from yuexin.engines.deliveries.queries import last_folded


def say(
    *,
    cursor: CursorWrapper,
    declarations: Declarations,
    said: Sequence[Said],
    author: str,
    now: dt.datetime,
    model: str = "",
    of_kind: Literal["mention", "subject"] = "mention",
    awaits: bool = False,
    seconds: int | None = None,
) -> tuple[int, ...]:
    """Write what somebody, or the matcher by a `model`, says between deliveries, and let it count.
    The caller holds the fold lock. Returns the numbers of the judgements."""
    adopt(declarations=declarations, now=now)
    after = last_folded()
    numbers = write(
        cursor=cursor,
        said=said,
        author=Author(
            id=author, at=now, after=after, declarations=declarations.digest, model=model
        ),
        of_kind=of_kind,
        awaits=awaits,
        seconds=seconds,
    )
    act = Act(judgements=numbers, after=after, declarations=declarations.digest, at=now)
    let_count(cursor=cursor, act=act, declarations=declarations)
    return numbers


def let_count(*, cursor: CursorWrapper, act: Act, declarations: Declarations) -> None:
    """Place what these judgements say. The caller holds the fold lock.

    Rows of mentions that are no longer judged to be a subject's leave its file: what they had
    become is known until now and no longer public; what they had corrected holds again.
    """
    with tables({}):
        placer = Placer(
            cursor=cursor, declarations=declarations, delivery=act.after, known_at=act.at
        )
        hold(cursor=cursor, judgements=act.judgements)
        _take_back(placer, act)
        said = {"judgements": list(act.judgements)}
        if placer.release(waiting_sql.RELEASE_JUDGED, said):
            placer.release_known()
        joining.hold(cursor=cursor, judgements=act.judgements)
        joining.settle(cursor=cursor, states=placer.states)
        judge(cursor=cursor, declarations=declarations, now=act.at)


def _take_back(placer: Placer, act: Act) -> None:
    cursor = placer.cursor
    cursor.execute(waiting_sql.TAKE_BACK, {"judgements": list(act.judgements)})
    if not cursor.rowcount:
        cursor.execute("DROP TABLE taken")
        return
    placer.stage(waiting_sql.RELEASE_TAKEN)
    cursor.execute("DROP TABLE IF EXISTS placed")
    cursor.execute(waiting_sql.UNPLACE)
    placer.keep()
    cursor.execute(waiting_sql.REINSTATE, placer.known)
    placer.follow(taught=True)
    cursor.execute(sql.REMEMBER_TOUCHED)
    cursor.execute("SELECT DISTINCT staged->>'kind' FROM taken")
    placer.moved.update(kind for (kind,) in cursor.fetchall())
    placer.release(waiting_sql.RELEASE_TAKEN)
    cursor.execute("DROP TABLE taken")
