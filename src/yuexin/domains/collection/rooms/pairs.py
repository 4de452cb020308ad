"""Two subjects side by side: what speaks for one, what was judged, and which pairs are in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.collection.pairing import adverse_facts, said_of_pair
from yuexin.domains.collection.rooms.beside import NAMED, Held, held_of
from yuexin.domains.collection.rooms.judging import VERDICTS
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.neighbours import Neighbours, neighbours
from yuexin.domains.subjects.models import JoinedPair, Subject
from yuexin.engines.access.queries import names_of, require_room
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
# Said to be the same by one person, where it takes two; nothing was said of them since.
AWAITING: Final = """
SELECT x.code, x.name, y.code, y.name, j.author
FROM judgement j JOIN subject x ON x.id = j.about JOIN subject y ON y.id = j.subject
WHERE j.of_kind = 'subject' AND j.awaits
    AND NOT EXISTS (
        SELECT FROM judgement later WHERE later.of_kind = 'subject' AND later.number > j.number
            AND (later.about, later.subject) IN ((x.id, y.id), (y.id, x.id)))
ORDER BY j.number LIMIT %s
"""
TYPE: Final = Text("类型", "Type")
STATE: Final = Text("登记状态", "Registration state")
RECORDS: Final = Text("记录", "Records")
ADVERSE: Final = Text("其中不利信息", "Of these adverse")
OF_PAIR: Final = {
    "place": Text("所在地", "Place"),
    "established": Text("成立日期", "Established"),
    "person": Text("法定代表人（负责人、经营者）", "Legal representative or operator"),
    "address": Text("地址", "Address"),
    "phone": Text("电话", "Telephone"),
}
NUMBERS: Final = Text("旧号码", "Older numbers")
WHY: Final = {"number": SAME_NUMBER, "name": SAME_NAME}


class Alike(NamedTuple):
    """How far two sides agree, in a word with a mark."""

    label: Text
    tone: str


ALIKE: Final = Alike(Text("相同", "the same"), "good")
PARTLY: Final = Alike(Text("有相同的", "some the same"), "good")
UNLIKE: Final = Alike(Text("不同", "not the same"), "bad")


@dataclass(frozen=True, kw_only=True)
class DoubtfulPair:
    """Two codes that may be one entity, and why one may think so."""

    code: str
    name: str
    other: str
    other_name: str
    why: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class AwaitingPair:
    """Two codes that `author` judged to be one entity, which a second person has to confirm; `own`
    where that was whoever asks."""

    code: str
    name: str
    other: str
    other_name: str
    author: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two: its name and code, who is near it, and what its file goes on as."""

    code: str
    name: str
    near: Neighbours | None
    goes_on_as: str


@dataclass(frozen=True, kw_only=True)
class PairLine:
    """One line of the two files side by side; `alike` says in words how far they agree."""

    label: Text
    one: tuple[Text, ...]
    other: tuple[Text, ...]
    alike: Alike | None = None


@dataclass(frozen=True, kw_only=True)
class SaidOfPair:
    """One judgement of the pair, in words; `awaits` a second person; `own` of whoever asks.
    `keeps` is the code under which the file goes on, if they are the same."""

    number: int
    verdict: str
    label: Text
    author: str
    reason: str
    at: dt.datetime
    keeps: str
    awaits: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two subjects side by side, and what was judged of them."""

    one: Side
    other: Side
    lines: tuple[PairLine, ...]
    history: tuple[SaidOfPair, ...]
    joined: bool

    @property
    def last(self) -> SaidOfPair | None:
        return self.history[-1] if self.history else None

    @property
    def seen(self) -> int:
        return self.last.number if self.last else 0

    @property
    def awaits(self) -> bool:
        return self.last is not None and self.last.awaits

    @property
    def keeps(self) -> str:
        """The code under which the file is to go on: as the first person said, where one waits."""
        return self.last.keeps if self.last and self.last.awaits else self.other.code

    @property
    def confirms(self) -> bool:
        """Whether *same* by whoever asks is the second opinion that is awaited."""
        return self.last is not None and self.last.awaits and not self.last.own


def doubtful_pairs(*, declarations: Declarations, actor: Actor) -> tuple[DoubtfulPair, ...]:
    """Pairs of subjects that share a number, or a name and a founding, and that do not wait for a
    second person; the first hundred."""
    awaiting = awaiting_pairs(declarations=declarations, actor=actor)
    awaited = {frozenset((one.code, one.other)) for one in awaiting}
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
            if frozenset((code, other)) not in awaited
        )


def awaiting_pairs(*, declarations: Declarations, actor: Actor) -> tuple[AwaitingPair, ...]:
    """Pairs that wait for a second person, the earliest first; the first hundred."""
    require_room(declarations=declarations, actor=actor, room="judging")
    with connection.cursor() as cursor:
        cursor.execute(AWAITING, [MOST])
        rows = cursor.fetchall()
    called = names_of(logins={author for *_, author in rows})
    return tuple(
        AwaitingPair(
            code=code,
            name=name,
            other=other,
            other_name=other_name,
            author=called.get(author, author),
            own=author == actor.id,
        )
        for code, name, other, other_name, author in rows
    )


def pair(
    *, declarations: Declarations, actor: Actor, code: str, other: str, now: dt.datetime
) -> Pair | None:
    """Two subjects side by side; none where one of the codes is nobody's."""
    require_room(declarations=declarations, actor=actor, room="judging")
    found = {one.code: one for one in Subject.objects.filter(code__in=[code, other])}
    if len(found) != 2:
        return None
    both = one, two = found[code], found[other]
    joined = JoinedPair.objects.filter(
        Q(subject=one.id, goes_on_as=two.id) | Q(subject=two.id, goes_on_as=one.id)
    )
    held = held_of(declarations=declarations, subjects=both, on=today(now))
    near = neighbours(subjects=both, trades=Model.of(declarations).trades, but=both)
    sides = [_side(subject, near.get(subject.id)) for subject in both]
    lines = [*_told(held[one.id], held[two.id]), *_counted(declarations, one, two)]
    return Pair(
        one=sides[0],
        other=sides[1],
        lines=tuple(line for line in lines if line.one or line.other),
        history=tuple(_history(actor, one, two)),
        joined=joined.exists(),
    )


