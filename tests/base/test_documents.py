"""Documents of persons: which numbers pass, what is wrong with others, and that none is shown."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.codes import (
    DOCUMENTS,
    Document,
    check_document,
    holder_number,
    id_check,
    mask_document,
)

DIGITS = "0123456789"
ON = dt.date(2026, 11, 24)
KINDS = st.sampled_from(sorted(DOCUMENTS))


def eighteen(body: str) -> str:
    return body + id_check(body)


CITIZEN = "440106199003071231"
HONG_KONG = eighteen("81000019900307123")
FOREIGNER = eighteen("94484019900307123")

GOOD: list[tuple[Document, str]] = [
    ("id_number", CITIZEN),
    ("hk_macao_permit", "H12345678"),
    ("hk_macao_permit", "m1234567802"),
    ("hk_macao_permit", "Ｈ１２３４ ５６７８"),
    ("taiwan_permit", "12345678"),
    ("taiwan_permit", "1234567801"),
    ("hmt_residence", HONG_KONG),
    ("hmt_residence", eighteen("82000019851101001")),
    ("hmt_residence", eighteen("83000019851101001")),
    ("foreigner_card", FOREIGNER),
    ("foreigner_card", "CAN110088010101"),
    ("passport", "E12345678"),
    ("passport", "141234567"),
]
BAD: list[tuple[Document, str, str]] = [
    ("id_number", HONG_KONG, "KIND"),
    ("id_number", FOREIGNER, "KIND"),
    ("id_number", CITIZEN[:-1] + "2", "CHECK"),
    ("id_number", eighteen("44010620990307123"), "DATE"),
    ("hk_macao_permit", "A12345678", "CHARSET"),
    ("hk_macao_permit", "1H2345678", "KIND"),
    ("hk_macao_permit", "HH2345678", "KIND"),
    ("hk_macao_permit", "H123456789", "LEN"),
    ("hk_macao_permit", "Н12345678", "CHARSET"),  # a Cyrillic letter
    ("taiwan_permit", "T12345678", "LEN"),
    ("taiwan_permit", "1234567A", "CHARSET"),
    ("hmt_residence", CITIZEN, "KIND"),
    ("hmt_residence", HONG_KONG[:-1] + str((int(HONG_KONG[-1]) + 1) % 10), "CHECK"),
    ("foreigner_card", CITIZEN, "KIND"),
    ("foreigner_card", eighteen("94484020990307123"), "DATE"),
    ("foreigner_card", "9448401990030712AX", "CHARSET"),
    ("foreigner_card", "123110088010101", "KIND"),
    ("foreigner_card", "CANX10088010101", "KIND"),
    ("passport", "E1234567890123456789", "LEN"),
    ("passport", "PASSPORT", "KIND"),
    ("passport", "'; DROP TABLE--", "CHARSET"),
]


@pytest.mark.parametrize(("document", "number"), GOOD)
def test_a_number_of_its_kind_passes(document: Document, number: str) -> None:
    assert check_document(document, number, on=ON).valid


@pytest.mark.parametrize(("document", "number", "problem"), BAD)
def test_a_number_of_another_kind_or_a_slip_does_not(
    document: Document, number: str, problem: str
) -> None:
    found = check_document(document, number, on=ON)
    assert not found.valid
    assert problem in {one.code for one in found.problems}


@pytest.mark.parametrize(("document", "number", "problem"), BAD)
def test_no_problem_repeats_the_number(document: Document, number: str, problem: str) -> None:
    del problem
    said = " ".join(
        f"{p.text.zh} {p.text.en}" for p in check_document(document, number, on=ON).problems
    )
    assert number not in said
    assert number[6:14] not in said


@given(KINDS, st.text(max_size=24))
def test_whatever_is_typed_is_checked_and_not_crashed_on(document: Document, text: str) -> None:
    found = check_document(document, text, on=ON)
    assert check_document(document, found.code, on=ON).code == found.code


@given(st.text(DIGITS, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_a_card_of_a_foreigner_shows_every_wrong_digit(body: str, place: int, step: int) -> None:
    number = eighteen(FOREIGNER[:6] + "19900307" + body[:3])
    place = min(place, 16)
    wrong = str((int(number[place]) + step) % 10)
    slip = number[:place] + wrong + number[place + 1 :]
    assert check_document("foreigner_card", number, on=ON).valid
    assert not check_document("foreigner_card", slip, on=ON).valid


@given(st.text(DIGITS, min_size=8, max_size=8), st.text(DIGITS, min_size=2, max_size=2))
def test_a_card_issued_anew_is_of_the_same_holder(number: str, count: str) -> None:
    assert holder_number("hk_macao_permit", f"H{number}{count}") == f"H{number}"
    assert holder_number("taiwan_permit", number + count) == number


@pytest.mark.parametrize(("document", "number"), GOOD)
def test_a_number_is_shown_with_its_middle_hidden(document: Document, number: str) -> None:
    code = check_document(document, number).code
    shown = mask_document(number)
    assert len(shown) == len(code)
    assert shown.count("*") >= len(code) // 2 - 1
    assert mask_document(shown.replace("*", "")) != code


@given(st.text(max_size=30))
def test_no_more_than_ten_characters_of_anything_are_shown(text: str) -> None:
    assert len(mask_document(text).replace("*", "")) <= 10


def test_masks_read_so() -> None:
    assert mask_document(CITIZEN) == "440106********1231"
    assert mask_document("H12345678") == "H1*****78"
    assert mask_document("CAN110088010101") == "CA***********01"
    assert mask_document("E1234") == "*****"
