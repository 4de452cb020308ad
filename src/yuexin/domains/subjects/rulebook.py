"""What follows from the rules alone, whoever is judged, on a day: worked out once for all
processes, since binding every rule takes seconds and is asked for by the first page of each.

Neither truth nor made by a rebuild: whoever finds it missing works it out again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.memo import Memo
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import digest_of_rules, kinds_read, said_of_nobody

FORM: Final = "1"
"""Another one where the same declarations would be read otherwise than before."""
KEPT_DAYS: Final = 3
MOST: Final = 64
_FOUND: Final = "SELECT said FROM rulebook WHERE declared = %s AND day = %s"
_KEEP: Final = """
WITH gone AS (DELETE FROM rulebook WHERE day < %s)
INSERT INTO rulebook (declared, day, said) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """`digest` names what all rules say together; `reads` are the kinds of records that each rule
    reads, `nobody` is what it says on the day of whoever has none of them."""

    digest: UUID
    reads: Mapping[str, frozenset[str]]
    nobody: Mapping[str, str | None]


_books: Final = Memo[tuple[str, dt.date], Rulebook](MOST)


def rulebook(*, declarations: Declarations, on: dt.date) -> Rulebook:
    """What the declared rules read and say of nobody on a day."""
    return _books.get((declarations.digest, on), lambda: _kept(declarations, on))


def _kept(declarations: Declarations, on: dt.date) -> Rulebook:
    declared = f"{FORM} {declarations.digest}"
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [declared, on])
        if found := cursor.fetchone():
            return _read(json.loads(found[0]))
        book = _worked_out(declarations, on)
        said = json.dumps(_written(book), ensure_ascii=False)
        cursor.execute(_KEEP, [on - dt.timedelta(days=KEPT_DAYS), declared, on, said])
    return book


def _worked_out(declarations: Declarations, on: dt.date) -> Rulebook:
    return Rulebook(
        digest=digest_of_rules(declarations=declarations),
        reads={
            rule: kinds_read(declarations=declarations, rule=rule) for rule in declarations.rules
        },
        nobody=said_of_nobody(declarations=declarations, on=on),
    )


def _written(book: Rulebook) -> dict[str, Any]:
    return {
        "digest": str(book.digest),
        "reads": {rule: sorted(kinds) for rule, kinds in book.reads.items()},
        "nobody": dict(book.nobody),
    }


def _read(said: Mapping[str, Any]) -> Rulebook:
    return Rulebook(
        digest=UUID(said["digest"]),
        reads={rule: frozenset(kinds) for rule, kinds in said["reads"].items()},
        nobody=said["nobody"],
    )
