"""What a typed text may mean: fragments of a name, how one sounds, one character off. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Final

from rapidfuzz.fuzz import partial_ratio

from yuexin.base.hanzi import readings, sound
from yuexin.base.regions import DIVISIONS
from yuexin.base.text import normalise_name
from yuexin.domains.credit.finding.types import FEWEST_CHARACTERS, Grade
from yuexin.domains.subjects.sounding import HEARD, LEVELS, place_of

MOST_PARTS: Final = 6
MOST_SLOTS: Final = 12
FEWEST_NEAR: Final = 4
ALIKE: Final = 60
# How far a name is off: a character that sounds alike is typed more often than another one, and
# the beginning is typed with care.
HOMOPHONE, OTHER, LENGTH, FIRST_WRONG, ELSEWHERE, FAR = 0.6, 1.0, 0.1, 0.2, 0.5, 4.0
MOST_PIECES: Final = 3
MOST_MARKS: Final = 8
INITIALS: Final = ("zh", "ch", "sh")
LOOK_ALIKE: Final = str.maketrans("OIZS", "0125")
_FIRST, _LAST = 0x4E00, 0x9FA5


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A name by its sound: any of the cues it has, the characters it is read by, and a place."""

    cues: tuple[str, ...]
    pattern: str
    place: str = ""


def fragments(text: str) -> tuple[str, ...]:
    """The parts between spaces that are long enough to look for, in normal form."""
    parts = [normalise_name(part) for part in text.split()]
    long = [part for part in dict.fromkeys(parts) if len(part) >= FEWEST_CHARACTERS]
    return tuple(long[:MOST_PARTS]) or (normalise_name(text),)


def has_word(text: str) -> bool:
    """Whether there is a letter, a digit or a character in it at all."""
    return any(character.isalnum() for character in text)


def as_number(number: str) -> str:
    """A number without the letters that no code has, as they are mistaken for digits."""
    return number.translate(LOOK_ALIKE)


# --- by sound ---


def heard_as(text: str) -> tuple[Heard, ...]:
    """How a text in Latin letters, or one of characters, may sound; nothing for other texts."""
    plain = normalise_name(text).lower()
    if plain.isascii() and plain.isalpha():
        return tuple(_spelled(plain))
    place = place_of(text)
    brand = text[len(place) :]
    if len(brand) < FEWEST_CHARACTERS or not all(map(readings, brand)):
        return ()
    slots = [tuple(readings(character)) for character in brand]
    classes = ["".join(_read(one) for one in slot) for slot in slots]
    firsts = [tuple(dict.fromkeys(one[0] for one in slot)) for slot in slots]
    pattern = "".join(f"[{one}]" for one in classes)
    return (Heard(cues=_cues(firsts), pattern=pattern, place=place),)


def _spelled(letters: str) -> Iterator[Heard]:
    for spelled, place in _places_spelled():
        rest = letters.removeprefix(spelled)
        rest = rest.removeprefix("shi") if rest != letters and len(rest) > len("shi") else rest
        if rest != letters and len(rest) >= FEWEST_CHARACTERS:
            yield from _syllables(rest, place)
            break
    yield from _syllables(letters, "")


def _syllables(letters: str, place: str) -> Iterator[Heard]:
    for slots in _parses(letters)[:2]:
        if FEWEST_CHARACTERS <= len(slots) <= MOST_SLOTS:
            firsts = [(slot[0],) for slot in slots]
            yield Heard(cues=_cues(firsts), pattern="".join(map(_class, slots)), place=place)


