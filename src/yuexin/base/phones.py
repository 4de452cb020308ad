"""Telephone numbers as somebody types them, in the one form in which they are kept (E.164)."""

from __future__ import annotations

import re
from typing import Final

from yuexin.base.codes import normalise_code

_MAINLAND: Final = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_ABROAD: Final = re.compile(r"\+([1-9]\d{6,14})")


def normalise_phone(text: str) -> str | None:
    """A mobile number as +86…, or +<country>… for one from elsewhere; none for anything else."""
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
