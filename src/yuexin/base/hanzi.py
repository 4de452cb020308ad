"""How Chinese characters are written and read: simplified forms, and readings without tones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from opencc import OpenCC
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from yuexin.base.hanzi_alike import ALIKE

# A reading that fewer phrases than this share of a character's have is left out: 区 is qu, and ou
# in surnames only; 团 is tuan, and qiu in no name. Seldom is not never: see `readings`.
COMMON: Final = 0.04
# Readings that surnames and places of Guangdong have, and phrases hardly: the most usual first.
NAMES: Final = {
    "仇": "qiu chou", "冼": "xian", "区": "qu ou", "单": "dan shan", "圳": "zhen",
    "晟": "sheng cheng",
    "查": "cha zha", "涌": "chong yong", "番": "pan fan", "盖": "gai ge", "祭": "ji zhai",
    "翟": "zhai di", "覃": "qin tan", "解": "jie xie", "鑫": "xin",
}  # fmt: skip
_SIMPLIFIER: Final = OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters, word by word: 髮廊 and 發展 give 发廊 and 发展."""
    return str(_SIMPLIFIER.convert(text))


@cache
def readings(character: str) -> tuple[str, ...]:
    """How a character is read in names, without tones, the most usual first.

    Nothing for what is no Chinese character. Readings that next to no phrase has are left out.
    """
    listed = PINYIN_DICT.get(ord(character)) if len(character) == 1 else None
    if listed is None:
        return ()
    found = dict.fromkeys(_plain(reading) for reading in listed.split(","))
    counted = _phrases().get(character, Counter())
    usual = [one for one in found if counted[one] >= COMMON * counted.total()] or list(found)
    usual.sort(key=lambda one: -counted[one])
    return tuple(dict.fromkeys((*NAMES.get(character, "").split(), *usual)))


@cache
def first_reading(character: str) -> str:
    """The reading that the dictionary lists first, without its tone; else the character itself.

    For all but few characters the most usual one, and told without reading the phrases.
    """
    listed = PINYIN_DICT.get(ord(character))
    return _plain(listed.partition(",")[0]) if listed else character


def sound(text: str) -> str:
    """The most usual reading of each character, one after another; other characters as they are.

    Two names that are read alike, character by character, give the same.
    """
    return "".join((readings(one) or (one,))[0] for one in text)


def initials(text: str) -> str:
    """The first letter of the most usual reading of each character, others as they are.

    华为 gives hw."""
    return "".join((readings(one) or (one,))[0][:1] for one in text)


def look_alike(one: str, other: str) -> bool:
    """Whether one of two characters may be mistaken for the other by its shape: 未 for 末."""
    return other in _alike().get(one, "") or one in _alike().get(other, "")


@cache
def _alike() -> dict[str, str]:
    return {line[0]: line[1:] for line in ALIKE.split()}


@cache
def _phrases() -> dict[str, Counter[str]]:
    """How often a character is read so, over the phrases of the dictionary."""
    counted: dict[str, Counter[str]] = {}
    for character, reading in _spoken():
        counted.setdefault(character, Counter())[_plain(reading)] += 1
    return counted


def _spoken() -> Iterator[tuple[str, str]]:
    for phrase, spoken in PHRASES_DICT.items():
        if len(phrase) == len(spoken):
            yield from zip(phrase, (one[0] for one in spoken), strict=True)


@cache
def _plain(reading: str) -> str:
    return to_normal(reading).replace("ü", "v")
