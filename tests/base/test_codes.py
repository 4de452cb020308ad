"""Check digits by the worked examples of the standards, and what a wrong code is told."""

import datetime as dt

import pytest

from yuexin.base import codes
from yuexin.base.codes import Verdict, check, check_id_number, check_uscc, identify

PUBLISHED = """
9144030071526726XG 914403001922038216 91440400192548256N 91440606722473344C 91440300192317458F
9144030010001686XA 91440300100012316L 91440300192181490G 9144030027939873X7 91440000126335439C
91440000100017600N 91441300195971850Y 91445300707813507B 9144010163320680X7 91440300760482233Q
914403003296132911 91330100799655058B 91110108551385082Q 91110000802100433B 9152000071430580XT
91100000100003962T 911100001000044477 911000001000013428 911100001000054748 91350900587527783P
91330000733796106P 91310000132260250X 9132070070404786XB 91350100M000100Y43 11370800MB28559184
"""
SYNTHETIC = """
91440606684400012K 92440300MA5ABCD19R 93441900MA4W00011U 12440000455857983D 51440000502999993U
"""
USCCS = (PUBLISHED + SYNTHETIC).split()
ID_NUMBERS = ("11010519491231002X", "440106199003071231", "440300198501010018")
REG_NOS = ("330203000030639", "440301103097413")
E_LICENCES = (
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
)


def problems(verdict: Verdict) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in verdict.problems]


@pytest.mark.parametrize("code", USCCS)
def test_published_codes_pass_without_a_warning(code: str) -> None:
    assert check_uscc(code) == Verdict("uscc", code, code)
    assert check("org_code", codes.org_code_of(code)).valid


@pytest.mark.parametrize("code", ["91110108717809965C", "91110105MA0118XG3J"])
def test_codes_that_circulate_as_real_fail_both_checks(code: str) -> None:
    assert problems(check_uscc(code)) == [("ORG_CHECK", "error"), ("CHECK", "error")]


def test_the_right_check_characters_of_circulating_codes_are_known() -> None:
    assert codes.uscc_check("91110108717809965") == "J"
    assert codes.uscc_check("91110105MA0118XG3") == "H"


def test_the_worked_sums_of_the_standards_hold() -> None:
    assert codes.USCC_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    assert codes.uscc_check("91440300192203821") == "6"
    assert codes.org_check("19220382") == "1"
    assert codes.id_check("11010519491231002") == "X"
    assert codes.mod11_10_check("33020300003063") == "9"
    assert codes.gtin_check("690102807583") == "1"


def test_writing_is_forgiven_but_other_characters_are_not() -> None:
    given = " ９１４４ 0300\u200b71526726xg\n"
    assert check_uscc(given) == Verdict("uscc", given, "9144030071526726XG")
    assert problems(check_uscc("9144030071526726Х6")) == [("CHARSET", "error")]


def test_a_misread_letter_yields_a_suggestion() -> None:
    verdict = check_uscc("9I44O3OO7i526726XG")
    assert problems(verdict) == [("CHARSET", "error")]
    assert verdict.suggestion == "9144030071526726XG"


@pytest.mark.parametrize("code", ["914403001922038217", "9I4403001922038217", "9V4403001922038216"])
def test_nothing_is_suggested_that_would_not_pass(code: str) -> None:
    verdict = check_uscc(code)
    assert not verdict.valid
    assert verdict.suggestion is None


def test_a_wrong_length_says_how_many_there_were() -> None:
    verdict = check_uscc("9144")
    assert problems(verdict) == [("LEN", "error")]
    assert verdict.problems[0].text.zh == "统一社会信用代码应为18位，收到4位"


def with_check(body: str) -> str:
    return body + codes.uscc_check(body)


def test_an_authority_that_does_not_exist_is_an_error() -> None:
    assert problems(check_uscc(with_check("B1440300192203821"))) == [("AUTHORITY", "error")]


def test_categories_divisions_and_early_organisation_codes_only_warn() -> None:
    verdict = check_uscc(with_check("98449900192203822"))
    assert verdict.valid
    assert problems(verdict) == [
        ("CATEGORY", "warning"),
        ("DIVISION", "warning"),
        ("ORG_CHECK", "warning"),
    ]


def test_an_organisation_code_is_read_with_and_without_dash() -> None:
    assert check("org_code", "19220382-1").code == "192203821"
    assert check("org_code", "71526726-X").valid
    assert problems(check("org_code", "192203822")) == [("CHECK", "error")]
    assert problems(check("org_code", "19220382A")) == [("CHARSET", "error")]


def test_a_cut_off_code_has_no_organisation_code() -> None:
    with pytest.raises(ValueError, match="9144"):
        codes.org_code_of("9144")


@pytest.mark.parametrize("code", REG_NOS)
def test_registration_numbers_carry_mod_11_10(code: str) -> None:
    assert check("reg_no", code) == Verdict("reg_no", code, code)
    assert problems(check("reg_no", code[:-1] + "0")) == [("CHECK", "error")]


def test_a_registration_number_of_13_digits_is_taken_as_it_is() -> None:
    assert check("legacy13", "4403011012345").valid
    assert problems(check("legacy13", "440301101234A")) == [("CHARSET", "error")]


@pytest.mark.parametrize("code", ID_NUMBERS)
def test_identity_numbers_pass(code: str) -> None:
    assert check_id_number(code.lower()) == Verdict("id_number", code.lower(), code)


