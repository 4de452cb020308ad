"""Citizen identity numbers (GB 11643), and how they are shown."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.codes.checksums import id_check
from yuexin.base.codes.verdict import (
    DIGITS,
    Problem,
    Verdict,
    charset_problem,
    check_problem,
    division_problem,
    foreign_characters,
    normalise_code,
    shape_problems,
)
from yuexin.base.regions import is_province
from yuexin.base.text import Text

ID_NUMBER: Final = Text("公民身份号码", "a citizen identity number")

ID_LENGTH: Final = 18
OLD_ID_LENGTH: Final = 15

_EARLIEST_BIRTH_DATE: Final = dt.date(1850, 1, 1)
DATE_PROBLEM: Final = Problem(
    "DATE",
    "error",
    Text("出生日期不存在或尚未到来", "the date of birth does not exist, or has not come yet"),
)


def check_id_number(text: str, *, on: dt.date | None = None) -> Verdict:
    """Check a citizen identity number (GB 11643-1999), also of the old form with 15 digits.

    An old number comes back in its form of 18 characters. A birth date after `on` is an error;
    without `on` a date in the future is not seen. No problem repeats a part of the number.
    """
    code = upgrade_id_number(normalise_code(text))
    problems = _shape_problems(code) or _content_problems(code, on)
    return Verdict("id_number", text, code, problems)


def upgrade_id_number(code: str) -> str:
    """The 18 characters of an old number of 15 digits: the century 19 and a check character."""
    if len(code) != OLD_ID_LENGTH or foreign_characters(code, DIGITS):
        return code
    body = f"{code[:6]}19{code[6:]}"
    return body + id_check(body)


def mask_id_number(text: str) -> str:
    """The number as it is always shown: place and last characters, the date of birth hidden.

    Whatever does not have the shape of a number is hidden altogether.
    """
    code = normalise_code(text)
    if _shape_problems(code):
        return "*" * len(code)
    tail = 4 if len(code) == ID_LENGTH else 3
    return code[:6] + "*" * (len(code) - 6 - tail) + code[-tail:]


def looks_like_id_number(code: str) -> bool:
    """Whether a normalised code can be told from others as one of a person, check digit aside."""
    return not _shape_problems(code) and all(
        problem.code == "CHECK" for problem in check_id_number(code).problems
    )


def _shape_problems(code: str) -> tuple[Problem, ...]:
    lengths = (ID_LENGTH, OLD_ID_LENGTH)
    shape = shape_problems(ID_NUMBER, code, lengths=lengths, alphabet=f"{DIGITS}X")
    if shape or "X" not in code[: ID_LENGTH - 1]:
        return shape
    return (charset_problem(ID_NUMBER, "X"),)


def _content_problems(code: str, on: dt.date | None) -> tuple[Problem, ...]:
    problems = []
    if not is_province(code[:2]):
        problems.append(division_problem(code[:2]))
    if not is_birth_date(code[6:14], on):
        problems.append(DATE_PROBLEM)
    if id_check(code[:17]) != code[17]:
        problems.append(check_problem(ID_NUMBER))
    return tuple(problems)


def is_birth_date(digits: str, on: dt.date | None) -> bool:
    """Whether eight digits are a day on which somebody alive, or known, may have been born."""
    try:
        birth = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return _EARLIEST_BIRTH_DATE <= birth <= (on or dt.date.max)
