"""The WSGI entry that the server loads.

The server may close a response in another thread than the one that made it, and Django returns a
database connection to its pool from the thread that closes. So a response is read and closed here,
and handed over as bytes; one that is too long for that gives its connection back after each piece.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.wsgi import get_wsgi_application

from yuexin.base.turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
_django = get_wsgi_application()
_turns: Final = Turns()

PR_SET_PDEATHSIG = 1


def _end_with_the_server() -> None:
    """A worker whose server was killed would go on answering at its port."""
    if os.environ.get("YUEXIN_SERVED_BY") == str(os.getppid()):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _warm_up() -> None:
    """Read the declarations and the addresses before the first visitor asks. What stays for ever
    is then left out when garbage is looked for: otherwise every long answer goes through it."""
    from django.urls import get_resolver

    from yuexin.engines.declare.queries import current

    current()
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()


_end_with_the_server()
_warm_up()


def _give_back() -> None:
    """Return this thread's connections to their pool."""
    from django.db import connections

    connections.close_all()


class Pieces:
    """A streamed response, each piece of which may be asked for by another thread."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self._pieces = iter(response)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return bytes(next(self._pieces))
        finally:
            _give_back()

    def close(self) -> None:
        self._response.close()
        _give_back()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request, leaving nothing open behind it."""
    with _turns.turn():
        response = _django(environ, start_response)
    if response.streaming:
        _give_back()
        return Pieces(response)
    try:
        return [b"".join(response)]
    finally:
        response.close()
