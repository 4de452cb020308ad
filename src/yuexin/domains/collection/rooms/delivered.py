"""Deliveries as officers see them: the list, and one with its receipt, findings and links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from yuexin.base.text import Text
from yuexin.domains.collection import queries
from yuexin.domains.collection.layout import layout_of
from yuexin.domains.collection.queries import REASONS, receipt, waiting_by_reason
from yuexin.domains.collection.rooms.asked import (
    Named,
    Wanted,
    agency_named,
    deliveries_seen,
    pages_of,
    resource_named,
    window,
)
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery, Receipt
from yuexin.home.folder import Home

REJECTED = """
SELECT f->>'column', f->>'rule', count(DISTINCT row)
FROM quarantined, jsonb_array_elements(findings) f
WHERE delivery = %s AND f->>'severity' = 'reject' GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """How many rows came, and where they ended."""

    received: int = 0
    ok: int = 0
    waiting: int = 0
    rejected: int = 0


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One delivery in a list. `state` is pending, folded or refused; `settled_at`: when it was."""

    number: int
    agency: Named
    resource: Named
    channel: str
    intent: str
    file_name: str
    received_at: dt.datetime
    linked_to: int | None
    state: str
    settled_at: dt.datetime | None
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class DeliveriesPage:
    """A page of deliveries, the latest first; `sums` are those of all pages together."""

    lines: tuple[DeliveryLine, ...]
    page: int
    pages: int
    total: int
    sums: Rows


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """What a rule found in a column: in so many rows `of` all received, `rejected` of them."""

    column: str
    label: Text
    rule: str
    sentence: Text
    rows: int
    of: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class ReasonLine:
    """How many rows of a delivery wait now for this reason."""

    reason: str
    label: Text
    rows: int


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """A delivery whole. `receipt` is none until it is folded; `own`: the actor may correct it."""

    line: DeliveryLine
    sha256: str
    size_bytes: int
    chain: str
    submitted_by: str
    sent_at: dt.datetime | None
    declared_rows: int | None
    receipt: dict[str, Any] | None
    refusal: Text | None
    findings: tuple[FindingLine, ...]
    waiting: tuple[ReasonLine, ...]
    corrected_by: tuple[DeliveryLine, ...]
    own: bool

    @property
    def still_waiting(self) -> int:
        """How many of its rows wait now."""
        return sum(line.rows for line in self.waiting)

    @property
    def resolved(self) -> int:
        """How many of its rows that waited were placed since, or wait again."""
        counted = (self.receipt or {}).get("resolved", {})
        return sum(rows for how, rows in counted.items() if how != "joined")


def deliveries(
    *, declarations: Declarations, actor: Actor, wanted: Wanted, page: int
) -> DeliveriesPage:
    """The deliveries asked for that this actor may see."""
    rows = deliveries_seen(declarations=declarations, actor=actor, room="deliveries", wanted=wanted)
    total = rows.count()
    names = {"received": "received", "ok": "ok", "waiting": "waiting", "rejected": "rejected"}
    sums = rows.aggregate(**{name: Sum(f"receipt__rows_{name}") for name in names})
    found = rows.select_related("receipt").order_by("-number")[window(page)]
    return DeliveriesPage(
        lines=tuple(line_of(declarations, row) for row in found),
        page=page,
        pages=pages_of(total),
        total=total,
        sums=Rows(**{name: count or 0 for name, count in sums.items()}),
    )


def delivery(
    *, declarations: Declarations, actor: Actor, number: int, home: Home
) -> DeliveryView | None:
    """One delivery with its receipt; none where there is none that this actor may see."""
    row = seen_one(declarations=declarations, actor=actor, number=number)
    if row is None:
        return None
    found = receipt(number=number, home=home)
    later = Delivery.objects.filter(linked_to=number).select_related("receipt").order_by("number")
    return DeliveryView(
        line=line_of(declarations, row),
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        chain=row.chain,
        submitted_by=row.submitted_by,
        sent_at=row.sent_at,
        declared_rows=row.declared_rows,
        receipt=found,
        refusal=_refusal(found),
        findings=tuple(_findings(row, found)) if found else (),
        waiting=tuple(
            ReasonLine(reason=reason, label=REASONS[reason], rows=rows)
            for reason, rows in waiting_by_reason(delivery=number).items()
        ),
        corrected_by=tuple(line_of(declarations, one) for one in later),
        own=row.agency in agencies_acted_for(declarations=declarations, actor=actor),
    )


def seen_one(*, declarations: Declarations, actor: Actor, number: int) -> Delivery | None:
    """The delivery of this number, where the actor may see it."""
    rows = deliveries_seen(
        declarations=declarations, actor=actor, room="deliveries", wanted=Wanted(delivery=number)
    )
    return rows.select_related("receipt").first()


def error_groups(
    *, declarations: Declarations, actor: Actor, number: int
) -> Iterator[list[dict[str, Any]]] | None:
    """Why each rejected row was rejected, some rows at a time; none where the actor may not see
    the delivery.

    Raises a `Refusal` (ROOM) for whoever may not look at rejected rows.
    """
    require_room(declarations=declarations, actor=actor, room="quarantine")
    row = seen_one(declarations=declarations, actor=actor, number=number)
    return queries.error_groups(number=number) if row else None


def receipt_of(row: Delivery) -> Receipt | None:
    """The receipt of a delivery, if it is written."""
    return row.receipt if hasattr(row, "receipt") else None


def line_of(declarations: Declarations, row: Delivery) -> DeliveryLine:
    """A delivery as lists show it."""
    written = receipt_of(row)
    rows = Rows()
    if written is not None:
        rows = Rows(
            received=written.rows_received,
            ok=written.rows_ok,
            waiting=written.rows_waiting,
            rejected=written.rows_rejected,
        )
    return DeliveryLine(
        number=row.number,
        agency=agency_named(declarations, row.agency),
        resource=resource_named(declarations, row.resource),
        channel=row.channel,
        intent=row.intent,
        file_name=row.file_name,
        received_at=row.received_at,
        linked_to=row.linked_to_id,
        state=written.state if written else "pending",
        settled_at=written.loaded_at if written else None,
        rows=rows,
    )


def _refusal(found: dict[str, Any] | None) -> Text | None:
    said = (found or {}).get("refusal")
    return Text(said["zh"], said["en"]) if said else None


def _findings(row: Delivery, found: dict[str, Any]) -> Iterator[FindingLine]:
    with connection.cursor() as cursor:
        cursor.execute(REJECTED, [row.number])
        rejected = {(column, rule): rows for column, rule, rows in cursor.fetchall()}
    layout = layout_of(row)
    for item in found["findings"]:
        column, rule = item["column"], item["rule"]
        yield FindingLine(
            column=column,
            label=layout.label(column),
            rule=rule,
            sentence=layout.sentence(rule, header=column),
            rows=item["rows"],
            of=item["of"],
            rejected=rejected.get((column, rule), 0),
        )
