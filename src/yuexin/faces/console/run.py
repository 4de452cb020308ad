"""`yuexin serve` and `yuexin work`."""

from __future__ import annotations

import datetime as dt
import errno
import math
import os
import socket
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Final

import click

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.console.session import (
    NOTES,
    present,
    refusals_as_sentences,
    release_connections,
    session,
)
from yuexin.faces.console.watch import database_kept_up, work_kept_up
from yuexin.faces.console.working import Beside, day_of_work, round_of_work
from yuexin.home.folder import Home

# Nobody wakes the worker when a day ends, or what it began could not be finished.
LONGEST_WAIT_SECONDS = 5.0
# The pool is for analysis: nobody waits for it as for a page.
POOL_SECONDS = 30.0
STOPPED: Final = object()
SERVED_BY = "YUEXIN_SERVED_BY"
EVERYWHERE: Final = ("", "0.0.0.0", "::")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--work", "worker", is_flag=True, help="Run `yuexin work` beside it.")
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """Serve the platform over HTTP until interrupted."""
    with refusals_as_sentences():
        address = _free_address(host, port)
    # Links in messages lead to where this server is reached, where nobody said otherwise.
    os.environ.setdefault("YUEXIN_PUBLIC_URL", reached_at(host, port))
    embedded = not os.environ.get("YUEXIN_DATABASE_URL")
    with (
        session() as home,
        database_kept_up(home) if embedded else nullcontext(),
        work_kept_up(embedded=embedded) if worker else nullcontext(),
    ):
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server import Server

        os.environ["YUEXIN_HOSTS"] = os.environ.get("YUEXIN_HOSTS", f"localhost,127.0.0.1,{host}")
        os.environ[SERVED_BY] = str(os.getpid())
        release_connections()
        _free_address(host, port)
        NOTES.print(f"http://{host}:{port}/  (Ctrl-C 停止 to stop)", markup=False)
        Server(
            "yuexin.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_level=LogLevels.warning,
        ).serve()


def reached_at(host: str, port: int) -> str:
    """The address that links in messages begin with: on all addresses, this machine's own."""
    named = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def _free_address(host: str, port: int) -> str:
    """The number of the host's address, on which nobody listens at the port.

    The server shares its port among its workers, and would share it with a stranger's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise _no_host(host) from error
    family, kind, _, _, address = found[0]
    with socket.socket(family, kind) as probe:
        # Connections that a killed server left behind do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise _no_host(host) from error
            raise Refusal(
                code="PORT_IN_USE",
                what=Text("端口已被占用或不允许使用", "the port is in use, or not allowed"),
                where=f"{host}:{port}",
                remedy=Text("请用 --port 另选端口", "name another --port"),
            ) from error
    return str(address[0])


def _no_host(host: str) -> Refusal:
    return Refusal(
        code="HOST",
        what=Text("本机没有这个地址", "this machine has no such address"),
        where=f"--host {host}",
        remedy=Text("例如 127.0.0.1 或 0.0.0.0", "127.0.0.1 or 0.0.0.0, for instance"),
    )


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def work(once: bool) -> None:
    """Fold deliveries that wait, seal the journal, send notices, fold records into the pool."""
    with session() as home:
        from yuexin.engines.deliveries.operations import listening

        worked_on, pooled_at = None, -math.inf
        steps: Iterator[None] | None = None
        with listening() as wait, Beside() as beside:
            while True:
                day = today(dt.datetime.now(dt.UTC))
                done = round_of_work(home)
                beside.go_on()
                if worked_on != day:
                    worked_on, steps = day, day_of_work(home)
                if steps is not None:
                    steps = steps if next(steps, STOPPED) is not STOPPED else None
                    done = done or steps is not None
                if time.monotonic() - pooled_at > POOL_SECONDS:
                    done = _pool(home) or done
                    pooled_at = time.monotonic()
                if once and steps is None and not done:
                    beside.finish()
                    return
                if not done:
                    wait(LONGEST_WAIT_SECONDS)


def _pool(home: Home) -> bool:
    """Fold into Parquet what has become enough. True when anything was written."""
    from yuexin.engines.declare.queries import current
    from yuexin.engines.lake.operations import fold_pool

    return bool(fold_pool(lake=home.lake, declarations=current(), now=present()))
