"""Documents that natural persons show: their numbers, checked, and how they are shown.

A citizen's number and the cards that copy its form have a check character (GB 11643); permits and
passports have a shape only, so that a slip may pass. No problem repeats a part of a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final, Literal

from yuexin.base.codes.checksums import id_check
from yuexin.base.codes.person import DATE_PROBLEM, check_id_number, is_birth_date, mask_id_number
from yuexin.base.codes.verdict import (
    DIGITS,
    LETTERS,
    Problem,
    Verdict,
    charset_problem,
    check_problem,
    division_problem,
    normalise_code,
    shape_problems,
)
from yuexin.base.regions import is_province
from yuexin.base.text import Text

Document = Literal[
    "id_number", "hk_macao_permit", "taiwan_permit", "hmt_residence", "foreigner_card", "passport"
]  # fmt: skip

RESIDENCE_PREFIXES: Final = ("810000", "820000", "830000")
"""Hong Kong, Macao and Taiwan residents, where a citizen's number tells a division."""
FOREIGNER: Final = "9"

_HK_MACAO: Final = Text("港澳居民来往内地通行证号码", "a permit of a Hong Kong or Macao resident")
_TAIWAN: Final = Text("台湾居民来往大陆通行证号码", "a permit of a Taiwan resident")
_RESIDENCE: Final = Text("港澳台居民居住证号码", "a residence permit number")
_FOREIGNER: Final = Text("外国人永久居留身份证号码", "a permanent residence card number")
_PASSPORT: Final = Text("护照号码", "a passport number")


def check_hk_macao_permit(text: str, *, on: dt.date | None = None) -> Verdict:
    """H (Hong Kong) or M (Macao) and 8 digits; on cards of before, 2 digits count the issues."""
    del on
    code = normalise_code(text)
    problems = shape_problems(_HK_MACAO, code, lengths=(9, 11), alphabet=f"{DIGITS}HM")
    if not problems:
        problems = _letters_first(_HK_MACAO, code, count=1, first="HM")
    return Verdict("hk_macao_permit", text, code, problems)


def check_taiwan_permit(text: str, *, on: dt.date | None = None) -> Verdict:
    """8 digits; on documents of before, 10 digits, the last two of which count the issues."""
    del on
    code = normalise_code(text)
    problems = shape_problems(_TAIWAN, code, lengths=(8, 10), alphabet=DIGITS)
    return Verdict("taiwan_permit", text, code, problems)


def check_hmt_residence(text: str, *, on: dt.date | None = None) -> Verdict:
    """A residence permit of a Hong Kong, Macao or Taiwan resident: the form of a citizen's number,
    with 810000, 820000 or 830000 for a division."""
    found = check_id_number(text, on=on)
    problems = found.problems
    if found.valid and not found.code.startswith(RESIDENCE_PREFIXES):
        problems = (*problems, _kind_problem(_RESIDENCE))
    return Verdict("hmt_residence", text, found.code, problems)


def check_foreigner_card(text: str, *, on: dt.date | None = None) -> Verdict:
    """A permanent residence card: since December 2023 9, the province, the country and a citizen's
    birth date, sequence and check character; before, 3 letters and 12 digits."""
    code = normalise_code(text)
    problems = shape_problems(_FOREIGNER, code, lengths=(15, 18), alphabet=DIGITS + LETTERS)
    if not problems:
        problems = _foreigner_18(code, on) if len(code) == 18 else _foreigner_15(code)
    return Verdict("foreigner_card", text, code, problems)


def check_passport(text: str, *, on: dt.date | None = None) -> Verdict:
    """Letters and digits, 5 to 17 as visas write them: each country numbers in its own way."""
    del on
    code = normalise_code(text)
    lengths = tuple(range(5, 18))
    problems = shape_problems(_PASSPORT, code, lengths=lengths, alphabet=DIGITS + LETTERS)
    if not problems and not set(code) & set(DIGITS):
        problems = (_kind_problem(_PASSPORT),)
    return Verdict("passport", text, code, problems)


def check_citizen(text: str, *, on: dt.date | None = None) -> Verdict:
    """A citizen's number as shown on an identity card, told from the cards that copy its form."""
    found = check_id_number(text, on=on)
    if found.valid and found.code.startswith((*RESIDENCE_PREFIXES, FOREIGNER)):
        name = Text("公民身份号码", "a citizen identity number")
        return Verdict("id_number", text, found.code, (*found.problems, _kind_problem(name)))
    return found


DOCUMENTS: Final[Mapping[Document, Callable[..., Verdict]]] = {
    "id_number": check_citizen,
    "hk_macao_permit": check_hk_macao_permit,
    "taiwan_permit": check_taiwan_permit,
    "hmt_residence": check_hmt_residence,
    "foreigner_card": check_foreigner_card,
    "passport": check_passport,
}


def check_document(document: Document, text: str, *, on: dt.date | None = None) -> Verdict:
    """Check the number of a document that a person shows. A valid one is evidence, not proof."""
    return DOCUMENTS[document](text, on=on)


def holder_number(document: Document, code: str) -> str:
    """What of a number stays the same when the document is issued anew, by which one is found."""
    if document == "hk_macao_permit":
        return code[:9]
    if document == "taiwan_permit":
        return code[:8]
    return code


def mask_document(text: str) -> str:
    """The number as it is always shown. A citizen's and its copies keep place and last characters,
    others their first and last two; what is short, or has another shape, is hidden altogether."""
    code = normalise_code(text)
    if len(code) in (15, 18) and code[:3].isdigit():
        return mask_id_number(code)
    if not code.isascii() or not code.isalnum() or len(code) < 8:
        return "*" * len(code)
    return code[:2] + "*" * (len(code) - 4) + code[-2:]


def _foreigner_18(code: str, on: dt.date | None) -> tuple[Problem, ...]:
    body, check = code[:17], code[17]
    if foreign := "".join(c for c in body if c not in DIGITS):
        return (charset_problem(_FOREIGNER, foreign),)
    problems = []
    if not code.startswith(FOREIGNER):
        problems.append(_kind_problem(_FOREIGNER))
    if not is_province(code[1:3]):
        problems.append(division_problem(code[1:3]))
    if not is_birth_date(code[6:14], on):
        problems.append(DATE_PROBLEM)
    if id_check(body) != check:
        problems.append(check_problem(_FOREIGNER))
    return tuple(problems)


def _foreigner_15(code: str) -> tuple[Problem, ...]:
    return _letters_first(_FOREIGNER, code, count=3, first=LETTERS)


def _letters_first(name: Text, code: str, *, count: int, first: str) -> tuple[Problem, ...]:
    """What is wrong where so many letters of `first` lead, and digits follow."""
    if all(c in first for c in code[:count]) and all(c in DIGITS for c in code[count:]):
        return ()
    return (_kind_problem(name),)


def _kind_problem(name: Text) -> Problem:
    zh = f"不是{name.zh}的写法，请核对证件类型"
    return Problem("KIND", "error", Text(zh, f"{name.en} is not written so; check which it is"))
