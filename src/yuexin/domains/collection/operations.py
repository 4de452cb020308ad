"""Writes: take a file in, and settle what was taken in. Both may die anywhere and run again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypedDict, Unpack

import psycopg
from django.db import DataError, connection, transaction

from yuexin.base.dates import Clock, today
from yuexin.base.digest import file_sha256
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.fold import Folded, Progress, fold
from yuexin.domains.collection.gate import refuse_secret, sniff_format
from yuexin.domains.collection.trial import Trial, tried
from yuexin.domains.collection.types import Offer
from yuexin.domains.subjects.judging import judge_lapsed
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import agencies_acted_for
from yuexin.engines.access.types import OPERATOR, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import (
    FOLD_LOCK,
    Arrived,
    arriving,
    promised,
    receive,
    refuse,
    settle,
)
from yuexin.engines.deliveries.queries import adopted, unsettled, unsettled_one
from yuexin.engines.deliveries.queries import delivery as delivery_of
from yuexin.engines.deliveries.types import Intent, Kept, Submission
from yuexin.home.folder import Home

logger = logging.getLogger(__name__)
CLOCKS_DIFFER = dt.timedelta(minutes=5)


class Said(TypedDict, total=False):
    """What else may be said of a file: the fields of an `Offer`."""

    intent: Intent
    secrecy: str
    declared_rows: int | None
    declared_sha256: str
    sent_at: dt.datetime | None
    linked_to: int | None
    idempotency_key: str


def take_in(
    *,
    home: Home,
    path: Path,
    resource: str,
    agency: str,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
    **said: Unpack[Said],
) -> Kept:
    """Take in a file of this machine, as the console does, by `accept`."""
    name = path.name.encode("utf-8", "backslashreplace").decode("utf-8")
    offer = Offer(resource=resource, agency=agency, channel="console", file_name=name, **said)
    with path.open("rb") as stream:
        return accept(
            home=home, stream=stream, offer=offer, declarations=declarations, actor=actor, now=now
        )


def accept(
    *,
    home: Home,
    stream: BinaryIO,
    offer: Offer,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> Kept:
    """Keep a file as received and acknowledge it: the one door of all channels.

    Nothing secret is kept; refusals are journaled. What was accepted under an idempotency key is
    given again when it is offered again. Raises a `Refusal` for an undeclared resource, an agency
    that does not provide it or that the actor does not act for, a secrecy mark, an unknown
    format, a time of sending to come, a digest that disagrees, or a key that stands for something
    else. Whatever `stream` raises while it is read goes through, and nothing is kept.
    """
    with _admitted(home, stream, offer, declarations, actor, now) as (arrived, submission):
        return _keep(home, arrived, submission, declarations, actor, now)


def try_out(
    *,
    home: Home,
    stream: BinaryIO,
    offer: Offer,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> Trial:
    """What the checks say of a file that might be delivered. Nothing of it is kept.

    Raises a `Refusal` as `accept` does, journaled like its own, and for what cannot be read.
    """
    with _admitted(home, stream, offer, declarations, actor, now, trial=True) as (
        arrived,
        submission,
    ):
        return tried(
            path=arrived.path,
            submission=submission,
            declarations=declarations,
            scratch=home.scratch,
            on=today(now),
        )


@contextmanager
def _admitted(
    home: Home,
    stream: BinaryIO,
    offer: Offer,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
    *,
    trial: bool = False,
) -> Iterator[tuple[Arrived, Submission]]:
    """The gate: what passes it may be kept or tried; it is gone when neither is done."""
    with _refusals_noted(actor, offer.resource, now, trial=trial):
        _refuse_stranger(declarations, offer.resource, offer.agency)
        refuse_foreign(declarations=declarations, actor=actor, agency=offer.agency)
        _refuse_dead_link(home, offer, declarations, actor)
        _refuse_unsent(offer.sent_at, now)
        with arriving(store=home.deliveries, stream=stream) as arrived:
            submission = Submission(
                resource=offer.resource,
                agency=offer.agency,
                channel=offer.channel,
                intent=offer.intent,
                file_name=offer.file_name,
                format=sniff_format(arrived.path),
                declared_rows=offer.declared_rows,
                declared_sha256=offer.declared_sha256,
                sent_at=offer.sent_at,
                linked_to=offer.linked_to,
                idempotency_key=offer.idempotency_key,
            )
            refuse_secret(
                path=arrived.path,
                submission=submission,
                resource=declarations.resources[offer.resource],
                mark=offer.secrecy,
                scratch=home.scratch,
            )
            yield arrived, submission


def _keep(
    home: Home,
    arrived: Arrived,
    submission: Submission,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> Kept:
    with transaction.atomic():
        number = promised(arrived=arrived, submission=submission, actor=actor.id)
        again = delivery_of(number=number, store=home.deliveries) if number else None
        kept = again or receive(
            store=home.deliveries,
            arrived=arrived,
            submission=submission,
            declarations=declarations,
            actor=actor.id,
            now=now,
        )
        note(
            stream="change",
            actor=actor,
            action="delivery.repeated" if again else "delivery.received",
            thing=f"delivery/{kept.number}",
            now=now,
            sha256=kept.sha256,
        )
    return kept


@contextmanager
def _refusals_noted(
    actor: Actor, resource: str, now: dt.datetime, *, trial: bool
) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        action = "trial.refused" if trial else "delivery.refused"
        note(
            stream="change",
            actor=actor,
            action=action,
            thing=resource,
            now=now,
            code=refusal.code,
        )
        raise


def settle_pending(
    *, home: Home, actor: Actor, clock: Clock, progress: Progress | None = None
) -> tuple[int, ...]:
    """Fold every delivery that has no receipt yet, oldest first. Returns their numbers.

    A receipt says when its delivery was folded: `clock` is asked then.

    Only one process folds at a time; another one waits for it and finds the work done.
    """
    settled = []
    while pending := unsettled(store=home.deliveries):
        for delivery in pending:
            if _settle_one(home, delivery.number, actor, clock, progress):
                settled.append(delivery.number)
    return tuple(settled)


def judge_again(*, declarations: Declarations, now: dt.datetime) -> int:
    """Renew verdicts that time has used up. Returns how many subjects were judged."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        return judge_lapsed(cursor=cursor, declarations=declarations, now=now)


