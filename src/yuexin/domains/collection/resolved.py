"""Reads: which rows of a delivery waited and were placed since, by what, and which wait again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from django.db import connection

from yuexin.base.codes import without_id_numbers
from yuexin.base.text import Text
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.resolved_sql import HOWS, LINES, MAY_BE_LED, How
from yuexin.domains.subjects.judgements import MATCHER
from yuexin.domains.subjects.linkage.model import SAID, Model
from yuexin.engines.access.queries import disclose, rooms_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

GROUP: Final = 500


class Agreed(NamedTuple):
    """How far one field agreed, in words, and what that weighed in bits."""

    label: Text
    level: Text
    bits: float


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """One row that no longer waits as it did: why it waited, what it says of whom it is about,
    whose it was found to be, and by what.

    `delivery` released it by its number; `judgement` led it, or took that back. `author` is told
    to those who judge, `parts` as far as the fields compared are open to whoever asks.
    """

    row: int
    how: How
    waited_for: Text | None
    name: str
    number: str
    code: str
    subject: str
    at: dt.datetime
    delivery: int | None
    judgement: int | None
    author: str
    reason: str
    parts: tuple[Agreed, ...]
    joined_to: str

    @property
    def label(self) -> Text:
        return HOWS[self.how]


def lines(
    *,
    declarations: Declarations,
    actor: Actor,
    delivery: int,
    how: How | Literal[""] = "",
    after: int = 0,
    skip: int = 0,
    most: int = GROUP,
) -> tuple[Resolved, ...]:
    """Rows of a delivery that were resolved (so), in their order, from below row `after` on.

    The caller has decided that the actor may see the delivery.
    """
    wanted: dict[str, Any] = {
        "delivery": delivery,
        "reasons": MAY_BE_LED,
        "how": how,
        "after": after,
        "from": skip,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, wanted)
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    reader = _Reader.of(declarations, actor)
    return tuple(reader.read(one) for one in found)


def groups(
    *, declarations: Declarations, actor: Actor, delivery: int, how: How | Literal[""]
) -> Iterator[tuple[Resolved, ...]]:
    """The same, all of them, a group at a time; nothing stays open between two groups."""
    after = 0
    while found := lines(
        declarations=declarations, actor=actor, delivery=delivery, how=how, after=after
    ):
        yield found
        after = found[-1].row


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Puts lines into words for one who asks: which compared fields are open to him, and whether
    he is told who judged."""

    declarations: Declarations
    hidden: frozenset[str]
    judges: bool

    @classmethod
    def of(cls, declarations: Declarations, actor: Actor) -> _Reader:
        closed = {
            what
            for kind, what, field in Model.of(declarations).evidence
            if what in SAID and not _is_open(declarations, actor, kind, field)
        }
        rooms = rooms_of(declarations=declarations, actor=actor)
        return cls(declarations=declarations, hidden=frozenset(closed), judges="judging" in rooms)

    def read(self, one: Mapping[str, Any]) -> Resolved:
        told = one["author"] if self.judges and one["author"] not in (None, MATCHER) else ""
        return Resolved(
            row=one["row"],
            how=one["how"],
            waited_for=REASONS.get(one["waited_for"]),
            name=one["name"],
            number=one["number"],
            code=one["code"],
            subject=one["subject_name"],
            at=one["at"],
            delivery=one["folded_in"],
            judgement=one["judgement"],
            author=told,
            reason=without_id_numbers(one["reason"] or ""),
            parts=tuple(self._parts(one)) if one["how"] == "matched" else (),
            joined_to=one["joined_to"] or "",
        )

    def _parts(self, one: Mapping[str, Any]) -> Iterator[Agreed]:
        said: Mapping[str, Any] = json.loads(one["parts"] or "{}")
        fields = Model.of(self.declarations).declared.by_field
        for name, level in (said.get("levels") or {}).items():
            field = fields.get(name)
            if field and name not in self.hidden and level in field.by_level:
                bits = float((said.get("weights") or {}).get(name, 0))
                yield Agreed(field.label, field.by_level[level].label, bits)


def _is_open(declarations: Declarations, actor: Actor, kind: str, field: str) -> bool:
    decided = disclose(declarations=declarations, actor=actor, kind=declarations.kinds[kind])
    return any(one.field == field and one.treatment == "show" for one in decided.visible)
