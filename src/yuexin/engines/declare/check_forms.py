"""Whether what a step asks for is in order: its fields, where they are known from, its papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import known
from yuexin.engines.declare.source import declaration_error

OF_PERSON: Final = ("person.name", "person.phone")
PLAIN: Final = ("subject.name", "subject.code", "earlier", *OF_PERSON)


def check_form(d: t.Declarations, process: t.Process, step: t.Step) -> Iterator[Refusal]:
    """Every broken reference of what a step asks for, and whatever is asked in vain."""
    where = f"processes/{process.id}.{step.id}"
    for field in step.form:
        yield from known(where, "codes", [field.codes] if field.codes else [], d.codes)
        if field.workdays_ahead < 0 or (field.workdays_ahead and field.type != "date"):
            yield _wrong(where, "workdays_ahead 只用于日期", "workdays_ahead is for dates")
        if field.past and field.type != "date":
            yield _wrong(where, "past 只用于日期", "past is for dates")
        yield from _sources(d, process, step, field)
    for paper in step.papers:
        yield from known(where, "kind", paper.held, d.kinds)
        narrows = paper.held_of or paper.held_on_file
        if narrows and (not paper.held or process.about != "record"):
            yield _wrong(where, "held_of、held_on_file 须与 held 一起用于记录", "they narrow held")


def _sources(
    d: t.Declarations, process: t.Process, step: t.Step, field: t.FormField
) -> Iterator[Refusal]:
    """Each source exists; of a person no more is offered than what the field keeps of one."""
    where = f"processes/{process.id}.{step.id}.{field.id} prefilled"
    for named in field.prefilled:
        of, _, rest = named.partition(".")
        match of:
            case "record":
                kinds = process.kinds or (d.kinds if process.about == "record" else ())
                told = {
                    name for kind in kinds if kind in d.kinds for name in d.kinds[kind].by_field
                }
                yield from known(where, "field", [rest], told)
            case "file":
                kind, _, name = rest.partition(".")
                yield from known(where, "kind", [kind], d.kinds)
                yield from known(
                    where, "field", [name], d.kinds[kind].by_field if kind in d.kinds else ()
                )
            case _:
                yield from known(where, "source", [named], PLAIN)
        if named in OF_PERSON and not field.personal:
            yield _wrong(
                where, "个人信息只填入 personal 的项目", "a person fills personal fields alone"
            )
        if of in ("person", "earlier") and "applicant" not in step.by:
            yield _wrong(where, "只用于申请人办理的步骤", "it is for steps of the applicant")


def _wrong(place: str, zh: str, en: str) -> Refusal:
    return declaration_error(
        place=place, what=Text(zh, en), remedy=Text("改正这个声明", "mend the declaration")
    )