def _settle_one(
    home: Home, number: int, actor: Actor, clock: Clock, progress: Progress | None
) -> bool:
    """Fold one delivery and write its receipt, or the refusal's, in the same transaction."""
    with transaction.atomic():
        delivery = _claim(home, number)
        if delivery is None:
            return False
        _require_unchanged(delivery)
        declarations = adopted(delivery.declarations)
        done: Folded | Refusal
        detail: dict[str, Any]
        try:
            done = fold(
                delivery=delivery,
                declarations=declarations,
                scratch=home.scratch,
                progress=progress,
            )
        except (DataError, psycopg.DataError) as error:
            logger.exception("delivery %s holds what the database does not take", number)
            done = _not_taken(delivery, error)
        except Refusal as refusal:
            done = refusal
        now = clock()
        if isinstance(done, Refusal):
            refuse(home=home, number=number, refusal=done, now=now)
            action, detail = "delivery.refused", {"code": done.code}
        else:
            settle(home=home, number=number, counts=done.counts, findings=done.findings, now=now)
            action, detail = "delivery.folded", {"new": done.counts.new}
        thing = f"delivery/{number}"
        note(stream="change", actor=actor, action=action, thing=thing, now=now, **detail)
    return True


def _not_taken(delivery: Kept, error: Exception) -> Refusal:
    """One file must not hold up all that came after it."""
    return Refusal(
        code="CONTENT",
        what=Text("文件内容无法入库", "the database does not take what the file holds"),
        where=delivery.submission.file_name,
        rule=type(error).__name__,
        remedy=Text("去除特殊字符后重新交付", "deliver it again without special characters"),
    )


