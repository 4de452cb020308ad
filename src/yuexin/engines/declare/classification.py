"""How sensitive a field is, and what follows: what the classification of a field rules out."""

from __future__ import annotations

from collections.abc import Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.source import declaration_error

PERSONS = frozenset({"id_number", "phone"})


def classification(place: str, kind: t.RecordKind, field: t.Field) -> Iterator[Refusal]:
    """What contradicts itself in the level, the scope and the marks of one field."""
    opened = field.scope == "public" or bool(field.public_when)
    if opened and not field.basis:
        yield _refused(
            place,
            Text("公开字段没有法律依据", "a public field without a law that says so"),
            Text("写明 basis，或改为不公开", "name its basis, or do not make it public"),
        )
    if field.scope == "public" and field.level != "L1":
        yield _refused(
            place,
            Text(f"公开字段的级别是 {field.level}", f"a public field of level {field.level}"),
            Text("写 level: L1，或改为不公开", "write level: L1, or do not make it public"),
        )
    if field.public_when:
        yield from _switch(place, kind, field)
    yield from _person(place, field, opened=opened)


def _switch(place: str, kind: t.RecordKind, field: t.Field) -> Iterator[Refusal]:
    flag = kind.by_field.get(field.public_when)
    if flag is None or flag.type != "flag":
        flags = [item.id for item in kind.fields if item.type == "flag"]
        yield _refused(
            place,
            Text(
                f"public_when“{field.public_when}”不是本记录的是非字段",
                f"public_when “{field.public_when}” is no flag of this kind",
            ),
            Text(f"应为：{'、'.join(flags)}", f"write one of: {', '.join(flags)}"),
        )
    if field.scope == "public":
        yield _refused(
            place,
            Text("已经公开的字段不需要 public_when", "a public field needs no public_when"),
            Text("去掉 public_when，或改 scope", "drop public_when, or change the scope"),
        )


def _person(place: str, field: t.Field, *, opened: bool) -> Iterator[Refusal]:
    if field.type in PERSONS and not field.personal:
        yield _refused(
            place,
            Text("证件号码、电话是个人信息", "a person's number is personal information"),
            Text("写 personal: true", "write personal: true"),
        )
    if field.sensitive and not (field.personal and field.level in ("L3", "L4")):
        yield _refused(
            place,
            Text("敏感字段须为个人信息，且为 L3 或 L4", "a sensitive field is personal, L3 or L4"),
            Text("写 personal: true 和 level", "write personal: true and the level"),
        )
    if field.id == t.PERSON_MARK and (field.scope != "closed" or not field.personal):
        yield _refused(
            place,
            Text("区分个人的摘要不对任何人开放", "what tells persons apart is open to nobody"),
            Text("写 scope: closed、personal: true", "write scope: closed and personal: true"),
        )
    if opened and (field.sensitive or field.type == "id_number"):
        yield _refused(
            place,
            Text(
                "敏感信息、证件号码从不公开", "what is sensitive, or an id number, is never public"
            ),
            Text("改为不公开", "do not make it public"),
        )
    if opened and field.type == "phone" and field.mask == "none":
        yield _refused(
            place,
            Text("公开的电话没有脱敏方式", "a public telephone number without a mask"),
            Text("写明 mask，如 hidden_at_home", "name its mask, such as hidden_at_home"),
        )


def _refused(place: str, what: Text, remedy: Text) -> Refusal:
    return declaration_error(place=place, what=what, remedy=remedy)
