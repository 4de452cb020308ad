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


def fetched(statement: str | bytes, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, whose text is one of few: values are given as `%(name)s`.

    Also for one that writes and returns rows. It belongs to the transaction that is open. Outside
    of one the thread is in nobody's way while the database works; within one it may hold what
    others wait for, and keeps its turn.
    """
    connection.ensure_connection()
    text = statement.encode() if isinstance(statement, str) else statement
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        with nullcontext() if connection.in_atomic_block else waiting():
            cursor.execute(text, values, prepare=True)
        return cursor.fetchall()
