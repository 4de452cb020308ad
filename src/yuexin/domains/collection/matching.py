"""Judge what a delivery leaves waiting with the weights that are declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
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
)
from yuexin.domains.subjects.judgements import MATCHER, Author, Said, judged_with, write
from yuexin.domains.subjects.linkage.decision import decide
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.queries import MENTION, candidates, compared_with
from yuexin.domains.subjects.linkage.scoring import CANDIDATES
from yuexin.engines.declare.types import Declarations


class Matching:
    """Judges with the weights that are declared, and writes what it judged."""

    def judged(
        self,
        *,
        cursor: CursorWrapper,
        delivery: int,
        declarations: Declarations,
        now: dt.datetime,
    ) -> Linked:
        cursor.execute(ANYTHING_WAITS, {"delivery": delivery, "reasons": list(LINKABLE)})
        if not cursor.rowcount:
            return Linked(same=(), asked=0)
        model = Model.of(declarations)
        said = {"delivery": delivery, "model": model.digest}
        found = matched(
            cursor=cursor, model=model, declarations=declarations, which=OF_DELIVERY, said=said
        )
        cursor.execute(ASKED, {"delivery": delivery})
        asked = {mention for (mention,) in cursor.fetchall()}
        author = Author(
            id=MATCHER, at=now, after=delivery, declarations=declarations.digest, folding=True,
            model=model.digest,
        )  # fmt: skip
        write(cursor=cursor, said=list(_said(found, model, asked)), author=author)
        same, left = judged_with(cursor=cursor, delivery=delivery)
        return Linked(same=same, asked=left)


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


def _said(found: pl.DataFrame, model: Model, asked: set[str]) -> Iterator[Said]:
    """What the matcher says of each mention that it links, or leaves to a person."""
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
