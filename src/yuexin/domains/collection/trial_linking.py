"""What would become of rows that are only tried: placed and compared by the statements of a fold.

Nothing that lives is written. The rows are staged in the temporary tables of placing, and those
that would wait are kept in a temporary table of the name `waiting`, which unqualified names then
mean; all of them are dropped with the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import polars as pl
from django.db import transaction

from yuexin.domains.collection.matching import matched, said_of
from yuexin.domains.collection.place import copy_staged, shared_by_all
from yuexin.domains.collection.placer import Placer, tables
from yuexin.domains.collection.staging import Staging
from yuexin.domains.collection.waiting_sql import LINKABLE, OF_DELIVERY
from yuexin.domains.subjects.linkage.model import Model

WAITING: Final = "CREATE TEMP TABLE waiting (LIKE waiting INCLUDING ALL) ON COMMIT DROP"
WHY: Final = """
SELECT s.mention::text, CASE WHEN p.why <> '' THEN p.why WHEN p.elsewhere THEN 'SAID_ELSEWHERE'
    WHEN p.outdated THEN 'OUTDATED' WHEN p.decided THEN 'DECIDED_SINCE'
    ELSE 'SAME_KEY' END, count(*)
FROM placed p JOIN stage s USING (delivery, row) WHERE p.action = 'waiting' GROUP BY 1, 2
"""
LED: Final = """
SELECT count(*) FROM placed
WHERE judgement IS NOT NULL AND action IN ('new', 'changed', 'unchanged')
"""
# Whom people are asked about already, or were, by the last that was said of them.
ASKED_ALREADY: Final = """
SELECT about::text FROM (
    SELECT DISTINCT ON (j.about) j.about, j.verdict FROM judgement j
    WHERE j.of_kind = 'mention' AND j.about IN (SELECT mention FROM waiting)
    ORDER BY j.about, j.number DESC
) last WHERE verdict = 'unsure'
"""


@dataclass(kw_only=True)
class Compared:
    """How many rows would wait, by why; `matched` ones are linked with their delivery, or by what
    was judged before, and do not; of `asked` ones a person is asked whose they are. `rows` were
    placed, of `seen` ones that were read."""

    seen: int = 0
    rows: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    matched: int = 0
    asked: int = 0


@dataclass(kw_only=True)
class Comparing:
    """Places batches of rows that are only tried."""

    staging: Staging
    placer: Placer
    found: Compared = field(default_factory=Compared)
    _rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def batch(self, staged: pl.DataFrame, *, seen: int) -> None:
        """See where these rows would go, which are the good ones of so many that were `seen`."""
        cursor = self.placer.cursor
        copy_staged(cursor, staged)
        self.placer.place()
        cursor.execute(WHY)
        for mention, why, rows in cursor.fetchall():
            self._rows[mention, why] = self._rows.get((mention, why), 0) + rows
        cursor.execute(LED)
        ((led,),) = cursor.fetchall()
        self.placer.keep_waiting()
        self.found.matched += led
        self.found.rows += staged.height
        self.found.seen += seen

    def finish(self) -> Compared:
        """Compare what would wait, as its fold would."""
        cursor, model = self.placer.cursor, Model.of(self.staging.declarations)
        found = matched(
            cursor=cursor,
            model=model,
            declarations=self.staging.declarations,
            which=OF_DELIVERY,
            said={"delivery": self.placer.delivery, "model": model.digest},
        )
        said = {
            str(one.about): one.verdict for one in said_of(cursor=cursor, found=found, model=model)
        }
        cursor.execute(ASKED_ALREADY)
        said |= {about: "unsure" for (about,) in cursor.fetchall() if about not in said}
        for (mention, why), rows in sorted(self._rows.items()):
            verdict = said.get(mention) if why in LINKABLE else None
            if verdict == "same":
                self.found.matched += rows
                continue
            self.found.asked += rows if verdict == "unsure" else 0
            self.found.waiting[why] = self.found.waiting.get(why, 0) + rows
        return self.found


@contextmanager
def comparing(staging: Staging) -> Iterator[Comparing]:
    """Tables of one trial, gone with what was in them at the end."""
    with transaction.atomic():
        with tables(shared_by_all(staging)) as cursor:
            cursor.execute(WAITING)
            placer = Placer(
                cursor=cursor,
                declarations=staging.declarations,
                delivery=staging.delivery.number,
                known_at=staging.delivery.received_at,
            )
            yield Comparing(staging=staging, placer=placer)
        transaction.set_rollback(True)
