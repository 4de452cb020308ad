"""A process is in order when its conditions compile and its worked examples come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from yuexin.base.dates import Calendar
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.cases.asked import TRUE, first_day
from yuexin.engines.cases.choices import with_fields
from yuexin.engines.cases.counting import bound, counts_of
from yuexin.engines.cases.grounds import FileRecord, choices_on, refuse_unmet, said_in
from yuexin.engines.cases.refusals import not_for, refusal
from yuexin.engines.cases.stepping import standing, stepped
from yuexin.engines.cases.truths import Ground, held_conditions, truths
from yuexin.engines.cases.types import Act, Standing
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import (
    CaseCondition,
    CodeList,
    Declarations,
    Entity,
    ExampleAct,
    FormField,
    Process,
    ProcessExample,
    RecordKind,
)
from yuexin.engines.rules.queries import (
    file_conditions,
    frame_schema,
    on_file,
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
    """Compile what is declared and run every worked example. Raises the first `Refusal`
    that none expects, and one for what comes out otherwise."""
    _refuse_uncompiled(process, declarations)
    _refuse_uncompiled_grounds(process, declarations)
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
    if process.entity not in ("any", _entity(process, example)):
        raise not_for(process)
    _refuse_unheld(process, example, d, conditions=version.conditions, on=example.acts[0].on)
    counts = counts_of(declarations=d, version=version, body=example.record)
    version = bound(version=version, counts=counts)
    done: list[Act] = []
    calendar = calendar_of(declarations=d)
    records = _records(process, example, d)
    choices = _choices(process, d, records)
    files = _frames(example, d)
    for one in example.acts:
        act = _act(process, one, choices, calendar)
        stepped(
            process=process, version=version, acts=done, act=act, calendar=calendar, codes=choices
        )
        done.append(act)
        _refuse_unheld(
            process, example, d, on=act.on,
            conditions=[c for c in version.conditions if act.step in c.again],
        )  # fmt: skip
        refuse_unmet(
            declarations=d, process=process, step=act.step, form=said_in(acts=done), on=act.on,
            records=records, files=lambda kinds: files,
        )  # fmt: skip
    return standing(process=process, version=version, acts=done, calendar=calendar)


def _entity(process: Process, example: ProcessExample) -> Entity:
    """About whom an example is: whoever it says, else one for whom the process is."""
    return process.entity if example.entity == "any" else example.entity


def _refuse_unheld(
    process: Process,
    example: ProcessExample,
    d: Declarations,
    *,
    conditions: Sequence[CaseCondition],
    on: dt.date,
) -> None:
    found = truths(
        declarations=d, conditions=conditions, ground=_ground(process, example, d), on=on,
        place=f"processes/{process.id}",
    )  # fmt: skip
    for one in conditions:
        if one.id in found and found[one.id].holds is not True and not one.warns:
            raise refusal("CASE_CONDITION", one.zh, one.en, where=one.id)


def _ground(process: Process, example: ProcessExample, d: Declarations) -> Ground:
    kind = _kind(process, d) if process.about == "record" else None
    record = text_frame(kind, [example.record]) if kind else pl.DataFrame()
    if kind:
        record = record.with_columns(event_date=_event(kind, record))
    frames = _frames(example, d)
    return Ground(kind=kind, record=record, files=lambda kinds: frames)


def _frames(example: ProcessExample, d: Declarations) -> Mapping[str, pl.DataFrame]:
    return {name: _of_nobody(d.kinds[name], rows) for name, rows in example.records.items()}


def _records(process: Process, example: ProcessExample, d: Declarations) -> tuple[FileRecord, ...]:
    """The records of an example on which a ground may rest: `penalty/1` is its second penalty."""
    if process.grounds is None:
        return ()
    return tuple(
        FileRecord(code=f"{kind}/{n}", kind=kind, body=row, frame=text_frame(d.kinds[kind], [row]))
        for kind in process.grounds.kinds
        for n, row in enumerate(example.records.get(kind, ()))
    )


def _kind(process: Process, d: Declarations) -> RecordKind:
    return d.kinds[process.kinds[0]] if process.kinds else next(iter(d.kinds.values()))


def _refuse_uncompiled(process: Process, d: Declarations) -> None:
    """Compile what is asked of a file for a record, which an example may not come to."""
    for name in process.kinds:
        papers = [paper for step in process.steps for paper in step.papers]
        held = [one for paper in papers for one in held_conditions(paper=paper)]
        own = [one for version in process.versions for one in version.conditions]
        for one in (*own, *held):
            if one.on_file:
                filled = on_file(condition=one, kind=d.kinds[name], body=None)
                assert filled
                file_conditions(declarations=d, conditions=(filled,))
            if narrow := one.of or (one.when if one in held else ""):
                record_conditions(
                    declarations=d, kind=name, place=f"processes/{process.id} {one.id}",
                    conditions=(replace(one, when=narrow, on_file="", of=""),),
                )  # fmt: skip


def _refuse_uncompiled_grounds(process: Process, d: Declarations) -> None:
    """Compile what every ground asks of the record that it rests on, and of the file for it."""
    for law in process.grounds.laws if process.grounds else ():
        for ground in law.grounds:
            kind = d.kinds[ground.rests_on]
            needed = [law.by_condition[name] for name in ground.needs]
            asked = [on_file(condition=one, kind=kind, body=None) for one in needed if one.on_file]
            file_conditions(declarations=d, conditions=tuple(one for one in asked if one))
            record_conditions(
                declarations=d, kind=kind.id, place=f"processes/{process.id} {ground.id}",
                conditions=tuple(one for one in needed if one.when),
            )  # fmt: skip


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
    listed = choices.get(field.listed)
    return listed.values[0].code if listed and listed.values else ANSWERS.get(field.type, "")


def _choices(
    process: Process, d: Declarations, records: Sequence[FileRecord]
) -> Mapping[str, CodeList]:
    plain = with_fields(declarations=d, kind=_kind(process, d))
    if process.grounds is None:
        return plain
    return {**plain, **choices_on(declarations=d, grounds=process.grounds, records=records)}


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
