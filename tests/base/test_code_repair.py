"""The codes that somebody may have meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.codes import USCC_ALPHABET, check_uscc, repaired

CODES = ["9144030071526726XG", "914403001922038216", "91440606684400012K", "92440300MA5ABCD19R"]
PLACES = range(18)


@pytest.mark.parametrize("code", CODES)
def test_every_single_wrong_character_is_repaired(code: str) -> None:
    for place in PLACES:
        for wrong in USCC_ALPHABET.replace(code[place], ""):
            assert code in repaired(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("code", CODES)
def test_every_swap_of_neighbours_is_repaired(code: str) -> None:
    for place in PLACES[:-1]:
        one, other = code[place], code[place + 1]
        swapped = code[:place] + other + one + code[place + 2 :]
        assert one == other or code in repaired(swapped)


@pytest.mark.parametrize("code", CODES)
def test_a_character_left_out_or_put_in_between_is_repaired(code: str) -> None:
    for place in PLACES:
        assert code in repaired(code[:place] + code[place + 1 :])
        assert code in repaired(f"{code[:place]}7{code[place:]}")


def test_letters_that_no_code_has_are_read_as_the_digits_they_look_like() -> None:
    assert repaired("9144O3OO71526726XG") == ("9144030071526726XG",)


def test_two_slips_that_lead_nowhere_are_not_repaired_to_the_code() -> None:
    assert "91440606684400012K" not in repaired("91440606684400031K")


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ〇", max_size=20))
def test_what_comes_out_passes_both_checks_and_is_never_much(code: str) -> None:
    found = repaired(code)
    assert len(found) <= 12
    for meant in found:
        verdict = check_uscc(meant)
        assert verdict.valid
        assert "ORG_CHECK" not in [problem.code for problem in verdict.problems]
        assert meant != code
