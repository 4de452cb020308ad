"""The form of a filing, made of its declaration and its layout: screens, fields, what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.inputs import input_of
from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.held import Finding
from yuexin.domains.hall.filing.known import Held
from yuexin.domains.hall.filing.lines import composed
from yuexin.domains.hall.filing.types import Asked, Cell, Filled, Screen
from yuexin.engines.declare.types import (
    Column,
    Declarations,
    Filing,
    FilingItem,
    FilingScreen,
    RequiredWhen,
    Resource,
)

YES: Final = "是"
NO: Final = "否"
FLAGS: Final = (("是", Text("是", "yes")), ("否", Text("否", "no")))
SPARE_LINES: Final = 2
LONGEST: Final = 4000
FILL_IN: Final = Text("请填写这一项", "fill this in")
NOTHING: Final = Text("", "")


def screens_of(filing: Filing, filer: str) -> tuple[FilingScreen, ...]:
    """The screens that an entity of this class is asked."""
    return tuple(screen for screen in filing.screens if not screen.of or filer in screen.of)


def items_of(screen: FilingScreen, filer: str) -> tuple[FilingItem, ...]:
    """What it is asked on one of them."""
    return tuple(item for item in screen.items if not item.of or filer in item.of)


def screen_of(
    *,
    declarations: Declarations,
    filing: Filing,
    filer: str,
    wanted: str,
    filled: Filled,
    held: Held,
    findings: Sequence[Finding] = (),
    spare: str = "",
) -> Screen | None:
    """One screen with what was filled in; none where an entity of this class has no such screen.
    `spare` is the field to which lines are to be added."""
    screens = screens_of(filing, filer)
    place = next((n for n, one in enumerate(screens, start=1) if one.id == wanted), 0)
    if not place:
        return None
    screen = screens[place - 1]
    layout = Layout.of(declarations=declarations, resource=filing.resource)
    return Screen(
        id=screen.id,
        label=screen.label,
        note=Text(screen.note_zh, screen.note_en),
        place=place,
        count=len(screens),
        asked=tuple(
            _asked(declarations, layout, filing, item, filled, held, findings, spare)
            for item in items_of(screen, filer)
        ),
    )


def _asked(
    declarations: Declarations,
    layout: Layout,
    filing: Filing,
    item: FilingItem,
    filled: Filled,
    held: Held,
    findings: Sequence[Finding],
    spare: str,
) -> Asked:
    column = layout.resource.by_header[item.column]
    name = name_of(filing, item)
    return Asked(
        name=name,
        column=item.column,
        label=label_of(layout, item),
        help=Text(item.help_zh, item.help_en),
        input=None if item.parts else input_of(
            name=name, of=column.type, value=filled.values.get(item.column, ""), longest=LONGEST,
            choices=FLAGS if column.type == "flag" else _choices(declarations, column),
            least=column.minimum,
        ),
        required=column.required or any(_asking(layout.resource, filing, item.column)),
        has_switch=bool(item.switch),
        public=filled.values.get(item.switch, "") == YES,
        known=held.of(item),
        known_lines=held.lines_of(item) if item.lines_of else None,
        beside=item.beside,
        lines=tuple(_cells(name, item, filled, spare=SPARE_LINES if spare == name else 0)),
        more=bool(item.parts) and len(filled.lines.get(item.column, ())) < item.most,
        findings=tuple(one for one in findings if one.column in (item.column, item.switch)),
    )  # fmt: skip


def told_in_form(
    *, layout: Layout, filing: Filing, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """What the checks found, in the words of the form: whoever fills it in delivers no columns."""
    return tuple(_in_form(layout, filing, one) for one in findings)


def _in_form(layout: Layout, filing: Filing, found: Finding) -> Finding:
    item = next((one for one in filing.items if one.column == found.column), None)
    if item is None:
        return found
    told = replace(found, label=label_of(layout, item))
    rules = {"REQUIRED", *(one.id for one in _asking(layout.resource, filing, item.column))}
    return replace(told, sentence=FILL_IN, remedy=NOTHING) if found.rule in rules else told


def label_of(layout: Layout, item: FilingItem) -> Text:
    """What the form calls a column."""
    own = layout.label(item.column)
    return Text(item.zh or own.zh, item.en or own.en)


def _asking(resource: Resource, filing: Filing, column: str) -> Iterator[RequiredWhen]:
    """By which rules the layout asks for a column, whatever is filled in."""
    for one in resource.required_when:
        if one.require == column and one.contains in filing.fixed.get(one.column, ""):
            yield one


def name_of(filing: Filing, item: FilingItem) -> str:
    """What a field is called in the form: the place of its item."""
    return f"c{filing.items.index(item)}"


def _choices(declarations: Declarations, column: Column) -> Iterator[tuple[str, Text]]:
    """A layout takes the names of codes, so a name is chosen."""
    listed = declarations.codes.get(column.codes)
    return ((code.zh, code.label) for code in (listed.values if listed else ()))


def _cells(
    name: str, item: FilingItem, filled: Filled, *, spare: int
) -> Iterator[tuple[Cell, ...]]:
    """The lines filled in, and at least one to fill."""
    if not item.parts:
        return
    told = list(filled.lines.get(item.column, ()))
    blank: list[Mapping[str, str]] = [{}] * max(spare, 0 if told else 1)
    for row, line in enumerate([*told, *blank][: item.most]):
        yield tuple(
            Cell(
                name=f"{name}-{row}-{place}",
                label=part.label,
                value=line.get(part.zh, ""),
                example=part.example,
            )
            for place, part in enumerate(item.parts)
        )


def typed_in(
    *, filing: Filing, screen: FilingScreen, filer: str, posted: Mapping[str, str], filled: Filled
) -> Filled:
    """What was filled in, with what this screen's form says now.

    Raises a `Refusal` (LINES) for more lines of one column than are taken.
    """
    values = dict(filled.values)
    lines = dict(filled.lines)
    for item in items_of(screen, filer):
        name = name_of(filing, item)
        if item.parts:
            lines[item.column] = _lines(item, name, posted)
        else:
            values[item.column] = posted.get(name, "").strip()[: LONGEST + 1]
        if item.switch:
            values[item.switch] = YES if posted.get(f"{name}p") else NO
    return Filled(values=values, lines=lines)


def _lines(item: FilingItem, name: str, posted: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
    rows: dict[int, dict[str, str]] = {}
    for key, value in posted.items():
        of, _, rest = key.partition("-")
        row, _, place = rest.partition("-")
        if of != name or not (row.isdecimal() and place.isdecimal()) or not value.strip():
            continue
        if int(place) < len(item.parts):
            cells = rows.setdefault(int(row), {})
            cells[item.parts[int(place)].zh] = value.strip()[:LONGEST]
    if len(rows) > item.most:
        raise Refusal(
            code="LINES",
            what=Text(
                f"“{item.column}”最多填 {item.most} 行",
                f"at most {item.most} lines of {item.en or item.column} are taken",
            ),
            where=item.column,
            remedy=Text(
                "合并同类的行，或由登记机关以文件交付", "put lines together, or have them delivered"
            ),
        )
    return tuple(rows[row] for row in sorted(rows))


def told(*, filing: Filing, filer: str, filled: Filled) -> dict[str, str]:
    """The columns of a filing as they are delivered, as far as an entity of this class is asked.

    A switch without a figure says nothing.
    """
    columns: dict[str, str] = {}
    for item in (i for s in screens_of(filing, filer) for i in items_of(s, filer)):
        value = filled.values.get(item.column, "")
        if item.parts:
            value = composed(
                names=[part.zh for part in item.parts], lines=filled.lines.get(item.column, ())
            )
        columns[item.column] = value
        if item.switch and value:
            columns[item.switch] = filled.values.get(item.switch, NO)
    return columns
