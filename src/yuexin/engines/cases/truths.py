"""What conditions of a process say of a record and its subject's file, for a case or an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from yuexin.engines.declare.types import CaseCondition, Declarations, Paper, RecordKind
from yuexin.engines.rules.queries import (
    PUBLISHED_ON,
    Truth,
    file_conditions,
    on_file,
    record_conditions,
)

UNKNOWN: Final = Truth(holds=None, until=None)
Files = Callable[[Collection[str]], Mapping[str, pl.DataFrame]]
"""The records of a subject of these kinds that count, as rules read them."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What conditions are judged by: the one `record` of a `kind` in question, if there is one, as
    a frame with `event_date`, the subject's files, and when the record was `published` first, asked
    where a condition needs it; else it counts from its event."""

    kind: RecordKind | None
    record: pl.DataFrame
    files: Files
    published: Callable[[], dt.date | None] | None = None

    @property
    def body(self) -> Mapping[str, Any]:
        return self.record.row(0, named=True)


def truths(
    *,
    declarations: Declarations,
    conditions: Iterable[CaseCondition],
    ground: Ground,
    on: dt.date,
    place: str,
) -> dict[str, Truth]:
    """What holds on a day, by the names of the conditions; those that are not asked of such a
    record are left out."""
    asked = tuple(conditions)
    if ground.kind is None:
        return _of_file(declarations, asked, ground, on)
    own = tuple(one for one in asked if not one.on_file)
    asked_of = tuple(replace(one, when=one.of, on_file="", of="") for one in asked if one.of)
    said = _of_record(declarations, own, ground, on, place)
    narrowed = _of_record(declarations, asked_of, ground, on, place)
    meant = {
        one.id: on_file(condition=one, kind=ground.kind, body=ground.body)
        for one in asked
        if one.on_file and (not one.of or narrowed[one.id].holds is True)
    }
    filled = tuple(one for one in meant.values() if one)
    unsaid = {name: UNKNOWN for name, one in meant.items() if one is None}
    return {**said, **unsaid, **_of_file(declarations, filled, ground, on)}


def papers_held(
    *,
    declarations: Declarations,
    papers: Iterable[Paper],
    held: Collection[str],
    ground: Ground,
    on: dt.date,
    place: str,
) -> frozenset[str]:
    """The papers that the platform has for certain, of a subject of which it has kinds `held`."""
    stood_for = [paper for paper in papers if not set(held).isdisjoint(paper.held)]
    narrowed = [paper for paper in stood_for if paper.held_on_file or paper.held_of]
    asked = [condition for paper in narrowed for condition in held_conditions(paper=paper)]
    said = truths(declarations=declarations, conditions=asked, ground=ground, on=on, place=place)
    certain = {name for name, truth in said.items() if truth.holds is True}
    doubted = {p.id for p in narrowed if not {c.id for c in held_conditions(paper=p)} <= certain}
    return frozenset(paper.id for paper in stood_for) - doubted


def held_conditions(*, paper: Paper) -> tuple[CaseCondition, ...]:
    """By which conditions a paper is held, beside the kinds that stand in for it."""
    of = CaseCondition(id=f"{paper.id}.of", zh=paper.zh, en=paper.en, basis="", when=paper.held_of)
    file = replace(of, id=f"{paper.id}.file", when="", on_file=paper.held_on_file)
    return tuple(one for one in (of, file) if one.when or one.on_file)


def _of_record(
    declarations: Declarations,
    conditions: tuple[CaseCondition, ...],
    ground: Ground,
    on: dt.date,
    place: str,
) -> dict[str, Truth]:
    if not conditions or ground.kind is None:
        return {}
    program = record_conditions(
        declarations=declarations, kind=ground.kind.id, conditions=conditions, place=place
    )
    record = ground.record
    if program.by_remedy and ground.published:
        published = pl.lit(ground.published(), dtype=pl.Date)
        record = record.with_columns(published.alias(PUBLISHED_ON))
    return program.evaluate(record, on)


def _of_file(
    declarations: Declarations, conditions: tuple[CaseCondition, ...], ground: Ground, on: dt.date
) -> dict[str, Truth]:
    if not conditions:
        return {}
    program = file_conditions(declarations=declarations, conditions=conditions)
    return program.evaluate(ground.files(tuple(program.needed)), on)
