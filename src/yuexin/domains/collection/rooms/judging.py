"""The room in which people judge whose rows are: what waits for them, what speaks for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from yuexin.base.text import Text
from yuexin.domains.collection.matching import matched
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.rooms.asked import (
    Named,
    Wanted,
    agency_named,
    deliveries_seen,
    pages_of,
    resource_named,
    window,
)
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE
from yuexin.domains.subjects.judgements import MATCHER
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.models import Judgement, Subject
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

MOST: Final = 5
OF_ROW: Final = "w.mention = %(mention)s"
VERDICTS: Final = {
    "same": Text("同一主体", "the same"),
    "different": Text("不是同一主体", "another one"),
    "unsure": Text("不能确定", "not certain"),
    "taken_back": Text("撤回认定", "taken back"),
}
BY_MATCHER: Final = Text("自动比对", "matched automatically")


@dataclass(frozen=True, kw_only=True)
class Part:
    """How far one field agrees, in words, and what that weighs in bits."""

    label: Text
    level: Text
    bits: float


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A subject the row may be about: by which of its names, how likely, and why."""

    code: str
    name: str
    by_name: str
    weight: float
    probability: float
    parts: tuple[Part, ...]


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
    """A mention that waits for a person: its first row, how many say it, and the best guess."""

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
    weight: float | None
    author: Text


@dataclass(frozen=True, kw_only=True)
class DoubtsPage:
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


def judging(
    *, declarations: Declarations, actor: Actor, agency: str, resource: str, content: UUID
) -> Judging | None:
    """What this row, waiting or led, is judged by; none where the actor judges no such row."""
    wanted = Wanted(agency=agency, resource=resource)
    seen = deliveries_seen(declarations=declarations, actor=actor, room="judging", wanted=wanted)
    named = {"agency": agency, "resource": resource, "content": content}
    waits = Waiting.objects.filter(**named, delivery__in=seen.values("number")).first()
    led = LedRow.objects.filter(**named, delivery__in=seen.values("number")).first()
    row = waits or led
    if row is None or (waits and waits.reason not in (*LINKABLE, JUDGED_DIFFERENT)):
        return None
    history = tuple(_history(row.mention))
    table = Waiting if waits else LedRow
    return Judging(
        likely=tuple(_likely(declarations, row.mention)) if waits else (),
        history=history,
        rows=table.objects.filter(mention=row.mention).count(),
        seen=history[-1].number if history else 0,
        led=waits is None,
    )


def next_doubt(
    *, declarations: Declarations, actor: Actor, wanted: Wanted
) -> tuple[str, str, UUID] | None:
    """The first row that people are asked about, to be judged next."""
    row = _asked(declarations, actor, wanted).order_by("mention", "delivery", "row").first()
    return (row.agency, row.resource, row.content) if row else None


def evidence(
    *, declarations: Declarations, agency: str, resource: str, content: UUID, code: str
) -> dict[str, Any]:
    """What the matcher says of the row and a subject now, which a person has before him: `weight`
    and `parts`; empty where it says nothing."""
    named = {"agency": agency, "resource": resource, "content": content}
    row = Waiting.objects.filter(**named).first()
    subject = Subject.objects.filter(code=code).first()
    found = _scores(declarations, row.mention) if row and subject else []
    for one in found:
        if subject and one["subject"] == str(subject.id):
            parts = {"levels": one["levels"], "weights": one["weights"]}
            return {"weight": one["weight"], "parts": parts}
    return {}


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
        weight=last.weight,
        author=_author(last),
    )


def _likely(declarations: Declarations, mention: UUID) -> Iterator[Likely]:
    found = _scores(declarations, mention)[:MOST]
    subjects = Subject.objects.in_bulk([UUID(one["subject"]) for one in found])
    fields = Model.of(declarations).declared.by_field
    for one in found:
        subject = subjects[UUID(one["subject"])]
        parts = (
            Part(
                label=fields[field].label,
                level=fields[field].by_level[level].label,
                bits=one["weights"][field],
            )
            for field, level in one["levels"].items()
            if field in fields and level in fields[field].by_level
        )
        yield Likely(
            code=subject.code,
            name=subject.name,
            by_name=one["name"] if one["name"] != subject.name else "",
            weight=one["weight"],
            probability=one["probability"],
            parts=tuple(parts),
        )


def _scores(declarations: Declarations, mention: UUID) -> list[dict[str, Any]]:
    with transaction.atomic(), connection.cursor() as cursor:
        found = matched(
            cursor=cursor,
            model=Model.of(declarations),
            declarations=declarations,
            which=OF_ROW,
            said={"mention": mention},
        )
        return list(found.iter_rows(named=True))


def _history(mention: UUID) -> Iterator[Judged]:
    rows = list(Judgement.objects.filter(about=mention, of_kind="mention").order_by("number"))
    subjects = Subject.objects.in_bulk({row.subject for row in rows})
    for row in rows:
        subject = subjects.get(row.subject)
        yield Judged(
            number=row.number,
            verdict=row.verdict,
            label=VERDICTS[row.verdict],
            code=subject.code if subject else "",
            name=subject.name if subject else "",
            author="" if row.author == MATCHER else row.author,
            reason=row.reason,
            at=row.judged_at,
        )


def _author(row: Judgement) -> Text:
    return BY_MATCHER if row.author == MATCHER else Text(row.author, row.author)
