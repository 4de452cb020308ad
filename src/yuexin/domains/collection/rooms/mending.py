"""Mend a rejected row and deliver it again. The stored row is never changed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from yuexin.base.inputs import keypad_of
from yuexin.base.text import Text
from yuexin.domains.collection.admission import refuse_foreign
from yuexin.domains.collection.kept import masked
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.delivered import seen_one
from yuexin.domains.collection.rooms.held import (
    Finding,
    QuarantinedRow,
    quarantined_row,
)
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.rooms.mended import mending_name
from yuexin.domains.collection.rooms.stored import read_again
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery
from yuexin.home.folder import Home

BY_EXAMPLE: Final = frozenset({"LENGTH"})


@dataclass(frozen=True, kw_only=True)
class MendField:
    """One column to be mended. What a `hidden` one held is not shown; it may be kept unseen, if
    nothing is against it (`keepable`). `keypad` is the keys its type needs (HTML `inputmode`).
    `faulty`: something was against it as delivered; `beside`: to be seen beside what is wrong."""

    header: str
    label: Text
    form: Text
    required: bool
    value: str
    example: str
    keypad: str
    hidden: bool
    keepable: bool
    faulty: bool
    beside: bool
    findings: tuple[Finding, ...]

    @property
    def unread(self) -> bool:
        """Whether what to do about it tells its form already."""
        return any(f.rule == "TYPE" for f in self.findings)

    @property
    def shows_example(self) -> bool:
        """Whether an example helps: with the form of a value, never with what the value is."""
        return bool(self.example) and any(f.rule in BY_EXAMPLE for f in self.findings)


@dataclass(frozen=True, kw_only=True)
class MendForm:
    """The row's columns with what was delivered in them; `text` of a row without columns."""

    row: QuarantinedRow
    fields: tuple[MendField, ...]
    text: str


def begin_mending(
    *,
    declarations: Declarations,
    actor: Actor,
    delivery: int,
    row: int,
    home: Home,
    now: dt.datetime,
) -> MendForm | None:
    """A rejected row taken out to be mended, which is journaled; none as `mending` says."""
    found = mending(declarations=declarations, actor=actor, delivery=delivery, row=row, home=home)
    if found is not None:
        thing = f"delivery/{delivery}"
        note(stream="look", actor=actor, action="row.mending", thing=thing, now=now, row=row)
    return found


def mending(
    *, declarations: Declarations, actor: Actor, delivery: int, row: int, home: Home
) -> MendForm | None:
    """What is needed to mend a row that was taken out; none where the actor may see no such row.

    Raises a `Refusal` (OWNERSHIP) for whoever does not act for the agency.
    """
    found = _own_row(declarations, actor, delivery, row)
    if found is None:
        return None
    held, source = found
    raw = read_again(source=source, row=row, home=home)
    cells = raw.cells if raw else {}
    layout = Layout.of(declarations=declarations, resource=source.resource)
    sound = layout.resource.examples[0].row
    beside = {h for f in held.head.findings for h in layout.beside(f.rule, header=f.column)}
    fields = []
    for column in layout.resource.columns:
        value = cells.get(column.header, "")
        hidden = bool(value) and (
            column.personal or masked(layout.resource, column.header, value) != value
        )
        against = tuple(f for f in held.head.findings if f.column == column.header)
        fields.append(
            MendField(
                header=column.header,
                label=layout.label(column.header),
                form=layout.form(column.header),
                required=column.required,
                value="" if hidden else value,
                example=sound.get(column.header, ""),
                keypad=keypad_of(of=column.type, least=column.minimum),
                hidden=hidden,
                keepable=hidden and not against,
                faulty=bool(against),
                beside=column.header in beside,
                findings=against,
            )
        )
    return MendForm(
        row=held,
        fields=tuple(fields),
        text=masked(layout.resource, "", raw.text if raw else ""),
    )


def mended(
    *,
    declarations: Declarations,
    actor: Actor,
    delivery: int,
    row: int,
    values: Mapping[str, str],
    unseen: Collection[str],
    home: Home,
) -> tuple[Offer, BinaryIO] | None:
    """The mended row as a file of one row, linked to the delivery it was rejected in, and what is
    said of it; none where the actor may see no such row.

    The columns in `unseen`, where nothing is typed and nothing is against them, keep what was
    delivered in them. Raises a `Refusal` (OWNERSHIP) for whoever does not act for the agency.
    """
    found = _own_row(declarations, actor, delivery, row)
    if found is None:
        return None
    held, source = found
    raw = read_again(source=source, row=row, home=home) if unseen else None
    delivered = raw.cells if raw else {}
    faulty = {finding.column for finding in held.head.findings}
    kept = {h: delivered[h] for h in unseen if h in delivered and h not in faulty}
    values = kept | {header: value for header, value in values.items() if value}
    headers = [column.header for column in declarations.resources[source.resource].columns]
    offer = Offer(
        resource=source.resource,
        agency=source.agency,
        channel="desk",
        file_name=mending_name(delivery=delivery, row=row),
        intent="withdraw" if source.intent == "withdraw" else "report",
        linked_to=delivery,
    )
    return offer, io.BytesIO(one_row(headers=headers, values=values).encode("utf-8", "replace"))


def _own_row(
    declarations: Declarations, actor: Actor, delivery: int, row: int
) -> tuple[QuarantinedRow, Delivery] | None:
    held = quarantined_row(declarations=declarations, actor=actor, delivery=delivery, row=row)
    source = seen_one(declarations=declarations, actor=actor, number=delivery)
    if held is None or source is None:
        return None
    refuse_foreign(declarations=declarations, actor=actor, agency=source.agency)
    return held, source
