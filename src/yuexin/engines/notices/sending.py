"""Sending what is due: claimed, sent, and put on record, whatever dies in between.

A claim is committed before the message leaves. A sender that dies after that leaves the claim, and
another sends under the same id once it has run out: a gateway and the spool take one id once.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yuexin.base.dates import Clock
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.channels import channel_for
from yuexin.engines.notices.models import NoticeAttempt, NoticeErrand
from yuexin.engines.notices.pacing import may_go_at, next_try
from yuexin.engines.notices.recipients import PUBLIC
from yuexin.engines.notices.types import Message, Renewed, Sent
from yuexin.engines.notices.wording import link_of, one_line, said
from yuexin.home.folder import Home

BATCH: Final = 50
ENOUGH_SECONDS: Final = 2.0
"""The worker has other work: after so long it takes up no further message in this round."""
CLAIM: Final = dt.timedelta(minutes=5)
REST: Final = dt.timedelta(minutes=1)
LONGEST_ERROR: Final = 500

NONE_RENEWED: Final[Mapping[str, Renewed]] = {}


@dataclass(frozen=True, kw_only=True)
class Values:
    """The values that a notice goes out with; `renewed` where they are those of the moment."""

    told: Mapping[str, str]
    renewed: bool


def send_due(
    *,
    declarations: Declarations,
    home: Home,
    clock: Clock,
    renewed: Mapping[str, Renewed] = NONE_RENEWED,
) -> int:
    """Send what is due, as much as fits a round of the worker. Returns how many were tried.

    `renewed` gives, for the notices that must say what holds at the moment of sending, their
    values anew.
    """
    begun, done = time.monotonic(), 0
    while done < BATCH and time.monotonic() - begun < ENOUGH_SECONDS:
        row = _claim(clock())
        if row is None:
            break
        values = _values(row, renewed)
        if values is None:
            _done(row, Sent(outcome="failed", error="nothing left to tell"), clock(), "dropped")
        else:
            message = _message(declarations, row, values)
            channel = channel_for(channel=message.channel, home=home)
            _record(row, channel.send(message=message, now=clock()), values, clock())
        done += 1
    return done


@transaction.atomic
def _claim(now: dt.datetime) -> NoticeErrand | None:
    """The next errand that nobody else has, claimed."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    due = NoticeErrand.objects.filter(free, due_at__lte=now)
    if may_go_at(now, urgent=False) > now:
        due = due.filter(urgent=True)
    row = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice")
        .order_by("-urgent", "due_at", "id")
        .first()
    )
    if row is None:
        return None
    row.claimed_until = now + CLAIM
    row.tries += 1
    row.save(update_fields=["claimed_until", "tries"])
    return row


def _values(row: NoticeErrand, renewed: Mapping[str, Renewed]) -> Values | None:
    """The values of a notice as told, or of this moment; none where nothing is left of it."""
    notice = row.notice
    fresh = renewed.get(notice.declared)
    told = fresh(notice.about, notice.values) if fresh else notice.values
    return None if told is None else Values(told=told, renewed=fresh is not None)


def _message(declarations: Declarations, row: NoticeErrand, values: Values) -> Message:
    """What goes out: as it was told, with its secrets, or with its values of this moment."""
    notice = row.notice
    declared = declarations.notices.get(notice.declared)
    text, link = notice.said[row.language], notice.link
    if declared is not None and (row.secret or values.renewed):
        whole = {**values.told, **row.secret}
        text, link = said(declared, whole)[row.language], link_of(declarations, declared, whole)
    return Message(
        id=row.pk,
        channel=row.channel,  # type: ignore[arg-type]
        address=row.address,
        language=row.language,  # type: ignore[arg-type]
        title=text["title"],
        body=text["body"],
        short=text["short"],
        link=f"{settings.PUBLIC_URL}{link}" if link else "",
        leave=f"{settings.PUBLIC_URL}{row.leave}" if row.leave else "",
    )


def _record(row: NoticeErrand, sent: Sent, values: Values, now: dt.datetime) -> None:
    """Put the attempt on record; the errand goes, or waits for its next try."""
    again = None if sent.final else next_try(now, tries=row.tries, urgent=row.urgent)
    if sent.outcome != "failed" or again is None:
        outcome = sent.outcome if sent.outcome != "failed" else "given_up"
        public = values.renewed and row.notice.recipient.startswith(PUBLIC)
        _done(row, sent, now, outcome, told=values.told if public else None)
        return
    with transaction.atomic():
        _attempt(row, sent, now, "failed")
        NoticeErrand.objects.filter(pk=row.pk).update(due_at=again, claimed_until=None)
        if sent.down:
            # The others of this channel would only wait for the same silence.
            NoticeErrand.objects.filter(
                channel=row.channel, due_at__lt=now + REST, claimed_until__isnull=True
            ).update(due_at=now + REST)


@transaction.atomic
def _done(
    row: NoticeErrand,
    sent: Sent,
    now: dt.datetime,
    outcome: str,
    *,
    told: Mapping[str, str] | None = None,
) -> None:
    _attempt(row, sent, now, outcome, told=told)
    NoticeErrand.objects.filter(pk=row.pk).delete()


def _attempt(
    row: NoticeErrand,
    sent: Sent,
    now: dt.datetime,
    outcome: str,
    *,
    told: Mapping[str, str] | None = None,
) -> None:
    # A sender that was only slow may meet the one who took over its claim: one record of both.
    NoticeAttempt.objects.bulk_create(
        [
            NoticeAttempt(
                notice=row.notice,
                errand=row.pk,
                channel=row.channel,
                number=row.tries,
                at=now,
                outcome=outcome,
                receipt=sent.receipt,
                error=one_line(sent.error, longest=LONGEST_ERROR),
                values=dict(told) if told is not None else None,
            )
        ],
        ignore_conflicts=True,
    )
