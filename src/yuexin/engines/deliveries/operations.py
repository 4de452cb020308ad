"""Writes: a delivery is kept and chained before it is acknowledged, its receipt written once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from yuexin.base.digest import GENESIS, canonical_json, sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.queries import Declarations, pack
from yuexin.engines.deliveries.acts import (
    drop_replaced,
    drop_strays,
    refuse_erased,
    write_erasure,
    write_pages,
    write_reading,
    write_recounts,
)
from yuexin.engines.deliveries.models import Adoption, Delivery, Receipt
from yuexin.engines.deliveries.promise import promised
from yuexin.engines.deliveries.signing import sign
from yuexin.engines.deliveries.store import Arrived, arriving, disk_full, keep, keep_copy, sweep
from yuexin.engines.deliveries.types import Counts, Kept, Submission
from yuexin.engines.deliveries.waking import (
    listening,
    tell_settled,
    wait_settled,
    wait_until,
    wake,
)
from yuexin.home.folder import Home

__all__ = [
    "CHAIN_LOCK", "FOLD_LOCK", "Arrived", "adopt", "arriving", "chain_of", "disk_full",
    "drop_replaced", "drop_strays", "keep_copy", "listening", "promised", "receive", "refuse",
    "refuse_unkeepable", "settle", "sweep", "tell_settled", "wait_settled", "wait_until", "wake",
    "write_erasure", "write_pages", "write_reading", "write_recounts",
]  # fmt: skip

CHAIN_LOCK = 0x59584348  # one writer of the chain at a time
FOLD_LOCK = 0x5958464F  # deliveries are folded one at a time, in the order of their numbers


def adopt(*, declarations: Declarations, now: dt.datetime) -> None:
    """Keep this snapshot whole, so that what was read under it can be read again."""
    if Adoption.objects.filter(digest=declarations.digest).exists():
        return
    archive = pack(declarations)
    Adoption.objects.get_or_create(
        digest=declarations.digest, defaults={"adopted_at": now, "archive": archive}
    )


def receive(
    *,
    store: Path,
    arrived: Arrived,
    submission: Submission,
    declarations: Declarations,
    actor: str,
    now: dt.datetime,
) -> Kept:
    """Store, chain and commit a delivery; when this returns it survives any crash.

    Raises a `Refusal` when the digest declared is not the digest received, or the file was erased.
    """
    _refuse_other_digest(submission, arrived)
    with transaction.atomic():
        adopt(declarations=declarations, now=now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        # An erasure commits under the same lock: what it took never comes back to its place.
        refuse_erased(sha256=arrived.sha256)
        path = keep(store=store, arrived=arrived)
        last = Delivery.objects.order_by("-number").first()
        row = Delivery(
            number=last.number + 1 if last else 1,
            resource=submission.resource,
            agency=submission.agency,
            channel=submission.channel,
            file_name=submission.file_name,
            format=submission.format,
            size_bytes=arrived.size_bytes,
            sha256=arrived.sha256,
            declared_rows=submission.declared_rows,
            declared_sha256=submission.declared_sha256,
            linked_to_id=submission.linked_to,
            sent_at=submission.sent_at,
            intent=submission.intent,
            submitted_by=actor,
            idempotency_key=submission.idempotency_key,
            received_at=now,
            declarations_id=declarations.digest,
            previous=last.chain if last else GENESIS,
        )
        row.chain = chain_of(row)
        row.save(force_insert=True)
        wake()
    return _kept(row, submission, path)


def refuse_unkeepable(*, arrived: Arrived, submission: Submission) -> None:
    """Refuse what `receive` refuses, as far as that stands before."""
    _refuse_other_digest(submission, arrived)
    refuse_erased(sha256=arrived.sha256)


def chain_of(row: Delivery) -> str:
    """The digest over the previous chain and everything this row says."""
    said: dict[str, Any] = {
        "number": row.number,
        "resource": row.resource,
        "agency": row.agency,
        "channel": row.channel,
        "file_name": row.file_name,
        "format": row.format,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "declared_rows": row.declared_rows,
        "declared_sha256": row.declared_sha256,
        "linked_to": row.linked_to_id,
        "sent_at": row.sent_at,
        "intent": row.intent,
        "submitted_by": row.submitted_by,
        "received_at": row.received_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "declarations": row.declarations_id,
        "previous": row.previous,
    }
    # Left out where there is none, as in every delivery before there were such keys.
    if row.idempotency_key:
        said["idempotency_key"] = row.idempotency_key
    return sha256_hex(canonical_json(said))


def settle(
    *, home: Home, number: int, counts: Counts, findings: list[dict[str, Any]], now: dt.datetime
) -> None:
    """Write the signed receipt of a folded delivery, in the transaction that folded it."""
    receipt = Receipt(
        delivery_id=number,
        state="folded",
        rows_received=counts.received,
        rows_ok=counts.ok,
        rows_waiting=counts.waiting,
        rows_rejected=counts.rejected,
        rows_new=counts.new,
        rows_changed=counts.changed,
        rows_unchanged=counts.unchanged,
        findings=findings,
        loaded_at=now,
    )
    _write(home, receipt)


def refuse(*, home: Home, number: int, refusal: Refusal, now: dt.datetime) -> None:
    """Write the signed receipt of a delivery that could not be read at all."""
    said = {"zh": refusal.sentence("zh"), "en": refusal.sentence("en"), "code": refusal.code}
    receipt = Receipt(delivery_id=number, state="refused", refusal=said, loaded_at=now)
    _write(home, receipt)


def _write(home: Home, receipt: Receipt) -> None:
    receipt.signature = sign(receipt=receipt, home=home)
    receipt.save(force_insert=True)
    tell_settled()


def _refuse_other_digest(submission: Submission, arrived: Arrived) -> None:
    declared = submission.declared_sha256.lower()
    if declared and declared != arrived.sha256:
        raise Refusal(
            code="DIGEST",
            what=Text(
                f"文件摘要与申报不符：申报 {declared}，实收 {arrived.sha256}",
                f"declared digest {declared}, received {arrived.sha256}",
            ),
            where=submission.file_name,
            rule="GB/T 39477 receipt",
            remedy=Text("重新传输文件", "send the file again"),
        )


def _kept(row: Delivery, submission: Submission, path: Path) -> Kept:
    return Kept(
        number=row.number,
        submission=submission,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        declarations=row.declarations_id,
        chain=row.chain,
        path=path,
    )
