"""Judge what a delivery leaves waiting with the weights that are declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.base.regions import city_of
from yuexin.domains.collection.linking import Linked
from yuexin.domains.collection.waiting_sql import (
    ANYTHING_WAITS,
    ASKED,
    LINKABLE,
    MENTIONED,
    OF_DELIVERY,
    OTHERS_WAIT,
    SAID_LAST,
    WAKE,
    WOKEN,
)
from yuexin.domains.subjects.judgements import MATCHER, Author, Said, judged_with, write
from yuexin.domains.subjects.linkage.decision import decide
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.queries import MENTION, candidates, compared_with
from yuexin.domains.subjects.linkage.scoring import CANDIDATES
from yuexin.engines.declare.types import Declarations

MOST_WOKEN: Final = 10_000


class Matching:
    """Judges with the weights that are declared, and writes what it judged."""

    def judged(
        self,
        *,
        cursor: CursorWrapper,
        delivery: int,
        declarations: Declarations,
        teaches: bool,
        now: dt.datetime,
    ) -> Linked:
        said: dict[str, Any] = {"delivery": delivery, "reasons": list(LINKABLE), "most": MOST_WOKEN}
        cursor.execute(ANYTHING_WAITS, said)
        waits, wakes = bool(cursor.rowcount), teaches and _wakes(cursor, said)
        if not (waits or wakes):
            return Linked(same=(), asked=0)
        model = Model.of(declarations)
        author = Author(
            id=MATCHER, at=now, after=delivery, declarations=declarations.digest, folding=True,
            model=model.digest,
        )  # fmt: skip
        of_delivery = {"delivery": delivery, "model": model.digest}
        for wanted, which, asked, saying in (
            (waits, OF_DELIVERY, of_delivery, said_of),
            (wakes, WOKEN, {}, news),
        ):
            if wanted:
                found = matched(
                    cursor=cursor, model=model, declarations=declarations, which=which, said=asked
                )
                told = list(saying(cursor=cursor, found=found, model=model))
                write(cursor=cursor, said=told, author=author)
        same, left = judged_with(cursor=cursor, delivery=delivery)
        return Linked(same=same, asked=left)


def _wakes(cursor: CursorWrapper, said: Mapping[str, Any]) -> bool:
    """Let `woken` hold the older mentions that may be about whom the delivery tells of first."""
    cursor.execute(OTHERS_WAIT, said)
    if not cursor.rowcount:
        return False
    cursor.execute("DROP TABLE IF EXISTS woken")
    cursor.execute(WAKE, said)
    return bool(cursor.rowcount)


def matched(
    *,
    cursor: CursorWrapper,
    model: Model,
    declarations: Declarations,
    which: str,
    said: dict[str, Any],
    beside: UUID | None = None,
) -> pl.DataFrame:
    """The candidates of the waiting rows that `which` chooses, of each mention the best first;
    or how these rows compare with the one subject `beside` them."""
    cities = {one.id: city_of(one.division) for one in declarations.agencies.values()}
    cursor.execute("DROP TABLE IF EXISTS mention")
    cursor.execute(MENTION)
    cursor.execute(
        MENTIONED.format(which=which),
        {
            **said,
            "reasons": list(LINKABLE),
            "agencies": list(cities),
            "cities": [city or None for city in cities.values()],
        },
    )
    if not cursor.rowcount:
        return pl.DataFrame(schema=CANDIDATES)
    if beside:
        return compared_with(cursor=cursor, model=model, subject=beside)
    return candidates(cursor=cursor, model=model)


def news(*, cursor: CursorWrapper, found: pl.DataFrame, model: Model) -> list[Said]:
    """What the matcher says of the lines of `mention` that was not the last thing said of them.

    `found` are their candidates. Whom it asked about and finds no longer likely, it takes back.
    """
    cursor.execute(SAID_LAST)
    last = {mention: rest for mention, *rest in cursor.fetchall()}
    told = list(said_of(cursor=cursor, found=found, model=model))
    fresh = [
        one for one in told if last.get(str(one.about), [])[:2] != [str(one.subject), one.verdict]
    ]
    silent = last.keys() - {str(one.about) for one in told}
    return fresh + [
        Said(about=UUID(mention), subject=UUID(subject), verdict="taken_back")
        for mention in sorted(silent)
        for subject, verdict, by_matcher in (last[mention],)
        if verdict == "unsure" and by_matcher
    ]


def said_of(*, cursor: CursorWrapper, found: pl.DataFrame, model: Model) -> Iterator[Said]:
    """What the matcher says of each line of `mention` that it links, or leaves to a person."""
    cursor.execute(ASKED)
    asked = {mention for (mention,) in cursor.fetchall()}
    decided = decide(candidates=found, model=model)
    best = found.unique("mention", keep="first").select("mention", "levels", "weights")
    for one in decided.join(best, on="mention", maintain_order="left").iter_rows(named=True):
        if one["verdict"] == "none":
            continue
        links = one["verdict"] == "link" and one["mention"] not in asked
        yield Said(
            about=UUID(one["mention"]),
            subject=UUID(one["subject"]),
            verdict="same" if links else "unsure",
            weight=one["weight"],
            parts={"levels": one["levels"], "weights": one["weights"], "why": one["why"]},
        )
