"""Telling: a notice is put on record once, with an errand for each channel it goes out by."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import today
from yuexin.engines.declare.types import Declarations
from yuexin.engines.declare.types import Notice as Declared
from yuexin.engines.notices.models import Notice, NoticeErrand
from yuexin.engines.notices.pacing import may_go_at
from yuexin.engines.notices.recipients import Reached, reached
from yuexin.engines.notices.types import To
from yuexin.engines.notices.wording import Value, kept, storable

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
NOTHING: Final[Mapping[str, str]] = {}


@transaction.atomic
def tell(
    *,
    declarations: Declarations,
    notice: str,
    to: To,
    values: Mapping[str, Value],
    about: str,
    key: str,
    now: dt.datetime,
    secret: Mapping[str, str] = NOTHING,
    leave: str = "",
) -> int:
    """Tell a declared notice, in the caller's transaction, once to each recipient under `key`.

    A value may be a `Text`: each language then has its own. `about` is what it concerns
    (`subject/<code>`, `case/<number>`). `secret` holds values that are kept only until the message
    has gone out; `leave` is the path by which its reader stops such messages. Returns to how many
    it was told now.
    """
    declared = declarations.notices[notice]
    missing = declared.values.keys() ^ (values.keys() | secret.keys())
    if missing:
        raise ValueError(f"notice {notice}: values {', '.join(sorted(missing))}")
    found = reached(declarations=declarations, to=to, channels=declared.channels, on=today(now))
    with connection.cursor() as cursor:
        # Two who tell the same at once: the second waits, and sees that it was told.
        cursor.execute(LOCK, [f"notice:{key}"])
    told = set(
        Notice.objects.filter(key=key, recipient__in=[one.recipient for one in found]).values_list(
            "recipient", flat=True
        )
    )
    fresh = [one for one in found if one.recipient not in told]
    for one in fresh:
        row = _put(declarations, declared, one, values, secret, about=about, key=key, now=now)
        _send_off(declared, one, row, secret, leave=leave, now=now)
    return len(fresh)


def _put(
    declarations: Declarations,
    declared: Declared,
    to: Reached,
    values: Mapping[str, Value],
    secret: Mapping[str, str],
    *,
    about: str,
    key: str,
    now: dt.datetime,
) -> Notice:
    return Notice.objects.create(
        id=uuid.uuid4(),
        key=key,
        recipient=to.recipient,
        declared=declared.id,
        declarations=declarations.digest,
        values=storable(values),
        about=about,
        in_app=to.in_app and "in_app" in declared.channels,
        told_at=now,
        **kept(declarations, declared, values, secret),
    )


def _send_off(
    declared: Declared,
    to: Reached,
    row: Notice,
    secret: Mapping[str, str],
    *,
    leave: str,
    now: dt.datetime,
) -> None:
    NoticeErrand.objects.bulk_create(
        NoticeErrand(
            notice=row,
            channel=channel,
            address=address,
            language=to.language,
            secret=dict(secret),
            leave=leave,
            urgent=declared.urgent,
            due_at=may_go_at(now, urgent=declared.urgent),
        )
        for channel, address in to.pushed
    )
