"""Django for benchmarks and tools that call the product in their own process: import it first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from psycopg.conninfo import conninfo_to_dict  # noqa: E402


def point(url: str) -> None:
    """Let the product in this process read this database from now on."""
    connection.close()
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    connection.settings_dict.update(
        NAME=given.get("dbname", ""),
        USER=given.get("user", ""),
        PASSWORD=given.get("password", ""),
        HOST=given.get("host", ""),
        PORT=given.get("port", ""),
    )


@contextmanager
def opened(url: str) -> Iterator[CursorWrapper]:
    """A cursor of Django's in a transaction on this database; nothing it writes is kept."""
    point(url)
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        transaction.set_rollback(True)
    connection.close()
