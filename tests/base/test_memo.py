"""What is remembered is made once, and all is forgotten when there is much."""

from __future__ import annotations

from functools import partial

from yuexin.base.memo import Memo


def made_for(*asked: str) -> list[str]:
    """For which keys, each its own value, something was made, where there is room for two."""
    memo, made = Memo[str, str](2), []

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in asked:
        assert memo.get(key, partial(make, key)) == key
    return made


def test_a_value_is_made_once_for_its_key() -> None:
    assert made_for("a", "b", "a", "b") == ["a", "b"]


def test_beyond_the_most_everything_is_made_anew() -> None:
    assert made_for("a", "b", "c", "a") == ["a", "b", "c", "a"]


def test_an_empty_value_is_remembered_too() -> None:
    assert made_for("", "") == [""]
