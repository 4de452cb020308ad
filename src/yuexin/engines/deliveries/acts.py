"""What is done to deliveries later: erased by order, read again under other declarations.

An act is written once, chained to the one before it of its kind, and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from yuexin.base.digest import GENESIS, canonical_json, file_sha256, sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.deliveries.models import (
    Act,
    ErasedPage,
    Erasure,
    Reading,
    Recount,
    Redaction,
)
from yuexin.engines.deliveries.store import discard, place_of, place_of_copy, unnamed_copies
from yuexin.engines.deliveries.types import Break, Counts, Order, Redacted

SAID_OF_ERASURE = ("order_number", "basis", "issued_by", "reason", "backups_until")
SAID_OF_REDACTION = (
    "delivery_id", "before_sha256", "after_sha256", "after_size_bytes", "rows", "columns",
)  # fmt: skip
SAID_OF_READING = ("declarations_id", "deliveries", "after_id", "difference")


def write_erasure(
    *,
    order: Order,
    redacted: Sequence[Redacted],
    backups_until: dt.date,
    actor: str,
    now: dt.datetime,
) -> Erasure:
    """Write an erasure with its redactions, chained to the one before, in the caller's transaction.

    From its commit on the copies are what is read. The caller holds the fold lock.
    """
    erasure: Erasure = _next(Erasure, actor, now)
    for name in ("order_number", "basis", "issued_by", "reason"):
        setattr(erasure, name, getattr(order, name))
    erasure.backups_until = backups_until
    redactions = [
        Redaction(
            erasure=erasure,
            delivery_id=one.delivery,
            before_sha256=one.before_sha256,
            after_sha256=one.after_sha256,
            after_size_bytes=one.after_size_bytes,
            rows=[list(span) for span in one.rows],
            columns=list(one.columns),
        )
        for one in redacted
    ]
    erasure.chain = _chain_of(erasure, _said_of_erasure(erasure, redactions))
    erasure.save(force_insert=True)
    Redaction.objects.bulk_create(redactions)
    return erasure


def write_reading(
    *,
    deliveries: Sequence[int],
    declarations: str,
    after: int,
    difference: str,
    actor: str,
    now: dt.datetime,
) -> Reading:
    """Write that these deliveries are read under these declarations from here on."""
    reading: Reading = _next(Reading, actor, now)
    reading.deliveries = list(deliveries)
    reading.declarations_id = declarations
    reading.after_id = after
    reading.difference = difference
    reading.chain = _chain_of(reading, _said(reading, SAID_OF_READING))
    reading.save(force_insert=True)
    return reading


def write_recounts(*, erasure: Erasure, counted: Sequence[tuple[int, Counts]]) -> None:
    """Write how each delivery counts since an erasure."""
    Recount.objects.bulk_create(
        Recount(
            erasure=erasure,
            delivery_id=number,
            rows_received=counts.received,
            rows_new=counts.new,
            rows_changed=counts.changed,
            rows_unchanged=counts.unchanged,
            rows_waiting=counts.waiting,
            rows_rejected=counts.rejected,
            rows_erased=counts.erased,
        )
        for number, counts in counted
    )


def write_pages(*, erasure: Erasure, records: Sequence[Any]) -> None:
    """Write which addresses of public records stood until an erasure."""
    ErasedPage.objects.bulk_create(
        [ErasedPage(record=record, erasure=erasure) for record in records], ignore_conflicts=True
    )


def refuse_erased(*, sha256: str) -> None:
    """Refuse a file whose very bytes were erased by order, and name the order."""
    found = (
        Redaction.objects.select_related("erasure", "delivery")
        .filter(delivery__sha256=sha256)
        .order_by("erasure")
        .first()
    )
    if found is None:
        return
    order, number = found.erasure.order_number, found.delivery_id
    raise Refusal(
        code="ERASED",
        what=Text(
            f"此文件与交付 {number} 相同，其内容已依“{order}”删除，不再接收",
            f"this is the file of delivery {number}, of which rows were erased under “{order}”; "
            "it is not taken again",
        ),
        where=f"sha256 {sha256}",
        rule=found.erasure.basis,
        remedy=Text(
            "其余各行已经入库；如需更正，请去除被删除的内容后另行交付",
            "its other rows are kept; to correct one, deliver a file without what was erased",
        ),
    )


def erased_under(*, record: UUID) -> str:
    """The number of the order under which a once public record was erased; none where none was."""
    page = ErasedPage.objects.select_related("erasure").filter(record=record).first()
    return page.erasure.order_number if page else ""


def bounded_backups(*, on: dt.date) -> tuple[Erasure, ...]:
    """Erasures whose bytes may still stand in a backup on this day."""
    return tuple(Erasure.objects.filter(backups_until__gt=on).order_by("number"))


def redacted_under() -> Iterator[tuple[int, str, str]]:
    """Every delivery of which something was erased: its number, the order, the basis."""
    found = Redaction.objects.select_related("erasure").order_by("delivery_id", "erasure")
    for one in found.iterator():
        yield one.delivery_id, one.erasure.order_number, one.erasure.basis


def drop_replaced(*, store: Path) -> int:
    """Drop, durably, the files that committed erasures replaced. Returns how many."""
    return discard(paths=replaced_files(store=store))


def drop_strays(*, store: Path) -> int:
    """Drop copies whose erasure never committed. The caller holds the fold lock."""
    named = frozenset(Redaction.objects.values_list("after_sha256", flat=True))
    return discard(paths=unnamed_copies(store=store, named=named))


def replaced_files(*, store: Path) -> tuple[Path, ...]:
    """Files that an erasure replaced and that still lie in the store."""
    places = []
    for one in Redaction.objects.select_related("delivery").order_by("erasure"):
        original = one.before_sha256 == one.delivery.sha256
        place = place_of if original else place_of_copy
        places.append(place(store=store, sha256=one.before_sha256))
    return tuple(path for path in dict.fromkeys(places) if path.exists())


def breaks_of_acts(*, store: Path) -> Iterator[Break]:
    """Where a chain of acts or a copy does not hold, or erased bytes are still there."""
    yield from _broken(Erasure, "erasure", lambda one: _said_of_erasure(one, _redactions(one)))
    yield from _broken(Reading, "reading", lambda one: _said(one, SAID_OF_READING))
    for path in replaced_files(store=store):
        yield Break(number=0, problem=f"the erased file {path.name} is still there")
    current = {one.delivery_id: one for one in Redaction.objects.order_by("erasure")}
    for number, one in sorted(current.items()):
        path = place_of_copy(store=store, sha256=one.after_sha256)
        if not path.exists():
            yield Break(number=number, problem="the redacted copy is missing")
        elif file_sha256(path) != one.after_sha256:
            yield Break(number=number, problem="the redacted copy was changed")


def _broken(model: type[Any], word: str, said: Any) -> Iterator[Break]:
    previous = GENESIS
    for expected, one in enumerate(model.objects.order_by("number").iterator(), start=1):
        holds = one.previous == previous and _chain_of(one, said(one)) == one.chain
        if one.number != expected or not holds:
            yield Break(number=0, problem=f"{word} {one.number}: the chain does not hold")
        previous = one.chain


def _next(model: type[Any], actor: str, now: dt.datetime) -> Any:
    last = model.objects.order_by("-number").first()
    return model(
        number=last.number + 1 if last else 1,
        done_by=actor,
        done_at=now,
        previous=last.chain if last else GENESIS,
    )


def _redactions(erasure: Erasure) -> list[Redaction]:
    return list(erasure.redactions.order_by("delivery_id"))


def _said_of_erasure(erasure: Erasure, redactions: Sequence[Redaction]) -> dict[str, Any]:
    ordered = sorted(redactions, key=lambda one: one.delivery_id)
    said = _said(erasure, SAID_OF_ERASURE)
    return said | {"redactions": [_said(one, SAID_OF_REDACTION) for one in ordered]}


def _said(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _chain_of(act: Act, said: dict[str, Any]) -> str:
    moment = act.done_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    head = {"number": act.number, "done_by": act.done_by, "done_at": moment}
    return sha256_hex(canonical_json({**head, **said, "previous": act.previous}))
