"""What a file has to look like: the columns of each layout that an officer may deliver."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.asked import Named
from yuexin.domains.collection.rooms.upload import choices
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Column, Declarations

BOM: Final = "\ufeff"
FEW: Final = 12


@dataclass(frozen=True, kw_only=True)
class ColumnLine:
    """One column: what its cells look like, and the first of the values that its code list knows.

    `separator` stands between several values; `length` is given where it is shorter than any text.
    """

    header: str
    label: Text
    form: Text
    codes: tuple[str, ...]
    more_codes: bool
    separator: str
    required: bool
    length: int | None
    example: str


@dataclass(frozen=True, kw_only=True)
class LayoutPage:
    """One layout with its columns in the order of its standard."""

    resource: Named
    columns: tuple[ColumnLine, ...]


def layouts(*, declarations: Declarations, actor: Actor) -> tuple[Named, ...]:
    """The layouts of what the actor may deliver. Raises a `Refusal` (ROOM)."""
    offered = choices(declarations=declarations, actor=actor)
    return tuple(dict.fromkeys(choice.resource for choice in offered))


def layout_page(*, declarations: Declarations, actor: Actor, resource: str) -> LayoutPage | None:
    """One of those layouts; none where it is not among them."""
    found = [one for one in layouts(declarations=declarations, actor=actor) if one.id == resource]
    if not found:
        return None
    layout = Layout.of(declarations=declarations, resource=resource)
    sound = layout.resource.examples[0].row
    return LayoutPage(
        resource=found[0],
        columns=tuple(
            _line(declarations, layout, column, sound.get(column.header, ""))
            for column in layout.resource.columns
        ),
    )


def template(*, declarations: Declarations, actor: Actor, resource: str) -> str | None:
    """A table to be filled, as CSV: the headers, and the declared example, which is invented."""
    page = layout_page(declarations=declarations, actor=actor, resource=resource)
    if page is None:
        return None
    example = {column.header: column.example for column in page.columns}
    return BOM + one_row(headers=list(example), values=example)


def one_row(*, headers: Sequence[str], values: Mapping[str, str]) -> str:
    """A table of one row, as CSV; what it has no value for is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerow([values.get(header, "") for header in headers])
    return out.getvalue()


def _line(declarations: Declarations, layout: Layout, column: Column, example: str) -> ColumnLine:
    listed = declarations.codes.get(column.codes) if column.codes else None
    labels = [code.zh for code in listed.values] if listed else []
    return ColumnLine(
        header=column.header,
        label=layout.label(column.header),
        form=layout.form(column.header),
        codes=tuple(labels[:FEW]),
        more_codes=len(labels) > FEW,
        required=column.required,
        separator=column.separator,
        length=column.max_length if column.max_length < Column.max_length else None,
        example=example,
    )
