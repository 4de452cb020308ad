"""Codes that were sent to a telephone: each good for a few tries, and right once, however many come
at the same moment."""

from __future__ import annotations

import datetime as dt
import hmac
from uuid import UUID

from django.db import transaction

from yuexin.engines.access.models import TextedCode


def keep_code(*, digest: str, tries: int, expires_at: dt.datetime) -> UUID:
    """Keep a code that is sent, by the digest of it and of what it is for."""
    return TextedCode.objects.create(digest=digest, tries_left=tries, expires_at=expires_at).pk


def spend_try(*, code: UUID, digest: str, now: dt.datetime) -> bool:
    """Whether this is the code that was kept. It costs a try; the right one is used up by it.

    Call it outside a transaction: what it counts must last.
    """
    with transaction.atomic():
        row = (
            TextedCode.objects.select_for_update()
            .filter(pk=code, tries_left__gt=0, expires_at__gt=now)
            .first()
        )
        if row is None:
            return False
        right = hmac.compare_digest(row.digest, digest)
        row.tries_left = 0 if right else row.tries_left - 1
        row.save(update_fields=["tries_left"])
        return right


def forget_codes(*, now: dt.datetime) -> None:
    """Remove codes that are good no more."""
    TextedCode.objects.filter(expires_at__lt=now).delete()
