"""Characters: simplified forms, readings, initials."""

from __future__ import annotations

import pytest

from yuexin.base.hanzi import initials, readings, simplified, sound


def test_traditional_characters_are_simplified_by_the_word() -> None:
    assert simplified("廣東髮廊發展後勤皇后") == "广东发廊发展后勤皇后"
    assert simplified("乾隆 ABC 1") == "乾隆 ABC 1"


@pytest.mark.parametrize(
    ("character", "read"),
    [
        ("重", {"zhong", "chong"}),
        ("行", {"hang", "xing"}),
        ("长", {"chang", "zhang"}),
        ("团", {"tuan"}),
    ],
)
def test_a_character_has_the_readings_that_names_have(character: str, read: set[str]) -> None:
    assert set(readings(character)) == read


def test_what_is_no_chinese_character_has_no_reading() -> None:
    assert readings("A") == readings("") == readings("重庆") == readings("😀") == ()


def test_homophones_sound_alike() -> None:
    assert sound("华为") == sound("华维") == "huawei"
    assert sound("番禺ABC厂") == "panyuABCchang"


def test_initials_begin_each_reading() -> None:
    assert initials("华为技术(A)") == "hwjs(A)"
