"""Digests, and the identifiers that are made of them.

Nothing here may ever change its result: receipts, chains and ids are compared with stored ones.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

GENESIS: Final = "0" * 64
"""What stands before the first link of a chain."""

BUCKETS: Final = 64

_BLOCK_BYTES: Final = 1 << 20
_HEX: Final = re.compile(r"[0-9a-f]{64}")


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path | str) -> str:
    """The SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def canonical_json(value: object) -> bytes:
    """JSON in the one form that is digested: sorted keys, no spaces, UTF-8.

    Decimals are text without trailing zeros, so 1.5 and 1.50 agree; dates are ISO text; moments
    are ISO text in UTC. Raises `ValueError` for NaN, infinities and moments without a time zone,
    `TypeError` for keys that are not text and for types that have no canonical form.
    """
    text = json.dumps(
        _plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _as_text(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of canonical JSON must be text, not {key!r}")
    return key


def _as_text(value: object) -> str:
    match value:
        case Decimal():
            return _decimal_text(value)
        case dt.datetime():
            return _moment_text(value)
        case dt.date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} has no canonical JSON form")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _moment_text(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone has no canonical JSON form")
    return value.astimezone(dt.UTC).isoformat()


def chain(previous_hex: str, *parts_hex: str) -> str:
    """The next link of a digest chain; the first link follows `GENESIS`.

    Each digest is written with its length and a newline, so no two lists of parts read alike.
    """
    digest = hashlib.sha256()
    for part in (previous_hex, *parts_hex):
        if not _HEX.fullmatch(part):
            raise ValueError(f"not a SHA-256 digest: {part!r}")
        digest.update(f"{len(part)}:{part}\n".encode())
    return digest.hexdigest()


def anchor_id(scheme: str, code: str) -> UUID:
    """The id of the anchor that a code of a scheme names. The code must be normalised already."""
    return _uuid(_line(scheme), code)


def record_id(anchor: UUID, kind: str, source_key: str, version: int) -> UUID:
    """The id of one version of one record of a subject."""
    return _uuid(str(anchor), _line(kind), source_key, str(version))


def bucket_of(anchor: UUID) -> int:
    """The bucket, 0 to 63, in which everything about the anchor lies: its first six bits."""
    return anchor.bytes[0] >> 2


def _uuid(*lines: str) -> UUID:
    return UUID(bytes=hashlib.sha256("\n".join(lines).encode()).digest()[:16])


def _line(text: str) -> str:
    # Only the free-text line may hold a newline; then the lines around it still tell where it ends.
    if "\n" in text:
        raise ValueError(f"a scheme or kind is one line: {text!r}")
    return text
