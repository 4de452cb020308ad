"""What every command needs: the home, its database running, Django ready, refusals as text."""

from __future__ import annotations

import datetime as dt
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
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DiskFull
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from yuexin.base.errors import Refusal, printable
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


def present() -> dt.datetime:
    """The moment that is now, in UTC."""
    return dt.datetime.now(dt.UTC)


@contextmanager
def session(*, migrate: bool = True) -> Iterator[Home]:
    """A home whose database runs during the body, with every table in place."""
    signal.signal(signal.SIGTERM, _leave)
    with refusals_as_sentences():
        home = Home.from_environment()
        if url := os.environ.get("YUEXIN_DATABASE_URL"):
            _require_answer(url)
        with running(home, progress=_tell) as url:
            os.environ["YUEXIN_DATABASE_URL"] = url
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
            _set_up(migrate)
            try:
                _finish_erasures(home)
                yield home
            finally:
                release_connections()


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Print a refusal as the sentence it is and leave with status 2."""
    try:
        yield
    except Refusal as refusal:
        print_refusal(refusal)
        raise SystemExit(REFUSED) from refusal
    except (OSError, DatabaseError, psycopg.Error) as error:
        if not _is_full_disk(error):
            raise
        print_refusal(DISK_FULL)
        raise SystemExit(REFUSED) from error


def print_refusal(refusal: Refusal, *, about: str = "") -> None:
    """The code, what it is about where that is said, and the sentence in both languages."""
    NOTES.print(f"[bold]拒绝 refused[/bold] {refusal.code}", end=" " if about else "\n")
    if about:
        NOTES.print(printable(about), markup=False)
    for language in ("zh", "en"):
        NOTES.print(printable(refusal.sentence(language)), markup=False)


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


def say(value: Any, *, as_json: bool, text: str = "") -> None:
    """Print for a machine or for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, default=written))
    else:
        # A tab of ours separates columns; whatever else moves the cursor is somebody else's.
        for line in text.split("\n"):
            click.echo("\t".join(map(printable, line.split("\t"))))


def written(value: object) -> str:
    """How JSON says what it has no form for: moments and days by ISO 8601."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def progress_bar() -> Progress:
    """A bar on standard error that is gone when the work is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=NOTES,
        transient=True,
    )


def utf8(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A callback of arguments: bytes that are no text arrive as halves of characters."""
    del context
    if any("\ud800" <= character <= "\udfff" for character in value):
        with refusals_as_sentences():
            raise Refusal(
                code="ARGUMENT",
                what=Text("参数不是 UTF-8 文字", "the argument is no text in UTF-8"),
                where=parameter.human_readable_name,
                remedy=Text("请用 UTF-8 终端输入", "type it in a terminal that speaks UTF-8"),
            )
    return value


def _require_answer(url: str) -> None:
    """Refuse a database of the operator's that cannot be reached, without telling its password."""
    where, secret = "YUEXIN_DATABASE_URL", ""
    try:
        named = conninfo_to_dict(url)
        secret = str(named.get("password") or "")
        where = f"{named.get('host', '')}:{named.get('port', '')}/{named.get('dbname', '')}"
        psycopg.connect(url, connect_timeout=int(named.get("connect_timeout") or 10)).close()
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        raise _unreachable(where, why.replace(secret, "***") if secret else why) from error
    except (psycopg.Error, ValueError) as error:
        # libpq repeats the address in its complaint, password and all.
        raise _unreachable("YUEXIN_DATABASE_URL", "not an address of libpq") from error


def _unreachable(where: str, why: str) -> Refusal:
    return Refusal(
        code="database.unreachable",
        what=Text(f"无法连接所指定的数据库：{why}", f"the database named cannot be reached: {why}"),
        where=where,
        remedy=Text(
            "请更正 YUEXIN_DATABASE_URL 或启动该数据库；不设此变量则使用内置数据库",
            "mend YUEXIN_DATABASE_URL or start that server; without it the embedded one is used",
        ),
    )


def _set_up(migrate: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    if migrate:
        with _alone_migrating():
            call_command("migrate", verbosity=0, interactive=False)


def _finish_erasures(home: Home) -> None:
    """What an erasure left to do when it was killed after its commit is done by whoever is next."""
    from yuexin.domains.collection.finishing import finish

    finish(home=home)


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
