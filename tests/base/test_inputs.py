"""What is asked for, as an input of a page."""

from __future__ import annotations

import pytest

from yuexin.base.inputs import input_of, keypad_of
from yuexin.base.text import Text


@pytest.mark.parametrize(
    ("of", "value", "control"),
    [
        ("text", "", "text"), ("integer", "3", "text"), ("long_text", "", "long_text"),
        ("email", "", "email"), ("flag", "true", "flag"), ("date", "", "date"),
        ("date", "2026-11-24", "date"),
    ],
)  # fmt: skip
def test_a_declared_type_has_its_input(of: str, value: str, control: str) -> None:
    assert input_of(name="n", of=of, value=value, longest=9).control == control


@pytest.mark.parametrize("value", ["2026年11月24日", "2026/11/24", "昨天", "2026-02-30"])
def test_a_day_that_a_browser_would_empty_stays_to_be_mended(value: str) -> None:
    made = input_of(name="n", of="date", value=value, longest=40)
    assert (made.control, made.value) == ("text", value)


def test_what_is_listed_is_chosen_whatever_its_type() -> None:
    listed = (("是", Text("是", "yes")), ("否", Text("否", "no")))
    made = input_of(name="n", of="flag", value="是", longest=9, choices=listed)
    assert (made.control, made.choices) == ("choice", listed)


def test_a_loss_can_be_typed_on_a_telephone() -> None:
    assert keypad_of(of="money_wan") == ""
    assert keypad_of(of="money_wan", least=-5) == ""
    assert keypad_of(of="money_wan", least=0) == "decimal"
    assert keypad_of(of="integer") == "numeric"
    assert keypad_of(of="text") == ""
