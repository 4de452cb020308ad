"""Addresses under a key of the installation, and tokens that nobody else can make."""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import constant_time_compare, salted_hmac

from yuexin.home.folder import Home

NONCE_BYTES: Final = 12
KEY: Final = "followers"


def sealed(address: str, *, of: UUID, home: Home) -> bytes:
    """The address, readable with the key of this installation only, and for this row only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(home.secret(KEY)).encrypt(nonce, address.encode(), of.bytes)


def opened(box: bytes, *, of: UUID, home: Home) -> str | None:
    """The address; none where the key was changed, or the row is not the one it was sealed for."""
    try:
        plain = AESGCM(home.secret(KEY)).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], of.bytes)
    except InvalidTag:
        return None
    return plain.decode()


def token_of(follow: UUID, *, purpose: str) -> str:
    """What stands in a link that was sent to a follower."""
    signed = salted_hmac(f"yuexin.follow.{purpose}", str(follow), algorithm="sha256")
    return f"{follow.hex}{signed.hexdigest()[:32]}"


def follow_of(token: str, *, purpose: str) -> UUID | None:
    """Which follower a link was sent to; none where we never made it."""
    if len(token) != 64 or not token.isascii():
        return None
    try:
        follow = UUID(token[:32])
    except ValueError:
        return None
    right = token_of(follow, purpose=purpose)
    return follow if constant_time_compare(right, token) else None
