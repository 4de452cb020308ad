"""Rows set aside and rows that wait, as officers see them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from yuexin.base.codes import without_id_numbers
from yuexin.base.text import Text
from yuexin.domains.collection.layout import DELIVER_AGAIN, Layout, layout_of
from yuexin.domains.collection.measures import NATURAL_PERSON
from yuexin.domains.collection.models import LedRow, Quarantined, Waiting
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
from yuexin.domains.collection.rooms.delivered import DeliveryLine, line_of
from yuexin.domains.collection.rooms.mended import mended_in, without_mended
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import agencies_acted_for
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import currency_of, value_text
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery

HIDDEN: Final = Text("****", "****")
TAKEN_IN: Final = Text(
    "主体的登记信息一到，与代码、名称相符的行自动入库，不用人处理。如果是代码或名称写错了，"
    "请通知交付部门：交付一行正确的，并撤回这一行。",
    "As soon as the register delivers the subject under this code and name, the row is taken in by "
    "itself. Where the code or the name is wrong, tell the agency: it delivers the row as it "
    "should be and withdraws this one.",
)
TAKEN_BACK: Final = Text(
    "由数据管理员认定属于谁，认定后立即入库；或请交付部门交付一行正确的，并撤回这一行。",
    "A data steward judges whose it is, and the row is taken in at once; or the agency delivers it "
    "as it should be and withdraws this one.",
)
DECIDED: Final = Text(
    "修复、不予公示等决定仍然有效，这一行不会使它重新公示。确须更正的，关联到作出该决定的那次交付重新交付；"
    "要恢复公示的，在原办件里提出。",
    "The decision (a repair, a withholding) stands; this row does not publish it again. Where "
    "something has to be corrected, deliver it linked to the delivery that carried the decision; "
    "to publish it again, propose so in that case.",
)
DISAGREES: Final = Text(
    "代码对应的主体从来不叫这个名称。由数据管理员认定是不是它；是这一行写错了，就请交付部门交付一行正确的"
    "并撤回这一行；是登记里的名称写错了，就请登记机关更正，更正一到，这一行自动入库。",
    "The entity of this code never had this name. A data steward judges whether it is the one. "
    "Where the row is wrong, its agency delivers it as it should be and withdraws this one; where "
    "the register is wrong, the registrar mends it, and the row is taken in by itself.",
)
SAID_OTHERWISE: Final = Text(
    "这一行不会自动入库。请通知交付部门：交付一行正确的，并撤回这一行。",
    "The row is not taken in by itself. Tell the agency: it delivers the row as it should be and "
    "withdraws this one.",
)
ENDINGS: Final = {
    "UNREGISTERED": TAKEN_IN,
    "NUMBER_UNKNOWN": TAKEN_IN,
    "OUTDATED": SAID_OTHERWISE,
    "SAID_ELSEWHERE": SAID_OTHERWISE,
    "DECIDED_SINCE": DECIDED,
    "SAME_KEY": SAID_OTHERWISE,
    "NAME_DISAGREES": DISAGREES,
    NATURAL_PERSON: Text(
        "自然人的行不进入主体档案，也不公开；留在这里，直到交付部门撤回。不用处理。",
        "Rows of natural persons enter no file and become public nowhere. They stay here until the "
        "agency withdraws them; nothing is to be done.",
    ),
    "NOTHING_TO_WITHDRAW": Text(
        "要撤回的记录不在库里，所以没有撤回什么。请交付部门核对撤回的是不是这一行。",
        "What it withdraws is not held, so nothing was withdrawn. Ask the agency whether it meant "
        "another row.",
    ),
}
"""How a row that waits leaves, as `collection.sql` lets it go: said by the reason it waits for."""


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
    """A page of rejected rows: `total` are asked for, mended or not, `unmended` of them wait."""

    lines: tuple[HeldRow, ...]
    page: int
    pages: int
    total: int
    unmended: int


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
    """One waiting row: what it says, and how it ends."""

    line: WaitingLine
    ending: Text
    facts: tuple[tuple[Text, Text], ...]

    @property
    def is_matter_of_whose(self) -> bool:
        """Whether it waits for whose it is, which a person may judge."""
        return self.line.reason in (*LINKABLE, JUDGED_DIFFERENT)


def quarantine(*, declarations: Declarations, actor: Actor, wanted: Wanted, page: int) -> HeldPage:
    """The rejected rows asked for, the latest delivery first."""
    seen = deliveries_seen(declarations=declarations, actor=actor, room="quarantine", wanted=wanted)
    rows = Quarantined.objects.filter(delivery__in=seen.values("number"))
    if wanted.rule:
        said = {"rule": wanted.rule, "severity": "reject"}
        if wanted.column:
            said["column"] = wanted.column
        rows = rows.filter(findings__contains=[said])
    left = without_mended(rows, of=seen)
    total, unmended = rows.count(), left.count()
    listed = left if wanted.unmended else rows
    found = list(listed.order_by("-delivery", "row")[window(page)])
    sources = Delivery.objects.in_bulk({row.delivery for row in found})
    layouts = {number: layout_of(source) for number, source in sources.items()}
    mended = mended_in({(row.delivery, row.row) for row in found})
    return HeldPage(
        lines=tuple(
            _held(declarations, row, sources[row.delivery], layouts[row.delivery], mended)
            for row in found
        ),
        page=page,
        pages=pages_of(unmended if wanted.unmended else total),
        total=total,
        unmended=unmended,
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
    return QuarantinedRow(
        head=_held(declarations, held, source, layout, mended),
        cells=tuple(cells_of(layout, blank_of(layout, held) | held.raw)),
        mended_by=tuple(line for line in lines if line.number in by),
        corrected_by=tuple(line for line in lines if line.number not in by),
        own=source.agency in agencies_acted_for(declarations=declarations, actor=actor),
    )


def look_at_rejected(
    *, declarations: Declarations, actor: Actor, delivery: int, row: int, now: dt.datetime
) -> QuarantinedRow | None:
    """The same, shown to somebody: the look is journaled."""
    found = quarantined_row(declarations=declarations, actor=actor, delivery=delivery, row=row)
    if found is not None:
        note_look(actor=actor, delivery=delivery, row=row, now=now)
    return found


def note_look(*, actor: Actor, delivery: int, row: int, now: dt.datetime) -> None:
    """Journal that somebody was shown this row."""
    thing = f"delivery/{delivery}"
    note(stream="look", actor=actor, action="row.read", thing=thing, now=now, row=row)


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
    *,
    declarations: Declarations,
    actor: Actor,
    agency: str,
    resource: str,
    content: UUID,
    now: dt.datetime,
) -> WaitingRow | None:
    """One row that waits, the look at which is journaled; none where the actor may see none."""
    row = _waiting(declarations, actor, Wanted(agency=agency, resource=resource))
    return _looked_at(declarations, actor, row.filter(content=content).first(), now)


def led_row(
    *,
    declarations: Declarations,
    actor: Actor,
    agency: str,
    resource: str,
    content: UUID,
    now: dt.datetime,
) -> WaitingRow | None:
    """The same of a row that waited until it was judged to be somebody's."""
    wanted = Wanted(agency=agency, resource=resource)
    seen = deliveries_seen(declarations=declarations, actor=actor, room="waiting", wanted=wanted)
    named = {"agency": agency, "resource": resource, "content": content}
    row = LedRow.objects.filter(**named, delivery__in=seen.values("number")).first()
    return _looked_at(declarations, actor, row, now)


