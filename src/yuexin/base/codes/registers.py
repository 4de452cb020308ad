"""The numbers of older registers and of licences: business, tax, food, electronic certificates."""

from __future__ import annotations

from typing import Final

from yuexin.base.codes.checksums import mod11_10_check, mod37_36_check
from yuexin.base.codes.uscc import org_code_problems
from yuexin.base.codes.verdict import (
    DIGITS,
    LETTERS,
    Problem,
    Severity,
    Verdict,
    charset_problem,
    check_problem,
    division_problem,
    foreign_characters,
    normalise_code,
    org_check_problem,
    shape_problems,
)
from yuexin.base.regions import is_plausible
from yuexin.base.text import Text

REG_NO: Final = Text("营业执照注册号", "a business registration number")
LEGACY13: Final = Text("旧版注册号", "a registration number of before 2007")
TAX_NO: Final = Text("税务登记号", "a tax registration number")
FOOD_LICENCE: Final = Text("食品许可证编号", "a food licence number")
E_LICENCE: Final = Text("电子证照标识", "an electronic certificate mark")

FOOD_CHECK_SEVERITY: Final[Severity] = "warning"
"""The check digit rule of food licences is unconfirmed, so a wrong one does not refuse a number."""

FOOD_PRODUCTION_KINDS: Final = {"1": Text("食品", "Food"), "2": Text("食品添加剂", "Food additive")}
FOOD_BUSINESS_KINDS: Final = {
    "1": Text("食品销售经营者", "Food seller"),
    "2": Text("餐饮服务经营者", "Catering service"),
    "3": Text("单位食堂", "Canteen"),
}
FOOD_CATEGORIES: Final = frozenset(f"{n:02}" for n in range(1, 32))

E_LICENCE_PREFIX: Final = "1.2.156.3005.2."


def check_reg_no(text: str) -> Verdict:
    """Check a registration number of 15 digits (GS 15-2006, ISO 7064 MOD 11,10)."""
    code = normalise_code(text)
    problems = shape_problems(REG_NO, code, lengths=(15,), alphabet=DIGITS)
    return Verdict("reg_no", text, code, problems or _reg_no_problems(code))


def _reg_no_problems(code: str) -> tuple[Problem, ...]:
    check = () if mod11_10_check(code[:14]) == code[14] else (check_problem(REG_NO),)
    return (*_division_problems(code[:6]), *check)


def check_legacy13(text: str) -> Verdict:
    """Accept a registration number of 13 digits, of before 2007: it carries no check digit."""
    code = normalise_code(text)
    problems = shape_problems(LEGACY13, code, lengths=(13,), alphabet=DIGITS)
    return Verdict("legacy13", text, code, problems)


def check_tax_no(text: str) -> Verdict:
    """Check a tax registration number: a division of 6 digits and an organisation code (GB 11714).

    Its last nine characters name the same body as the unified code does in places 9 to 17.
    """
    code = normalise_code(text)
    problems = shape_problems(TAX_NO, code, lengths=(15,), alphabet=DIGITS + LETTERS)
    return Verdict("tax_no", text, code, problems or _tax_no_problems(code))


def _tax_no_problems(code: str) -> tuple[Problem, ...]:
    if foreign := foreign_characters(code[:6], DIGITS):
        return (charset_problem(TAX_NO, foreign),)
    org = (org_check_problem("error"),) if org_code_problems(code[6:]) else ()
    return (*_division_problems(code[:6]), *org)


def check_food_licence(text: str) -> Verdict:
    """Check a licence to produce (SC) or to sell or serve (JY) food: two letters and 14 digits.

    SC: kind 1, category 2, division 6, sequence 4. JY: kind 1, division 6, sequence 6. Both end in
    a check digit, ISO 7064 MOD 11,10, which is unconfirmed: see `FOOD_CHECK_SEVERITY`.
    """
    code = normalise_code(text)
    problems = shape_problems(FOOD_LICENCE, code, lengths=(16,), alphabet=f"{DIGITS}SCJY")
    return Verdict("food_licence", text, code, problems or _food_problems(code))


def _food_problems(code: str) -> tuple[Problem, ...]:
    prefix, digits = code[:2], code[2:]
    foreign = foreign_characters(digits, DIGITS) or ("" if prefix in ("SC", "JY") else prefix)
    if foreign:
        return (charset_problem(FOOD_LICENCE, foreign),)
    known, division = _food_production(digits) if prefix == "SC" else _food_business(digits)
    category = () if known else (_FOOD_CATEGORY_PROBLEM,)
    wrong = mod11_10_check(digits[:13]) != digits[13]
    check = (check_problem(FOOD_LICENCE, FOOD_CHECK_SEVERITY),) if wrong else ()
    return (*category, *_division_problems(division), *check)


_FOOD_CATEGORY_PROBLEM: Final = Problem(
    "CATEGORY",
    "warning",
    Text("食品许可类别不在现有表中", "the kind or category of food is not in our table"),
)


def _food_production(digits: str) -> tuple[bool, str]:
    known = digits[0] in FOOD_PRODUCTION_KINDS and digits[1:3] in FOOD_CATEGORIES
    return known, digits[3:9]


def _food_business(digits: str) -> tuple[bool, str]:
    return digits[0] in FOOD_BUSINESS_KINDS, digits[1:7]


def check_e_licence(text: str) -> Verdict:
    """Check the mark of an electronic certificate (GB/T 36904-2018, ISO 7064 MOD 37,36).

    `1.2.156.3005.2.` and type, issuer, serial number, version of 3 digits and check character,
    parted by dots; the prefix may be left out and is then put before it.
    """
    code = E_LICENCE_PREFIX + normalise_code(text).removeprefix(E_LICENCE_PREFIX)
    return Verdict("e_licence", text, code, _e_licence_problems(code))


def _e_licence_problems(code: str) -> tuple[Problem, ...]:
    parts = code.removeprefix(E_LICENCE_PREFIX).split(".")
    if foreign := foreign_characters("".join(parts), DIGITS + LETTERS):
        return (charset_problem(E_LICENCE, foreign),)
    if len(parts) != 5 or not all(parts) or (len(parts[3]), len(parts[4])) != (3, 1):
        return (_E_LICENCE_PARTS_PROBLEM,)
    if foreign := foreign_characters(parts[3], DIGITS):
        return (charset_problem(E_LICENCE, foreign),)
    wrong = mod37_36_check("".join(parts[:4])) != parts[4]
    return (check_problem(E_LICENCE),) if wrong else ()


_E_LICENCE_PARTS_PROBLEM: Final = Problem(
    "LEN",
    "error",
    Text(
        "电子证照标识应由类型代码、颁发机构代码、流水号、3位版本号和1位校验位组成，以点分隔",
        "an electronic certificate mark has five parts: type, issuer, serial number, version of "
        "3 digits and 1 check character",
    ),
)


def _division_problems(division: str) -> tuple[Problem, ...]:
    return () if is_plausible(division) else (division_problem(division),)
