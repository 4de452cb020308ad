"""The WSGI entry that the server loads.

The server closes a response in another thread than the one that made it, and Django returns a
database connection to its pool from the thread that closes. So each response is read and closed
here, and handed over as bytes.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
_django = get_wsgi_application()


PR_SET_PDEATHSIG = 1


def _end_with_the_server() -> None:
    """A worker whose server was killed would go on answering at its port."""
    if os.environ.get("YUEXIN_SERVED_BY") == str(os.getppid()):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _warm_up() -> None:
    """Read the declarations and the addresses before the first visitor asks."""
    from django.urls import get_resolver

    from yuexin.engines.declare.queries import current

    current()
    get_resolver().url_patterns  # noqa: B018


_end_with_the_server()
_warm_up()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request, leaving nothing open behind it."""
    response = _django(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()
