"""Rows set aside and rows that wait, as officers see them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from yuexin.base.codes import without_id_numbers
from yuexin.base.text import Text
from yuexin.domains.collection.layout import DELIVER_AGAIN, Layout, layout_of
from yuexin.domains.collection.measures import NATURAL_PERSON
from yuexin.domains.collection.models import Quarantined, Waiting
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.rooms.asked import (
    Named,
    Wanted,
    agency_named,
    deliveries_seen,
    pages_of,
    resource_named,
    window,
)
from yuexin.domains.collection.rooms.candidates import Candidate, candidates
from yuexin.domains.collection.rooms.delivered import DeliveryLine, line_of
from yuexin.engines.access.queries import agencies_acted_for
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery

HIDDEN: Final = "****"
# A hashed join: a list of pairs would be compared with every row one after the other.
NOT_AMONG: Final = """NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS among(delivery, row)
    WHERE among.delivery = quarantined.delivery AND among.row = quarantined.row)"""
MENDING: Final = re.compile(r"mend-([0-9]+)-([0-9]+)\.csv")


class Cell(NamedTuple):
    """One cell of a row: its column's header, what people call that column, its value."""

    column: str
    label: Text
    value: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found in one cell, in words, and what to do about it."""

    column: str
    label: Text
    rule: str
    sentence: Text
    remedy: Text
    value: str
    rejects: bool


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """A row that is not a record: where it came from and what is against it. `mended` where the
    desk delivered it again."""

    delivery: int
    row: int
    agency: Named
    resource: Named
    received_at: dt.datetime
    findings: tuple[Finding, ...]
    mended: bool


@dataclass(frozen=True, kw_only=True)
class HeldPage:
    lines: tuple[HeldRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True)
class QuarantinedRow:
    """One rejected row: its cells as kept (masked), its findings, and what mended it since."""

    head: HeldRow
    cells: tuple[Cell, ...]
    mended_by: tuple[DeliveryLine, ...]
    corrected_by: tuple[DeliveryLine, ...]
    own: bool


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """A row that waits, by whom it names. `name` is empty where it is a natural person's."""

    agency: Named
    resource: Named
    content: UUID
    delivery: int
    row: int
    reason: str
    label: Text
    name: str
    number: str


