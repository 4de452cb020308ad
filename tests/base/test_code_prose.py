"""Numbers of persons in prose: masked however they are written; other numbers stay."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base import codes
from yuexin.base.codes import without_id_numbers

PERSON, OLD, MASKED, OLD_MASKED = (
    "440106199003071231", "440106900307123", "440106********1231", "440106******123",
)  # fmt: skip
CHILD = "44010620210307123" + codes.id_check("44010620210307123")
MISTYPED = "440106199003071232"
MOBILE = "13800138000"
DIGITS = st.text("0123456789", max_size=12)
BODIES = st.builds(
    "440106{:%Y%m%d}{:03}".format,
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 24)),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (PERSON, MASKED),
        ("11010519491231002x", "110105********002X"),
        ("４４０１０６１９９００３０７１２３１", MASKED),
        ("４40106199003071２31", MASKED),
        ("4401 0619 9003 0712 31", MASKED),
        ("440106 19900307 1231", MASKED),
        ("440106-1990-0307-1231", MASKED),
        ("440 106 199 003 071 231", MASKED),
        ("４４０１０６　１９９００３０７　１２３１", MASKED),
        ("440106—19900307—1231", MASKED),
        ("44010619900307\u00ad1231", MASKED),
        ("4 4 0 1 0 6 1 9 9 0 0 3 0 7 1 2 3 1", MASKED),
        (MISTYPED, "440106********1232"),
        ("440106 19900307 1232", "440106********1232"),
        ("44010619900307123101", MASKED),
    ],
)  # fmt: skip
def test_a_number_is_masked_however_it_is_written(written: str, shown: str) -> None:
    assert without_id_numbers(f"身份证号{written}，") == f"身份证号{shown}，"


@pytest.mark.parametrize(
    "written",
    [OLD, "４４０１０６９００３０７１２３", "440106 900307 123", "440-106-900-307-123",
     "44010690030712301"],
)  # fmt: skip
def test_an_old_number_of_fifteen_digits_is_masked(written: str) -> None:
    assert without_id_numbers(f"身份证{written}。") == f"身份证{OLD_MASKED}。"


def test_a_number_of_somebody_born_since_2020_is_known_by_its_check_character() -> None:
    assert without_id_numbers(f"儿童{CHILD}") == f"儿童440106********{CHILD[-4:]}"
    wrong = CHILD[:-1] + str((int(CHILD[-1]) + 1) % 10)
    assert without_id_numbers(f"依据{wrong}") == f"依据{wrong}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (PERSON + "440300198501010018", f"{MASKED} 440300********0018"),
        (PERSON + MOBILE, f"{MASKED} {MOBILE}"),
        (MOBILE + PERSON, f"{MOBILE} {MASKED}"),
        (MISTYPED + MOBILE, f"440106********1232 {MOBILE}"),
        (MISTYPED + MISTYPED, "440106********1232 440106********1232"),
        (OLD + MOBILE, f"{OLD_MASKED} {MOBILE}"),
        (OLD + PERSON, f"{OLD_MASKED} {MASKED}"),
        (PERSON + OLD, f"{MASKED} {OLD_MASKED}"),
        ("11010519491231002X" + PERSON, f"110105********002X {MASKED}"),
        (PERSON + "020-12345678", f"{MASKED} 020-12345678"),
        ("ID" + PERSON, f"ID {MASKED}"),
        (f"{PERSON} {MOBILE} {PERSON}", f"{MASKED} {MOBILE} {MASKED}"),
        (f"{MOBILE} 440106-19900307-1231", f"{MOBILE} {MASKED}"),
    ],
)  # fmt: skip
def test_numbers_that_run_together_are_told_apart(written: str, shown: str) -> None:
    assert without_id_numbers(f"王示例{written}等") == f"王示例{shown}等"


@pytest.mark.parametrize(
    "number",
    ["91440606684400012K", "12440000455857983D", "51440000502999993U", "9144010163320680X7",
     "440306600000347", "440301103097413", "330203000030639", "440606900000129",
     "440300192203821", "粤环示例罚〔2026〕0000043100号", "440106202603070001",
     "2018-12-10 2019-03-07 2020-03-07", "2021-12-10 2019-03-07 2020-01-01", "20190307-20200307",
     "2019-03-07 10:20:30.123456", "20240102030405123", "1,234,567,890,123.45",
     "13800138000 13900139000", "SC10144030000012", "JY14403050123456", "6901028075831",
     "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"],
)  # fmt: skip
def test_a_number_of_something_else_stays(number: str) -> None:
    assert without_id_numbers(f"依据{number}查处") == f"依据{number}查处"


def test_a_registration_number_is_hidden_only_where_it_may_be_a_persons() -> None:
    body = "44010690030712"
    both, neither = body + codes.mod11_10_check(body), "440106991307121"
    assert codes.check_reg_no(both).valid
    assert without_id_numbers(f"注册号{both}") == f"注册号440106******{both[-3:]}"
    assert without_id_numbers(f"注册号{neither}") == f"注册号{neither}"


def test_a_unified_code_that_could_be_misread_as_a_mistyped_number_stays() -> None:
    """Fengxian (310120) and an organisation code of digits: 20 begins a year, 0307 is a day."""
    assert not codes.check_uscc("513101200503070436").problems
    assert without_id_numbers("513101200503070436") == "513101200503070436"


@given(st.text("0123456789０９Xx -\u3000号A*", max_size=60))
def test_masking_twice_changes_nothing_and_loses_no_other_character(text: str) -> None:
    once = without_id_numbers(text)
    assert without_id_numbers(once) == once
    if "*" not in text and "*" not in once:
        assert once == text


@given(BODIES, DIGITS, DIGITS)
def test_a_right_number_is_readable_nowhere(body: str, before: str, after: str) -> None:
    number = body + codes.id_check(body)
    assert number not in without_id_numbers(before + number + after)


@given(st.text("0123456789０Ｘx -\u3000号A", max_size=60))
def test_what_cannot_hold_a_number_holds_none(text: str) -> None:
    """`MAY_HOLD_ID` decides in a column which texts are looked at."""
    if not re.search(codes.MAY_HOLD_ID, text):
        assert without_id_numbers(text) == text
