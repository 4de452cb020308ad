"""A gateway as others run it: an HTTP server that keeps what it was sent, and answers as told."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yuexin.home.folder import Home, write_durably

SECRET = b"what both sides know"
Answer = tuple[int, bytes, dict[str, str]]
TAKEN: Answer = (200, b'{"receipt": "r-1"}', {})


@dataclass
class Wire:
    """What came in, and how it is answered; `hold` keeps an answer back until it is set."""

    url: str = ""
    answer: Callable[[dict[str, Any]], Answer] = lambda _: TAKEN
    came: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    signed: list[bool] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    hold: threading.Event | None = None


@contextmanager
def gateway() -> Iterator[Wire]:
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stamp = self.headers["X-Yuexin-Timestamp"].encode()
            wanted = hmac.new(SECRET, stamp + b"." + body, hashlib.sha256).hexdigest()
            wire.came.append(json.loads(body))
            wire.keys.append(self.headers["Idempotency-Key"])
            wire.signed.append(self.headers["X-Yuexin-Signature"] == wanted)
            wire.arrived.set()
            if wire.hold is not None:
                wire.hold.wait(60)
            status, content, headers = wire.answer(wire.came[-1])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    wire.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        if wire.hold is not None:
            wire.hold.set()
        server.shutdown()
        server.server_close()


def deposit(home: Home, channel: str = "sms") -> None:
    write_durably(file=home.secrets / f"gateway-{channel}", content=SECRET + b"\n")
