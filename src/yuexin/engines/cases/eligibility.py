"""Whether a case can be opened: each condition in words, before anybody applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg.sql import Literal

from yuexin.base.text import Text
from yuexin.engines.cases.about import file_frames, frame_of, kinds_held, office_of, published_on
from yuexin.engines.cases.types import About, Eligibility, Held
from yuexin.engines.declare.types import CaseCondition, Declarations, Process, ProcessVersion
from yuexin.engines.rules.queries import Truth, file_conditions, record_conditions

MOST_TURNS: Final = 8
STANDING_CASE: Final = """
SELECT f.number FROM case_file f, (SELECT %(subject)s::uuid, %(kind)s, %(source_key)s)
    AS record (subject, kind, source_key)
WHERE {condition}{own} ORDER BY f.is_open, f.number LIMIT 1
"""


def eligibility(
    *, declarations: Declarations, process: Process, about: About, on: dt.date, opener: str = ""
) -> Eligibility:
    """What has to hold for this case on a day, and whether it does. `opener` is the agency of
    whoever would open it."""
    version = process.version_on(on)
    held = kinds_held(subject=about.subject)
    papers = (paper for step in process.openings for paper in step.papers)
    office = office_of(declarations=declarations, process=process, about=about, opener=opener)
    return Eligibility(
        process=process,
        about=about,
        office=office,
        conditions=_judged(declarations, process, version, about, on) if version else (),
        standing_case=_standing_case(process, about, office),
        papers_held=tuple(paper.id for paper in papers if not held.isdisjoint(paper.held)),
        in_force=version is not None,
    )


def fits(*, process: Process, about: About) -> bool:
    """Whether a case of this process is about such a thing: a subject, or a record of a kind that
    it names."""
    if (process.about == "record") != (about.record is not None):
        return False
    return not process.kinds or about.kind in process.kinds


def _judged(
    declarations: Declarations,
    process: Process,
    version: ProcessVersion,
    about: About,
    on: dt.date,
) -> tuple[Held, ...]:
    truths = _truths(declarations, process, version, about, on)
    return tuple(
        Held(
            id=one.id,
            words=one.label,
            holds=truths[one.id].holds,
            basis=one.basis,
            remedy=Text(one.remedy_zh, one.remedy_en),
            from_day=_from(declarations, process, version, about, one, truths[one.id]),
        )
        for one in version.conditions
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
    if not version.conditions:
        return {}
    place = f"processes/{process.id} {version.valid_from}"
    if process.about == "record":
        kind = declarations.kinds[about.kind]
        program = record_conditions(
            declarations=declarations, kind=kind.id, conditions=version.conditions, place=place
        )
        frame = frame_of(kind=kind, bodies=[about.body])
        days = frame.with_columns(
            event_date=pl.lit(about.event_date, dtype=pl.Date),
            published_on=pl.lit(published_on(about) if program.by_remedy else None, dtype=pl.Date),
        )
        return program.evaluate(days, on)
    of_file = file_conditions(declarations=declarations, conditions=version.conditions)
    frames = file_frames(
        declarations=declarations, subject=about.subject, kinds=tuple(of_file.needed), on=on
    )
    return of_file.evaluate(frames, on)


def standing_case_sql(*, process: Process) -> str:
    """SQL that says of each row of `record` whether a case stands in the way of this one about it,
    as eligibility says, whoever asks."""
    return f"EXISTS (SELECT FROM case_file f WHERE {_in_the_way(process)})"


def _standing_case(process: Process, about: About, office: str) -> str:
    """The case that keeps this one from being opened. Of one that is closed to the subject no
    other body learns."""
    own = " AND f.office = %(office)s" if process.closed_to_subject else ""
    asked: dict[str, Any] = {
        "subject": about.subject, "kind": about.kind, "source_key": about.source_key,
        "office": office,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STANDING_CASE.format(condition=_in_the_way(process), own=own), asked)
        found = cursor.fetchone()
    return found[0] if found else ""


def _in_the_way(process: Process) -> str:
    """A case `f` of a subject in a state that bars another; or the same one, open, where only one
    may be."""
    barring = ", ".join(_literal(state.id) for state in process.states if state.bars)
    same = "FALSE"
    if process.one_at_a_time:
        same = "f.is_open AND f.kind = record.kind AND f.source_key = record.source_key"
    return (
        f"f.process = {_literal(process.id)} AND f.subject = record.subject "
        f"AND (f.state IN ({barring or 'NULL'}) OR {same})"
    )


def _literal(text: str) -> str:
    return Literal(text).as_string()
