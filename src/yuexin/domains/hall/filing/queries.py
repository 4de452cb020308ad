"""Reads: what an entity owes and has filed, the form as far as it is filled in, a receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl

from yuexin.base.codes import is_sole_trader
from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.held import Finding
from yuexin.domains.hall.filing.asked import FILES, Filer, filer_of, sent_of
from yuexin.domains.hall.filing.drafts import draft_of
from yuexin.domains.hall.filing.forms import YES, items_of, screen_of, screens_of
from yuexin.domains.hall.filing.forms import told as columns_of
from yuexin.domains.hall.filing.models import Draft
from yuexin.domains.hall.filing.types import Filled, Review, Screen, Sent, Thing
from yuexin.engines.access.queries import acts_for, disclose
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Declarations, Filing, FilingItem
from yuexin.engines.deliveries.queries import filed as filed_under
from yuexin.engines.releases.models import ReleaseRow
from yuexin.engines.releases.queries import as_public

__all__ = [
    "filer_of", "fresh_number", "no_such_filing", "receipt_of", "record_of", "review_of", "screen",
    "things", "years",
]  # fmt: skip

YEARS_BACK: Final = 5


def things(
    *, declarations: Declarations, actor: Actor, code: str, store: Path, now: dt.datetime
) -> tuple[tuple[Filing, tuple[Thing, ...]], ...]:
    """Everything declared that this entity may file, with its years, or the facts it told."""
    found = []
    for filing in sorted(declarations.filings.values(), key=lambda one: one.order):
        whose: dict[str, Any] = {
            "declarations": declarations, "actor": actor, "filing": filing, "code": code,
            "store": store, "now": now,
        }  # fmt: skip
        told = years(on=today(now)) if filing.yearly else _facts(filing, code, store)
        lines = tuple(_thing(filer_of(**whose, thing=one)) for one in told)
        shown = tuple(one for one in lines if one.stand.standing not in ("no_law", "not_founded"))
        filer = filer_of(**whose, thing="1")
        if shown or filer.stand.standing != "no_law":
            found.append((filing, shown))
    return tuple(found)


def years(*, on: dt.date) -> tuple[str, ...]:
    """The last years that could be reported on, the latest first."""
    return tuple(str(year) for year in range(on.year - 1, on.year - 1 - YEARS_BACK, -1))


def fresh_number(*, filing: Filing, code: str, store: Path) -> str:
    """The number under which the next fact is told: that of a draft that was begun, if any."""
    drafted = Draft.objects.filter(filing=filing.id, code=code).values_list("thing", flat=True)
    sent = {int(one) for one in _facts(filing, code, store)}
    waiting = sorted(int(one) for one in drafted if int(one) not in sent)
    return str(waiting[0] if waiting else max(sent, default=0) + 1)


def screen(
    *,
    filer: Filer,
    wanted: str,
    filled: Filled,
    findings: Sequence[Finding] = (),
    spare: str = "",
) -> Screen | None:
    """One screen of the form."""
    return screen_of(
        declarations=filer.declarations, filing=filer.filing, filer=filer.class_id, wanted=wanted,
        filled=filled, held=filer.held, findings=findings, spare=spare,
    )  # fmt: skip


def review_of(*, filer: Filer, filled: Filled, findings: Sequence[Finding]) -> Review:
    """All that a filing will say, before it is sent."""
    layout = Layout.of(declarations=filer.declarations, resource=filer.filing.resource)
    columns = columns_of(filing=filer.filing, filer=filer.class_id, filled=filled)
    lines, placed = [], []
    for one in screens_of(filer.filing, filer.class_id):
        shown = []
        for item in items_of(one, filer.class_id):
            own = layout.label(item.column)
            label = Text(item.zh or own.zh, item.en or own.en)
            if value := columns.get(item.column, ""):
                read = _public_value(filer, layout, item, value, columns.get(item.switch) == YES)
                shown.append((label, value, read))
            named = (item.column, item.switch)
            placed += [(one.id, found) for found in findings if found.column in named]
        lines.append((one.id, one.label, tuple(shown)))
    known = {id(found) for _, found in placed}
    placed += [("", found) for found in findings if id(found) not in known]
    return Review(
        lines=tuple(lines),
        findings=tuple(placed),
        ready=not any(found.rejects for found in findings),
    )


def _public_value(filer: Filer, layout: Layout, item: FilingItem, value: str, wanted: bool) -> str:
    """What the public will read of what is filed in a column; '' for nothing."""
    field = layout.resource.by_header[item.column].field
    found = disclose(declarations=filer.declarations, actor=PUBLIC, kind=layout.kind)
    decided = next((one for one in found.visible if one.field == field), None)
    if decided is None:
        return ""
    row = pl.DataFrame({field: [value], **({decided.when: [wanted]} if decided.when else {})})
    at_home = is_sole_trader(filer.entity.code)
    read = row.select(as_public(kind=layout.kind, item=decided, at_home=at_home)).item()
    return read or ""


def receipt_of(
    *,
    declarations: Declarations,
    actor: Actor,
    code: str,
    delivery: int,
    store: Path,
    now: dt.datetime,
) -> Sent | None:
    """A filing of the entity that the actor files for; none for anything else."""
    if not acts_for(actor=actor, code=code, right=FILES):
        return None
    for filing in declarations.filings.values():
        for kept, _ in filed_under(key=f"filing/{filing.id}/{code}/", store=store):
            if kept.number == delivery:
                filer = filer_of(
                    declarations=declarations, actor=actor, filing=filing, code=code,
                    thing=kept.submission.idempotency_key.split("/")[3], store=store, now=now,
                )  # fmt: skip
                return next(one for one in sent_of(filer) if one.delivery == delivery)
    return None


def record_of(*, delivery: int) -> UUID | None:
    """The public record that a filing is told by now; none where it is not public."""
    found = ReleaseRow.objects.filter(delivery=delivery).values_list("record", flat=True)
    return found.first()


def _thing(filer: Filer) -> Thing:
    draft = draft_of(filing=filer.filing, code=filer.entity.code, thing=filer.thing)
    label = Text(f"{filer.thing} 年度", filer.thing)
    if not filer.filing.yearly:
        label = Text(f"第 {filer.thing} 号", f"No. {filer.thing}")
    return Thing(
        filing=filer.filing, thing=filer.thing, label=label, stand=filer.stand,
        drafted_at=draft.saved_at if draft else None, sent=sent_of(filer),
    )  # fmt: skip


def _facts(filing: Filing, code: str, store: Path) -> Iterator[str]:
    """The numbers of the facts that were told, each once, the latest first."""
    keys = [
        kept.submission.idempotency_key
        for kept, _ in filed_under(key=f"filing/{filing.id}/{code}/", store=store)
    ]
    numbers = dict.fromkeys(key.split("/", 4)[3] for key in reversed(keys))
    return iter(numbers)


def no_such_filing(wanted: str) -> Refusal:
    """A filing that is not declared."""
    return Refusal(
        code="FILING_UNKNOWN",
        what=Text("没有这种填报", "no such filing is declared"),
        where=wanted[:40],
        remedy=Text("从填报页面选择", "choose it on the page of filings"),
    )
