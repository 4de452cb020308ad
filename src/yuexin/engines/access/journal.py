"""The journal: entries are added, then sealed in chained batches."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Literal

from django.db import connection, transaction

from yuexin.base.digest import GENESIS, canonical_json, sha256_hex
from yuexin.engines.access.models import Entry, Seal
from yuexin.engines.access.types import Actor

Stream = Literal["change", "look"]
STREAMS: tuple[Stream, ...] = ("change", "look")
BATCH = 10_000
SEAL_LOCK = 0x5958534C
EACH = """
INSERT INTO journal_entry (stream, at, actor, action, detail, thing)
SELECT %s, %s, %s, %s, %s::jsonb, thing FROM unnest(%s::text[]) thing
"""

# A part of a caller's statement, so that what is done and what is said of it are one round trip.
EACH_OF_ONE = """
INSERT INTO journal_entry (stream, at, actor, action, detail, thing)
SELECT %(j_stream)s, %(j_at)s::timestamptz, %(j_actor)s, %(j_action)s, %(j_detail)s::jsonb, thing
FROM {after}, unnest(%(j_things)s::text[]) thing
"""


def note(
    *, stream: Stream, actor: Actor, action: str, thing: str, now: dt.datetime, **detail: Any
) -> None:
    """Add one entry, with the actor's body and purpose, in the caller's transaction. A look says
    in which role, too: whoever was looked at learns that, and nobody's name."""
    Entry.objects.create(
        stream=stream, at=now, actor=actor.id, action=action, thing=thing,
        detail=_detail(stream, actor, detail),
    )  # fmt: skip


def note_all(
    *,
    stream: Stream,
    actor: Actor,
    action: str,
    things: Sequence[str],
    now: dt.datetime,
    **detail: Any,
) -> None:
    """The same entry of each of many things, by one statement."""
    said = json.dumps(_detail(stream, actor, detail), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(EACH, [stream, now, actor.id, action, said, [*things]])


def noting_all(
    *,
    stream: Stream,
    actor: Actor,
    action: str,
    things: Sequence[str],
    now: dt.datetime,
    after: str,
    **detail: Any,
) -> tuple[str, dict[str, Any]]:
    """The same entries as a part of a statement of the caller, for each row of `after` (the name
    of another part of it): its text, and its values, which begin with `j_`."""
    values = {
        "j_stream": stream, "j_at": now, "j_actor": actor.id, "j_action": action,
        "j_detail": json.dumps(_detail(stream, actor, detail), ensure_ascii=False),
        "j_things": [*things],
    }  # fmt: skip
    return EACH_OF_ONE.format(after=after), values


def _detail(stream: Stream, actor: Actor, detail: dict[str, Any]) -> dict[str, Any]:
    if stream == "look":
        detail["role"] = actor.role
    if actor.rights is not None:
        # Whoever let him act sees what he did.
        detail["for"] = actor.subject_code
    if actor.agency:
        detail["body"] = actor.agency
    if actor.purpose:
        detail["purpose"] = actor.purpose
    return detail


def seal(*, now: dt.datetime) -> int:
    """Seal what is not sealed yet. Returns how many entries were sealed."""
    sealed = 0
    for stream in STREAMS:
        while count := _seal_batch(stream, now):
            sealed += count
    return sealed


@transaction.atomic
def _seal_batch(stream: Stream, now: dt.datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    entries = list(Entry.objects.filter(stream=stream, seal=None).order_by("id")[:BATCH])
    if not entries:
        return 0
    last = Seal.objects.filter(stream=stream).order_by("-number").first()
    previous = last.chain if last else GENESIS
    digest = batch_digest(entries)
    row = Seal.objects.create(
        stream=stream,
        number=last.number + 1 if last else 1,
        entries=len(entries),
        digest=digest,
        previous=previous,
        chain=sha256_hex(f"{previous}\n{digest}".encode()),
        sealed_at=now,
    )
    Entry.objects.filter(pk__in=[entry.pk for entry in entries], seal=None).update(seal=row)
    return len(entries)


def batch_digest(entries: list[Entry]) -> str:
    """The digest over a batch in the order of its entries."""
    return sha256_hex(canonical_json([_said(entry) for entry in entries]))


def _said(entry: Entry) -> list[Any]:
    moment = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return [entry.pk, entry.stream, moment, entry.actor, entry.action, entry.thing, entry.detail]
