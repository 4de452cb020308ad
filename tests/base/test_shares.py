"""Shares in hundredths, half up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yuexin.base.shares import percent


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (8, 9, "88.9"),
        (1, 6, "16.7"),
        (1, 3, "33.3"),
        (1, 2000, "0.1"),
        (1, 800, "0.1"),
        (3, 2000, "0.2"),
        (0, 9, "0.0"),
        (9, 9, "100.0"),
        (0, 0, "0.0"),
    ],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, said: str) -> None:
    assert str(percent(part, whole)) == said


def test_only_all_is_a_hundred_and_only_none_is_nothing() -> None:
    assert str(percent(1_999_999, 2_000_000)) == "99.9"
    assert str(percent(1, 2_000_000)) == "0.1"


@given(whole=some.integers(1, 10**7), data=some.data())
def test_a_share_and_its_remainder_are_a_hundred_to_a_tenth(
    whole: int, data: some.DataObject
) -> None:
    part = data.draw(some.integers(0, whole))
    both = percent(part, whole) + percent(whole - part, whole)
    assert abs(both - 100) <= Decimal("0.1")
    assert (percent(part, whole) == 100) == (part == whole)
    assert (percent(part, whole) == 0) == (part == 0)
