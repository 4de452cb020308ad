"""The subjects that a row may be about: by which name, how likely, why, and who is near them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from yuexin.base.text import Text
from yuexin.domains.collection.matching import matched
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.rooms.beside import MATTERS, Held, Line, held_of, lines_of, said_by
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.neighbours import Neighbours, neighbours
from yuexin.domains.subjects.models import Judgement, Subject
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

MOST: Final = 5
OF_ROW: Final = "w.mention = %(mention)s"


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A subject the row may be about: by which of its names, how likely, and why.

    `weight` is the sum of the parts and of what any subject begins with; none where nothing was
    compared. `picked` is one that the officer named.
    """

    code: str
    name: str
    by_name: str
    weight: float | None
    picked: bool
    held: Held
    lines: tuple[Line, ...]
    near: Neighbours | None

    @cached_property
    def start(self) -> float:
        """What a subject taken at random begins with."""
        bits = sum(part.bits for line in self.lines for part in line.parts)
        return (self.weight or 0.0) - bits

    @cached_property
    def agreeing(self) -> tuple[Text, ...]:
        """The fields that speak for it."""
        parts = (part for line in self.lines for part in line.parts)
        return tuple(part.label for part in parts if part.bits >= MATTERS)

    @cached_property
    def opposing(self) -> tuple[Text, ...]:
        """The fields that speak against it."""
        parts = (part for line in self.lines for part in line.parts)
        return tuple(part.label for part in parts if part.bits <= -MATTERS)


def likely(
    *, declarations: Declarations, actor: Actor, row: Waiting, other: str, on: dt.date
) -> tuple[Likely, ...]:
    """The best candidates of a row that waits, and before them the subject of the code `other`."""
    found = _scores(declarations, row.mention)[:MOST]
    picked = Subject.objects.filter(code=other).first() if other else None
    if picked:
        own = [one for one in found if one["subject"] == str(picked.id)]
        own = own or _scores(declarations, row.mention, beside=picked.id) or [_unscored(picked)]
        found = [*own, *(one for one in found if one["subject"] != str(picked.id))]
    return tuple(_likely(declarations, actor, row, found, on, picked))


def led_to(
    *, declarations: Declarations, actor: Actor, row: LedRow, on: dt.date
) -> tuple[Likely, ...]:
    """The subject to which a row was led, as it was compared then."""
    judgement = Judgement.objects.get(number=row.judgement)
    said = {
        "levels": judgement.parts.get("levels", {}),
        "weights": judgement.parts.get("weights", {}),
    }
    score = {"subject": str(row.subject), "name": "", "weight": judgement.weight, **said}
    return tuple(_likely(declarations, actor, row, [score], on, None))


def evidence(*, declarations: Declarations, row: Waiting, subject: Subject) -> dict[str, Any]:
    """What the matcher says of a row and a subject now, which a person has before him: `weight`
    and `parts`; empty where it says nothing."""
    for one in _scores(declarations, row.mention, beside=subject.id):
        parts = {"levels": one["levels"], "weights": one["weights"]}
        return {"weight": one["weight"], "parts": parts}
    return {}


def _likely(
    declarations: Declarations,
    actor: Actor,
    row: Waiting | LedRow,
    found: list[dict[str, Any]],
    on: dt.date,
    picked: Subject | None,
) -> Iterator[Likely]:
    model = Model.of(declarations)
    subjects = Subject.objects.in_bulk([UUID(one["subject"]) for one in found])
    said = said_by(declarations=declarations, actor=actor, row=row)
    held = held_of(declarations=declarations, subjects=list(subjects.values()), on=on)
    near: Mapping[UUID, Neighbours] = neighbours(
        subjects=list(subjects.values()), trades=model.trades
    )
    for one in found:
        subject = subjects[UUID(one["subject"])]
        yield Likely(
            code=subject.code,
            name=subject.name,
            by_name=one["name"] if one["name"] != subject.name else "",
            weight=one["weight"],
            picked=picked is not None and picked.id == subject.id,
            held=held[subject.id],
            lines=lines_of(
                model=model,
                said=said,
                held=held[subject.id].by_line,
                levels=one["levels"],
                weights=one["weights"],
            ),
            near=near.get(subject.id),
        )


def _unscored(subject: Subject) -> dict[str, Any]:
    return {"subject": str(subject.id), "name": "", "weight": None, "levels": {}, "weights": {}}


def _scores(
    declarations: Declarations, mention: UUID, *, beside: UUID | None = None
) -> list[dict[str, Any]]:
    """The candidates of a mention, the best first; or how it compares with one subject."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = matched(
            cursor=cursor,
            model=Model.of(declarations),
            declarations=declarations,
            which=OF_ROW,
            said={"mention": mention},
            beside=beside,
        )
        return list(found.iter_rows(named=True))
