"""What signatures stand in a file that anybody may have made.

The file is not read as a PDF: its objects, streams and links are never opened, so there is nothing
in it that could unpack, loop or fetch. A signature of ours covers every byte but its own place, and
that can be seen from outside.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from asn1crypto.cms import ContentInfo
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError, ValueErrorWithMessage
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

# Larger than any paper of ours.
LARGEST_BYTES: Final = 8 << 20
MOST_SIGNATURES: Final = 8
MOST_NUMBERS: Final = 64
RANGES: Final = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}0\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{0,64}\]"
)
# Of a hyphen in a string pyHanko writes the octal code.
NUMBERED: Final = re.compile(rb"YX(\d{8})(?:-|\\055)(\d{8})")
PLACE: Final = re.compile(rb"<((?:[0-9A-Fa-f]{2}){256,32768})>")
# What readers of ASN.1 and libraries of ciphers say of bytes that make no sense.
SENSELESS: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    NotImplementedError, UnsupportedAlgorithm, PdfError, SigningError, SignatureValidationError,
    ValueErrorWithMessage,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature found in a file: by which certificate ('' where it cannot be read), whether it
    covers the whole file and holds over what it covers, and the digest of that."""

    fingerprint: str
    covers_all: bool
    holds: bool
    content_sha256: str


def numbers_in(data: bytes) -> frozenset[str]:
    """Whatever looks like the number of a paper and stands in plain text."""
    found = islice(NUMBERED.finditer(data), MOST_NUMBERS)
    return frozenset(
        f"YX{day.decode()}-{rest.decode()}" for day, rest in (m.groups() for m in found)
    )


def signatures_in(data: bytes) -> tuple[Signature, ...]:
    """The last few signatures of a file, whatever else it holds: ours is written at its end."""
    ranges = {int(one[1]): one for one in deque(RANGES.finditer(data), MOST_SIGNATURES)}
    places = deque(PLACE.finditer(data), MOST_SIGNATURES)
    found = (_signature(data, place, ranges.get(place.start())) for place in places)
    return tuple(one for one in found if one)


def _signature(
    data: bytes, place: re.Match[bytes], declared: re.Match[bytes] | None
) -> Signature | None:
    """The signature in this place, none where something else is written so, such as a long title.

    `declared` is the range that ends where the place begins.
    """
    start, length = (int(declared[2]), int(declared[3])) if declared else (0, 0)
    content = sha256(data[: place.start()])
    content.update(data[start : start + length])
    fingerprint, holds = _judged(bytes.fromhex(place[1].decode()), content.digest())
    if not declared and not fingerprint:
        return None
    return Signature(
        fingerprint=fingerprint,
        covers_all=start == place.end() and start + length == len(data),
        holds=holds,
        content_sha256=content.hexdigest(),
    )


def _judged(raw: bytes, content: bytes) -> tuple[str, bool]:
    """Whose certificate came with a signature, and whether it holds over this content."""
    fingerprint = ""
    try:
        signed = ContentInfo.load(raw)["content"]
        (signer,) = signed["signer_infos"]
        certificate = _certificate(signed, signer)
        fingerprint = sha256(certificate.dump()).hexdigest()
        intact, valid = validate_sig_integrity(signer, certificate, "data", content)
    except SENSELESS:
        return fingerprint, False
    return fingerprint, bool(intact and valid)


def _certificate(signed: Any, signer: Any) -> Any:
    """The certificate that the signer names; refused with `ValueError` where it is not there."""
    serial = signer["sid"].chosen["serial_number"].native
    for one in signed["certificates"]:
        if one.name == "certificate" and one.chosen.serial_number == serial:
            return one.chosen
    raise ValueError("the signer's certificate did not come with the signature")
