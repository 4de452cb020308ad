"""What a row says beside what a subject's file says, line by line, and how far they agree."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from yuexin.base.dates import day_text
from yuexin.base.regions import city_of, name_of
from yuexin.base.text import Text
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.rooms.held import HIDDEN
from yuexin.domains.subjects.linkage.model import FIELDS, NAME_FIELDS, SAID, Model
from yuexin.domains.subjects.models import Alias, Subject, SubjectName
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import value_text
from yuexin.engines.declare.types import Declarations, RecordKind
from yuexin.engines.releases.models import ReleaseRow

MOST_SAID: Final = 3
MATTERS: Final = 1.0
DECIDES: Final = 4.0
NAMED: Final = Text("名称", "Name")
LINES: Final = {
    "name": NAME_FIELDS, **{one: (one,) for one in FIELDS if one not in NAME_FIELDS},
}  # fmt: skip
"""The lines of the comparison, each with the fields that the matcher compares in it."""
TOLD_BY_FILE: Final = frozenset({"name", "code", "place", "person", "address", "established"})
"""What the file says is seen even where the row is silent."""

Said = Mapping[str, tuple[Text, ...]]
"""By line, what one side says."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """How far one field agrees, in words, and what that weighs in bits."""

    label: Text
    level: Text
    bits: float

    @property
    def tone(self) -> str:
        """The mark beside the words: for it, against it, or telling little."""
        if self.bits >= MATTERS:
            return "good"
        if self.bits > -MATTERS:
            return "plain"
        return "bad" if self.bits <= -DECIDES else "warn"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the comparison; no `parts` where one side says nothing. `coded` of numbers."""

    coded: bool
    label: Text
    said: tuple[Text, ...]
    held: tuple[Text, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the file of a subject says of whom it is about, as far as everybody may see it."""

    type: Text
    state: Text
    city: Text
    est_date: dt.date | None
    by_line: Said


def said_by(*, declarations: Declarations, actor: Actor, row: Waiting | LedRow) -> Said:
    """What the row says of whom it is about. What is personal shows as far as it may: to this
    actor for the purpose he stated, else to everybody."""
    told: dict[str, Any] = json.loads(row.staged.get("evidence") or "{}")
    kind = declarations.kinds.get(str(row.staged.get("kind")))
    shown = _shown(declarations, actor, kind) if kind else frozenset()
    fields = kind.evidence if kind else {}
    found = {
        what: _text(str(told[what])) if fields.get(what) in shown else (HIDDEN,)
        for what in SAID
        if told.get(what)
    }
    numbers = [one for one in (row.org_code, row.reg_no) if one]
    found |= {
        "name": _text(row.staged.get("name") or ""),
        "code": _text(row.uscc or ""),
        "number": tuple(Text(one, one) for one in numbers),
        "place": _place(declarations, row, str(told.get("city") or row.staged.get("city") or "")),
    }
    if day := told.get("established"):
        found["established"] = (day_text(dt.date.fromisoformat(day)),)
    return found


def held_of(
    *, declarations: Declarations, subjects: Collection[Subject], on: dt.date
) -> Mapping[UUID, Held]:
    """What the files of these subjects say on a day, as far as everybody may see it."""
    ids = [one.id for one in subjects]
    names = _by_subject(
        SubjectName.objects.filter(subject__in=ids)
        .order_by(F("valid_until").desc(nulls_first=True), "key")
        .values_list("subject", "name")
    )
    numbers = _by_subject(
        Alias.objects.filter(subject__in=ids).order_by("value").values_list("subject", "value")
    )
    told = _told(declarations, ids, on)
    return {
        one.id: _held(declarations, one, names.get(one.id, []), numbers.get(one.id, []), told)
        for one in subjects
    }


def lines_of(
    *,
    model: Model,
    said: Said,
    held: Said,
    levels: Mapping[str, str],
    weights: Mapping[str, float],
) -> tuple[Line, ...]:
    """The lines in which at least one side says something worth a look."""
    return tuple(_lines(model, said, held, levels, weights))


def _lines(
    model: Model,
    said: Said,
    held: Said,
    levels: Mapping[str, str],
    weights: Mapping[str, float],
) -> Iterator[Line]:
    declared = model.declared.by_field
    for line, fields in LINES.items():
        parts = tuple(
            Part(
                label=declared[field].label,
                level=declared[field].by_level[levels[field]].label,
                bits=weights[field],
            )
            for field in fields
            if field in declared and levels.get(field) in declared[field].by_level
        )
        own, theirs = said.get(line, ()), held.get(line, ())
        if parts or own or (theirs and line in TOLD_BY_FILE):
            label = NAMED if line == "name" else declared[line].label
            coded = line in ("code", "number")
            yield Line(coded=coded, label=label, said=own, held=theirs, parts=parts)


def _shown(declarations: Declarations, actor: Actor, kind: RecordKind) -> frozenset[str]:
    found = [disclose(declarations=declarations, actor=who, kind=kind) for who in (actor, PUBLIC)]
    return frozenset(
        one.field
        for disclosure in found
        for one in disclosure.visible
        if one.treatment == "show" and not one.when
    )


def _place(declarations: Declarations, row: Waiting | LedRow, city: str) -> tuple[Text, ...]:
    """The city that the row names, else that of the office that told."""
    if said := name_of(city):
        return (said,)
    agency = declarations.agencies.get(row.agency)
    office = name_of(city_of(agency.division)) if agency else None
    if office is None:
        return ()
    return (Text(f"{office.zh}（报送部门所在地）", f"{office.en} (of the office that told)"),)


def _held(
    declarations: Declarations,
    subject: Subject,
    names: list[str],
    numbers: list[str],
    told: Mapping[UUID, Mapping[str, list[Text]]],
) -> Held:
    types = declarations.codes.get("entity_types")
    kind = types.by_code.get(subject.entity_type) if types else None
    city = name_of(subject.city) or Text(subject.city, subject.city)
    says = told.get(subject.id, {})
    former = [one for one in names if one != subject.name][:MOST_SAID]
    by_line = {what: tuple(says.get(what, ())[:MOST_SAID]) for what in SAID}
    by_line |= {
        "name": (
            *_text(subject.name),
            *(Text(f"曾用名：{one}", f"Formerly {one}") for one in former),
        ),
        "code": _text(subject.code),
        "number": tuple(Text(one, one) for one in numbers),
        "place": (city,) if subject.city else (),
        "established": (day_text(subject.est_date),) if subject.est_date else (),
    }
    return Held(
        type=kind.label if kind else Text(subject.entity_type, subject.entity_type),
        state=next(iter(says.get("state", ())), Text("", "")),
        city=city,
        est_date=subject.est_date,
        by_line=by_line,
    )


def _told(
    declarations: Declarations, subjects: Collection[UUID], on: dt.date
) -> Mapping[UUID, Mapping[str, list[Text]]]:
    """By subject, what its public records say, the latest first, each but once."""
    wanted = {kind.id: dict(_fields(kind)) for kind in declarations.kinds.values()}
    wanted = {kind: fields for kind, fields in wanted.items() if fields}
    rows = (
        ReleaseRow.objects.filter(subject__in=subjects, kind__in=wanted, shown_from__lte=on)
        .filter(Q(shown_until=None) | Q(shown_until__gt=on))
        .order_by(F("valid_from").desc(nulls_last=True), "-known_at", "record")
        .values_list("subject", "kind", "body")
    )
    found: dict[UUID, dict[str, list[Text]]] = {}
    for subject, kind, body in rows:
        by_what = found.setdefault(subject, {})
        for what, name in wanted[kind].items():
            field = declarations.kinds[kind].by_field[name]
            if value := body.get(name):
                text = value_text(declarations, field, value)
                listed = by_what.setdefault(what, [])
                listed += [text] if text not in listed else []
    return found


def _fields(kind: RecordKind) -> Iterator[tuple[str, str]]:
    """What records of this kind tell of their subject: the matcher goes by it, too."""
    if kind.adverse:
        return
    yield from ((what, field) for what, field in kind.evidence.items() if what in SAID)
    if kind.names and kind.names.state:
        yield "state", kind.names.state


def _by_subject(rows: Any) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for subject, value in rows:
        found.setdefault(subject, []).append(value)
    return found


def _text(value: str) -> tuple[Text, ...]:
    return (Text(value, value),) if value else ()
