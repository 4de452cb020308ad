"""Reads: what waits to be folded, what was received, and whether the chain holds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from yuexin.base.digest import GENESIS, file_sha256
from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import Declarations, unpack
from yuexin.engines.deliveries.freshness import CYCLE_DAYS, Freshness, freshness
from yuexin.engines.deliveries.models import Adoption, Delivery, Receipt
from yuexin.engines.deliveries.operations import chain_of
from yuexin.engines.deliveries.signing import ALGORITHM, holds, public_key, statement
from yuexin.engines.deliveries.store import place_of
from yuexin.engines.deliveries.types import Break, Kept, Submission
from yuexin.home.folder import Home

__all__ = [
    "ALGORITHM", "CYCLE_DAYS", "Freshness", "adopted", "breaks", "exists", "folded", "freshness",
    "is_known", "kept", "public_key", "receipt", "repeats", "statement", "unsettled",
    "unsettled_one",
]  # fmt: skip


def unsettled(*, store: Path) -> tuple[Kept, ...]:
    """Deliveries acknowledged and not yet folded or refused, in the order of arrival."""
    rows = Delivery.objects.filter(receipt__isnull=True).order_by("number")
    return tuple(kept(row, store=store) for row in rows)


def unsettled_one(*, number: int, store: Path) -> Kept | None:
    """This delivery, unless it has its receipt already."""
    row = Delivery.objects.filter(receipt__isnull=True, number=number).first()
    return kept(row, store=store) if row else None


def folded(*, store: Path) -> Iterator[Kept]:
    """Every delivery that was folded, in order: what a rebuild replays."""
    for row in Delivery.objects.filter(receipt__state="folded").order_by("number"):
        yield kept(row, store=store)


def exists(*, number: int) -> bool:
    """Whether there is a delivery of this number."""
    return Delivery.objects.filter(number=number).exists()


def is_known(*, sha256: str, resource: str) -> bool:
    """Whether these bytes were delivered for this resource before."""
    return Delivery.objects.filter(sha256=sha256, resource=resource).exists()


def repeats(delivery: Kept) -> int | None:
    """The first folded delivery of the same bytes, by the same agency and to the same end, before
    this one; none where the sender says that this one corrects another."""
    said = delivery.submission
    if said.linked_to is not None:
        return None
    earlier = Delivery.objects.filter(
        sha256=delivery.sha256,
        resource=said.resource,
        agency=said.agency,
        intent=said.intent,
        number__lt=delivery.number,
        receipt__state="folded",
    )
    return earlier.order_by("number").values_list("number", flat=True).first()


def receipt(*, number: int) -> Receipt | None:
    return Receipt.objects.select_related("delivery").filter(delivery_id=number).first()


def _holds(adoption: Adoption) -> bool:
    """Whether the kept declarations are those their digest names."""
    try:
        return unpack(bytes(adoption.archive)).digest == adoption.digest
    except (Refusal, ValueError, zipfile.BadZipFile, zlib.error):
        return False


@cache
def adopted(digest: str) -> Declarations:
    """The declarations a delivery was read under."""
    declarations = unpack(bytes(Adoption.objects.get(digest=digest).archive))
    if declarations.digest != digest:
        raise ValueError(f"the declarations {digest} were changed after they were adopted")
    return declarations


def kept(row: Delivery, *, store: Path) -> Kept:
    submission = Submission(
        resource=row.resource,
        agency=row.agency,
        channel=row.channel,  # type: ignore[arg-type]
        file_name=row.file_name,
        format=row.format,  # type: ignore[arg-type]
        declared_rows=row.declared_rows,
        declared_sha256=row.declared_sha256,
        sent_at=row.sent_at,
        intent=row.intent,  # type: ignore[arg-type]
        linked_to=row.linked_to_id,
    )
    return Kept(
        number=row.number,
        submission=submission,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        declarations=row.declarations_id,
        chain=row.chain,
        path=place_of(store=store, sha256=row.sha256),
    )


def breaks(*, home: Home) -> Iterator[Break]:
    """Every place where the chain, a number, a stored file or a receipt does not hold."""
    for adoption in Adoption.objects.order_by("digest"):
        if not _holds(adoption):
            yield Break(number=0, problem=f"the declarations {adoption.digest} were changed")
    previous, expected = GENESIS, 1
    for row in Delivery.objects.order_by("number").iterator():
        if row.number != expected:
            yield Break(number=expected, problem="a delivery number is missing")
            expected = row.number
        if row.previous != previous or chain_of(row) != row.chain:
            yield Break(number=row.number, problem="the chain does not hold")
        path = place_of(store=home.deliveries, sha256=row.sha256)
        if not path.exists():
            yield Break(number=row.number, problem="the stored file is missing")
        elif file_sha256(path) != row.sha256:
            yield Break(number=row.number, problem="the stored file was changed")
        previous, expected = row.chain, expected + 1
    for receipt in Receipt.objects.select_related("delivery").order_by("delivery_id").iterator():
        if not holds(receipt=receipt, home=home):
            yield Break(number=receipt.delivery_id, problem="the receipt is not as it was signed")
