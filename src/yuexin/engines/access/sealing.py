"""Numbers of persons at rest: sealed by AES-256-GCM, found again by a keyed digest.

Both keys lie in the data folder, so that a dump of the database alone tells no number. Bound to
`about`, a sealed number says nothing in another row.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yuexin.base.codes import Document, check_document
from yuexin.home.folder import Home

_SEALING: Final = "persons"
_FINDING: Final = "persons-digest"
_NONCE_BYTES: Final = 12
CHECKED: Final[tuple[Document, ...]] = ("id_number", "hmt_residence", "foreigner_card")
CHECKED_LENGTH: Final = 18


def sealed(*, home: Home, text: str, about: str) -> bytes:
    """The text, readable only with the home's key and in the row it is about."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(home.secret(_SEALING)).encrypt(nonce, text.encode(), about.encode())


def opened(*, home: Home, data: bytes, about: str) -> str:
    """What was sealed. Raises `InvalidTag` for another key, another row or a changed byte."""
    nonce, rest = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
    return AESGCM(home.secret(_SEALING)).decrypt(nonce, rest, about.encode()).decode()


def digest(*, home: Home, text: str) -> bytes:
    """The same for the same text in one home, and of no use in another."""
    return hmac.digest(home.secret(_FINDING), text.encode(), sha256)


def person_marks(*, home: Home, numbers: Iterable[str]) -> dict[str, str]:
    """What tells persons apart by the numbers of their documents, by the number however it is
    spelt: its digest in hexadecimal. A number without a check character has none: by a slip it may
    be another person's."""
    key = home.secret(_FINDING)
    return {number: _mark(key, held) for number in numbers if (held := _held(number))}


def _held(number: str) -> str:
    for document in CHECKED:
        found = check_document(document, number)
        if found.valid and len(found.code) == CHECKED_LENGTH:
            return f"{document}\x1f{found.code}"
    return ""


def _mark(key: bytes, held: str) -> str:
    return hmac.digest(key, held.encode(), sha256).hex()
