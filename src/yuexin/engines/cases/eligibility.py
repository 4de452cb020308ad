"""Whether a case can be opened: each condition in words, before anybody applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg.sql import Literal

from yuexin.base.text import Text
from yuexin.engines.cases.about import file_frames, frame_of, kinds_held, office_of, published_on
from yuexin.engines.cases.truths import Ground, papers_held, truths
from yuexin.engines.cases.types import About, Eligibility, Held
from yuexin.engines.declare.types import (
    CaseCondition,
    Declarations,
    Process,
    ProcessVersion,
    Step,
    is_for,
)
from yuexin.engines.rules.queries import Truth

MOST_TURNS: Final = 8
STANDING_CASE: Final = """
SELECT f.number, NOT f.is_open
FROM case_file f, (SELECT %(subject)s::uuid, %(kind)s, %(source_key)s)
    AS record (subject, kind, source_key)
WHERE {condition}{own} ORDER BY f.is_open, f.number LIMIT 1
"""


def eligibility(
    *, declarations: Declarations, process: Process, about: About, on: dt.date, opener: str = ""
) -> Eligibility:
    """What has to hold for this case on a day, and whether it does. `opener` is the agency of
    whoever would open it."""
    version = process.version_on(on)
    office = office_of(declarations=declarations, process=process, about=about, opener=opener)
    standing_case, barred = _standing_case(declarations, process, about, office)
    return Eligibility(
        process=process,
        about=about,
        office=office,
        conditions=_judged(declarations, process, version, about, on) if version else (),
        standing_case=standing_case,
        barred=barred,
        papers_held=tuple(
            sorted(
                paper
                for step in process.openings
                for paper in held_in(
                    declarations=declarations, process=process, step=step, about=about, on=on
                )
            )
        ),
        in_force=version is not None,
    )


def fits(*, process: Process, about: About) -> bool:
    """Whether a case of this process is about such a thing: a subject, or a record of a kind that
    it names; and is meant for such an entity."""
    if (process.about == "record") != (about.record is not None):
        return False
    if not is_for(process.entity, sole_trader=about.sole_trader):
        return False
    return not process.kinds or about.kind in process.kinds


def warnings_of(
    *, declarations: Declarations, process: Process, version: ProcessVersion, about: About,
    on: dt.date,
) -> tuple[Held, ...]:  # fmt: skip
    """Of what only warns, what does not hold or cannot be known on a day: for whoever decides."""
    warns = tuple(one for one in version.conditions if one.warns)
    if not warns:
        return ()
    judged = _judged(declarations, process, replace(version, conditions=warns), about, on)
    return tuple(one for one in judged if one.holds is not True)


def unmet_again(
    *, declarations: Declarations, process: Process, version: ProcessVersion, step: str,
    about: About, on: dt.date,
) -> tuple[Held, ...]:  # fmt: skip
    """Of what is asked again at a step, what does not hold or cannot be known on its day."""
    again = tuple(one for one in version.conditions if step in one.again)
    if not again:
        return ()
    judged = _judged(declarations, process, replace(version, conditions=again), about, on)
    return tuple(one for one in judged if one.holds is not True)


def held_in(
    *, declarations: Declarations, process: Process, step: Step, about: About, on: dt.date
) -> frozenset[str]:
    """The papers of a step that the platform has, and does not ask for again."""
    asked = [paper for paper in step.papers if paper.held]
    if not asked:
        return frozenset()
    return papers_held(
        declarations=declarations, papers=asked, held=kinds_held(subject=about.subject),
        ground=_ground(declarations, about, on), on=on, place=f"processes/{process.id} {step.id}",
    )  # fmt: skip


def _judged(
    declarations: Declarations,
    process: Process,
    version: ProcessVersion,
    about: About,
    on: dt.date,
) -> tuple[Held, ...]:
    found = _truths(declarations, process, version, about, on)
    return tuple(
        Held(
            id=one.id,
            words=one.label,
            holds=found[one.id].holds,
            basis=one.basis,
            remedy=Text(one.remedy_zh, one.remedy_en),
            from_day=_from(declarations, process, version, about, one, found[one.id]),
            warns=one.warns,
        )
        for one in version.conditions
        if one.id in found
    )


def _from(
    declarations: Declarations,
    process: Process,
    version: ProcessVersion,
    about: About,
    one: CaseCondition,
    truth: Truth,
) -> dt.date | None:
    """The day from which a condition will hold by time alone, if it comes to that."""
    alone = replace(version, conditions=(one,))
    for _ in range(MOST_TURNS):
        if truth.holds or truth.until is None:
            return None
        day = truth.until
        truth = _truths(declarations, process, alone, about, day)[one.id]
        if truth.holds:
            return day
    return None


def _truths(
    declarations: Declarations,
    process: Process,
    version: ProcessVersion,
    about: About,
    on: dt.date,
) -> Mapping[str, Truth]:
    return truths(
        declarations=declarations, conditions=version.conditions,
        ground=_ground(declarations, about, on), on=on,
        place=f"processes/{process.id} {version.valid_from}",
    )  # fmt: skip


def _ground(declarations: Declarations, about: About, on: dt.date) -> Ground:
    """The record of a case and the file of its subject, on a day."""
    kind = declarations.kinds[about.kind] if about.record else None
    record = frame_of(kind=kind, bodies=[about.body]) if kind else pl.DataFrame()
    day = pl.lit(about.event_date, dtype=pl.Date)

    def files(kinds: Collection[str]) -> Mapping[str, pl.DataFrame]:
        return file_frames(declarations=declarations, subject=about.subject, kinds=kinds, on=on)

    return Ground(
        kind=kind, record=record.with_columns(event_date=day), files=files,
        published=lambda: published_on(about),
    )  # fmt: skip


def standing_case_sql(*, declarations: Declarations, process: Process) -> str:
    """SQL that says of each row of `record` whether a case stands in the way of this one about it,
    as eligibility says, whoever asks."""
    return f"EXISTS (SELECT FROM case_file f WHERE {_in_the_way(declarations, process)})"


def _standing_case(
    declarations: Declarations, process: Process, about: About, office: str
) -> tuple[str, bool]:
    """The case that keeps this one from being opened, and whether it is closed and bars it. Of one
    that is closed to the subject no other body learns."""
    own = " AND f.office = %(office)s" if process.closed_to_subject else ""
    asked: dict[str, Any] = {
        "subject": about.subject, "kind": about.kind, "source_key": about.source_key,
        "office": office,
    }  # fmt: skip
    condition = _in_the_way(declarations, process)
    with connection.cursor() as cursor:
        cursor.execute(STANDING_CASE.format(condition=condition, own=own), asked)
        found = cursor.fetchone()
    return found or ("", False)


def _in_the_way(declarations: Declarations, process: Process) -> str:
    """A case `f` of a subject in a state that bars another, be it of this process or of one that
    bars this one also; or the same one, open, where only one may be."""
    barring = [
        f"f.process = {_literal(one.id)} AND f.state = {_literal(state.id)}"
        for one in declarations.processes.values()
        if one.id == process.id or process.id in one.bars_also
        for state in one.states
        if state.bars
    ]
    if process.one_at_a_time:
        barring.append(
            f"f.process = {_literal(process.id)} AND f.is_open AND f.kind = record.kind "
            "AND f.source_key = record.source_key"
        )
    return f"f.subject = record.subject AND ({' OR '.join(barring) or 'FALSE'})"


def _literal(text: str) -> str:
    return Literal(text).as_string()
