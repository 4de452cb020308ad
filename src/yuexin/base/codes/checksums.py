"""The check characters of the standards, as arithmetic on characters that were checked before.

The constants are public: vectorised checkers are built from these very tables.
"""

from __future__ import annotations

from typing import Final

from yuexin.base.codes.verdict import DIGITS, LETTERS

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: the digits and capitals without I, O, S, V, Z."""
USCC_MODULUS: Final = 31
USCC_WEIGHTS: Final = tuple(pow(3, i, USCC_MODULUS) for i in range(17))

ORG_ALPHABET: Final = DIGITS + LETTERS
ORG_MODULUS: Final = 11
ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
ORG_CHECKS: Final = "0X987654321"
"""GB 11714: the check character of each remainder of the weighted sum modulo 11."""

ID_MODULUS: Final = 11
ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS: Final = "10X98765432"
"""GB 11643: the check character of each remainder of the weighted sum modulo 11."""

GTIN_MODULUS: Final = 10
GTIN_WEIGHTS: Final = (3, 1)
"""GB 12904: repeated from the right, the check digit left out."""


def uscc_check(body: str) -> str:
    """GB 32100 and GB/T 17710, MOD 31-3: the 18th character that belongs to the first 17."""
    return USCC_ALPHABET[-_weighted(body, USCC_ALPHABET, USCC_WEIGHTS) % USCC_MODULUS]


def org_check(body: str) -> str:
    """GB 11714: the ninth character that belongs to the first eight."""
    return ORG_CHECKS[_weighted(body, ORG_ALPHABET, ORG_WEIGHTS) % ORG_MODULUS]


def id_check(body: str) -> str:
    """GB 11643: the 18th character that belongs to the first 17 digits."""
    return ID_CHECKS[_weighted(body, DIGITS, ID_WEIGHTS) % ID_MODULUS]


def gtin_check(body: str) -> str:
    """GB 12904: the check digit of a GTIN of any length."""
    weights = GTIN_WEIGHTS * len(body)
    return str(-_weighted(body[::-1], DIGITS, weights[: len(body)]) % GTIN_MODULUS)


def mod11_10_check(body: str) -> str:
    """ISO 7064 MOD 11,10, a hybrid system over digits."""
    return _hybrid(body, DIGITS)


def mod37_36_check(body: str) -> str:
    """ISO 7064 MOD 37,36, a hybrid system over digits and capitals."""
    return _hybrid(body, DIGITS + LETTERS)


def _weighted(body: str, alphabet: str, weights: tuple[int, ...]) -> int:
    pairs = zip(body, weights, strict=True)
    return sum(alphabet.index(character) * weight for character, weight in pairs)


def _hybrid(body: str, alphabet: str) -> str:
    size = len(alphabet)
    product = size
    for character in body:
        total = (product + alphabet.index(character)) % size or size
        product = 2 * total % (size + 1)
    return alphabet[(size + 1 - product) % size]
