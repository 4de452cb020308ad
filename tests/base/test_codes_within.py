"""Codes in other text are found where they stand alone, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.codes import codes_within

CODE, OTHER = "91440606684400012K", "92440300MA5ABCD19R"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (CODE, (CODE,)),
        (CODE.lower(), (CODE,)),
        ("代码：９１４４０６０６６８４４０００１２Ｋ。", (CODE,)),
        (f"http://x.example/?uniscid={CODE}&a=1", (CODE,)),
        (f"{CODE},{OTHER};{CODE}", (CODE, OTHER)),
        (f"x{CODE}", ()),
        (f"{CODE}1", ()),
        ("91440606684400012X", ()),
        ("440106199003071231", ()),
        (" " * 9_000 + CODE, ()),
        ("", ()),
    ],
)
def test_a_code_is_found_where_it_stands_alone(text: str, codes: tuple[str, ...]) -> None:
    assert codes_within(text) == codes


@given(st.text())
def test_whatever_is_found_is_eighteen_characters_of_the_text(text: str) -> None:
    for code in codes_within(f"{text} {CODE}"):
        assert len(code) == 18


@given(st.text(alphabet="，。 /=&:\n", max_size=20), st.text(alphabet="，。 /=&?\n", max_size=20))
def test_what_stands_around_a_code_does_not_hide_it(before: str, after: str) -> None:
    assert codes_within(before + CODE + after) == (CODE,)
