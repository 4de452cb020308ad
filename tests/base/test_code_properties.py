"""What holds of every code: check characters see slips of the hand, and checking never crashes."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base import codes

Checker = Callable[[str], str]

USCC_BODIES = st.text(codes.USCC_ALPHABET, min_size=17, max_size=17)
ID_BODIES = st.text("0123456789", min_size=17, max_size=17)
REG_BODIES = st.text("0123456789", min_size=14, max_size=14)
MARK_BODIES = st.text(codes.ORG_ALPHABET, min_size=10, max_size=60)
SCHEMES = st.sampled_from(codes.SCHEMES)


def other(alphabet: str, character: str, step: int) -> str:
    place = alphabet.index(character) + 1 + step % (len(alphabet) - 1)
    return alphabet[place % len(alphabet)]


def substituted(body: str, alphabet: str, place: int, step: int) -> str:
    place %= len(body)
    return body[:place] + other(alphabet, body[place], step) + body[place + 1 :]


def swapped(body: str, place: int) -> str:
    place %= len(body) - 1
    return body[:place] + body[place + 1] + body[place] + body[place + 2 :]


@given(USCC_BODIES, st.integers(0, 16), st.integers(0))
def test_a_uscc_shows_every_wrong_character(body: str, place: int, step: int) -> None:
    slip = substituted(body, codes.USCC_ALPHABET, place, step)
    assert codes.uscc_check(slip) != codes.uscc_check(body)


@given(USCC_BODIES, st.integers(0, 15))
def test_a_uscc_shows_every_swap_of_neighbours(body: str, place: int) -> None:
    slip = swapped(body, place)
    assert slip == body or codes.uscc_check(slip) != codes.uscc_check(body)


@given(ID_BODIES, st.integers(0, 16), st.integers(0))
def test_an_identity_number_shows_every_wrong_digit(body: str, place: int, step: int) -> None:
    slip = substituted(body, "0123456789", place, step)
    assert codes.id_check(slip) != codes.id_check(body)


@given(ID_BODIES, st.integers(0, 15))
def test_an_identity_number_shows_every_swap_of_neighbours(body: str, place: int) -> None:
    slip = swapped(body, place)
    assert slip == body or codes.id_check(slip) != codes.id_check(body)


@given(REG_BODIES, st.integers(0, 13), st.integers(0))
def test_a_registration_number_shows_every_wrong_digit(body: str, place: int, step: int) -> None:
    slip = substituted(body, "0123456789", place, step)
    assert codes.mod11_10_check(slip) != codes.mod11_10_check(body)


@given(MARK_BODIES, st.integers(0, 59), st.integers(0))
def test_a_certificate_mark_shows_every_wrong_character(body: str, place: int, step: int) -> None:
    slip = substituted(body, codes.ORG_ALPHABET, place, step)
    assert codes.mod37_36_check(slip) != codes.mod37_36_check(body)


@pytest.mark.parametrize(
    ("check", "alphabet"),
    [
        (codes.uscc_check, codes.USCC_ALPHABET),
        (codes.id_check, "0123456789X"),
    ],
)
@given(body=ID_BODIES)
def test_a_check_character_is_of_its_alphabet(check: Checker, alphabet: str, body: str) -> None:
    assert len(check(body)) == 1
    assert check(body) in alphabet


@given(SCHEMES, st.text())
def test_any_text_gets_a_verdict(scheme: str, text: str) -> None:
    verdict = codes.check(scheme, text)
    assert verdict.scheme == scheme
    assert verdict.given == text
    assert all(problem.text.zh and problem.text.en for problem in verdict.problems)


@given(SCHEMES, st.text(codes.ORG_ALPHABET + "-. ０ｘ", max_size=20))
def test_a_normalised_code_is_judged_like_the_one_given(scheme: str, text: str) -> None:
    verdict = codes.check(scheme, text)
    again = codes.check(scheme, verdict.code)
    assert (again.code, again.problems) == (verdict.code, verdict.problems)


@given(st.text())
def test_any_text_is_identified(text: str) -> None:
    assert codes.identify(text).scheme in codes.SCHEMES


@given(ID_BODIES)
def test_a_masked_number_never_shows_the_day_of_birth(body: str) -> None:
    masked = codes.mask_id_number(body + codes.id_check(body))
    assert masked == body[:6] + "*" * 8 + body[14:] + codes.id_check(body)


@given(st.text())
def test_masking_shows_at_most_ten_characters(text: str) -> None:
    masked = codes.mask_id_number(text)
    assert len(masked.replace("*", "")) <= 10


@given(st.text())
def test_normalising_a_code_twice_changes_nothing(text: str) -> None:
    once = codes.normalise_code(text)
    assert codes.normalise_code(once) == once
