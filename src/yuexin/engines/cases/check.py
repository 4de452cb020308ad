"""A process is in order when its conditions compile and its worked examples come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import polars as pl

from yuexin.base.dates import Calendar
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.cases.asked import RECORD_FIELDS, TRUE, first_day
from yuexin.engines.cases.choices import with_fields
from yuexin.engines.cases.counting import bound, counts_of
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.stepping import standing, stepped
from yuexin.engines.cases.types import Act, Standing
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import (
    CodeList,
    Declarations,
    ExampleAct,
    FormField,
    Process,
    ProcessExample,
    ProcessVersion,
    RecordKind,
)
from yuexin.engines.rules.queries import (
    Truth,
    file_conditions,
    frame_schema,
    record_conditions,
    text_frame,
)

NOBODY: Final = "stranger"
"""By this name somebody acts in an example who is no party of the case."""
ANSWERS: Final = {
    "text": "说明", "long_text": "说明", "date": "2026-01-05", "money": "1.00", "integer": "1",
    "flag": TRUE, "phone": "020-12345678", "email": "someone@example.org",
}  # fmt: skip


def check_process(process: Process, declarations: Declarations) -> None:
    """Run every worked example. Raises the first `Refusal` that none expects, and one for what
    comes out otherwise."""
    for example in process.examples:
        place = f"processes/{process.id} “{example.name}”"
        try:
            found = _run(process, example, declarations)
        except Refusal as refused:
            if not refused.code.startswith("CASE_"):
                raise
            if refused.code != example.refused:
                raise _failed(place, example.refused or example.state, refused.code) from refused
            continue
        if found is None or example.refused:
            raise _failed(place, example.refused, found.state if found else "-")
        _compare(place, example, found)


def _run(process: Process, example: ProcessExample, d: Declarations) -> Standing | None:
    version = process.version_on(example.acts[0].on)
    if version is None:
        raise refusal("CASE_NOT_IN_FORCE", "没有有效的规定", "no rule is in force")
    _refuse_unheld(process, version, example, d)
    counts = counts_of(declarations=d, version=version, body=example.record)
    version = bound(version=version, counts=counts)
    done: list[Act] = []
    calendar = calendar_of(declarations=d)
    choices = _choices(process, d)
    for one in example.acts:
        act = _act(process, one, choices, calendar)
        stepped(
            process=process, version=version, acts=done, act=act, calendar=calendar, codes=choices
        )
        done.append(act)
    return standing(process=process, version=version, acts=done, calendar=calendar)


def _refuse_unheld(
    process: Process, version: ProcessVersion, example: ProcessExample, d: Declarations
) -> None:
    if not version.conditions:
        return
    truths = _truths(process, version, example, d, example.acts[0].on)
    for one in version.conditions:
        if truths[one.id].holds is not True:
            raise refusal("CASE_CONDITION", one.zh, one.en, where=one.id)


def _truths(
    process: Process,
    version: ProcessVersion,
    example: ProcessExample,
    d: Declarations,
    on: dt.date,
) -> Mapping[str, Truth]:
    place = f"processes/{process.id} {version.valid_from}"
    if process.about == "record":
        kind = d.kinds[process.kinds[0]] if process.kinds else next(iter(d.kinds.values()))
        program = record_conditions(
            declarations=d, kind=kind.id, conditions=version.conditions, place=place
        )
        frame = text_frame(kind, [example.record])
        return program.evaluate(frame.with_columns(event_date=_event(kind, frame)), on)
    of_file = file_conditions(declarations=d, conditions=version.conditions)
    frames = {name: _of_nobody(d.kinds[name], rows) for name, rows in example.records.items()}
    return of_file.evaluate(frames, on)


def _event(kind: RecordKind, frame: pl.DataFrame) -> pl.Expr:
    known = kind.event_date in frame_schema(kind)
    return pl.col(kind.event_date) if known else pl.lit(None, dtype=pl.Date)


def _of_nobody(kind: RecordKind, rows: tuple[dict[str, str], ...]) -> pl.DataFrame:
    frame = text_frame(kind, rows)
    numbers = pl.Series([str(n) for n in range(frame.height)], dtype=pl.String)
    return frame.with_columns(subject=pl.lit(""), record=numbers)


def _act(
    process: Process, one: ExampleAct, choices: Mapping[str, CodeList], calendar: Calendar
) -> Act:
    """The step as somebody takes it who fills in what the example says, else whatever is asked."""
    step = process.by_step[one.step]
    asked = [field for field in step.form if field.required]
    answers = {field.id: _answer(field, choices, one.on, calendar) for field in asked}
    return Act(
        step=one.step,
        by=one.by,
        party="" if one.by == NOBODY else step.by[0],
        on=one.on,
        form={**answers, **one.form},
        papers={paper.id: 1 for paper in step.papers if paper.required},
        reason="理由" if step.reason else "",
    )


def _answer(
    field: FormField, choices: Mapping[str, CodeList], on: dt.date, calendar: Calendar
) -> str:
    if field.workdays_ahead:
        return first_day(field=field, on=on, calendar=calendar).isoformat()
    if field.past:
        return on.isoformat()
    listed = choices.get(RECORD_FIELDS if field.type == "record_field" else field.codes)
    return listed.values[0].code if listed else ANSWERS[field.type]


def _choices(process: Process, d: Declarations) -> Mapping[str, CodeList]:
    kind = d.kinds.get(process.kinds[0]) if process.kinds else next(iter(d.kinds.values()))
    return with_fields(declarations=d, kind=kind)


def _compare(place: str, example: ProcessExample, found: Standing) -> None:
    if found.state != example.state:
        raise _failed(place, example.state, found.state)
    for name, day in example.due.items():
        clock = found.clocks.get(name)
        if clock is None or clock.due != day:
            raise _failed(place, f"{name}: {day}", f"{name}: {clock.due if clock else None}")


def _failed(place: str, wanted: str, found: str) -> Refusal:
    return Refusal(
        code="DECLARATION",
        what=Text(f"示例应得“{wanted}”，实得“{found}”", f"it must give “{wanted}”, not “{found}”"),
        where=place,
        remedy=Text("改声明或示例", "change the declaration or the example"),
    )
