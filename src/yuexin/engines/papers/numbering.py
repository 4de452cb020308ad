"""Numbers and check codes of papers. The number is printed and told; only the code opens it."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import Final

from yuexin.base.digest import sha256_hex

# Crockford's alphabet: no I, L, O, U, and what is read as one of them is taken for 1 or 0.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 12  # of 5 bits each: 60
MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
NUMBER: Final = re.compile(r"YX\d{8}-\d{8}")
LONGEST_TYPED: Final = 64


def new_number(*, on: dt.date) -> str:
    """A number of that day, out of a hundred million."""
    return f"YX{on:%Y%m%d}-{secrets.randbelow(10**8):08}"


def new_code() -> str:
    """A check code of 60 random bits, in groups of four."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def read_number(typed: str) -> str:
    """A number as typed, in the form in which it was given out; '' for what is none."""
    plain = _plain(typed)
    digits = plain.removeprefix("YX").translate(MISREAD)
    found = f"YX{digits[:8]}-{digits[8:]}"
    return found if NUMBER.fullmatch(found) and found.isascii() else ""


def read_code(typed: str) -> str:
    """A check code as typed, in the form in which it was given out; '' for what is none."""
    plain = _plain(typed).translate(MISREAD)
    whole = len(plain) == CODE_LENGTH and set(plain) <= set(ALPHABET)
    return _grouped(plain) if whole else ""


def code_digest(*, number: str, code: str) -> str:
    """What is kept of a code."""
    return sha256_hex(f"{number}\n{code}".encode())


def _plain(typed: str) -> str:
    """Capitals without what sets groups apart, full-width forms as plain ones."""
    narrow = (chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in typed[:LONGEST_TYPED])
    return "".join(c for c in "".join(narrow).upper() if c.isalnum())


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