def _require_unchanged(delivery: Kept) -> None:
    """What is folded is what was acknowledged. A spoiled file stays unsettled for an operator."""
    if delivery.path.exists() and file_sha256(delivery.path) == delivery.sha256:
        return
    raise Refusal(
        code="STORED_FILE",
        what=Text(
            f"交付 {delivery.number} 的存档文件缺失或已被改动，未处理",
            f"the stored file of delivery {delivery.number} is missing or was changed",
        ),
        where=str(delivery.path),
        rule="DESIGN law 1",
        remedy=Text(
            "从备份恢复该文件，或再次交付原文件，然后运行 yuexin work --once",
            "restore it from a backup or deliver the same file again, then run yuexin work --once",
        ),
    )


def _claim(home: Home, number: int) -> Kept | None:
    """Hold the fold lock for this transaction; none when the delivery is settled already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
    return unsettled_one(number=number, store=home.deliveries)


def refuse_foreign(*, declarations: Declarations, actor: Actor, agency: str) -> None:
    """Refuse whoever delivers, or asks, for an agency that he does not act for.

    The operator acts for all.
    """
    own = agencies_acted_for(declarations=declarations, actor=actor)
    if actor.role == OPERATOR.role or agency in own:
        return
    raise Refusal(
        code="OWNERSHIP",
        what=Text(
            f"“{actor.id}”不代表“{agency}”，不得以其名义交付",
            f"“{actor.id}” does not act for “{agency}” and may not deliver in its name",
        ),
        where=agency,
        rule="one item, one source",
        remedy=Text("请以本部门名义交付", "deliver in the name of your own agency"),
    )


def _refuse_dead_link(home: Home, offer: Offer, declarations: Declarations, actor: Actor) -> None:
    """Only what is there, and was delivered by an agency one acts for, can be corrected."""
    if offer.linked_to is None:
        return
    first = delivery_of(number=offer.linked_to, store=home.deliveries)
    if first is not None:
        agency = first.submission.agency
        refuse_foreign(declarations=declarations, actor=actor, agency=agency)
        return
    raise dead_link(offer.linked_to)


def dead_link(number: int) -> Refusal:
    """The refusal of a correction of what was never delivered."""
    return Refusal(
        code="LINK",
        what=Text(f"没有交付 {number}", f"there is no delivery {number}"),
        rule="linked_to",
        remedy=Text("填写首次交付的回执号", "give the number on the first delivery's receipt"),
    )


def _refuse_unsent(sent_at: dt.datetime | None, now: dt.datetime) -> None:
    if sent_at is None or sent_at <= now + CLOCKS_DIFFER:
        return
    raise Refusal(
        code="SENT_AT",
        what=Text("发送时间晚于接收时间", "it is said to be sent after it was received"),
        where=sent_at.isoformat(),
        rule="sent_at <= received_at",
        remedy=Text("更正发送时间或校准时钟", "mend the time of sending, or the clock"),
    )


def _refuse_stranger(declarations: Declarations, resource: str, agency: str) -> None:
    declared = declarations.resources.get(resource)
    if declared is None:
        known = "、".join(declarations.resources)
        raise Refusal(
            code="RESOURCE",
            what=Text(f"目录中没有资源“{resource}”", f"no resource “{resource}” is declared"),
            rule="catalogue",
            remedy=Text(f"可交付：{known}", f"choose one of: {known}"),
        )
    if agency not in declared.providers:
        raise Refusal(
            code="PROVIDER",
            what=Text(
                f"“{agency}”不是该资源的提供方", f"“{agency}” does not provide this resource"
            ),
            where=resource,
            rule="one item, one source",
            remedy=Text(
                f"提供方为：{'、'.join(declared.providers)}",
                f"its providers are: {', '.join(declared.providers)}",
            ),
        )
