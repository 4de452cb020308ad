"""Codes that are valid by every check and belong to nobody.

Organisation codes come from blocks no registrar has opened: MAY and 99. Citizen numbers end in the
sequence 000, which is never given out; telephone numbers begin with 1540, which no carrier holds.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.codes.checksums import (
    USCC_ALPHABET,
    id_check,
    mod11_10_check,
    org_check,
    uscc_check,
)

MOST_SUBJECTS: Final = 20_000_000

_REAL: Final = """
9144030071526726XG 914403001922038216 91440400192548256N 91440606722473344C 91440300192317458F
9144030010001686XA 91440300100012316L 91440300192181490G 9144030027939873X7 91440000126335439C
91440000100017600N 91441300195971850Y 91445300707813507B 9144010163320680X7 91440300760482233Q
914403003296132911 91330100799655058B 91110108551385082Q 91110000802100433B 9152000071430580XT
91100000100003962T 911100001000044477 911000001000013428 911100001000054748 91350900587527783P
91330000733796106P 91310000132260250X 9132070070404786XB
"""
REAL_CODES: Final = frozenset(_REAL.split())
"""Codes of real companies that are known to the authors. Nothing invented may carry one."""

NEW_PREFIX: Final = "MAY"
NEW_PLACES: Final = 5
NEW_CODES: Final = len(USCC_ALPHABET) ** NEW_PLACES
_OLD_PREFIX: Final = "99"
_OLD_CODES: Final = 1_000_000
OLD_EVERY: Final = 25
"""One subject in so many keeps the digits of an organisation code of before 2015."""

# Coprime to the size of their block, so that no two subjects meet.
NEW_STEP: Final = 11_400_017
_OLD_STEP: Final = 381_001


def org_code(*, index: int, seed: int) -> str:
    """The organisation code of a subject: different for every index below `MOST_SUBJECTS`."""
    if not 0 <= index < MOST_SUBJECTS:
        raise ValueError(f"no code for subject {index}")
    body = _old_body(index, seed) if index % OLD_EVERY == 0 else _new_body(index, seed)
    return body + org_check(body)


def _old_body(index: int, seed: int) -> str:
    number = (index // OLD_EVERY * _OLD_STEP + seed) % _OLD_CODES
    return f"{_OLD_PREFIX}{number:06}"


def _new_body(index: int, seed: int) -> str:
    number = (index * NEW_STEP + seed) % NEW_CODES
    places = []
    for _ in range(NEW_PLACES):
        number, place = divmod(number, len(USCC_ALPHABET))
        places.append(USCC_ALPHABET[place])
    return NEW_PREFIX + "".join(places)


def uscc(*, kind: str, division: str, org: str) -> str:
    """The unified code of a subject. `kind` is its first two characters, such as 91.

    Raises `ValueError` where it would be the code of a real company.
    """
    body = kind + division + org
    return invented(body + uscc_check(body))


def invented(code: str) -> str:
    """The code itself. Raises `ValueError` for the code of a real company."""
    if code in REAL_CODES:
        raise ValueError(f"{code} belongs to a real company")
    return code


def reg_no(*, index: int, division: str, sole_trader: bool) -> str:
    """A business registration number of 15 digits, from the last sequences of its class."""
    body = f"{division}{9 if sole_trader else 3}{5_000_000 + index % 5_000_000}"
    return body + mod11_10_check(body)


def id_number(*, division: str, birth: dt.date) -> str:
    """A citizen identity number with the sequence 000, which no citizen has."""
    body = f"{division}{birth:%Y%m%d}000"
    return body + id_check(body)


def phone(index: int) -> str:
    """A mobile number of no carrier, different for each subject."""
    return f"1540{index % 10_000_000:07}"