def _cues(firsts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    spoken = product(*firsts[:HEARD])
    return tuple(f"^{''.join(one)}" for one, _ in zip(spoken, range(MOST_MARKS), strict=False))


def _class(slot: str) -> str:
    """Characters for a syllable; for a letter that stands alone, itself too."""
    return f"[{_read(slot)}{slot.upper() if len(slot) == 1 else ''}]"


@lru_cache(maxsize=4096)
def _parses(letters: str) -> tuple[tuple[str, ...], ...]:
    """Ways to cut letters into syllables, first letters and a syllable not finished: the fewest
    cuts first."""
    if not letters:
        return ((),)
    found: set[tuple[str, ...]] = set()
    for size in range(1, min(len(letters), 6) + 1):
        head, rest = letters[:size], letters[size:]
        if head in _known() or head in INITIALS or size == 1 or (not rest and head in _begun()):
            found |= {(head, *more) for more in _parses(rest)[:4]}
    return tuple(sorted(found, key=lambda slots: (len(slots), slots)))[:6]


@lru_cache(maxsize=4096)
def _read(slot: str) -> str:
    """The usual characters that are read so, or whose reading begins so."""
    whole = slot in _known() and len(slot) > 1
    read = (slot,) if whole else tuple(one for one in _known() if one.startswith(slot))
    return "".join("".join(_known()[one]) for one in read)


@cache
def _begun() -> frozenset[str]:
    return frozenset(one[:size] for one in _known() for size in range(1, len(one)))


@cache
def _known() -> dict[str, list[str]]:
    """The usual characters (GB 2312) by their readings."""
    found: dict[str, list[str]] = {}
    for point in range(_FIRST, _LAST + 1):
        character = chr(point)
        if character.encode("gb2312", "ignore"):
            for reading in readings(character):
                found.setdefault(reading, []).append(character)
    return found


@cache
def _places_spelled() -> tuple[tuple[str, str], ...]:
    names = {one.name.zh.rstrip(LEVELS) for one in DIVISIONS.values() if one.code[:2] == "44"}
    spelled = {sound(name): name for name in sorted(names) if len(name) > 1}
    return tuple(sorted(spelled.items(), key=lambda item: -len(item[0])))


# --- nearly ---


def probes(text: str) -> Iterator[list[str]]:
    """The pairs of characters that are left, wherever the one error is: it touches three pairs at
    most, which stand beside one another."""
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    for touched in (2, 3):
        for first in range(1 - touched, len(pairs)):
            left = [*pairs[: max(0, first)], *pairs[max(0, first + touched) :]]
            if left:
                yield left


def nearly(text: str, key: str) -> tuple[Grade, float] | None:
    """How a name nearly holds a text, and how far it is off: in one character, in some that sound
    alike, or in that it has more between the pieces."""
    ways = [way for way in (_one_off(text, key), _all_alike(text, key)) if way]
    if ways:
        return min(ways, key=lambda way: way[1])
    pieces = _pieces(text, key)
    return None if pieces is None else (Grade.PIECES, FAR + pieces)


def _one_off(text: str, key: str) -> tuple[Grade, float] | None:
    # The ratio is quick and lets too much through, the patterns are slow and exact.
    if not partial_ratio(text, key, score_cutoff=ALIKE):
        return None
    found = _off_by_one(text).search(key)
    if found is None:
        return None
    held = found.group()
    alike = sound(held) == sound(text)
    off = (HOMOPHONE if alike else OTHER) + LENGTH * (len(held) != len(text))
    return Grade.SOUND if alike else Grade.NEAR, off + _misplaced(text, key, found.start())


def _all_alike(text: str, key: str) -> tuple[Grade, float] | None:
    """Every character sounds alike, in one of its usual readings."""
    size = len(text)
    for start in range(len(key) - size + 1):
        held = key[start : start + size]
        if all(one == other or _alike(one, other) for one, other in zip(text, held, strict=True)):
            off = HOMOPHONE * sum(one != other for one, other in zip(text, held, strict=True))
            return Grade.SOUND, off + _misplaced(text, key, start)
    return None


def _alike(one: str, other: str) -> bool:
    return not set(readings(one)).isdisjoint(readings(other))


def _misplaced(text: str, key: str, start: int) -> float:
    """Names are typed from their beginning, or from their brand; the first character is right."""
    begins = start in (0, len(place_of(key)))
    return ELSEWHERE * (not begins) + FIRST_WRONG * (key[start] != text[0])


@lru_cache(maxsize=256)
def _off_by_one(text: str) -> re.Pattern[str]:
    """A text with another character in one place, one more, one less, or two in the other order;
    of three characters, with one more only."""
    size = len(text)
    ways = [f"{re.escape(text[:at])}.{re.escape(text[at:])}" for at in range(1, size)]
    if size >= FEWEST_NEAR:
        ways += [f"{re.escape(text[:at])}.{re.escape(text[at + 1 :])}" for at in range(size)]
        ways += [re.escape(text[:at] + text[at + 1 :]) for at in range(size)]
        swapped = (text[:at] + text[at : at + 2][::-1] + text[at + 2 :] for at in range(size - 1))
        ways = [*map(re.escape, swapped), *ways]
    return re.compile("|".join(ways))


def _pieces(text: str, key: str) -> int | None:
    """How many characters lie between the pieces of a text that stand in a name in their order;
    nothing where there are more than a few pieces."""
    at, gaps, rest, pieces = 0, 0, text, 0
    while rest:
        size = next((n for n in range(len(rest), 1, -1) if key.find(rest[:n], at) >= 0), 0)
        if not size or len(rest) - size == 1 or pieces == MOST_PIECES:
            return None
        found = key.find(rest[:size], at)
        gaps += found - at if pieces else 0
        at, rest, pieces = found + size, rest[size:], pieces + 1
    return gaps


def nearly_or_in_pieces(text: str) -> str:
    """A regular expression of a text that is one character off, or has more in one place."""
    cuts = range(2, len(text) - 1)
    pieces = [f"{re.escape(text[:cut])}.+{re.escape(text[cut:])}" for cut in cuts]
    return "|".join((_off_by_one(text).pattern, *pieces))
