"""Whether the grounds of a process can be judged: what they name exists, and is asked."""

from __future__ import annotations

from collections.abc import Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import based, known
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.transitions import carried_over


def check_grounds(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    """Every broken reference of the grounds, every field that is not asked for as it has to be, and
    a field of grounds in a process that has none."""
    place = f"processes/{process.id} grounds"
    grounds = process.grounds
    asked = {field.id: field.type for step in process.steps for field in step.form}
    if grounds is None:
        if {"ground", "file_record"} & set(asked.values()):
            yield _wrong(place, "没有声明 grounds", "no grounds are declared")
        return
    wanted = {grounds.ground: "ground", grounds.record: "file_record", grounds.event: "date"}
    for name, of in wanted.items():
        if asked.get(name) != of:
            yield _wrong(place, f"没有类型为 {of} 的“{name}”", f"no field “{name}” of type {of}")
    yield from known(place, "step", grounds.judged, process.by_step)
    yield from known(place, "agency", grounds.bodies, d.agencies)
    yield from carried_over(d, place, grounds.laws)
    for law in grounds.laws:
        yield from _law(d, f"{place} {law.valid_from}", law)


def _law(d: t.Declarations, place: str, law: t.GroundLaw) -> Iterator[Refusal]:
    asked = (one.basis for one in law.conditions)
    bases = [*law.basis, *asked, *(one.basis for one in law.grounds)]
    yield from based(d, place, bases, law.valid_to)
    if law.transition and law.transition.clause == "new_law":
        yield _wrong(
            place, "责任依行为当时的规定，不得写 new_law",
            "liability goes by the law of its day: it is never judged by the new_law alone",
        )  # fmt: skip
    if not law.basis or not law.grounds:
        yield _wrong(place, "须写明依据和情形", "it names its basis and its grounds")
    for one in law.conditions:
        if bool(one.when) == bool(one.on_file) or one.of or one.warns:
            yield _wrong(
                place, f"条件“{one.id}”须写 when 或 on_file 之一",
                f"“{one.id}”: when or on_file, and nothing beside",
            )  # fmt: skip
    for ground in law.grounds:
        yield from known(place, "kind", [ground.rests_on], d.kinds)
        yield from known(place, "condition", ground.needs, law.by_condition)
        if not ground.needs:
            yield _wrong(place, f"“{ground.id}”没有条件", f"“{ground.id}” needs nothing to hold")
        if ground.months and ground.event != "record":
            yield _wrong(place, "months 只用于 event: record", "months is for event: record")


def _wrong(place: str, zh: str, en: str) -> Refusal:
    return declaration_error(
        place=place, what=Text(zh, en), remedy=Text("改正这个声明", "mend the declaration")
    )
