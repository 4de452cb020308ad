"""Writes: whether two subjects are one. Their files are joined, and split again when taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.judged import say
from yuexin.domains.collection.resolve import refuse_overtaken, refuse_unreasoned, subject_under
from yuexin.domains.subjects.judgements import Said, Verdict
from yuexin.domains.subjects.models import Judgement, Subject
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import FOLD_LOCK
from yuexin.engines.records.models import Record

SECOND: Final = Text(
    "两份档案都有不利信息，须由另一人复核后生效",
    "both files hold adverse facts: it counts once a second person confirms it",
)


@dataclass(frozen=True, kw_only=True)
class PairOpinion:
    """What a person says of two subjects, having `seen` the last judgement of them."""

    verdict: Verdict
    reason: str
    seen: int = 0


@dataclass(frozen=True, kw_only=True)
class PairJudged:
    """The judgement's number, and whether it waits for a second person."""

    number: int
    awaits: bool


def judge_pair(
    *,
    declarations: Declarations,
    actor: Actor,
    code: str,
    other: str,
    opinion: PairOpinion,
    now: dt.datetime,
) -> PairJudged:
    """Say whether the subject under `code` is the one that goes on under `other`.

    Where both files hold adverse facts, *same* waits for a second person, who says it, too. Raises
    a `Refusal` for whoever may not judge, where somebody judged meanwhile, or for what cannot be.
    """
    require_room(declarations=declarations, actor=actor, room="judging")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        one, goes_on_as = subject_under(code=code), subject_under(code=other)
        latest = said_of_pair(one=one, other=goes_on_as).last()
        refuse_overtaken(latest=latest, seen=opinion.seen)
        refuse_unreasoned(reason=opinion.reason, needed=True)
        _refuse_impossible(one, goes_on_as, opinion.verdict, latest)
        seconds = _seconded(latest, one, opinion.verdict, actor)
        awaits = (
            opinion.verdict == "same"
            and seconds is None
            and adverse_facts(declarations=declarations, subject=one) > 0
            and adverse_facts(declarations=declarations, subject=goes_on_as) > 0
        )
        said = Said(
            about=one.id,
            subject=goes_on_as.id,
            verdict=opinion.verdict,
            reason=opinion.reason.strip(),
        )
        (number,) = say(
            cursor=cursor,
            declarations=declarations,
            said=[said],
            author=actor.id,
            now=now,
            of_kind="subject",
            awaits=awaits,
            seconds=seconds,
        )
        note(
            stream="change",
            actor=actor,
            action="judgement.pair",
            thing=f"judgement/{number}",
            now=now,
            verdict=opinion.verdict,
            code=code,
            other=other,
            awaits=awaits,
        )
    return PairJudged(number=number, awaits=awaits)


def said_of_pair(*, one: Subject, other: Subject) -> QuerySet[Judgement]:
    """What was judged of two subjects, whichever was named first, in order."""
    said = Judgement.objects.filter(of_kind="subject").filter(
        Q(about=one.id, subject=other.id) | Q(about=other.id, subject=one.id)
    )
    return said.order_by("number")


def adverse_facts(*, declarations: Declarations, subject: Subject) -> int:
    """How many facts to its disadvantage the file of this subject holds."""
    root = subject.joined_to or subject.id
    members = Subject.objects.filter(Q(id=root) | Q(joined_to=root)).values("id")
    kinds = {kind.id: kind for kind in declarations.kinds.values() if kind.adverse}
    facts = Record.objects.filter(subject__in=members, kind__in=kinds, superseded_at=None)
    return sum(kinds[kind].is_adverse(body) for kind, body in facts.values_list("kind", "body"))


def _seconded(latest: Judgement | None, one: Subject, verdict: Verdict, actor: Actor) -> int | None:
    """The number of the judgement that this one confirms; none where it confirms none."""
    if latest is None or verdict != "same" or not latest.awaits or latest.about != one.id:
        return None
    if latest.author != actor.id:
        return latest.number
    raise Refusal(
        code="SECOND_PERSON",
        what=SECOND,
        where=f"judgement/{latest.number}",
        rule="decision 23",
        remedy=Text("请另一位有权认定的人员打开本页确认", "ask another one who may judge"),
    )


def _refuse_impossible(
    one: Subject, other: Subject, verdict: Verdict, latest: Judgement | None
) -> None:
    if one.id == other.id:
        what = Text("是同一个代码", "it is the same code twice")
    elif verdict == "same" and (one.joined_to or one.id) == (other.joined_to or other.id):
        what = Text("两个代码的档案已经合在一起", "the files of these codes are joined already")
    elif verdict == "same" and one.joined_to:
        what = Text("该代码已并入另一代码的档案", "this code goes on under another one already")
    elif verdict == "taken_back" and latest is None:
        what = Text("没有可撤回的认定", "nothing was judged that could be taken back")
    else:
        return
    raise Refusal(
        code="PAIR",
        what=what,
        where=f"{one.code} · {other.code}",
        rule="decision 23",
        remedy=Text("先撤回原来的认定，或另选代码", "take back what was judged, or name another"),
    )
