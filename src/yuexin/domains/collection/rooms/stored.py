"""A delivered row read again from the stored file: its cells, masked, and where it went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection

from yuexin.base.dates import today
from yuexin.domains.collection.kept import masked
from yuexin.domains.collection.layout import layout_of
from yuexin.domains.collection.models import Quarantined, Waiting
from yuexin.domains.collection.reading.one import RawRow, row_at
from yuexin.domains.collection.rooms.delivered import (
    DeliveryLine,
    line_of,
    receipt_of,
    seen_one,
)
from yuexin.domains.collection.rooms.held import Cell, blank_of, cells_of, note_look
from yuexin.domains.collection.rooms.mended import mended_in
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.queries import kept
from yuexin.engines.records.models import Record
from yuexin.home.folder import Home

Place = Literal[
    "pending", "refused", "quarantined", "waiting", "placed", "nowhere", "withdrawal", "erased"
]


@dataclass(frozen=True, kw_only=True)
class Fate:
    """Where a row went. `content` names the waiting row, where it waits; `public` the code and
    the record that everyone can read of it now; `mended_by` the delivery that mended it."""

    place: Place
    content: UUID | None = None
    public: tuple[str, UUID] | None = None
    mended_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """A row as delivered, and where it went."""

    line: DeliveryLine
    row: int
    cells: tuple[Cell, ...]
    text: str
    fate: Fate


# The index finds the few pages of a delivery's records; the projection is read by its key.
MADE = """
SELECT s.code, p.record
FROM record r
LEFT JOIN public_row p ON p.record = r.id
    AND p.shown_from <= %(on)s AND (p.shown_until IS NULL OR p.shown_until > %(on)s)
LEFT JOIN subject s ON s.id = p.subject
WHERE r.delivery = %(delivery)s AND r.row = %(row)s
ORDER BY p.record NULLS LAST LIMIT 1
"""


def stored_row(
    *,
    declarations: Declarations,
    actor: Actor,
    number: int,
    row: int,
    home: Home,
    now: dt.datetime,
) -> StoredRow | None:
    """A row of a delivery that the actor may see, none where there is none. The look is journaled.

    Personal columns are masked. Raises a `Refusal` where the file cannot be read.
    """
    source = seen_one(declarations=declarations, actor=actor, number=number)
    found = read_again(source=source, row=row, home=home) if source else None
    if source is None or found is None:
        return None
    note_look(actor=actor, delivery=number, row=row, now=now)
    layout = layout_of(source)
    held = Quarantined.objects.filter(delivery=number, row=row).first()
    shown = (blank_of(layout, held) if held else {}) | {
        header: masked(layout.resource, header, text) for header, text in found.cells.items()
    }
    return StoredRow(
        line=line_of(declarations, source),
        row=row,
        cells=tuple(cells_of(layout, shown)),
        text=masked(layout.resource, "", found.text),
        fate=Fate(place="erased") if found.erased else _fate(source, row, today(now)),
    )


def only_row(
    *, declarations: Declarations, actor: Actor, number: int, now: dt.datetime
) -> Fate | None:
    """Where the one row of a delivery went; none where it has more, or the actor may not see it."""
    source = seen_one(declarations=declarations, actor=actor, number=number)
    written = receipt_of(source) if source else None
    if source is None or written is None or written.rows_received != 1:
        return None
    return _fate(source, 1, today(now))


def read_again(*, source: Delivery, row: int, home: Home) -> RawRow | None:
    """The row as it stands in the stored file, with nothing masked: for the desk's own use."""
    stored = kept(source, store=home.deliveries)
    return row_at(
        path=stored.path,
        form=stored.reads_as,
        resource=layout_of(source).resource,
        scratch=home.scratch,
        row=row,
    )


def became_record(*, row: tuple[int, int]) -> int | None:
    """The latest delivery by which the desk mended this row and it became a record, if one did."""
    mended = mended_in({row}).get(row, ())
    made = Record.objects.filter(delivery__in=mended, row=1).order_by("-delivery")
    return made.values_list("delivery", flat=True).first()


def _fate(source: Delivery, row: int, on: dt.date) -> Fate:
    waits = Waiting.objects.filter(delivery=source.number, row=row).first()
    place = _held_back(source, row, waits=waits is not None)
    made = None if place else _made(source.number, row, on)
    key = (source.number, row)
    mended = mended_in({key}).get(key, ()) if place == "quarantined" else ()
    return Fate(
        place=place or ("placed" if made else "nowhere"),
        content=waits.content if waits else None,
        public=(made[0], made[1]) if made and made[0] and made[1] else None,
        mended_by=mended[-1] if mended else None,
    )


def _made(number: int, row: int, on: dt.date) -> tuple[str, UUID] | tuple[None, None] | None:
    """Of the record that the row became, code and id while it is public; none where it is none."""
    with connection.cursor() as cursor:
        cursor.execute(MADE, {"delivery": number, "row": row, "on": on})
        found: tuple[str, UUID] | tuple[None, None] | None = cursor.fetchone()
    return found


def _held_back(source: Delivery, row: int, *, waits: bool) -> Place | None:
    """Where the row is instead of in a record; none where it may have become one."""
    written = receipt_of(source)
    if written is None:
        return "pending"
    if written.state == "refused":
        return "refused"
    if waits:
        return "waiting"
    if Quarantined.objects.filter(delivery=source.number, row=row).exists():
        return "quarantined"
    return "withdrawal" if source.intent == "withdraw" else None
