"""A scanner at the wire that finds whatever holds EICAR."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def listening(place: Path) -> Iterator[list[bytes]]:
    """A clamd at this socket, and what was shown to it."""
    seen = list[bytes]()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(place))
    server.listen()
    threading.Thread(target=_serve, args=(server, seen), daemon=True).start()
    yield seen
    server.close()


def _serve(server: socket.socket, seen: list[bytes]) -> None:
    while True:
        try:
            wire, _ = server.accept()
        except OSError:
            return
        with wire, wire.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                data += stream.read(size)
            seen.append(data)
            found = b"Eicar-Signature FOUND" if b"EICAR" in data else b"OK"
            wire.sendall(b"stream: " + found + b"\0")
