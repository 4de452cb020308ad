"""Codes that are sent to an address and typed again: each for one thing only, good for a few tries
and minutes, and right once, however many come at the same moment. Only their digests are kept."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from yuexin.engines.access.models import TextedCode

CODE_DIGITS: Final = 6
CODE_TRIES: Final = 5
CODE_MINUTES: Final = 10


@dataclass(frozen=True, kw_only=True)
class SentCode:
    """A code on its way, and under which id it is kept. The code is in no other place."""

    id: UUID
    code: str


def make_code(*, about: str, now: dt.datetime) -> SentCode:
    """A new code, for what it is about: who is to type it, where it is sent, and for what."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row = TextedCode.objects.create(
        digest=_digest(about, code), tries_left=CODE_TRIES,
        expires_at=now + dt.timedelta(minutes=CODE_MINUTES),
    )  # fmt: skip
    return SentCode(id=row.pk, code=code)


def spend_try(*, code: UUID, typed: str, about: str, now: dt.datetime) -> bool:
    """Whether the code that was kept was typed. It costs a try; the right one is used up by it.

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
        right = hmac.compare_digest(row.digest, _digest(about, "".join(typed.split())))
        row.tries_left = 0 if right else row.tries_left - 1
        row.save(update_fields=["tries_left"])
        return right


def forget_codes(*, now: dt.datetime) -> None:
    """Remove codes that are good no more, with what waited for them."""
    TextedCode.objects.filter(expires_at__lt=now).delete()


def _digest(about: str, code: str) -> str:
    return salted_hmac("yuexin.access.code", f"{about}\x1f{code}", algorithm="sha256").hexdigest()
