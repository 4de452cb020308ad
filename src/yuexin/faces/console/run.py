"""`yuexin serve` and `yuexin work`."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import nullcontext

import click

from yuexin.base.dates import today
from yuexin.faces.console.session import NOTES, release_connections, session
from yuexin.faces.console.watch import database_kept_up

POLL_SECONDS = 1.0
SERVED_BY = "YUEXIN_SERVED_BY"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the platform over HTTP until interrupted."""
    embedded = not os.environ.get("YUEXIN_DATABASE_URL")
    with session() as home, database_kept_up(home) if embedded else nullcontext():
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server import Server

        os.environ["YUEXIN_HOSTS"] = os.environ.get("YUEXIN_HOSTS", f"localhost,127.0.0.1,{host}")
        os.environ[SERVED_BY] = str(os.getpid())
        release_connections()
        NOTES.print(f"http://{host}:{port}/  (Ctrl-C 停止 to stop)", markup=False)
        Server(
            "yuexin.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_level=LogLevels.warning,
        ).serve()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def work(once: bool) -> None:
    """Fold deliveries that wait, seal the journal, fold records into the pool."""
    with session() as home:
        judged_on = None
        while True:
            day = today(dt.datetime.now(dt.UTC))
            done = _round(home, renew=judged_on != day)
            judged_on = day
            if once:
                return
            if not done:
                time.sleep(POLL_SECONDS)


def _round(home: object, *, renew: bool) -> bool:
    """One round of due work. True when there was any."""
    from yuexin.domains.collection.operations import judge_again, settle_pending
    from yuexin.engines.access.operations import seal
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.declare.queries import current
    from yuexin.engines.lake.operations import fold_pool
    from yuexin.home.folder import Home

    assert isinstance(home, Home)
    now = dt.datetime.now(dt.UTC)
    settled = settle_pending(home=home, actor=OPERATOR, now=now)
    pooled = fold_pool(lake=home.lake, declarations=current(), now=now)
    judged = judge_again(declarations=current(), now=now) if renew else 0
    sealed = seal(now=now)
    return bool(settled or pooled or judged or sealed)
