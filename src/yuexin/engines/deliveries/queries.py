"""Reads: what waits to be folded, what was received, and whether the chain holds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from yuexin.base.digest import GENESIS, file_sha256
from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import Declarations, read_already, unpack
from yuexin.engines.deliveries.acts import (
    bounded_backups,
    breaks_of_acts,
    erased_under,
    redacted_under,
    replaced_files,
)
from yuexin.engines.deliveries.freshness import CYCLE_DAYS, Freshness, freshness
from yuexin.engines.deliveries.models import (
    Adoption,
    Delivery,
    Reading,
    Receipt,
    Recount,
    Redaction,
)
from yuexin.engines.deliveries.operations import chain_of
from yuexin.engines.deliveries.remembered import STATE, remembered
from yuexin.engines.deliveries.signing import ALGORITHM, holds, public_key, statement
from yuexin.engines.deliveries.stock import NO_STOCK
from yuexin.engines.deliveries.store import place_of, place_of_copy
from yuexin.engines.deliveries.types import (
    Break,
    Counts,
    Kept,
    LaterAct,
    ReadAgain,
    Stored,
    Submission,
)
from yuexin.home.folder import Home

__all__ = [
    "ALGORITHM", "CYCLE_DAYS", "NO_STOCK", "STATE", "Freshness", "adopted", "arrived_since",
    "bounded_backups", "breaks", "counts_on_record", "delivery", "erased_under", "filed", "folded",
    "freshness", "is_known", "kept", "last_folded", "last_number", "later_acts", "public_key",
    "read_under", "readings", "receipt", "redacted_under", "remembered", "repeats",
    "replaced_files", "same_files", "statement", "unsettled", "unsettled_one",
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


def delivery(*, number: int, store: Path) -> Kept | None:
    """The delivery of this number, settled or not."""
    row = Delivery.objects.filter(number=number).first()
    return kept(row, store=store) if row else None


def same_files(*, number: int, store: Path) -> tuple[Stored, ...]:
    """This delivery and every other one of the very same bytes, in order; none where it is not."""
    wanted = Delivery.objects.filter(number=number).values("sha256")
    found = []
    for row in Delivery.objects.filter(sha256__in=wanted).order_by("number"):
        last = Redaction.objects.filter(delivery=row.number).order_by("-erasure").first()
        receipt = Receipt.objects.filter(delivery_id=row.number).first()
        found.append(
            Stored(
                kept=kept(row, store=store),
                sha256=last.after_sha256 if last else row.sha256,
                state=receipt.state if receipt else "",
            )
        )
    return tuple(found)


def filed(*, key: str, store: Path) -> tuple[tuple[Kept, Receipt | None], ...]:
    """What was filed at the counter under keys that begin so, in the order of arrival, each with
    its receipt, none before it is folded."""
    rows = Delivery.objects.filter(channel="counter", idempotency_key__startswith=key)
    found = rows.select_related("receipt").order_by("number")
    return tuple((kept(row, store=store), getattr(row, "receipt", None)) for row in found)


def readings() -> Iterator[ReadAgain]:
    """Every reading under other declarations than the first, in order."""
    for row in Reading.objects.order_by("number"):
        yield ReadAgain(
            number=row.number,
            deliveries=tuple(row.deliveries),
            declarations=row.declarations_id,
            after=row.after_id,
            read_at=row.done_at,
        )


def read_under(*, up_to: ReadAgain | None = None) -> dict[int, str]:
    """Under which declarations deliveries are read since their last reading, those that have one;
    `up_to` a reading, itself included, that may be one that is only considered."""
    under: dict[int, str] = {}
    for reading in (*readings(), *([up_to] if up_to else ())):
        under.update(dict.fromkeys(reading.deliveries, reading.declarations))
        if up_to is not None and reading.number == up_to.number:
            break
    return under


def later_acts(*, number: int) -> tuple[LaterAct, ...]:
    """What was done to a delivery after its receipt, in order."""
    found = [
        LaterAct(
            act="erasure",
            number=one.erasure_id,
            at=one.erasure.done_at,
            said=one.erasure.order_number,
            rows=tuple((first, last) for first, last in one.rows),
            columns=tuple(one.columns),
        )
        for one in Redaction.objects.select_related("erasure").filter(delivery=number)
    ]
    found += [
        LaterAct(act="reading", number=one.number or 0, at=one.read_at, said=one.declarations)
        for one in readings()
        if number in one.deliveries
    ]
    return tuple(sorted(found, key=lambda one: one.at))


def last_number() -> int:
    """The number of the last delivery that was acknowledged; 0 before the first."""
    last = Delivery.objects.order_by("-number").first()
    return last.number if last else 0


def last_folded() -> int:
    """The number of the last delivery that was folded; 0 before the first."""
    last = Receipt.objects.filter(state="folded").order_by("-delivery").first()
    return last.delivery_id if last else 0


def arrived_since(*, number: int, same_as: Sequence[int]) -> bool:
    """Whether one of these very files was acknowledged again after that delivery."""
    same = Delivery.objects.filter(number__in=list(same_as)).values("sha256")
    return Delivery.objects.filter(number__gt=number, sha256__in=same).exists()


def counts_on_record(*, number: int) -> Counts:
    """How a folded delivery counts: as its receipt says, or the last erasure after it."""
    later = Recount.objects.filter(delivery=number).order_by("-erasure").first()
    said = later or Receipt.objects.get(delivery_id=number)
    return Counts(
        received=said.rows_received,
        new=said.rows_new,
        changed=said.rows_changed,
        unchanged=said.rows_unchanged,
        waiting=said.rows_waiting,
        rejected=said.rows_rejected,
        erased=later.rows_erased if later else 0,
    )


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
    if same := read_already(digest):
        return same
    declarations = unpack(bytes(Adoption.objects.get(digest=digest).archive))
    if declarations.digest != digest:
        raise ValueError(f"the declarations {digest} were changed after they were adopted")
    return declarations


def kept(row: Delivery, *, store: Path) -> Kept:
    """A delivery with the file that stands for it now: as received, or redacted."""
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
        idempotency_key=row.idempotency_key,
    )
    redaction = (
        Redaction.objects.select_related("erasure")
        .filter(delivery=row.number)
        .order_by("-erasure")
        .first()
    )
    return Kept(
        number=row.number,
        submission=submission,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        declarations=row.declarations_id,
        chain=row.chain,
        path=place_of_copy(store=store, sha256=redaction.after_sha256)
        if redaction
        else place_of(store=store, sha256=row.sha256),
        redacted_under=redaction.erasure.order_number if redaction else "",
    )


def breaks(*, home: Home) -> Iterator[Break]:
    """Every place where the chain, a number, a stored file or a receipt does not hold."""
    for adoption in Adoption.objects.order_by("digest"):
        if not _holds(adoption):
            yield Break(number=0, problem=f"the declarations {adoption.digest} were changed")
    redacted = {number for number, _, _ in redacted_under()}
    previous, expected = GENESIS, 1
    for row in Delivery.objects.order_by("number").iterator():
        if row.number != expected:
            yield Break(number=expected, problem="a delivery number is missing")
            expected = row.number
        if row.previous != previous or chain_of(row) != row.chain:
            yield Break(number=row.number, problem="the chain does not hold")
        if row.number not in redacted:
            path = place_of(store=home.deliveries, sha256=row.sha256)
            if not path.exists():
                yield Break(number=row.number, problem="the stored file is missing")
            elif file_sha256(path) != row.sha256:
                yield Break(number=row.number, problem="the stored file was changed")
        previous, expected = row.chain, expected + 1
    key = public_key(home=home)
    for receipt in Receipt.objects.select_related("delivery").order_by("delivery_id").iterator():
        if not holds(receipt=receipt, key=key):
            yield Break(number=receipt.delivery_id, problem="the receipt is not as it was signed")
    yield from breaks_of_acts(store=home.deliveries)
