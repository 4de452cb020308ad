"""What every command needs: the home, its database running, Django ready, refusals as text."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click
import psycopg
from django.db import DatabaseError
from psycopg.errors import DiskFull
from rich.console import Console

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home.cluster import running
from yuexin.home.folder import Home

DISK_FULL = Refusal(
    code="DISK_FULL",
    what=Text("磁盘空间不足，操作已中止", "the disk is full; the work was stopped"),
    rule="DESIGN law 1",
    remedy=Text(
        "已确认接收的交付不受影响；腾出空间后运行 yuexin work --once",
        "acknowledged deliveries are safe; free some space and run yuexin work --once",
    ),
)
NOTES = Console(stderr=True, highlight=False)
REFUSED = 2
FULL_HINT = "free disk space"
MIGRATE_LOCK = 0x59584D47  # one command makes the tables at a time


@contextmanager
def session(*, migrate: bool = True) -> Iterator[Home]:
    """A home whose database runs during the body, with every table in place."""
    signal.signal(signal.SIGTERM, _leave)
    with refusals_as_sentences():
        home = Home.from_environment()
        with running(home, progress=_tell) as url:
            os.environ["YUEXIN_DATABASE_URL"] = url
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
            _set_up(migrate)
            try:
                yield home
            finally:
                release_connections()


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Print a refusal as the sentence it is and leave with status 2."""
    try:
        yield
    except Refusal as refusal:
        _print(refusal)
        raise SystemExit(REFUSED) from refusal
    except (OSError, DatabaseError, psycopg.Error) as error:
        if not _is_full_disk(error):
            raise
        _print(DISK_FULL)
        raise SystemExit(REFUSED) from error


def _print(refusal: Refusal) -> None:
    NOTES.print(f"[bold]拒绝 refused[/bold] {refusal.code}")
    NOTES.print(refusal.sentence("zh"), markup=False)
    NOTES.print(refusal.sentence("en"), markup=False)


def _is_full_disk(error: BaseException | None) -> bool:
    """Whether a full disk, here or at the database, is what stopped the work."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        if isinstance(error, DiskFull):
            return True
        # Of a file that may not grow the server says so only in its hint.
        if isinstance(error, psycopg.Error) and FULL_HINT in (error.diag.message_hint or ""):
            return True
        error = error.__cause__
    return False


def say(value: Any, *, as_json: bool, text: str) -> None:
    """Print for a machine or for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        click.echo(text)


def _set_up(migrate: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    if migrate:
        with _alone_migrating():
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone_migrating() -> Iterator[None]:
    """The first commands of all may come at once: one makes the tables, the others wait for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATE_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])


def release_connections() -> None:
    """Give every database connection back. A forked worker must never inherit one: two processes
    on one socket read each other's answers."""
    from django.db import connection

    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _tell(sentence: Text) -> None:
    NOTES.print(f"{sentence.zh} {sentence.en}", style="dim", markup=False)


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    """SIGTERM unwinds the stack, so that the database is left in order."""
    del signum, frame
    sys.exit(143)
