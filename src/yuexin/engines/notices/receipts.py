"""What a gateway reports of a message later: put on record once, where its signature holds."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from typing import Any, Final
from uuid import UUID

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.notices.channels.gateway import signature
from yuexin.engines.notices.models import NoticeAttempt
from yuexin.engines.notices.types import PushChannel
from yuexin.engines.notices.wording import one_line
from yuexin.home.folder import Home

TOLERANCE: Final = dt.timedelta(minutes=5)
LONGEST_ERROR: Final = 200
SPEAKING: Final[tuple[PushChannel, ...]] = ("sms", "wechat", "weibo")


def take_report(
    *,
    channel: PushChannel,
    body: bytes,
    stamp: str,
    signed: str,
    home: Home,
    now: dt.datetime,
) -> bool:
    """Put on record whether a message was delivered. True where that was not known yet.

    Refused by RECEIPT_SIGNATURE where the gateway of the channel did not sign it just now, by
    RECEIPT_FORM where it does not name a message that was sent by this channel.
    """
    secret = home.deposited(f"gateway-{channel}") if channel in SPEAKING else None
    if not secret or not _fresh(stamp, now) or not _signed(secret, stamp, body, signed):
        raise Refusal(
            code="RECEIPT_SIGNATURE",
            what=Text("回执的签名不符或已过期", "the signature does not hold, or is too old"),
        )
    errand, outcome, error = _read(body)
    sent = NoticeAttempt.objects.filter(errand=errand, channel=channel, outcome="sent").first()
    if sent is None:
        raise _form()
    _, fresh = NoticeAttempt.objects.get_or_create(
        errand=errand,
        number=sent.number,
        outcome=outcome,
        defaults={
            "notice_id": sent.notice_id,
            "channel": channel,
            "at": now,
            "receipt": sent.receipt,
            "error": one_line(error, longest=LONGEST_ERROR),
        },
    )
    return fresh


def _signed(secret: bytes, stamp: str, body: bytes, signed: str) -> bool:
    wanted = signature(secret=secret, stamp=stamp, body=body)
    return hmac.compare_digest(wanted.encode(), signed.encode("utf-8", "replace"))


def _fresh(stamp: str, now: dt.datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def _read(body: bytes) -> tuple[UUID, str, str]:
    try:
        told: Any = json.loads(body)
        errand, outcome = UUID(told["id"]), told["outcome"]
        error = told.get("error", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise _form() from problem
    if outcome not in ("delivered", "undelivered") or not isinstance(error, str):
        raise _form()
    return errand, outcome, error


def _form() -> Refusal:
    return Refusal(
        code="RECEIPT_FORM",
        what=Text(
            "回执没有指明由此渠道发出的消息及其结果",
            "this names no message that went out by this channel, and what became of it",
        ),
        remedy=Text(
            '写作 {"id": …, "outcome": "delivered" 或 "undelivered"}',
            'write {"id": …, "outcome": "delivered" or "undelivered"}',
        ),
    )
