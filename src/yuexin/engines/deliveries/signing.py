"""The signature on receipts: Ed25519 (RFC 8032), by a key that the installation keeps."""

from __future__ import annotations

from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from yuexin.base.digest import canonical_json
from yuexin.engines.deliveries.models import Receipt
from yuexin.home.folder import Home

ALGORITHM: Final = "Ed25519"
KEY: Final = "receipts"


def statement(receipt: Receipt) -> dict[str, Any]:
    """What is signed, as its canonical JSON. `ack_no` stands for all that was said of the file."""
    return {
        "batch_id": receipt.delivery_id,
        "ack_no": receipt.delivery.chain,
        "state": receipt.state,
        "refusal": receipt.refusal,
        "rows_received": receipt.rows_received,
        "rows_ok": receipt.rows_ok,
        "rows_new": receipt.rows_new,
        "rows_changed": receipt.rows_changed,
        "rows_unchanged": receipt.rows_unchanged,
        "rows_waiting": receipt.rows_waiting,
        "rows_rejected": receipt.rows_rejected,
        "findings": receipt.findings,
        "loaded_at": receipt.loaded_at,
    }


def sign(*, receipt: Receipt, home: Home) -> str:
    """The signature of a receipt, in hexadecimal digits."""
    return _key(home).sign(canonical_json(statement(receipt))).hex()


def holds(*, receipt: Receipt, key: str) -> bool:
    """Whether whoever owns this public key signed exactly what the receipt says."""
    try:
        signature = bytes.fromhex(receipt.signature)
        owner = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        owner.verify(signature, canonical_json(statement(receipt)))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(*, home: Home) -> str:
    """What others check signatures with, in hexadecimal digits."""
    return _key(home).public_key().public_bytes_raw().hex()


def _key(home: Home) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(home.secret(KEY))
