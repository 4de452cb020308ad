"""Numbers and codes as they are given out, and as people type them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.engines.papers.numbering import (
    ALPHABET,
    CODE_LENGTH,
    NUMBER,
    code_digest,
    new_code,
    new_number,
    read_code,
    read_number,
)

DAY = dt.date(2026, 11, 24)


def test_a_code_is_hard_to_guess() -> None:
    assert len(ALPHABET) ** CODE_LENGTH >= 2**60
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(read_code(code) == code for code in codes)


def test_a_number_says_its_day_and_nothing_else() -> None:
    numbers = {new_number(on=DAY) for _ in range(200)}
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert {number[:10] for number in numbers} == {"YX20261124"}
    assert len({number[10:13] for number in numbers}) > 50


@pytest.mark.parametrize(
    "typed",
    [
        "YX20261124-00000017",
        "yx20261124 00000017",
        "2026112400000017",
        "YX2O261124-OOOOOOI7",
        "ＹＸ２０２６１１２４－００００００１７",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "YX20261124-00000017"


@pytest.mark.parametrize(
    "typed", ["0123-4567-89AB", "o123 4567 89ab", "OI23456789AB", "０１２３－４５６７－８９ＡＢ"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "0123-4567-89AB"


@given(typed=st.text(max_size=100))
def test_whatever_is_typed_is_read_as_a_number_or_as_none(typed: str) -> None:
    number, code = read_number(typed), read_code(typed)
    assert number == "" or NUMBER.fullmatch(number)
    assert code == "" or read_code(code) == code


def test_a_code_opens_its_own_number_only() -> None:
    one = code_digest(number="YX20261124-00000017", code="0123-4567-89AB")
    assert one != code_digest(number="YX20261124-00000018", code="0123-4567-89AB")
