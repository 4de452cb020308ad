"""A share in hundredths, as every page writes it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_TENTH: Final = Decimal("0.1")
_ALL: Final = Decimal("100.0")
_NONE: Final = Decimal("0.0")


def percent(part: int, whole: int) -> Decimal:
    """So many of so many, with one decimal, half up; only all is 100 and only none is 0.

    Of nothing, nothing.
    """
    if not part or not whole:
        return _NONE
    if part == whole:
        return _ALL
    rounded = tenth(Decimal(part * 100) / whole)
    return min(max(rounded, _TENTH), _ALL - _TENTH)


def tenth(value: Decimal) -> Decimal:
    """With one decimal, half up."""
    return value.quantize(_TENTH, rounding=ROUND_HALF_UP)
