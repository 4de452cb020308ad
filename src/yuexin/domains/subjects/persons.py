"""Whom a person represents: the registers that say so, each with an index of its own.

A register is a kind whose states name their subject and that declares the person as evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Identifier, Literal

from yuexin.engines.declare.types import PERSON_MARK, Declarations, RecordKind

# What the index holds; only a question in the same words finds by it.
_HELD: Final = "kind = {kind} AND superseded_at IS NULL AND body ? {field}"
_INDEX: Final = f"CREATE INDEX {{name}} ON record ((body->>{{field}})) WHERE {_HELD}"
_ASKED: Final = (
    f"SELECT subject FROM record WHERE {_HELD} AND body->>{{field}} = %(person)s"
    " AND valid_until IS NULL"
)
LONGEST_NAME: Final = 63


def registers(declarations: Declarations) -> Mapping[str, str]:
    """The field of each register that says by whom a subject is represented, by its kind."""
    return {
        kind.id: kind.evidence["person"] for kind in declarations.kinds.values() if _says_who(kind)
    }


def represented(declarations: Declarations) -> str:
    """The subjects that a `person` represents now, as SQL: one each time a register says it."""
    asked = [
        SQL(_ASKED).format(kind=Literal(kind), field=Literal(field)).as_string()
        for kind, field in registers(declarations).items()
    ]
    return " UNION ALL ".join(asked) or "SELECT NULL::uuid AS subject WHERE false"


def keep_indexed(*, cursor: CursorWrapper, kind: RecordKind) -> None:
    """Let a register, and a kind that says who holds which post, have its index before the first of
    its rows is placed."""
    if _says_who(kind):
        _keep_index(cursor, kind, kind.evidence["person"])
    if kind.posts:
        _keep_index(cursor, kind, PERSON_MARK)


def _keep_index(cursor: CursorWrapper, kind: RecordKind, field: str) -> None:
    name = f"record_{kind.id}_{field}"[:LONGEST_NAME]
    cursor.execute("SELECT to_regclass(%s)", [name])
    if cursor.fetchone()[0] is None:
        said = {"kind": Literal(kind.id), "field": Literal(field)}
        cursor.execute(SQL(_INDEX).format(name=Identifier(name), **said))


def _says_who(kind: RecordKind) -> bool:
    return kind.names is not None and "person" in kind.evidence
