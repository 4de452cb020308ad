"""What an order to erase must say, and which files it reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.redacted import Scope
from yuexin.engines.declare.types import Declarations, RecordKind, Resource
from yuexin.engines.deliveries.queries import adopted, same_files
from yuexin.engines.deliveries.types import Kept, Order
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Target:
    """A delivery that an order reaches, and what of it.

    `named` is one that the order names; others hold the very same file. One that was not folded
    was refused when it came: of its rows nobody knows, so that it goes whole.
    """

    kept: Kept
    stored_sha256: str
    folded: bool
    named: bool
    columns: tuple[str, ...]


def refuse_order(*, order: Order, declarations: Declarations, on: dt.date) -> None:
    """Refuse an order without number, body or reason, or whose basis is not declared in force."""
    for name, value in (
        ("--order", order.order_number),
        ("--issued-by", order.issued_by),
        ("--reason", order.reason),
    ):
        if not value.strip():
            raise Refusal(
                code="ORDER",
                what=Text("缺少命令文号、机关或理由", "the order lacks its number, body or reason"),
                where=name,
                rule="DESIGN law 1",
                remedy=Text("按命令原文填写", "give it as the order says"),
            )
    law = declarations.laws.get(order.basis.partition(":")[0])
    if law is None or not law.in_force(on):
        raise Refusal(
            code="BASIS",
            what=Text(
                f"依据“{order.basis}”未声明或不在施行期",
                f"the basis “{order.basis}” is not declared, or not in force",
            ),
            where="--basis",
            rule="laws.yaml",
            remedy=Text("填写 laws.yaml 中的编号[:条]", "give an id of laws.yaml, with :article"),
        )


def targets(*, home: Home, deliveries: Sequence[int], scope: Scope) -> tuple[Target, ...]:
    """Every delivery that the order reaches: those named, and those of the very same bytes."""
    found = []
    for number in dict.fromkeys(deliveries):
        same = same_files(number=number, store=home.deliveries)
        if not same:
            raise Refusal(
                code="DELIVERY",
                what=Text(f"没有交付 {number}", f"there is no delivery {number}"),
                where="--delivery",
                remedy=Text("填写回执号", "give the number of a receipt"),
            )
        for stored in same:
            _refuse_unsettled(stored.kept.number, stored.state)
            _refuse_parts(stored.kept.number, stored.state, scope)
            columns = _columns(stored.kept, scope, named=stored.kept.number == number)
            found.append(
                Target(
                    kept=stored.kept,
                    stored_sha256=stored.sha256,
                    folded=stored.state == "folded",
                    named=stored.kept.number == number,
                    columns=columns,
                )
            )
    unique = {one.kept.number: one for one in sorted(found, key=lambda one: one.named)}
    return tuple(unique[number] for number in sorted(unique))


def _columns(kept: Kept, scope: Scope, *, named: bool) -> tuple[str, ...]:
    declarations = adopted(kept.declarations)
    resource = declarations.resources[kept.submission.resource]
    if named:
        for header in scope.columns:
            _refuse_needed(resource, declarations.kinds[resource.kind], header)
    return scope.columns


def _refuse_needed(resource: Resource, kind: RecordKind, header: str) -> None:
    """A cell that says whose a row is, or which fact, cannot go without the row."""
    column = resource.by_header.get(header)
    dates = {kind.event_date, kind.valid_from, kind.valid_until}
    needed = {item.column for item in resource.identifiers} | {resource.subject_name}
    if resource.natural_person is not None:
        needed.add(resource.natural_person.column)
    if column is None:
        what = Text(f"没有列“{header}”", f"there is no column “{header}”")
    elif header in needed or (column.field and column.field in {*kind.key, *dates}):
        what = Text(
            f"列“{header}”决定该行属于谁、是何事项",
            f"the column “{header}” says whose the row is, or of which fact",
        )
    else:
        return
    raise Refusal(
        code="COLUMN",
        what=what,
        where=f"--column {header}",
        rule=f"resource {resource.id}",
        remedy=Text("删除整行，或另选一列", "erase the row whole, or name another column"),
    )


def _refuse_unsettled(number: int, state: str) -> None:
    if state:
        return
    raise Refusal(
        code="UNSETTLED",
        what=Text(f"交付 {number} 尚未处理完毕", f"delivery {number} has no receipt yet"),
        where="--delivery",
        remedy=Text("先运行 yuexin work --once", "run yuexin work --once first"),
    )


def _refuse_parts(number: int, state: str, scope: Scope) -> None:
    if state == "folded" or scope == Scope():
        return
    raise Refusal(
        code="ROW",
        what=Text(
            f"交付 {number} 当时被拒，没有可读的行",
            f"delivery {number} was refused and has no rows",
        ),
        where="--delivery",
        remedy=Text("只能整份删除", "erase it whole: without rows, columns or a subject"),
    )