@dataclass(frozen=True, kw_only=True)
class WaitingPage:
    lines: tuple[WaitingLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """One waiting row: what it says, and the subjects a person would look at."""

    line: WaitingLine
    facts: tuple[tuple[Text, str], ...]
    candidates: tuple[Candidate, ...]


def quarantine(*, declarations: Declarations, actor: Actor, wanted: Wanted, page: int) -> HeldPage:
    """The rejected rows asked for, the latest delivery first."""
    seen = deliveries_seen(declarations=declarations, actor=actor, room="quarantine", wanted=wanted)
    rows = Quarantined.objects.filter(delivery__in=seen.values("number"))
    if wanted.rule:
        said = {"rule": wanted.rule, "severity": "reject"}
        if wanted.column:
            said["column"] = wanted.column
        rows = rows.filter(findings__contains=[said])
    if wanted.unmended:
        rows = rows.extra(where=[NOT_AMONG], params=columns_of(mended_rows(of=seen)))
    total = rows.count()
    found = list(rows.order_by("-delivery", "row")[window(page)])
    sources = Delivery.objects.in_bulk({row.delivery for row in found})
    layouts = {number: layout_of(source) for number, source in sources.items()}
    mended = mended_in({(row.delivery, row.row) for row in found})
    return HeldPage(
        lines=tuple(
            _held(declarations, row, sources[row.delivery], layouts[row.delivery], mended)
            for row in found
        ),
        page=page,
        pages=pages_of(total),
        total=total,
    )


def quarantined_row(
    *, declarations: Declarations, actor: Actor, delivery: int, row: int
) -> QuarantinedRow | None:
    """One rejected row; none where there is none that this actor may see."""
    seen = deliveries_seen(
        declarations=declarations, actor=actor, room="quarantine", wanted=Wanted(delivery=delivery)
    )
    source = seen.first()
    held = Quarantined.objects.filter(delivery=delivery, row=row).first() if source else None
    if source is None or held is None:
        return None
    mended = mended_in({(delivery, row)})
    by = mended.get((delivery, row), ())
    later = Delivery.objects.filter(Q(linked_to=delivery) | Q(number__in=by))
    lines = [
        line_of(declarations, one) for one in later.select_related("receipt").order_by("number")
    ]
    layout = layout_of(source)
    # What nobody filled is not kept; where that is what is wrong, it is seen.
    blank = {f["column"]: "" for f in held.findings if f["column"] in layout.resource.by_header}
    return QuarantinedRow(
        head=_held(declarations, held, source, layout, mended),
        cells=tuple(cells_of(layout, blank | held.raw)),
        mended_by=tuple(line for line in lines if line.number in by),
        corrected_by=tuple(line for line in lines if line.number not in by),
        own=source.agency in agencies_acted_for(declarations=declarations, actor=actor),
    )


def finding_of(
    *,
    layout: Layout,
    column: str,
    rule: str,
    rejects: bool,
    value: str = "",
    otherwise: Text = DELIVER_AGAIN,
) -> Finding:
    """What a rule found in a column, in words; `otherwise` is what to do where no rule says."""
    return Finding(
        column=column,
        label=layout.label(column),
        rule=rule,
        sentence=layout.sentence(rule, header=column, value=value),
        remedy=layout.remedy(rule, header=column, otherwise=otherwise),
        value=value,
        rejects=rejects,
    )


def called_as_mending(file_name: str) -> bool:
    """Whether a file is called as the desk calls the deliveries that mend a row."""
    return MENDING.fullmatch(file_name) is not None


def mending_name(*, delivery: int, row: int) -> str:
    """The file name of the one-row delivery that the desk makes to mend this row."""
    return f"mend-{delivery}-{row}.csv"


def waiting(*, declarations: Declarations, actor: Actor, wanted: Wanted, page: int) -> WaitingPage:
    """The rows that wait, the latest first."""
    rows = _waiting(declarations, actor, wanted)
    total = rows.count()
    found = rows.order_by("-delivery", "row")[window(page)]
    return WaitingPage(
        lines=tuple(_line(declarations, row) for row in found),
        page=page,
        pages=pages_of(total),
        total=total,
    )


def waiting_row(
    *, declarations: Declarations, actor: Actor, agency: str, resource: str, content: UUID
) -> WaitingRow | None:
    """One row that waits; none where there is none that this actor may see."""
    wanted = Wanted(agency=agency, resource=resource)
    row = _waiting(declarations, actor, wanted).filter(content=content).first()
    if row is None:
        return None
    return WaitingRow(
        line=_line(declarations, row),
        facts=tuple(_facts(declarations, row)),
        candidates=() if row.reason == NATURAL_PERSON else candidates(row=row),
    )


def cells_of(layout: Layout, raw: Mapping[str, str]) -> Iterator[Cell]:
    """The cells of a row in the order of its layout; a natural person's name is cut."""
    resource = layout.resource
    person = resource.natural_person
    is_person = person is not None and raw.get(person.column, "").strip() == person.equals
    ordered = [c.header for c in resource.columns if c.header in raw]
    for header in [*ordered, *(name for name in raw if name not in resource.by_header)]:
        value = str(raw[header])
        cut = is_person and header == resource.subject_name
        yield Cell(header, layout.label(header), f"{value[:1]}**" if cut and value else value)


def _waiting(declarations: Declarations, actor: Actor, wanted: Wanted) -> QuerySet[Waiting]:
    seen = deliveries_seen(declarations=declarations, actor=actor, room="waiting", wanted=wanted)
    rows = Waiting.objects.filter(delivery__in=seen.values("number"))
    return rows.filter(reason=wanted.reason) if wanted.reason else rows


def mended_in(rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """The deliveries that the desk made to mend each of these rows, and that were not rejected
    in turn, the earliest first; also those that mended one that was.

    Rows are named by delivery and row; those that nobody mended are left out.
    """
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    of = {row: row for row in rows}
    while of:
        again: dict[tuple[int, int], tuple[int, int]] = {}
        for row, number, sound in _mendings(of):
            if sound:
                found[of[row]] = tuple(sorted((*found.get(of[row], ()), number)))
            else:
                again[number, 1] = of[row]
        of = again
    return found


def mended_rows(*, of: QuerySet[Delivery]) -> tuple[tuple[int, int], ...]:
    """Every row of these deliveries that the desk has mended: as many as officers did by hand."""
    made = Delivery.objects.filter(channel="desk", linked_to__in=of.values("number"))
    names = made.filter(file_name__startswith="mend-").values_list("file_name", flat=True)
    found = filter(None, map(MENDING.fullmatch, names))
    return tuple(sorted(mended_in({(int(name[1]), int(name[2])) for name in found})))


def columns_of(rows: Collection[tuple[int, int]]) -> list[list[int]]:
    """Rows as `NOT_AMONG` takes them: their deliveries, and their numbers there."""
    return [[number for number, _ in rows], [row for _, row in rows]]


def _mendings(rows: Collection[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], int, bool]]:
    """Each row with a delivery that was made to mend it, and whether that one was sound."""
    called = {(number, mending_name(delivery=number, row=row)): row for number, row in rows}
    made = Delivery.objects.filter(
        channel="desk",
        linked_to__in={number for number, _ in called},
        file_name__in={name for _, name in called},
        receipt__state="folded",
    )
    told = made.values_list("linked_to", "file_name", "number", "receipt__rows_rejected")
    for linked, name, number, rejected in told:
        if linked is not None and (linked, name) in called:
            yield (linked, called[linked, name]), number, not rejected


def _held(
    declarations: Declarations,
    row: Quarantined,
    source: Delivery,
    layout: Layout,
    mended: Collection[tuple[int, int]],
) -> HeldRow:
    return HeldRow(
        delivery=row.delivery,
        row=row.row,
        agency=agency_named(declarations, source.agency),
        resource=resource_named(declarations, source.resource),
        received_at=source.received_at,
        mended=(row.delivery, row.row) in mended,
        findings=tuple(
            finding_of(
                layout=layout,
                column=item["column"],
                rule=item["rule"],
                value=item["value"] or "",
                rejects=item["severity"] == "reject",
            )
            for item in row.findings
        ),
    )


def _line(declarations: Declarations, row: Waiting) -> WaitingLine:
    is_person = row.reason == NATURAL_PERSON
    number = row.uscc or row.org_code or row.reg_no or ""
    return WaitingLine(
        agency=agency_named(declarations, row.agency),
        resource=resource_named(declarations, row.resource),
        content=row.content,
        delivery=row.delivery,
        row=row.row,
        reason=row.reason,
        label=REASONS[row.reason],
        name="" if is_person else row.staged.get("name") or "",
        number="" if is_person else number,
    )


def _facts(declarations: Declarations, row: Waiting) -> Iterator[tuple[Text, str]]:
    """What a waiting row says, field by field; what is personal is hidden."""
    kind = declarations.kinds.get(str(row.staged.get("kind")))
    body: dict[str, Any] = json.loads(row.staged.get("body") or "{}")
    for field in kind.fields if kind else ():
        value = body.get(field.id)
        if value in (None, "", []):
            continue
        is_hidden = field.personal or field.sensitive or row.reason == NATURAL_PERSON
        said = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        yield field.label, HIDDEN if is_hidden else without_id_numbers(said)
