"""Gateways of SMS and of the public accounts on WeChat and Weibo, over HTTP.

The only door outward: one configured address, no redirect, no proxy of the environment, a bound
on time and size. docs/mechanisms/notices.md documents the body and its signature.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import json
import socket
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from yuexin.engines.notices.types import Message, Sent

TIMEOUT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
LONGEST_ANSWER: Final = 1 << 16
LONGEST_RECEIPT: Final = 200
AGAIN: Final = frozenset({408, 425, 429})
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One gateway, by its address, and the secret that is shared with it."""

    url: str
    secret: bytes | None

    def send(self, *, message: Message, now: dt.datetime) -> Sent:
        """POST one message, signed; the gateway answers with its receipt."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            return _down("the address of the gateway is not https")
        if not self.secret:
            return _down(f"no secret gateway-{message.channel} is deposited")
        body = body_of(message)
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": str(message.id),
            "X-Yuexin-Timestamp": stamp,
            "X-Yuexin-Signature": signature(secret=self.secret, stamp=stamp, body=body),
        }
        try:
            status, answer = _exchange(self.url, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return _down(f"{type(error).__name__}: {error}")
        return _read(status, answer)


def signature(*, secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the stamp, a dot and the body: made and checked alike by both sides."""
    return hmac.new(secret.strip(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def body_of(message: Message) -> bytes:
    """What the gateway is told."""
    fields = {
        "id": str(message.id),
        "channel": message.channel,
        "to": message.address,
        "language": message.language,
        "text": message.short,
        "title": message.title,
        "link": message.link,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _exchange(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body of the answer; nothing is followed, whatever it says."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)) as line:
        line.connect()
        # A timeout counts between two bytes: what drips would hold the worker for ever.
        watch = threading.Timer(WHOLE_SECONDS, _cut, [line.sock])
        watch.start()
        try:
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            line.request("POST", target, body=body, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read(LONGEST_ANSWER)
        finally:
            watch.cancel()


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It ended meanwhile.
        return


def _read(status: int, answer: bytes) -> Sent:
    if 200 <= status < 300:
        return Sent(outcome="sent", receipt=_receipt(answer))
    said = f"{status} {answer[:200].decode('utf-8', 'replace')}".strip()
    if status >= 500 or 300 <= status < 400:
        return _down(said)
    return Sent(outcome="failed", error=said, final=status not in AGAIN)


def _receipt(answer: bytes) -> str:
    try:
        told: Any = json.loads(answer)
    except ValueError:
        return ""
    receipt = told.get("receipt", "") if isinstance(told, dict) else ""
    return receipt[:LONGEST_RECEIPT] if isinstance(receipt, str) else ""


def _down(error: str) -> Sent:
    return Sent(outcome="failed", error=error, down=True)
