"""Files for machines, by the same decision as the pages.

What is public today is one statement over the public projection; whatever a reader sees beyond
it, or on a past day, is put together from the rows that the pages are made of.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from yuexin.base.memo import Memo
from yuexin.domains.credit.files import Reader, held, rows_of
from yuexin.domains.credit.rows import Row
from yuexin.domains.credit.statements import BEGUN, SHOWN
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.rulebook import rulebook
from yuexin.domains.subjects.verdicts import said_by_all
from yuexin.engines.access.queries import disclose, tells
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.statements.queries import fetched

# One round trip. `opened` holds the fields open to the reader, by kind; of a row that was written
# when more was open, what is closed now is taken out.
OBJECT = """json_build_object(
    'code', s.code, 'name', s.name, 'established', s.est_date, 'city', s.city,
    'type', s.entity_type,
    'verdicts', {said},
    'disputed', (SELECT json_agg(r.id ORDER BY r.id) FROM case_file f
        JOIN record r ON r.subject = f.subject AND r.kind = f.kind
            AND r.source_key = f.source_key AND r.superseded_at IS NULL
        JOIN public_row w ON w.record = r.id AND w.kind = ANY({kinds})
            AND w.shown_from <= %(today)s
            AND (w.shown_until IS NULL OR w.shown_until > %(today)s)
        WHERE f.flags
            AND f.subject IN (SELECT m.id FROM subject m WHERE m.id = s.id OR m.joined_to = s.id)),
    'records', (SELECT json_agg(json_build_object(
            'record', p.record, 'kind', p.kind, 'agency', p.agency, 'resource', p.resource,
            'delivery', p.delivery, 'row', p.row, 'known_at', p.known_at,
            'event_date', p.event_date, 'valid_from', p.valid_from,
            'valid_until', p.valid_until, 'shown_until', p.shown_until,
            'facts', p.body - ARRAY(SELECT jsonb_object_keys(p.body - opened.fields)))
            ORDER BY p.event_date DESC, p.record)
        FROM public_row p JOIN (VALUES {opened}) opened(of, fields) ON opened.of = p.kind
        WHERE p.subject IN (SELECT m.id FROM subject m WHERE m.id = s.id OR m.joined_to = s.id)
            AND {shown} AND {begun}))::text"""
# A code under which a subject goes on no more leads to the file under its present one.
ASKED = "subject q JOIN subject s ON s.id = coalesce(q.joined_to, q.id)"
DOCUMENT = f"SELECT {OBJECT} FROM {ASKED} WHERE q.code = %(code)s"
DOCUMENTS = f"SELECT q.code, {OBJECT} FROM {ASKED} WHERE q.code = ANY(%(codes)s)"

PLAIN: Final = (
    "kind", "agency", "resource", "delivery", "row", "known_at", "event_date", "valid_from",
    "valid_until", "shown_until",
)  # fmt: skip
_kept: Final = Memo[tuple[str, Actor, str], bytes](64)
_said: Final = Memo[tuple[str, Actor, dt.date], dict[str, Any]](64)


def document_of(
    *, declarations: Declarations, actor: Actor, code: str, on: dt.date
) -> bytes | None:
    """The file of a code as JSON, as far as it is open to this actor; none for an unknown code."""
    prepared = _prepared(declarations, actor, DOCUMENT)
    values = {"code": code, **said_on(declarations=declarations, actor=actor, on=on)}
    for (found,) in fetched(prepared, values):
        return bytes(found.encode())
    return None


def documents_of(
    *, declarations: Declarations, actor: Actor, codes: Iterable[str], on: dt.date
) -> dict[str, bytes]:
    """The same of many codes in one statement, by code; unknown codes are left out."""
    prepared = _prepared(declarations, actor, DOCUMENTS)
    values = {"codes": list(codes), **said_on(declarations=declarations, actor=actor, on=on)}
    found = fetched(prepared, values)
    return {code: document.encode() for code, document in found}


def seen(*, reader: Reader, subject: Subject) -> bytes:
    """The file as this reader may see it on this day, in the shape of the public document."""
    # What would have been said on a past day is not kept.
    found = held(reader=reader, subjects=[subject.id]) if reader.on == reader.today else {}
    rows = rows_of(reader=reader, subject=subject.id)
    said = {
        "code": subject.code,
        "name": subject.name,
        "established": subject.est_date,
        "city": subject.city,
        "type": subject.entity_type,
        "verdicts": {row.rule: row.value for row in found.values()} or None,
        "disputed": sorted(str(row.record) for row in rows if row.record in reader.disputed)
        or None,
        "records": [_record(reader, row) for row in rows],
        "on": reader.on,
    }
    return json.dumps(said, ensure_ascii=False, default=_iso).encode()


def _record(reader: Reader, row: Row) -> Mapping[str, Any]:
    visible = [decision.field for decision in reader.disclosed(row.code)[row.kind].visible]
    return {
        "record": str(row.record),
        **{name: getattr(row, name) for name in PLAIN},
        "facts": {name: row.body[name] for name in visible if row.body.get(name) is not None},
    }


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form here")


def statement(*, declarations: Declarations, actor: Actor, template: str = DOCUMENT) -> str:
    """The statement, of `code` and what is `said_on` a day, with what these declarations open to
    this actor."""
    opened, kinds = [f"('', {_array(())})"], []
    for kind in declarations.kinds.values():
        disclosure = disclose(declarations=declarations, actor=actor, kind=kind)
        if disclosure.allowed:
            fields = _array(decision.field for decision in disclosure.visible)
            opened.append(f"({_quoted(kind.id)}, {fields})")
            kinds.append(kind.id)
    states = _array(k.id for k in declarations.kinds.values() if k.temporal == "state")
    said = said_by_all(
        subject="s.id", rules=_array(_told(declarations, actor)), nobody="%(nobody)s",
        judged_by="%(judged_by)s", on="%(today)s",
    )  # fmt: skip
    return template.format(
        opened=", ".join(opened),
        said=said,
        kinds=_array(kinds),
        shown=SHOWN,
        begun=BEGUN.format(states=states, on="%(today)s"),
    )


def _told(declarations: Declarations, actor: Actor) -> list[str]:
    """The rules whose verdicts the actor is told."""
    return [
        rule.id
        for rule in declarations.rules.values()
        if tells(declarations=declarations, actor=actor, rule=rule)
    ]


def said_on(*, declarations: Declarations, actor: Actor, on: dt.date) -> dict[str, Any]:
    """What the statement asks for beside a code: the day, and what the rules that the actor is
    told say of whoever has no record that they read."""
    key = (declarations.digest, actor, on)
    return _said.get(key, lambda: _nobody(declarations, actor, on))


def _nobody(declarations: Declarations, actor: Actor, on: dt.date) -> dict[str, Any]:
    book = rulebook(declarations=declarations, on=on)
    told = {rule: book.nobody[rule] for rule in _told(declarations, actor)}
    return {
        "today": on,
        "nobody": json.dumps(told),
        "judged_by": book.digest,
    }


def _prepared(declarations: Declarations, actor: Actor, template: str) -> bytes:
    """The statement from memory: the same declarations open the same to the same actor."""
    return _kept.get(
        (declarations.digest, actor, template),
        lambda: statement(declarations=declarations, actor=actor, template=template).encode(),
    )


def _array(names: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(map(_quoted, names))}]::text[]"


def _quoted(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"
