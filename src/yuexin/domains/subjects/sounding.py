"""By what a name is found besides its pairs of characters. Pure.

Cues begin with what no name begins with, and stand among its pairs: `^深圳` its first two
characters, `=深圳市` the whole of a short one, `^hw`, `^hwj`, `^hwjs` how what follows the place
sounds, by first letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from yuexin.base.hanzi import readings
from yuexin.base.regions import DIVISIONS

SHORT: Final = 8
"""A name of so many characters may be part of many others, and is found as a whole."""
HEARD: Final = 4
FEWEST: Final = 2
MOST_READINGS: Final = 8
LEVELS: Final = "省市区县"
SIZES: Final = (9, 8, 7, 6, 5, 4, 3, 2)
"""How long the names of divisions are, the longest first."""


def cues(key: str) -> tuple[str, ...]:
    """The cues of a name in normal form; none of one that is empty."""
    if not key:
        return ()
    whole = (f"={key}",) if len(key) <= SHORT else ()
    return (f"^{key[:2]}", *whole, *sorted(_sounds(brand_of(key))))


def place_of(key: str) -> str:
    """The names of divisions of Guangdong with which a name begins, '' where there is none."""
    end = 0
    while size := next((n for n in SIZES if key[end : end + n] in _places()), 0):
        end += size
    return key[:end]


def brand_of(key: str) -> str:
    """What follows the place in a name; the whole where little would be left."""
    rest = key[len(place_of(key)) :]
    return rest if len(rest) >= FEWEST else key


@cache
def letters(character: str) -> tuple[str, ...]:
    """The first letters of all readings of a character; of any other, itself in small."""
    heard = tuple(dict.fromkeys(reading[0] for reading in readings(character)))
    return heard or ((character.lower(),) if character.isalnum() else ())


def _sounds(brand: str) -> Iterator[str]:
    heard = [found for character in brand[: 2 * HEARD] if (found := letters(character))][:HEARD]
    spoken = [""]
    for place, choices in enumerate(heard, start=1):
        spoken = [one + letter for one in spoken for letter in choices][:MOST_READINGS]
        if place >= FEWEST:
            yield from [f"^{one}" for one in spoken]


@cache
def _places() -> frozenset[str]:
    names = {division.name.zh for division in DIVISIONS.values() if division.code[:2] == "44"}
    names -= {"市辖区"}
    short = {name.rstrip(LEVELS) for name in names}
    return frozenset(name for name in names | short if len(name) in SIZES)
