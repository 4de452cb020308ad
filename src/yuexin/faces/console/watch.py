"""What is kept up while the portal is served: its database, and `yuexin work` where asked for."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from yuexin.base.errors import Refusal
from yuexin.faces.console.session import NOTES
from yuexin.home.cluster import reviver
from yuexin.home.folder import Home

LOOK_SECONDS = 1.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
T = TypeVar("T")


@contextmanager
def _beside(target: Callable[[T, threading.Event], None], what: T) -> Iterator[None]:
    """During the body a thread of its own runs, told by the event when that is over."""
    over = threading.Event()
    thread = threading.Thread(target=target, args=(what, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def database_kept_up(home: Home) -> Iterator[None]:
    """During the body an embedded database that dies is started again."""
    with _beside(_watch, home):
        yield


def _watch(home: Home, over: threading.Event) -> None:
    revive = reviver(home)
    while not over.wait(LOOK_SECONDS):
        try:
            if revive():
                NOTES.print("数据库曾经停止，已重新启动。 The database had stopped; it runs again.")
        except Refusal as refusal:
            NOTES.print(refusal.sentence("zh"), markup=False)


@contextmanager
def work_kept_up(*, embedded: bool) -> Iterator[None]:
    """During the body a `yuexin work` runs beside it, and is begun again should it end."""
    environment = dict(os.environ)
    if embedded:
        # Its own session finds the embedded database, and holds it, by itself.
        del environment["YUEXIN_DATABASE_URL"]
    with _beside(_keep_working, environment):
        yield


def _keep_working(environment: dict[str, str], over: threading.Event) -> None:
    while not over.is_set():
        # Ctrl-C is for whoever serves, who ends the worker in order.
        worker = subprocess.Popen(
            [sys.argv[0], "work"],
            env=environment,
            preexec_fn=_end_with_parent,
            start_new_session=True,
        )
        while worker.poll() is None and not over.wait(LOOK_SECONDS):
            pass
        worker.terminate()
        worker.wait()
        over.wait(LOOK_SECONDS)


def _end_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
