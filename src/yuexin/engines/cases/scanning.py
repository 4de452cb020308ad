"""Looking for malware in what is handed in, by a scanner behind one interface.

`YUEXIN_CLAMD` names the socket of a clamd: a path, or `host:port`. Without one a paper is kept and
said to be unscanned. With one that does not answer nothing is taken in.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.types import Scan

SECONDS: Final = 30.0
CHUNK: Final = 64 << 10
CLEAN: Final = "OK"
FOUND: Final = "FOUND"


def scanned(*, data: bytes, slot: str) -> Scan:
    """Whether a scanner found nothing, or none ran. Raises a `Refusal` for what it found."""
    named = os.environ.get("YUEXIN_CLAMD", "")
    if not named:
        return "unscanned"
    try:
        answer = _asked(named, data)
    except (OSError, UnicodeError) as error:
        raise refusal(
            "PAPER_SCANNER", "查毒服务没有响应", "the scanner does not answer", where=slot,
            remedy=Text("请稍后再上传", "try again later"),
        ) from error  # fmt: skip
    if answer.endswith(FOUND):
        raise refusal(
            "PAPER_INFECTED", "文件带有恶意代码，未接收", "the file is infected and was not kept",
            where=slot, remedy=Text("请更换文件", "hand in another file"),
        )  # fmt: skip
    if not answer.endswith(CLEAN):
        raise refusal(
            "PAPER_SCANNER", "查毒服务不能检查这个文件", "the scanner cannot look into the file",
            where=slot,
        )  # fmt: skip
    return "clean"


def _asked(named: str, data: bytes) -> str:
    """What clamd says of a stream (INSTREAM: lengths before the chunks, an empty one ends)."""
    with _connected(named) as wire:
        wire.sendall(b"zINSTREAM\0")
        for at in range(0, len(data), CHUNK):
            part = data[at : at + CHUNK]
            wire.sendall(struct.pack(">I", len(part)) + part)
        wire.sendall(struct.pack(">I", 0))
        answer = b""
        while part := wire.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n").decode()


@contextmanager
def _connected(named: str) -> Iterator[socket.socket]:
    if named.startswith("/"):
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(SECONDS)
            wire.connect(named)
            yield wire
        return
    host, _, port = named.rpartition(":")
    with socket.create_connection((host, int(port or "3310")), timeout=SECONDS) as wire:
        yield wire
