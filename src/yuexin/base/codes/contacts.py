"""What a telephone number and an address of mail look like, and the one form in which each is kept.

Here and nowhere else: forms, imports, notices and masks follow it.
"""

from __future__ import annotations

import re
from typing import Final

from yuexin.base.codes.verdict import normalise_code

MOBILE_HEAD: Final = "1[3-9][0-9]"
MOBILE: Final = f"{MOBILE_HEAD}[0-9]{{8}}"
"""A mobile number of the mainland, as a part of an expression."""
ANY_PHONE: Final = r"\+?[0-9(][0-9 ()-]{4,24}"
"""Whatever may be a telephone number as people write one, landlines too: an expression."""
LONGEST_MAIL: Final = 254
_MAINLAND: Final = re.compile(rf"(?:\+?86)?({MOBILE})")
_ABROAD: Final = re.compile(r"\+([1-9][0-9]{6,14})")
_PHONE: Final = re.compile(ANY_PHONE)
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM: Final = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAIL: Final = re.compile(
    rf"(?=[^@]{{1,64}}@)({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*\.(?![0-9]+$){_LABEL})"
)


def is_phone(text: str) -> bool:
    """Whether this may be a telephone number, of whatever kind."""
    return _PHONE.fullmatch(text) is not None


def normalise_phone(text: str) -> str | None:
    """A mobile number as +86…, or +<country>… for one from elsewhere (E.164); none for anything
    else."""
    plain = normalise_code(text.replace("(", "").replace(")", ""))
    if found := _MAINLAND.fullmatch(plain):
        return f"+86{found[1]}"
    if plain.startswith("+86"):
        return None
    found = _ABROAD.fullmatch(plain)
    return f"+{found[1]}" if found else None


def mask_phone(number: str) -> str:
    """A number as it is always shown: its country, if it is another, and its last four digits."""
    shown = number.removeprefix("+86")
    if shown == number:
        return f"{number[:3]}****{number[-4:]}"
    return f"{shown[:3]}****{shown[-4:]}"


def normalise_mail(text: str) -> str | None:
    """An address of mail with its domain in small letters; none for anything else."""
    plain = text.strip()
    found = _MAIL.fullmatch(plain) if len(plain) <= LONGEST_MAIL else None
    return f"{found[1]}@{found[2].lower()}" if found else None


def mask_mail(address: str) -> str:
    """As much of an address as its owner knows it by."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
