"""Whether the ground on which a case is opened or decided is met: by the law of the day of what
happened, of the record of the file that it rests on.

Nothing here reads a table: the records come with whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import polars as pl

from yuexin.base.dates import add_months, day_text, read_date
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.truths import Files, Ground, truths
from yuexin.engines.cases.types import Act
from yuexin.engines.declare.queries import citation, listed, value_text
from yuexin.engines.declare.types import (
    FILE_RECORDS,
    GROUNDS,
    CaseCondition,
    CaseGround,
    Code,
    CodeList,
    Declarations,
    GroundLaw,
    Grounds,
    Process,
)

UNMET: Final = "CASE_GROUND"


@dataclass(frozen=True, kw_only=True)
class FileRecord:
    """A record of the subject's file on which a ground may rest, as a frame of one row as rules
    read it. `code` stands for it in a form, and for what replaces it."""

    code: str
    kind: str
    body: Mapping[str, Any]
    frame: pl.DataFrame

    def event_date(self, declarations: Declarations) -> dt.date | None:
        """The day of what it tells."""
        found = self.frame[declarations.kinds[self.kind].event_date][0]
        return found if isinstance(found, dt.date) else None


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What a case says it rests on, and by which law that is judged: the one of the day of what
    happened."""

    ground: CaseGround
    law: GroundLaw
    event: dt.date


def choices_on(
    *, declarations: Declarations, grounds: Grounds, records: Collection[FileRecord]
) -> Mapping[str, CodeList]:
    """What may be chosen: the grounds of all laws, those of laws that have ended behind the others
    and with their days, and the records of the file."""
    latest = {one.id: (law, one) for law in grounds.laws for one in law.grounds}
    ordered = sorted(latest.values(), key=lambda found: found[0].valid_to is not None)
    named = (_ground_code(declarations, law, one) for law, one in ordered)
    return {
        GROUNDS: CodeList(id=GROUNDS, zh="情形", en="Grounds", source="", values=tuple(named)),
        FILE_RECORDS: CodeList(
            id=FILE_RECORDS, zh="档案中的记录", en="Records of the file", source="",
            values=tuple(_record_code(declarations, one) for one in records),
        ),
    }  # fmt: skip


def said_in(*, acts: Sequence[Act]) -> dict[str, str]:
    """What was said in the forms of a case so far, the last word of each."""
    return dict(chain.from_iterable(act.form.items() for act in acts))


def refuse_unmet(
    *,
    declarations: Declarations,
    process: Process,
    step: str,
    form: Mapping[str, str],
    on: dt.date,
    records: Collection[FileRecord],
    files: Files,
) -> None:
    """Raise a `Refusal` where a step is judged by the grounds of its process and what was said in
    the `form` of the case so far is none on this day."""
    grounds = process.grounds
    if grounds is None or step not in grounds.judged:
        return
    record = next((one for one in records if one.code == form.get(grounds.record)), None)
    if record is None:
        raise _unmet(
            grounds.record, "所依据的记录已不在档案中：已被撤回，或者改由其他机关作出",
            "the record that it rests on stands in the file no more",
            remedy=Text("请核对档案后另选依据", "look into the file, choose again"),
        )  # fmt: skip
    said = _said(declarations, grounds, form, record)
    _refuse_unheld(declarations, process, said, record, files, on, said.law)
    now = grounds.law_on(on)
    if now is said.law or (now and not now.milder):
        return
    if now is None or said.ground.id not in now.by_ground:
        raise _gone(grounds, said)
    _refuse_unheld(declarations, process, said, record, files, on, now)


def _said(
    declarations: Declarations, grounds: Grounds, form: Mapping[str, str], record: FileRecord
) -> _Said:
    """The ground by the law in force on the day of what happened. Refused where no law had it
    then."""
    chosen = form.get(grounds.ground, "")
    days: list[dt.date] = []
    for law in grounds.laws_of(chosen):
        ground = law.by_ground[chosen]
        event = _event_day(declarations, grounds, form, record, ground)
        if law.in_force(event):
            _refuse_other_kind(declarations, grounds, ground, record)
            return _Said(ground=ground, law=law, event=event)
        days.append(event)
    raise _not_in_force(grounds, chosen, days)


def _event_day(
    declarations: Declarations,
    grounds: Grounds,
    form: Mapping[str, str],
    record: FileRecord,
    ground: CaseGround,
) -> dt.date:
    decided = record.event_date(declarations)
    if decided is None:
        raise _unmet(
            grounds.record, "所依据的记录没有日期，无法判断适用哪一规定",
            "the record that it rests on bears no day, so no law can be told for it",
        )  # fmt: skip
    if ground.event == "record":
        return add_months(decided, ground.months)
    told = read_date(form.get(grounds.event, ""))
    if told is None:
        raise _unmet(
            grounds.event, f"“{ground.zh}”须写明违法行为终了的日期，以确定适用的规定",
            f"“{ground.en}” needs the day on which the violation ended: it tells which law applies",
        )  # fmt: skip
    if told > decided:
        day, end = day_text(decided), day_text(told)
        raise _unmet(
            grounds.event,
            f"违法行为终了的日期（{end.zh}）晚于所依据记录的日期（{day.zh}）",
            f"the violation cannot end on {end.en}, after the day of the record, {day.en}",
        )
    return told


