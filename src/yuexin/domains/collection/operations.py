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

from yuexin.base.dates import Clock
from yuexin.base.digest import file_sha256
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.admission import admitted
from yuexin.domains.collection.fold import Folded, Progress, fold
from yuexin.domains.collection.matching import Matching
from yuexin.domains.collection.trial import Trial, tried
from yuexin.domains.collection.types import Offer
from yuexin.domains.subjects.judging import BATCH_SUBJECTS, judge_due
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import (
    FOLD_LOCK,
    Arrived,
    promised,
    receive,
    refuse,
    refuse_unkeepable,
    settle,
)
from yuexin.engines.deliveries.queries import adopted, last_number, unsettled, unsettled_one
from yuexin.engines.deliveries.queries import delivery as delivery_of
from yuexin.engines.deliveries.types import Intent, Kept, Submission
from yuexin.home.folder import Home

logger = logging.getLogger(__name__)


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
    with (
        _refusals_noted(actor, offer.resource, now, action="delivery.refused"),
        admitted(
            home=home, stream=stream, offer=offer, declarations=declarations, actor=actor, now=now
        ) as (arrived, submission),
    ):
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
    with (
        _refusals_noted(actor, offer.resource, now, action="trial.refused"),
        admitted(
            home=home, stream=stream, offer=offer, declarations=declarations, actor=actor, now=now
        ) as (arrived, submission),
    ):
        refuse_unkeepable(arrived=arrived, submission=submission)
        delivery = Kept(
            number=last_number() + 1,
            submission=submission,
            sha256=arrived.sha256,
            size_bytes=arrived.size_bytes,
            received_at=now,
            declarations=declarations.digest,
            chain="",
            path=arrived.path,
        )
        return tried(delivery=delivery, declarations=declarations, home=home)


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
    actor: Actor, resource: str, now: dt.datetime, *, action: str
) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        note(
            stream="change", actor=actor, action=action, thing=resource, now=now, code=refusal.code
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
    """Renew verdicts that time has used up, and some of those by rules that hold no longer; done
    when nobody was judged. Returns how many subjects were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        return judge_due(cursor=cursor, declarations=declarations, now=now, most=BATCH_SUBJECTS)


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
                linking=Matching(),
                home=home,
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
            action = "delivery.folded"
            detail = {"new": done.counts.new, "linked": done.linked, "asked": done.asked}
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