def _side(subject: Subject, near: Neighbours | None) -> Side:
    goes_on_as = Subject.objects.get(id=subject.joined_to) if subject.joined_to else None
    return Side(
        code=subject.code,
        name=subject.name,
        near=near,
        goes_on_as=goes_on_as.code if goes_on_as else "",
    )


def _told(one: Held, other: Held) -> Iterator[PairLine]:
    """What the registers say of both, with how far they agree."""
    yield _line(NAMED, one.by_line["name"], other.by_line["name"])
    yield _line(TYPE, _some(one.type), _some(other.type))
    yield _line(STATE, _some(one.state), _some(other.state))
    for line, label in OF_PAIR.items():
        yield _line(label, one.by_line.get(line, ()), other.by_line.get(line, ()))
    # A code has numbers of its own; only a shared one tells anything.
    mine, theirs = one.by_line["number"], other.by_line["number"]
    shared = PARTLY if set(mine) & set(theirs) else None
    yield PairLine(label=NUMBERS, one=mine, other=theirs, alike=shared)


def _line(label: Text, one: tuple[Text, ...], other: tuple[Text, ...]) -> PairLine:
    alike = None
    if one and other:
        alike = ALIKE if set(one) == set(other) else PARTLY if set(one) & set(other) else UNLIKE
    return PairLine(label=label, one=one, other=other, alike=alike)


def _some(text: Text) -> tuple[Text, ...]:
    return (text,) if text.zh else ()


def _counted(declarations: Declarations, one: Subject, other: Subject) -> Iterator[PairLine]:
    """How much the two files hold, and how much of it is to their disadvantage."""
    mine, theirs = _records(declarations, one), _records(declarations, other)
    yield PairLine(label=RECORDS, one=mine, other=theirs)
    adverse = [adverse_facts(declarations=declarations, subject=side) for side in (one, other)]
    said = [(Text(str(count), str(count)),) for count in adverse]
    yield PairLine(label=ADVERSE, one=said[0], other=said[1])


def _records(declarations: Declarations, subject: Subject) -> tuple[Text, ...]:
    records = Record.objects.filter(subject=subject.id, superseded_at=None)
    counted = records.values_list("kind").annotate(rows=Count("id")).order_by("kind")
    labels = [(declarations.kinds[kind].label, rows) for kind, rows in counted]
    return tuple(Text(f"{label.zh} {rows}", f"{label.en} {rows}") for label, rows in labels)


def _history(actor: Actor, one: Subject, other: Subject) -> Iterator[SaidOfPair]:
    rows = list(said_of_pair(one=one, other=other))
    called = names_of(logins={row.author for row in rows})
    codes = {one.id: one.code, other.id: other.code}
    for row in rows:
        yield SaidOfPair(
            number=row.number,
            verdict=row.verdict,
            label=VERDICTS[row.verdict],
            author=called.get(row.author, row.author),
            reason=row.reason,
            at=row.judged_at,
            keeps=codes[row.subject],
            awaits=row.awaits and row is rows[-1],
            own=row.author == actor.id,
        )
