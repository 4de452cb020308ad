"""What every command needs: the home, its database running, Django ready, refusals as text."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click
from rich.console import Console

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home.cluster import running
from yuexin.home.folder import Home

NOTES = Console(stderr=True, highlight=False)
REFUSED = 2


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
        NOTES.print(f"[bold]拒绝 refused[/bold] {refusal.code}")
        NOTES.print(refusal.sentence("zh"), markup=False)
        NOTES.print(refusal.sentence("en"), markup=False)
        raise SystemExit(REFUSED) from refusal


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
        call_command("migrate", verbosity=0, interactive=False)


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