def test_an_old_identity_number_comes_back_in_its_new_form() -> None:
    verdict = check_id_number("440106900307123")
    assert verdict.valid
    assert verdict.code == "440106199003071231"


@pytest.mark.parametrize("code", ["810000199408230021", "830000199201300022"])
def test_residence_permits_of_hong_kong_and_taiwan_pass(code: str) -> None:
    assert problems(check_id_number(code)) == []


def test_a_birth_date_must_exist_and_have_come() -> None:
    on = dt.date(2026, 11, 23)
    assert problems(check_id_number("440106199002301239", on=on))[0] == ("DATE", "error")
    unborn = "44010620270101123"
    unborn += codes.id_check(unborn)
    assert problems(check_id_number(unborn, on=on)) == [("DATE", "error")]
    assert check_id_number(unborn, on=dt.date(2027, 1, 1)).valid


def test_an_identity_number_has_letters_only_at_its_end() -> None:
    assert problems(check_id_number("1101051949123100X2")) == [("CHARSET", "error")]
    assert problems(check_id_number("A10105194912310")) == [("CHARSET", "error")]
    assert problems(check_id_number("1101051949")) == [("LEN", "error")]


def test_an_identity_number_is_shown_masked() -> None:
    assert codes.mask_id_number("440106199003071231") == "440106********1231"
    assert codes.mask_id_number("４４0106 900307 123") == "440106******123"
    assert codes.mask_id_number("G12345678") == "*********"
    assert codes.mask_id_number("ABCDEFGHJKLMNPQRST") == "*" * 18


def test_a_tax_number_ends_in_the_organisation_code() -> None:
    assert check("tax_no", "440300192203821").valid
    assert check("tax_no", "44030071526726X").valid
    assert problems(check("tax_no", "440300192203822")) == [("ORG_CHECK", "error")]
    assert problems(check("tax_no", "44O300192203821")) == [("CHARSET", "error")]
    assert problems(check("tax_no", "449900192203821")) == [("DIVISION", "warning")]


def test_a_food_licence_with_an_unconfirmed_check_digit_only_warns() -> None:
    body = "1014403000001"
    assert check("food_licence", f"SC{body}{codes.mod11_10_check(body)}").problems == ()
    wrong = check("food_licence", f"sc{body}{(int(codes.mod11_10_check(body)) + 1) % 10}")
    assert wrong.valid
    assert problems(wrong) == [("CHECK", "warning")]


def test_a_food_licence_tells_kind_division_and_prefix() -> None:
    unknown = check("food_licence", "JY44499000000001")
    assert {("CATEGORY", "warning"), ("DIVISION", "warning")} <= set(problems(unknown))
    assert problems(check("food_licence", "SY10144030000012")) == [("CHARSET", "error")]
    assert problems(check("food_licence", "JY1440300000001S")) == [("CHARSET", "error")]


@pytest.mark.parametrize("code", ["6901028075831", "96385074", "16901028075838"])
def test_trade_item_numbers_pass(code: str) -> None:
    assert check("gtin", code).valid
    assert problems(check("gtin", code[:-1] + str((int(code[-1]) + 1) % 10))) == [
        ("CHECK", "error")
    ]


@pytest.mark.parametrize("code", E_LICENCES)
def test_marks_of_electronic_certificates_recompute(code: str) -> None:
    assert check("e_licence", code) == Verdict("e_licence", code, code)
    assert check("e_licence", code.removeprefix(codes.E_LICENCE_PREFIX)).code == code
    assert problems(check("e_licence", code[:-1] + "0")) == [("CHECK", "error")]
    assert problems(check("e_licence", code[:-2])) == [("LEN", "error")]
    assert problems(check("e_licence", code + "#")) == [("CHARSET", "error")]


def test_the_body_of_an_electronic_certificate_mark_recomputes() -> None:
    assert codes.mod37_36_check("11100000000013338W01111430000006122244L20230000403001") == "U"
    assert codes.mod37_36_check("11100000MB03271699022340100000000016001") == "9"


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        *((code, "uscc") for code in USCCS),
        *((code, "id_number") for code in ID_NUMBERS),
        *((code, "reg_no") for code in REG_NOS),
        *((code, "e_licence") for code in E_LICENCES),
        ("91110108717809965C", "uscc"),
        ("440106199003071232", "id_number"),
        ("19220382-1", "org_code"),
        ("440106900307123", "id_number"),
        ("440300192203821", "tax_no"),
        ("330203000030630", "reg_no"),
        ("6901028075831", "gtin"),
        ("4403011012345", "legacy13"),
        ("96385074", "gtin"),
        ("SC10144030000012", "food_licence"),
        ("", "uscc"),
    ],
)
def test_the_shape_suggests_the_scheme(text: str, scheme: str) -> None:
    assert identify(text).scheme == scheme


def test_an_unknown_scheme_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        check("shoe_size", "G12345678")


def test_every_authority_and_category_has_both_names() -> None:
    labels = [authority.label for authority in codes.AUTHORITIES.values()]
    labels += [label for one in codes.AUTHORITIES.values() for label in one.categories.values()]
    assert all(label.zh and label.en for label in labels)
    assert "".join(codes.AUTHORITIES) == "123456789ANY"
