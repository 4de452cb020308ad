"""JSON values with every number as it is spelled: none passes through a float."""

from __future__ import annotations

import json
import re
from decimal import Decimal

MAX_DIGITS = 60
MAX_EXPONENT = 40
# An escaped NUL, or half of a character beyond the first plane, which may stand alone.
SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
SPACE = re.compile(r"[ \t\n\r]*")


class Twice(list[tuple[str, object]]):
    """An object that names a key more than once."""


def _object(pairs: list[tuple[str, object]]) -> object:
    row = dict(pairs)
    return row if len(row) == len(pairs) else Twice(pairs)


def plain_digits(spelled: str) -> str:
    """A number without an exponent, as far as it is one that somebody may have meant."""
    mantissa, sign, exponent = spelled.lower().partition("e")
    if not sign or len(spelled) > MAX_DIGITS or abs(int(exponent)) > MAX_EXPONENT:
        return spelled
    return format(Decimal(f"{mantissa}e{exponent}"), "f")


# NaN and the infinities are no JSON; as floats they are told from every other value.
DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=plain_digits)


def decoded(text: str) -> object | None:
    """One JSON value, or nothing where the text is none or nests too deep."""
    try:
        value: object = DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return value
