"""What a check of an identifier answers, and the form in which identifiers are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.text import Text

Scheme = Literal[
    "uscc", "org_code", "reg_no", "legacy13", "id_number",
    "tax_no", "food_licence", "gtin", "e_licence",
    "hk_macao_permit", "taiwan_permit", "hmt_residence", "foreigner_card", "passport",
]  # fmt: skip
Severity = Literal["error", "warning"]
ProblemCode = Literal[
    "LEN", "CHARSET", "AUTHORITY", "CATEGORY", "DIVISION", "ORG_CHECK", "CHECK", "DATE", "KIND"
]

DIGITS: Final = "0123456789"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_DASHES: Final = frozenset("-‐‑‒–—―−－")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an identifier. A warning does not make it invalid."""

    code: ProblemCode
    severity: Severity
    text: Text


@dataclass(frozen=True)
class Verdict:
    """The result of checking one identifier: as given, as normalised, and what is wrong with it.

    `suggestion` is a code that the writer may have meant and that passes the check.
    """

    scheme: Scheme
    given: str
    code: str
    problems: tuple[Problem, ...] = ()
    suggestion: str | None = None

    @property
    def valid(self) -> bool:
        """Whether no problem is an error. A valid code is evidence, not proof."""
        return all(problem.severity != "error" for problem in self.problems)


def normalise_code(text: str) -> str:
    """The form in which codes are stored and compared.

    Full-width forms become half-width, Latin letters capitals; spaces, dashes and invisible
    characters go. Nothing else changes, so a stray ² or Cyrillic А still fails the check.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character in _DASHES or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return ""
    if "！" <= character <= "～":
        character = chr(ord(character) - 0xFEE0)
    return character.upper() if character.isascii() else character


def shape_problems(
    name: Text, code: str, *, lengths: tuple[int, ...], alphabet: str
) -> tuple[Problem, ...]:
    """What is wrong with length and characters; while anything is, nothing else can be checked."""
    problems = []
    if len(code) not in lengths:
        problems.append(_length_problem(name, lengths, len(code)))
    if foreign := foreign_characters(code, alphabet):
        problems.append(charset_problem(name, foreign))
    return tuple(problems)


def foreign_characters(code: str, alphabet: str) -> str:
    """The characters of the code that are not in the alphabet."""
    return "".join(character for character in code if character not in alphabet)


def _length_problem(name: Text, lengths: tuple[int, ...], given: int) -> Problem:
    expected = "/".join(map(str, lengths))
    zh = f"{name.zh}应为{expected}位，收到{given}位"
    en = f"{name.en} has {expected} characters, but {given} were given"
    return Problem("LEN", "error", Text(zh, en))


def charset_problem(name: Text, foreign: str) -> Problem:
    """The problem of characters that the scheme does not use."""
    listed = " ".join(sorted(set(foreign)))
    zh = f"{name.zh}含有不允许的字符：{listed}"
    return Problem("CHARSET", "error", Text(zh, f"{name.en} does not use the characters {listed}"))


def check_problem(name: Text, severity: Severity = "error") -> Problem:
    """The problem of a check character that does not follow from the others."""
    zh = f"{name.zh}校验位不符，可能有录入错误"
    en = f"{name.en} has a wrong check character; it may be mistyped"
    return Problem("CHECK", severity, Text(zh, en))


def org_check_problem(severity: Severity) -> Problem:
    """The problem of an organisation code whose ninth character is wrong, inside another code."""
    zh = "其中的组织机构代码校验位不符（GB 11714）"
    en = "the organisation code within it has a wrong check character (GB 11714)"
    return Problem("ORG_CHECK", severity, Text(zh, en))


def division_problem(division: str) -> Problem:
    """The warning of a division we do not know. Divisions are abolished, but codes live on."""
    zh = f"行政区划代码{division}不在现有表中（可能已撤销）"
    en = f"the division {division} is not in our table (it may have been abolished)"
    return Problem("DIVISION", "warning", Text(zh, en))