def _refuse_other_kind(
    declarations: Declarations, grounds: Grounds, ground: CaseGround, record: FileRecord
) -> None:
    if ground.rests_on != record.kind:
        wanted, found = declarations.kinds[ground.rests_on], declarations.kinds[record.kind]
        raise _unmet(
            grounds.record,
            f"“{ground.zh}”须以“{wanted.zh}”为据，所选的是“{found.zh}”",
            f"“{ground.en}” rests on “{wanted.en}”, not on “{found.en}”",
            rule=ground.basis,
        )


def _refuse_unheld(
    declarations: Declarations,
    process: Process,
    said: _Said,
    record: FileRecord,
    files: Files,
    on: dt.date,
    law: GroundLaw,
) -> None:
    """Every condition of the ground holds under a law, and is known to."""
    needed = [law.by_condition[name] for name in law.by_ground[said.ground.id].needs]
    found = truths(
        declarations=declarations, conditions=needed,
        ground=Ground(
            kind=declarations.kinds[record.kind], record=_dated(declarations, record), files=files
        ),
        on=on, place=f"processes/{process.id} grounds {law.valid_from}",
    )  # fmt: skip
    for one in needed:
        if one.id in found and found[one.id].holds is not True:
            raise _not_held(process, law.by_ground[said.ground.id], one)


def _dated(declarations: Declarations, record: FileRecord) -> pl.DataFrame:
    day = pl.lit(record.event_date(declarations), dtype=pl.Date)
    return record.frame.with_columns(event_date=day)


def _not_held(process: Process, ground: CaseGround, one: CaseCondition) -> Refusal:
    assert process.grounds is not None
    return _unmet(
        process.grounds.ground,
        f"不属于“{ground.zh}”：不符合“{one.zh}”",
        f"this is no case of “{ground.en}”: it does not hold that “{one.en}”",
        rule=one.basis,
        remedy=Text(one.remedy_zh, one.remedy_en) if one.remedy_zh else None,
    )


def _not_in_force(grounds: Grounds, chosen: str, days: Collection[dt.date]) -> Refusal:
    laws = grounds.laws_of(chosen)
    named = laws[-1].by_ground[chosen]
    spans = listed(_span(law) for law in laws)
    day = day_text(min(days))
    return _unmet(
        grounds.ground,
        f"“{named.zh}”在{spans.zh}才是法定情形，行为发生在{day.zh}，不适用",
        f"“{named.en}” is a ground {spans.en}; this happened on {day.en}",
        rule=named.basis,
    )


def _gone(grounds: Grounds, said: _Said) -> Refusal:
    assert said.law.valid_to, f"the law of {said.ground.id} has no end, yet is not in force"
    until = day_text(said.law.valid_to)
    return _unmet(
        grounds.ground,
        f"“{said.ground.zh}”自{until.zh}起不再是法定情形；新旧规定的衔接未经确认，从轻不予办理",
        f"“{said.ground.en}” is a ground no more since {until.en}; how the laws follow one another "
        "is not confirmed, and the milder one holds",
        rule=said.ground.basis,
        remedy=Text("请向主管部门核实衔接规定", "ask the authority in charge how the laws follow"),
    )


def _unmet(where: str, zh: str, en: str, *, rule: str = "", remedy: Text | None = None) -> Refusal:
    return refusal(UNMET, zh, en, where=where, rule=rule, remedy=remedy)


def _span(law: GroundLaw) -> Text:
    first = day_text(law.valid_from)
    if law.valid_to is None:
        return Text(f"{first.zh}以后", f"since {first.en}")
    last = day_text(law.valid_to - dt.timedelta(days=1))
    return Text(f"{first.zh}至{last.zh}", f"from {first.en} to {last.en}")


def _ground_code(declarations: Declarations, law: GroundLaw, ground: CaseGround) -> Code:
    cited = cited_of(declarations=declarations, ground=ground)
    ended = _span(law) if law.valid_to else None
    zh = f"{ground.zh}（{cited.zh}{f'，{ended.zh}' if ended else ''}）"
    en = f"{ground.en} ({cited.en}{f', {ended.en}' if ended else ''})"
    return Code(code=ground.id, zh=zh, en=en, valid_from=law.valid_from, valid_to=law.valid_to)


def cited_of(*, declarations: Declarations, ground: CaseGround) -> Text:
    """The article of the law that has a ground."""
    law, _, article = ground.basis.partition(":")
    return citation(declarations.laws[law], article)


def _record_code(declarations: Declarations, record: FileRecord) -> Code:
    """A record by its kind, its day and what of its headline is public."""
    said = tuple(_parts(declarations, record))
    return Code(
        code=record.code, zh=" · ".join(one.zh for one in said),
        en=" · ".join(one.en for one in said),
    )  # fmt: skip


def _parts(declarations: Declarations, record: FileRecord) -> Iterator[Text]:
    kind = declarations.kinds[record.kind]
    yield kind.label
    if day := record.event_date(declarations):
        yield day_text(day)
    for name in kind.headline:
        field, value = kind.by_field[name], record.body.get(name)
        if value and field.scope == "public":
            yield value_text(declarations, field, value)


def grounded(
    *, declarations: Declarations, grounds: Grounds, form: Mapping[str, str], record: FileRecord
) -> CaseGround:
    """The ground that a case names, by the law of the day of what happened. Raises a `Refusal`
    where no law had it then."""
    return _said(declarations, grounds, form, record).ground
