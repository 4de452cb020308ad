"""While the portal is served its database is kept up, and its workers end with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from yuexin.base.errors import Refusal
from yuexin.faces.console.session import NOTES
from yuexin.home.cluster import reviver
from yuexin.home.folder import Home

LOOK_SECONDS = 1.0


@contextmanager
def database_kept_up(home: Home) -> Iterator[None]:
    """During the body an embedded database that dies is started again."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(home, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(home: Home, over: threading.Event) -> None:
    revive = reviver(home)
    while not over.wait(LOOK_SECONDS):
        try:
            if revive():
                NOTES.print("数据库曾经停止，已重新启动。 The database had stopped; it runs again.")
        except Refusal as refusal:
            NOTES.print(refusal.sentence("zh"), markup=False)
