"""What is wrong with a kind of record: its fields, names, publicity, and what tells that it is
adverse."""

from __future__ import annotations

from collections.abc import Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.classification import classification
from yuexin.engines.declare.naming import LEARNED_SCHEMES
from yuexin.engines.declare.references import based, known, laws_of
from yuexin.engines.declare.source import declaration_error


def _in_codes(d: t.Declarations, kind: t.RecordKind, name: str) -> Iterator[Refusal]:
    """What is wrong with the codes of a field of which something holds."""
    place, said = f"records/{kind.id}", getattr(kind, name)
    if said is None:
        return
    yield from known(place, name, [said.field], kind.by_field)
    if not said.codes:
        yield declaration_error(
            place=place,
            what=Text(f"{name} 没有列出代码", f"{name} names no codes"),
            remedy=Text("列出代码，或去掉这一项", "name the codes, or drop it"),
        )
    if said.field in kind.by_field:
        listed = d.codes.get(kind.by_field[said.field].codes)
        yield from known(place, "code", said.codes, listed.by_code if listed else ())


def _adverse(place: str, kind: t.RecordKind) -> Iterator[Refusal]:
    """What is adverse by a field is told to whoever reads it, so the field is open to all."""
    said = kind.adverse_when
    if said is None or said.field not in kind.by_field:
        return
    if not kind.adverse:
        yield declaration_error(
            place=place,
            what=Text("adverse_when 只用于 adverse 的种类", "adverse_when without adverse: true"),
            remedy=Text("写 adverse: true", "write adverse: true"),
        )
    if kind.by_field[said.field].scope != "public":
        yield declaration_error(
            place=place,
            what=Text(
                f"adverse_when 所依的 {said.field} 不公开",
                f"adverse_when reads {said.field}, which is not public",
            ),
            remedy=Text("依据公开的字段", "name a public field"),
        )


def check_kind(d: t.Declarations, kind: t.RecordKind) -> Iterator[Refusal]:
    place = f"records/{kind.id}"
    yield from known(place, "section", [kind.section], d.sections)
    yield from known(place, "basis", laws_of(kind.basis), d.laws)
    dates = [name for name in (kind.event_date, kind.valid_from, kind.valid_until) if name]
    yield from known(place, "field", [*kind.key, *kind.headline, *dates], kind.by_field)
    if t.SOLE_TRADER.id in kind.by_field or bool(kind.of_trader_zh) != bool(kind.of_trader_en):
        yield declaration_error(
            place=place,
            what=Text("sole_trader 或 of_trader 有误", "sole_trader, or half a name of it"),
            remedy=Text("改字段名，或补写另一个", "rename the field, or add the other one"),
        )
    if kind.decided_by and (kind.decided_by,) != kind.key[-1:]:
        yield declaration_error(
            place=place,
            what=Text("decided_by 应为 key 的末项", "decided_by is not the last part of key"),
            remedy=Text("写在 key 的末尾", "name it last in key"),
        )
    for name in ("standing", "adverse_when"):
        yield from _in_codes(d, kind, name)
    yield from _adverse(place, kind)
    yield from _names(d, kind)
    yield from known(f"{place} evidence", "evidence", kind.evidence, t.EVIDENCE)
    yield from known(f"{place} evidence", "field", kind.evidence.values(), kind.by_field)
    for period in kind.publish_within:
        yield from based(d, f"{place} publish_within", [period.basis], None)
    yield from _publicity(d, kind)
    for field in kind.fields:
        where = f"{place}.{field.id}"
        yield from known(where, "codes", [field.codes] if field.codes else [], d.codes)
        yield from known(where, "basis", laws_of([field.basis] if field.basis else []), d.laws)
        yield from classification(where, kind, field)


def _publicity(d: t.Declarations, kind: t.RecordKind) -> Iterator[Refusal]:
    place = f"records/{kind.id}"
    if kind.stages:
        yield from known(f"{place} stages", "field", kind.stages.marking, kind.by_field)
        if kind.stages.field in kind.by_field:
            listed = d.codes.get(kind.by_field[kind.stages.field].codes)
            codes = listed.by_code if listed else ()
            yield from known(f"{place} stages", "code", kind.stages.by_code, codes)
    if kind.posts:
        held = (kind.posts.name, kind.posts.position, kind.posts.legal_rep, t.PERSON_MARK)
        yield from known(f"{place} posts", "field", held, kind.by_field)
    for one in kind.refers:
        own = [name for name in (one.field, one.by, one.dated) if name]
        yield from known(f"{place} refers", "field", own, kind.by_field)
        yield from known(f"{place} refers", "kind", [one.kind], d.kinds)
        if one.kind in d.kinds:
            yield from known(f"{place} refers", "field", [one.to], d.kinds[one.kind].by_field)


def _names(d: t.Declarations, kind: t.RecordKind) -> Iterator[Refusal]:
    place = f"records/{kind.id}"
    yield from known(place, "field", kind.taught, kind.by_field)
    for what, told, listed_here in (
        ("evidence", kind.evidence, t.EVIDENCE),
        ("facets", kind.facets, t.FACETS),
    ):
        yield from known(f"{place} {what}", what, told, listed_here)
        yield from known(f"{place} {what}", "field", told.values(), kind.by_field)
    if kind.names:
        yield from known(f"{place} names", "scheme", kind.names.numbers, LEARNED_SCHEMES)
        ranked = [name for name in (kind.names.state, kind.names.capital) if name]
        yield from known(f"{place} names", "field", ranked, kind.by_field)
        if kind.names.state in kind.by_field:
            listed = d.codes.get(kind.by_field[kind.names.state].codes)
            coded = listed.by_code if listed else ()
            yield from known(f"{place} names", "code", kind.names.ended, coded)
            yield from known(f"{place} names", "code", kind.names.gone, coded)
        if kind.temporal != "state":
            yield declaration_error(
                place=f"{place} names",
                what=Text("只有状态类记录能说明名称", "only a state names its subject"),
                remedy=Text(
                    "写 temporal: state，或改用 renames", "write temporal: state, or renames"
                ),
            )
    if kind.renames:
        dates = [field.id for field in kind.fields if field.type == "date"]
        yield from known(f"{place} renames", "date", [kind.renames.on], dates)
        listed = d.codes.get(kind.by_field[kind.renames.item].codes)
        codes = listed.by_code if listed else ()
        yield from known(f"{place} renames", "code", [kind.renames.equals], codes)
