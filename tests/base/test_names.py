"""Bilingual texts, and names as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.text import Text, bigrams, has_control, normalise_name


@pytest.mark.parametrize(
    ("language", "seen"),
    [("zh", "粤信"), ("zh-Hans", "粤信"), ("ZH_cn", "粤信"), ("en", "Yuexin"), ("", "Yuexin")],
)
def test_a_text_speaks_the_language_asked_for(language: str, seen: str) -> None:
    assert Text("粤信", "Yuexin").in_(language) == seen


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("中国平安保险（集团）股份有限公司", "中国平安保险(集团)股份有限公司"),
        ("广州〔天河〕【甲】[乙]公司", "广州(天河)(甲)(乙)公司"),
        (" ＴＣＬ科技\u3000集团\u200b\ufeff\t公司\n", "TCL科技集团公司"),
        ("Ａbc①㈱", "ABC1(株)"),
        ("e\u200b\u0301", "É"),
        ("", ""),
    ],
)
def test_names_are_brought_to_one_form(name: str, normal: str) -> None:
    assert normalise_name(name) == normal


@given(st.text())
def test_normalising_a_name_twice_changes_nothing(name: str) -> None:
    once = normalise_name(name)
    assert normalise_name(once) == once


@given(st.text())
def test_a_normalised_name_holds_nothing_invisible(name: str) -> None:
    normal = normalise_name(name)
    assert not any(character.isspace() for character in normal)
    assert not has_control(normal.encode("utf-8", "ignore").decode())


def test_bigrams_are_distinct_and_sorted() -> None:
    assert bigrams("粤粤粤信") == tuple(sorted(["粤粤", "粤信"]))
    assert bigrams(" 粤 ") == ("粤",)
    assert bigrams("\u200b") == ()


@given(st.text(), st.text())
def test_spellings_of_one_name_share_their_bigrams(head: str, tail: str) -> None:
    assert bigrams(head + "\u200b" + tail) == bigrams(normalise_name(head + tail))


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\x00", "a\u200bb", "\ufeffa", "\u2028"])
def test_control_and_zero_width_characters_are_seen(text: str) -> None:
    assert has_control(text)


def test_ordinary_text_holds_no_control_character() -> None:
    assert not has_control("广州市 天河区（测试）\u3000Ltd.")
