"""The room in which people judge whose rows are: what waits for them, what speaks for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.rooms import likely as of_row
from yuexin.domains.collection.rooms.asked import (
    Named,
    Wanted,
    agency_named,
    deliveries_seen,
    pages_of,
    resource_named,
    window,
)
from yuexin.domains.collection.rooms.likely import Likely
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE
from yuexin.domains.subjects.judgements import MATCHER
from yuexin.domains.subjects.models import Judgement, Subject
from yuexin.engines.access.queries import names_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations


class RowName(NamedTuple):
    """What names a row in its address."""

    agency: str
    resource: str
    content: UUID


VERDICTS: Final = {
    "same": Text("同一主体", "the same"),
    "different": Text("不是同一主体", "another one"),
    "unsure": Text("不能确定", "not certain"),
    "taken_back": Text("撤回认定", "taken back"),
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One judgement of the row's mention, in words."""

    number: int
    verdict: str
    label: Text
    code: str
    name: str
    author: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Judging:
    """What a person judges by: who it may be, what was judged, how many rows it counts for."""

    mention: UUID
    likely: tuple[Likely, ...]
    history: tuple[Judged, ...]
    rows: int
    seen: int
    led: bool

    @property
    def last(self) -> Judged | None:
        return self.history[-1] if self.history else None


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A mention that waits for a person: its first row, how many say it, and the best guess.
    `looked_at` where a person was not certain, either."""

    agency: Named
    resource: Named
    content: UUID
    delivery: int
    row: int
    name: str
    number: str
    reason: Text
    rows: int
    code: str
    guess: str
    looked_at: bool


@dataclass(frozen=True, kw_only=True)
class JustJudged:
    """A judgement that somebody has just made: of which row, and what it says."""

    number: int
    mention: UUID
    verdict: str
    label: Text
    row: RowName
    row_called: str
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DoubtsPage:
    """A page of the mentions that people are asked about."""

    lines: tuple[Doubt, ...]
    page: int
    pages: int
    total: int


def doubts(*, declarations: Declarations, actor: Actor, wanted: Wanted, page: int) -> DoubtsPage:
    """The mentions that people are asked about, each with its first row."""
    rows = _asked(declarations, actor, wanted)
    total = rows.values("mention").distinct().count()
    first = list(rows.order_by("mention", "delivery", "row").distinct("mention")[window(page)])
    found = {row.mention: row for row in first}
    counted = dict(
        Waiting.objects.filter(mention__in=found)
        .values_list("mention")
        .annotate(rows=Count("content"))
    )
    last = {
        one.about: one
        for one in Judgement.objects.filter(about__in=found, of_kind="mention").order_by("number")
    }
    subjects = Subject.objects.in_bulk({one.subject for one in last.values()})
    return DoubtsPage(
        lines=tuple(
            _doubt(declarations, row, counted[row.mention], last[row.mention], subjects)
            for row in first
        ),
        page=page,
        pages=pages_of(total),
        total=total,
    )


def doubts_in_all(*, declarations: Declarations, actor: Actor) -> int:
    """How many mentions people are asked about."""
    rows = _asked(declarations, actor, Wanted())
    return rows.values("mention").distinct().count()


def judging(
    *,
    declarations: Declarations,
    actor: Actor,
    agency: str,
    resource: str,
    content: UUID,
    other: str = "",
    now: dt.datetime,
) -> Judging | None:
    """What this row, waiting or led, is judged by; none where the actor judges no such row.

    The subject of the code `other` is compared, too.
    """
    wanted = Wanted(agency=agency, resource=resource)
    seen = deliveries_seen(declarations=declarations, actor=actor, room="judging", wanted=wanted)
    named = {"agency": agency, "resource": resource, "content": content}
    waits = Waiting.objects.filter(**named, delivery__in=seen.values("number")).first()
    if waits and waits.reason not in (*LINKABLE, JUDGED_DIFFERENT):
        return None
    led = LedRow.objects.filter(**named, delivery__in=seen.values("number")).first()
    said: dict[str, Any] = {"declarations": declarations, "actor": actor, "on": today(now)}
    if waits:
        return _judging(waits, of_row.likely(row=waits, other=other, **said), led=False)
    return _judging(led, of_row.led_to(row=led, **said), led=True) if led else None


def next_doubt(
    *, declarations: Declarations, actor: Actor, wanted: Wanted, after: UUID
) -> RowName | None:
    """The row to be judged after that of the mention `after`: in the order of the list, from its
    beginning again once the end is reached."""
    rows = _asked(declarations, actor, wanted).order_by("mention", "delivery", "row")
    others = rows.exclude(mention=after)
    row = others.filter(mention__gt=after).first() or others.first()
    return _name_of(row) if row else None


def just_judged(*, declarations: Declarations, actor: Actor, number: int) -> JustJudged | None:
    """What the judgement of this number said of a row; none where the actor judges no such row."""
    seen = deliveries_seen(
        declarations=declarations, actor=actor, room="judging", wanted=Wanted()
    ).values("number")
    said = Judgement.objects.filter(number=number, of_kind="mention").first()
    if said is None:
        return None
    its_own = {"mention": said.about, "delivery__in": seen}
    led = LedRow.objects.filter(**its_own).order_by("delivery", "row").first()
    row = led or Waiting.objects.filter(**its_own).order_by("delivery", "row").first()
    if row is None:
        return None
    subject = Subject.objects.get(id=said.subject)
    return JustJudged(
        number=number,
        mention=said.about,
        verdict=said.verdict,
        label=VERDICTS[said.verdict],
        row=_name_of(row),
        row_called=row.staged.get("name") or "",
        code=subject.code,
        name=subject.name,
    )


def evidence(
    *, declarations: Declarations, agency: str, resource: str, content: UUID, code: str
) -> dict[str, Any]:
    """What the matcher says of the row and a subject now, which a person has before him."""
    named = {"agency": agency, "resource": resource, "content": content}
    row = Waiting.objects.filter(**named).first()
    subject = Subject.objects.filter(code=code).first()
    if row is None or subject is None:
        return {}
    return of_row.evidence(declarations=declarations, row=row, subject=subject)


def _judging(row: Waiting | LedRow, likely: tuple[Likely, ...], *, led: bool) -> Judging:
    history = tuple(_history(row.mention))
    return Judging(
        mention=row.mention,
        likely=likely,
        history=history,
        rows=type(row).objects.filter(mention=row.mention).count(),
        seen=history[-1].number if history else 0,
        led=led,
    )


def _name_of(row: Waiting | LedRow) -> RowName:
    return RowName(agency=row.agency, resource=row.resource, content=row.content)


def _asked(declarations: Declarations, actor: Actor, wanted: Wanted) -> QuerySet[Waiting]:
    seen = deliveries_seen(declarations=declarations, actor=actor, room="judging", wanted=wanted)
    last = Judgement.objects.filter(about=OuterRef("mention"), of_kind="mention")
    verdict = Subquery(last.order_by("-number").values("verdict")[:1])
    rows = Waiting.objects.filter(delivery__in=seen.values("number"), reason__in=LINKABLE)
    return rows.annotate(verdict=verdict).filter(verdict="unsure")


def _doubt(
    declarations: Declarations,
    row: Waiting,
    rows: int,
    last: Judgement,
    subjects: Mapping[UUID, Subject],
) -> Doubt:
    guess = subjects.get(last.subject)
    return Doubt(
        agency=agency_named(declarations, row.agency),
        resource=resource_named(declarations, row.resource),
        content=row.content,
        delivery=row.delivery,
        row=row.row,
        name=row.staged.get("name") or "",
        number=row.uscc or row.org_code or row.reg_no or "",
        reason=REASONS[row.reason],
        rows=rows,
        code=guess.code if guess else "",
        guess=guess.name if guess else "",
        looked_at=last.author != MATCHER,
    )


def _history(mention: UUID) -> Iterator[Judged]:
    rows = list(Judgement.objects.filter(about=mention, of_kind="mention").order_by("number"))
    subjects = Subject.objects.in_bulk({row.subject for row in rows})
    called = names_of(logins={row.author for row in rows})
    for row in rows:
        subject = subjects.get(row.subject)
        yield Judged(
            number=row.number,
            verdict=row.verdict,
            label=VERDICTS[row.verdict],
            code=subject.code if subject else "",
            name=subject.name if subject else "",
            author="" if row.author == MATCHER else called.get(row.author, row.author),
            reason=row.reason,
            at=row.judged_at,
        )
