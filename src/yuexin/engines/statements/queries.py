"""Statements that are asked at every request, prepared on the server.

Planning such a statement costs more than running it. Django binds values in the text, so that each
is a new statement to the server and planned again; here the text stays the same and the values go
beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from django.db import connection
from psycopg import Cursor

from yuexin.base.turns import waiting


def fetched(
    statement: str | bytes, values: Mapping[str, Any], *, alone: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a statement, whose text is one of few: values are given as `%(name)s`.

    Also for one that writes and returns rows. It belongs to the transaction that is open. A caller
    who says that it stands `alone`, holding no lock for which others could wait in their turn, is
    in nobody's way while the database works. Within a transaction nobody stands alone.
    """
    connection.ensure_connection()
    text = statement.encode() if isinstance(statement, str) else statement
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        with waiting() if alone and not connection.in_atomic_block else nullcontext():
            cursor.execute(text, values, prepare=True)
        return cursor.fetchall()
