"""What became of the rows of a delivery that waited, for those who look after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from yuexin.base.text import Text
from yuexin.domains.collection.queries import resolved_by_how, waiting_by_reason
from yuexin.domains.collection.resolved import Resolved, groups, lines
from yuexin.domains.collection.resolved_sql import HOWS, How
from yuexin.domains.collection.rooms.asked import PAGE_SIZE, pages_of
from yuexin.domains.collection.rooms.delivered import DeliveryLine, line_of, seen_one
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

Wanted = How | Literal[""]


@dataclass(frozen=True, kw_only=True)
class HowLine:
    """How many rows ended waiting so."""

    how: How
    label: Text
    rows: int


@dataclass(frozen=True, kw_only=True)
class ResolvedPage:
    """A page of the rows asked for, in their order; `counts` are those of all, `resolved` how many
    rows that are, `waiting` how many wait now."""

    line: DeliveryLine
    counts: tuple[HowLine, ...]
    resolved: int
    waiting: int
    how: Wanted
    lines: tuple[Resolved, ...]
    page: int
    pages: int
    total: int


def resolved(
    *, declarations: Declarations, actor: Actor, number: int, how: Wanted, page: int
) -> ResolvedPage | None:
    """Rows of a delivery that were resolved (so); none where the actor may not see it."""
    source = seen_one(declarations=declarations, actor=actor, number=number)
    if source is None:
        return None
    counted = resolved_by_how(delivery=number)
    whole = sum(rows for one, rows in counted.items() if one != "joined")
    total = counted.get(how, 0) if how else whole
    found = lines(
        declarations=declarations,
        actor=actor,
        delivery=number,
        how=how,
        skip=(page - 1) * PAGE_SIZE,
        most=PAGE_SIZE,
    )
    return ResolvedPage(
        line=line_of(declarations, source),
        counts=how_lines(counted),
        resolved=whole,
        waiting=sum(waiting_by_reason(delivery=number).values()),
        how=how,
        lines=found,
        page=page,
        pages=pages_of(total),
        total=total,
    )


def resolved_groups(
    *, declarations: Declarations, actor: Actor, number: int, how: Wanted
) -> Iterator[tuple[Resolved, ...]] | None:
    """All of them, some rows at a time; none where the actor may not see the delivery."""
    if seen_one(declarations=declarations, actor=actor, number=number) is None:
        return None
    return groups(declarations=declarations, actor=actor, delivery=number, how=how)


def how_lines(counted: dict[How, int]) -> tuple[HowLine, ...]:
    """Counts in words."""
    return tuple(HowLine(how=how, label=HOWS[how], rows=rows) for how, rows in counted.items())
