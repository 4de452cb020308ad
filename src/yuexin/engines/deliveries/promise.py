"""One delivery under one idempotency key, however often it is sent.

The key stands in the delivery itself, under its chain: it is truth and kept for ever.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.store import Arrived
from yuexin.engines.deliveries.types import Submission

PROMISE_LOCK: Final = 0x5958504B
# What was said the first time must be said again; in what else deliveries differ is ours.
SAID: Final = (
    "resource", "agency", "channel", "file_name", "declared_rows", "declared_sha256", "sent_at",
    "intent",
)  # fmt: skip


def promised(*, arrived: Arrived, submission: Submission, actor: str) -> int | None:
    """The number of the delivery that this actor already made under the key, none for a new key.

    To be called in the transaction that receives: another one under the same key waits for its
    end. Raises a `Refusal` where the key stands for other bytes or other words.
    """
    if not submission.idempotency_key:
        return None
    _hold(actor, submission.idempotency_key)
    found = Delivery.objects.filter(
        submitted_by=actor, idempotency_key=submission.idempotency_key
    ).first()
    if found is None:
        return None
    same = all(getattr(found, name) == getattr(submission, name) for name in SAID)
    if same and found.linked_to_id == submission.linked_to and found.sha256 == arrived.sha256:
        return found.number
    raise _other(submission.idempotency_key, found.number)


def _hold(actor: str, key: str) -> None:
    """Hold the key until the transaction ends. Two keys may share a lock: then one waits."""
    number = int(sha256_hex(f"{actor}\n{key}".encode())[:8], 16) - (1 << 31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PROMISE_LOCK, number])


def _other(key: str, number: int) -> Refusal:
    return Refusal(
        code="IDEMPOTENCY_KEY",
        what=Text(
            f"该幂等键已用于内容不同的交付 {number}",
            f"the idempotency key stands for delivery {number}, which says something else",
        ),
        where=key,
        rule="Idempotency-Key",
        remedy=Text(
            "重发时内容和参数须与首次一致；新的交付请用新的键",
            "send the very same again, or a new delivery under a new key",
        ),
    )
