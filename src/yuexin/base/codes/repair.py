"""The codes that somebody may have meant who wrote one with a single slip. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from yuexin.base.codes.checksums import (
    USCC_ALPHABET,
    USCC_MODULUS,
    USCC_WEIGHTS,
    org_check,
)
from yuexin.base.codes.uscc import AUTHORITIES, MISREAD, USCC_LENGTH

_INDEX: Final = {character: place for place, character in enumerate(USCC_ALPHABET)}
_WEIGHTS: Final = (*USCC_WEIGHTS, 1)
_INVERSE: Final = tuple(pow(weight, -1, USCC_MODULUS) for weight in _WEIGHTS)
_DIVISION: Final = slice(2, 8)
_ORG_BODY, _ORG_CHECK_AT = slice(8, 16), 16


def repaired(code: str) -> tuple[str, ...]:
    """The unified codes one slip away from a normalised code, with both check characters right.

    A slip is one wrong character, two neighbours swapped, one character left out or put in
    between, or any of O, I, Z and S written for 0, 1, 2 and 5. A handful at the most, in order of
    code; the code itself is not among them.
    """
    if not USCC_LENGTH - 1 <= len(code) <= USCC_LENGTH + 1:
        return ()
    found = {meant for meant in (code.translate(MISREAD), *_slips(code)) if _passes(meant)}
    return tuple(sorted(found - {code}))


def _slips(code: str) -> Iterator[str]:
    foreign = [place for place, character in enumerate(code) if character not in _INDEX]
    if len(code) > USCC_LENGTH:
        places = foreign or range(len(code))
        yield from (code[:place] + code[place + 1 :] for place in places)
    elif len(code) < USCC_LENGTH:
        if foreign:
            return
        opened = (f"{code[:place]}0{code[place:]}" for place in range(USCC_LENGTH))
        yield from (_filled(one, place, _total(one)) for place, one in enumerate(opened))
    elif len(foreign) == 1:
        place = foreign[0]
        whole = f"{code[:place]}0{code[place + 1 :]}"
        yield _filled(whole, place, _total(whole))
    elif not foreign:
        yield from _changed(code, _total(code))


def _changed(code: str, total: int) -> Iterator[str]:
    # A slip before or behind the organisation code leaves that right. One within it may, too: its
    # check takes characters that lie eleven apart for the same.
    within = range(_ORG_BODY.start, _ORG_CHECK_AT + 1)
    wrong = org_check(code[_ORG_BODY]) != code[_ORG_CHECK_AT]
    for place in range(USCC_LENGTH):
        if place in within or not wrong:
            yield _filled(code, place, total)
    for place in range(USCC_LENGTH - 1):
        one, other = code[place], code[place + 1]
        moved = (_INDEX[other] - _INDEX[one]) * (_WEIGHTS[place] - _WEIGHTS[place + 1])
        if (total + moved) % USCC_MODULUS == 0:
            yield code[:place] + other + one + code[place + 2 :]


def _total(code: str) -> int:
    """The weighted sum of all eighteen: of a right code a multiple of the modulus."""
    return sum(_INDEX[one] * weight for one, weight in zip(code, _WEIGHTS, strict=True))


def _filled(code: str, place: int, total: int) -> str:
    """The code with the one character at a place that its check character asks for."""
    meant = USCC_ALPHABET[(_INDEX[code[place]] - total * _INVERSE[place]) % USCC_MODULUS]
    return code[:place] + meant + code[place + 1 :]


def _passes(code: str) -> bool:
    if len(code) != USCC_LENGTH or not _INDEX.keys() >= set(code):
        return False
    if code[0] not in AUTHORITIES or not code[_DIVISION].isdigit():
        return False
    right = _total(code) % USCC_MODULUS == 0
    return right and org_check(code[_ORG_BODY]) == code[_ORG_CHECK_AT]