def _looked_at(
    declarations: Declarations, actor: Actor, row: Waiting | LedRow | None, now: dt.datetime
) -> WaitingRow | None:
    if row is None:
        return None
    note_look(actor=actor, delivery=row.delivery, row=row.row, now=now)
    return WaitingRow(
        line=_line(declarations, row),
        ending=ENDINGS.get(row.reason, TAKEN_BACK),
        facts=tuple(_facts(declarations, row)),
    )


def blank_of(layout: Layout, held: Quarantined) -> dict[str, str]:
    """The columns of which something was found. What nobody filled is not kept; where that is
    what is wrong, it is seen."""
    return {f["column"]: "" for f in held.findings if f["column"] in layout.resource.by_header}


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


def _line(declarations: Declarations, row: Waiting | LedRow) -> WaitingLine:
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


def _facts(declarations: Declarations, row: Waiting | LedRow) -> Iterator[tuple[Text, Text]]:
    """What a waiting row says, field by field; what is personal is hidden, an entity's name not."""
    kind = declarations.kinds.get(str(row.staged.get("kind")))
    body: dict[str, Any] = json.loads(row.staged.get("body") or "{}")
    is_person = row.reason == NATURAL_PERSON
    named = _name_field(declarations, row)
    for field in kind.fields if kind else ():
        value = body.get(field.id)
        if value in (None, "", []):
            continue
        if is_person or (field.id != named and (field.personal or field.sensitive)):
            yield field.label, HIDDEN
            continue
        currency = currency_of(declarations=declarations, kind=kind, body=body) if kind else None
        said = value_text(declarations, field, value, currency)
        yield field.label, Text(without_id_numbers(said.zh), without_id_numbers(said.en))


def _name_field(declarations: Declarations, row: Waiting | LedRow) -> str:
    """The field that names whom the row is about; '' where its layout is declared no more."""
    resource = declarations.resources.get(row.resource)
    column = resource.by_header.get(resource.subject_name) if resource else None
    return (column.field or "") if column else ""
