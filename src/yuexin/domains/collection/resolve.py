"""Writes: what a person says of whom a row is about. It counts at once, and can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.judged import say
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE
from yuexin.domains.subjects.judgements import MATCHER, Said, Verdict
from yuexin.domains.subjects.models import JudgedPair, Judgement, Subject
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import deliveries_scope, names_of, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import FOLD_LOCK

LONGEST_REASON: Final = 500


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a person says of a row and a subject, having `seen` the last judgement of the row.

    `weight` and `parts` are what the matcher said of them then.
    """

    verdict: Verdict
    code: str
    reason: str = ""
    seen: int = 0
    weight: float | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)


def judge_row(
    *,
    declarations: Declarations,
    actor: Actor,
    agency: str,
    resource: str,
    content: UUID,
    opinion: Opinion,
    now: dt.datetime,
) -> int | None:
    """Say whose this row is, and let it count for all rows that say the same of it.

    Returns the number of the judgement; none where the actor may see no such row. Raises a
    `Refusal` where somebody judged meanwhile, or what is said cannot be.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        row = _row(declarations, actor, agency, resource, content)
        if row is None:
            return None
        subject = subject_under(code=opinion.code)
        _refuse_unlinkable(row)
        said = Judgement.objects.filter(about=row.mention, of_kind="mention")
        refuse_overtaken(latest=said.order_by("-number").first(), seen=opinion.seen)
        refuse_unreasoned(reason=opinion.reason, needed=opinion.verdict == "taken_back")
        numbers = say(
            cursor=cursor,
            declarations=declarations,
            said=_said(row, subject, opinion),
            author=actor.id,
            now=now,
        )
        note(
            stream="change",
            actor=actor,
            action="judgement.made",
            thing=f"judgement/{numbers[-1]}",
            now=now,
            verdict=opinion.verdict,
            code=subject.code,
            delivery=row.delivery,
            row=row.row,
        )
    return numbers[-1]


def _row(
    declarations: Declarations, actor: Actor, agency: str, resource: str, content: UUID
) -> Waiting | LedRow | None:
    """The row, waiting or led, where the actor may judge it."""
    require_room(declarations=declarations, actor=actor, room="judging")
    if not deliveries_scope(declarations=declarations, actor=actor).covers(agency):
        return None
    named = {"agency": agency, "resource": resource, "content": content}
    waits = Waiting.objects.filter(**named).first()
    return waits or LedRow.objects.filter(**named).first()


def _said(row: Waiting | LedRow, subject: Subject, opinion: Opinion) -> list[Said]:
    """What is said; of a row that was judged another's before, that is taken back with it."""
    said = []
    if opinion.verdict == "same":
        others = JudgedPair.objects.filter(mention=row.mention, same=True)
        said = [
            Said(about=row.mention, subject=pair.subject, verdict="taken_back")
            for pair in others.exclude(subject=subject.id)
        ]
    own = Said(
        about=row.mention,
        subject=subject.id,
        verdict=opinion.verdict,
        weight=opinion.weight,
        parts=opinion.parts,
        reason=opinion.reason.strip(),
    )
    return [*said, own]


def subject_under(*, code: str) -> Subject:
    """The subject of this code. Raises a `Refusal` where there is none."""
    if found := Subject.objects.filter(code=code).first():
        return found
    raise Refusal(
        code="UNKNOWN_SUBJECT",
        what=Text(f"没有代码为“{code}”的主体", f"no entity has the code “{code}”"),
        where=code,
        rule="decision 2",
        remedy=Text("先查到主体，再认定", "search for the entity first"),
    )


def _refuse_unlinkable(row: Waiting | LedRow) -> None:
    if isinstance(row, LedRow) or row.reason in (*LINKABLE, JUDGED_DIFFERENT):
        return
    raise Refusal(
        code="NOT_A_MATTER_OF_WHOSE",
        what=Text(
            "这一行等待的原因不是“属于谁”，认定不能让它入库",
            "the row does not wait for whose it is: no judgement lets it in",
        ),
        where=row.reason,
        rule="decision 23",
        remedy=Text("按该行页面上的说明处理", "do what its own page says"),
    )


def refuse_overtaken(*, latest: Judgement | None, seen: int) -> None:
    """Two officers who judge at once: the second one looks again."""
    if latest is None or latest.number <= seen:
        return
    who = names_of(logins=[latest.author]).get(latest.author, latest.author)
    said = Text("自动比对", "the matcher") if who == MATCHER else Text(f"“{who}”", f"“{who}”")
    raise Refusal(
        code="JUDGED_MEANWHILE",
        what=Text(
            f"{said.zh}刚刚已认定（认定 {latest.number}）",
            f"{said.en} has judged meanwhile (judgement {latest.number})",
        ),
        where=f"judgement/{latest.number}",
        rule="decision 23",
        remedy=Text("看过新的认定后再提交", "look at what was judged, then judge again"),
    )


def refuse_unreasoned(*, reason: str, needed: bool) -> None:
    """What undoes something, or joins two files, says why."""
    said = reason.strip()
    if len(said) <= LONGEST_REASON and (said or not needed):
        return
    raise Refusal(
        code="REASON",
        what=Text(
            f"须写明理由，最多 {LONGEST_REASON} 字",
            f"a reason is needed, of {LONGEST_REASON} characters at most",
        ),
        where="reason",
        rule="decision 23",
        remedy=Text("写明理由", "say why"),
    )
