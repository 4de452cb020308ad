"""The public file of a code for machines: one statement, by the same decision as the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import connection
from psycopg import Cursor

from yuexin.domains.credit.statements import BEGUN, SHOWN
from yuexin.engines.access.queries import disclose, tells
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

# One round trip. `opened` holds the fields open to the reader, by kind; of a row that was written
# when more was open, what is closed now is taken out.
DOCUMENT = """
SELECT json_build_object(
    'code', s.code, 'name', s.name, 'established', s.est_date, 'city', s.city,
    'type', s.entity_type,
    'verdicts', (SELECT json_object_agg(v.rule, v.value) FROM verdict v
        WHERE v.subject = s.id AND v.rule = ANY({rules}) AND v.valid_from <= %(today)s
            AND (v.valid_until IS NULL OR v.valid_until > %(today)s)),
    'records', (SELECT json_agg(json_build_object(
            'record', p.record, 'kind', p.kind, 'agency', p.agency, 'resource', p.resource,
            'delivery', p.delivery, 'row', p.row, 'known_at', p.known_at,
            'event_date', p.event_date, 'valid_from', p.valid_from,
            'valid_until', p.valid_until, 'shown_until', p.shown_until,
            'facts', p.body - ARRAY(SELECT jsonb_object_keys(p.body - opened.fields)))
            ORDER BY p.event_date DESC, p.record)
        FROM public_row p JOIN (VALUES {opened}) opened(of, fields) ON opened.of = p.kind
        WHERE p.subject = s.id AND {shown} AND {begun}))::text
FROM subject s WHERE s.code = %(code)s
"""

MOST_KEPT: Final = 64
_kept: dict[tuple[str, Actor], bytes] = {}


def document_of(
    *, declarations: Declarations, actor: Actor, code: str, on: dt.date
) -> bytes | None:
    """The file of a code as JSON, as far as it is open to this actor; none for an unknown code."""
    prepared = _prepared(declarations, actor)
    connection.ensure_connection()
    # Prepared on the server: planning this statement costs more than running it.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        values = {"code": code, "today": on}
        found = cursor.execute(prepared, values, prepare=True).fetchone()
    return found[0].encode() if found else None


def statement(*, declarations: Declarations, actor: Actor) -> str:
    """The statement, of `code` and `today`, with what these declarations open to this actor."""
    opened = [f"('', {_array(())})"]
    for kind in declarations.kinds.values():
        disclosure = disclose(declarations=declarations, actor=actor, kind=kind)
        if disclosure.allowed:
            fields = _array(decision.field for decision in disclosure.visible)
            opened.append(f"({_quoted(kind.id)}, {fields})")
    states = _array(k.id for k in declarations.kinds.values() if k.temporal == "state")
    rules = _array(
        rule.id
        for rule in declarations.rules.values()
        if tells(declarations=declarations, actor=actor, rule=rule)
    )
    return DOCUMENT.format(
        opened=", ".join(opened),
        rules=rules,
        shown=SHOWN,
        begun=BEGUN.format(states=states, on="%(today)s"),
    )


def _prepared(declarations: Declarations, actor: Actor) -> bytes:
    """The statement from memory: the same declarations open the same to the same actor."""
    key = (declarations.digest, actor)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = statement(declarations=declarations, actor=actor).encode()
    return _kept[key]


def _array(names: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(map(_quoted, names))}]::text[]"


def _quoted(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"
