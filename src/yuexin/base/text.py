"""Text in two languages, and names brought to the form in which they are compared."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

_BRACKETS: Final = {**dict.fromkeys("〔【[", "("), **dict.fromkeys("〕】]", ")")}
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_CONTROL: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Text(NamedTuple):
    """One sentence or label in Chinese and English."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The Chinese text for any `zh…` language tag, else the English one."""
        return self.zh if language.lower().startswith("zh") else self.en


class _Fold(dict[int, str]):
    """What each character of a name becomes; filled as characters are met, since most never are."""

    def __missing__(self, point: int) -> str:
        folded = _fold(chr(point))
        self[point] = folded
        return folded


def _fold(character: str) -> str:
    if unicodedata.category(character) in _INVISIBLE or _is_variation_selector(ord(character)):
        return ""
    return _BRACKETS.get(character, character)


def _is_variation_selector(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


_FOLD: Final = _Fold()


def normalise_name(name: str) -> str:
    """The form in which two spellings of one name are equal.

    NFKC, all brackets as `()`, no white space, zero-width or control character, Latin in capitals.
    Normalising twice changes nothing.
    """
    folded = _normalise_once(name)
    # What is dropped can leave a combining mark behind that only then joins its neighbour.
    while (again := _normalise_once(folded)) != folded:
        folded = again
    return folded


def _normalise_once(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name.translate(_FOLD))
    return unicodedata.normalize("NFKC", plain.upper()).translate(_FOLD)


def bigrams(name: str) -> tuple[str, ...]:
    """The distinct pairs of neighbouring characters of the normalised name, in order of code point.

    A name of one character gives that character, an empty name nothing.
    """
    plain = normalise_name(name)
    if len(plain) < 2:
        return (plain,) if plain else ()
    return tuple(sorted({plain[i : i + 2] for i in range(len(plain) - 1)}))


def has_control(text: str) -> bool:
    """Whether the text holds a control (tab, newline), zero-width or surrogate character."""
    return any(unicodedata.category(character) in _CONTROL for character in text)
