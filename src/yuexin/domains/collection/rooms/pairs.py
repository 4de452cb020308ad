"""Two subjects side by side: what speaks for one, what was judged, and which pairs are in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Count, Q

from yuexin.base.regions import name_of
from yuexin.base.text import Text
from yuexin.domains.collection.pairing import adverse_facts, said_of_pair
from yuexin.domains.collection.rooms.judging import VERDICTS
from yuexin.domains.subjects.models import Alias, JoinedPair, Subject, SubjectName
from yuexin.engines.access.queries import require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.records.models import Record

MOST: Final = 100
SAME_NUMBER: Final = Text("登记了同一个旧号码", "both claim one older number")
SAME_NAME: Final = Text("名称与成立日期相同", "the same name and founding")
# What nobody judged yet. Whoever founds under one name on one day is one, or the register errs.
DOUBTFUL: Final = """
WITH found AS (
    SELECT a.subject AS one, b.subject AS other, 'number' AS why
    FROM alias a JOIN alias b USING (scheme, value) WHERE a.subject < b.subject
    UNION
    SELECT a.subject, b.subject, 'name'
    FROM subject_name a JOIN subject_name b ON b.key = a.key AND a.subject < b.subject
    JOIN subject x ON x.id = a.subject JOIN subject y ON y.id = b.subject
    WHERE x.est_date = y.est_date AND NOT x.named_after_person
)
SELECT x.code, x.name, y.code, y.name, array_agg(DISTINCT f.why ORDER BY f.why)
FROM found f JOIN subject x ON x.id = f.one JOIN subject y ON y.id = f.other
WHERE coalesce(x.joined_to, x.id) <> coalesce(y.joined_to, y.id)
    AND NOT EXISTS (
        SELECT FROM judgement j WHERE j.of_kind = 'subject' AND j.verdict = 'different'
            AND (j.about, j.subject) IN ((x.id, y.id), (y.id, x.id)))
GROUP BY x.code, x.name, y.code, y.name ORDER BY x.code, y.code LIMIT %s
"""
WHY: Final = {"number": SAME_NUMBER, "name": SAME_NAME}


@dataclass(frozen=True, kw_only=True)
class DoubtfulPair:
    """Two codes that may be one entity, and why one may think so."""

    code: str
    name: str
    other: str
    other_name: str
    why: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two: what the registers say of it, and how much is known."""

    code: str
    name: str
    type: Text
    city: Text
    est_date: dt.date | None
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    records: tuple[tuple[Text, int], ...]
    adverse: int
    goes_on_as: str


@dataclass(frozen=True, kw_only=True)
class SaidOfPair:
    """One judgement of the pair, in words; `awaits` a second person."""

    number: int
    verdict: str
    label: Text
    author: str
    reason: str
    at: dt.datetime
    awaits: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    one: Side
    other: Side
    history: tuple[SaidOfPair, ...]
    joined: bool

    @property
    def seen(self) -> int:
        return self.history[-1].number if self.history else 0

    @property
    def awaits(self) -> bool:
        return bool(self.history) and self.history[-1].awaits


def doubtful_pairs(*, declarations: Declarations, actor: Actor) -> tuple[DoubtfulPair, ...]:
    """Pairs of subjects that share a number, or a name and a founding; the first hundred."""
    require_room(declarations=declarations, actor=actor, room="judging")
    with connection.cursor() as cursor:
        cursor.execute(DOUBTFUL, [MOST])
        return tuple(
            DoubtfulPair(
                code=code,
                name=name,
                other=other,
                other_name=other_name,
                why=tuple(WHY[one] for one in why),
            )
            for code, name, other, other_name, why in cursor.fetchall()
        )


def pair(*, declarations: Declarations, actor: Actor, code: str, other: str) -> Pair | None:
    """Two subjects side by side; none where one of the codes is nobody's."""
    require_room(declarations=declarations, actor=actor, room="judging")
    found = {one.code: one for one in Subject.objects.filter(code__in=[code, other])}
    if len(found) != 2:
        return None
    one, two = found[code], found[other]
    held = JoinedPair.objects.filter(
        Q(subject=one.id, goes_on_as=two.id) | Q(subject=two.id, goes_on_as=one.id)
    )
    return Pair(
        one=_side(declarations, one),
        other=_side(declarations, two),
        history=tuple(_history(one, two)),
        joined=held.exists(),
    )


def _side(declarations: Declarations, subject: Subject) -> Side:
    types = declarations.codes.get("entity_types")
    kind = types.by_code.get(subject.entity_type) if types else None
    records = Record.objects.filter(subject=subject.id, superseded_at=None)
    counted = records.values_list("kind").annotate(rows=Count("id")).order_by("kind")
    goes_on_as = Subject.objects.get(id=subject.joined_to) if subject.joined_to else None
    names = SubjectName.objects.filter(subject=subject.id).exclude(name=subject.name)
    return Side(
        code=subject.code,
        name=subject.name,
        type=kind.label if kind else Text(subject.entity_type, subject.entity_type),
        city=name_of(subject.city) or Text(subject.city, subject.city),
        est_date=subject.est_date,
        names=tuple(names.order_by("key").values_list("name", flat=True)),
        numbers=tuple(Alias.objects.filter(subject=subject.id).values_list("value", flat=True)),
        records=tuple((declarations.kinds[kind].label, rows) for kind, rows in counted),
        adverse=adverse_facts(declarations=declarations, subject=subject),
        goes_on_as=goes_on_as.code if goes_on_as else "",
    )


def _history(one: Subject, other: Subject) -> Iterator[SaidOfPair]:
    rows = list(said_of_pair(one=one, other=other))
    for row in rows:
        yield SaidOfPair(
            number=row.number,
            verdict=row.verdict,
            label=VERDICTS[row.verdict],
            author=row.author,
            reason=row.reason,
            at=row.judged_at,
            awaits=row.awaits and row is rows[-1],
        )
