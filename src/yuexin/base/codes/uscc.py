"""Unified social credit codes (GB 32100) and the organisation codes within them (GB 11714)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.base.codes.checksums import ORG_ALPHABET, USCC_ALPHABET, org_check, uscc_check
from yuexin.base.codes.verdict import (
    DIGITS,
    Problem,
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

USCC: Final = Text("统一社会信用代码", "a unified social credit code")
ORG_CODE: Final = Text("组织机构代码", "an organisation code")
USCC_LENGTH: Final = 18
ORG_LENGTH: Final = 9

MISREAD: Final = str.maketrans("OIZS", "0125")


@dataclass(frozen=True)
class Authority:
    """A registering authority (first character) and its categories of bodies (second)."""

    label: Text
    categories: Mapping[str, Text]


_OTHER: Final = {"9": Text("其他", "Other")}

AUTHORITIES: Final[Mapping[str, Authority]] = {
    "1": Authority(
        Text("机构编制", "Public sector staffing"),
        {
            "1": Text("机关", "Government organ"),
            "2": Text("事业单位", "Public institution"),
            "3": Text("编办直接管理机构编制的群众团体", "Mass organisation with state staffing"),
            **_OTHER,
        },
    ),
    "2": Authority(
        Text("外交", "Foreign affairs"),
        {"1": Text("外国常驻新闻机构", "Resident foreign news organisation"), **_OTHER},
    ),
    "3": Authority(
        Text("司法行政", "Justice"),
        {
            "1": Text("律师执业机构", "Law firm"),
            "2": Text("公证处", "Notary office"),
            "3": Text("基层法律服务所", "Local legal service office"),
            "4": Text("司法鉴定机构", "Forensic institution"),
            "5": Text("仲裁委员会", "Arbitration commission"),
            **_OTHER,
        },
    ),
    "4": Authority(
        Text("文化", "Culture"),
        {"1": Text("外国在华文化中心", "Foreign cultural centre"), **_OTHER},
    ),
    "5": Authority(
        Text("民政", "Civil affairs"),
        {
            "1": Text("社会团体", "Social organisation"),
            "2": Text("民办非企业单位", "Private non-enterprise unit"),
            "3": Text("基金会", "Foundation"),
            **_OTHER,
        },
    ),
    "6": Authority(
        Text("旅游", "Tourism"),
        {
            "1": Text("外国旅游部门常驻代表机构", "Resident office of a foreign tourism body"),
            "2": Text(
                "港澳台地区旅游部门常驻内地（大陆）代表机构",
                "Resident office of a Hong Kong, Macao or Taiwan tourism body",
            ),
            **_OTHER,
        },
    ),
    "7": Authority(
        Text("宗教", "Religious affairs"),
        {
            "1": Text("宗教活动场所", "Place of worship"),
            "2": Text("宗教院校", "Religious college"),
            **_OTHER,
        },
    ),
    "8": Authority(
        Text("工会", "Trade unions"),
        {"1": Text("基层工会", "Local trade union"), **_OTHER},
    ),
    "9": Authority(
        Text("市场监管（原工商）", "Market regulation (formerly industry and commerce)"),
        {
            "1": Text("企业", "Enterprise"),
            "2": Text("个体工商户", "Sole trader"),
            "3": Text("农民专业合作社", "Farmers' cooperative"),
            **_OTHER,
        },
    ),
    "A": Authority(
        Text("中央军委改革和编制办公室", "Central Military Commission, reform and staffing"),
        {"1": Text("军队事业单位", "Military institution"), **_OTHER},
    ),
    "N": Authority(
        Text("农业", "Agriculture"),
        {
            "1": Text("组级集体经济组织", "Collective economic organisation of a group"),
            "2": Text("村级集体经济组织", "Collective economic organisation of a village"),
            "3": Text("乡镇级集体经济组织", "Collective economic organisation of a township"),
            **_OTHER,
        },
    ),
    "Y": Authority(Text("其他", "Other"), {"1": Text("其他", "Other")}),
}

# Registrar, sole traders: what the first two characters say in the table above.
SOLE_TRADER_PREFIX: Final = "92"


def is_sole_trader(code: str) -> bool:
    """Whether a code is that of a sole trader."""
    return code.startswith(SOLE_TRADER_PREFIX)


def check_uscc(text: str) -> Verdict:
    """Check a unified social credit code (GB 32100-2015 with amendment 1 of 2016).

    An unknown category or division is a warning, since both are added and abolished; so is a wrong
    organisation code check (GB 11714) under a right check character, known of early codes.
    """
    code = normalise_code(text)
    shape = shape_problems(USCC, code, lengths=(USCC_LENGTH,), alphabet=USCC_ALPHABET)
    problems = shape or _content_problems(code)
    return Verdict("uscc", text, code, problems, _suggestion(code))


def _content_problems(code: str) -> tuple[Problem, ...]:
    problems = _register_problems(code)
    passes = uscc_check(code[:17]) == code[17]
    if not _has_org_check(org_code_of(code)):
        problems.append(org_check_problem("warning" if passes else "error"))
    if not passes:
        problems.append(check_problem(USCC))
    return tuple(problems)


def _register_problems(code: str) -> list[Problem]:
    problems = []
    authority = AUTHORITIES.get(code[0])
    if authority is None:
        zh, en = (
            f"登记管理部门代码{code[0]}不存在",
            f"no registering authority has the code {code[0]}",
        )
        problems.append(Problem("AUTHORITY", "error", Text(zh, en)))
    elif code[1] not in authority.categories:
        problems.append(_category_problem(authority, code[1]))
    if foreign := foreign_characters(code[2:8], DIGITS):
        problems.append(charset_problem(USCC, foreign))
    elif not is_plausible(code[2:8]):
        problems.append(division_problem(code[2:8]))
    return problems


def _authority_problem(authority: str) -> Problem:
    zh = f"登记管理部门代码{authority}不存在"
    return Problem("AUTHORITY", "error", Text(zh, f"no authority has the code {authority}"))


def _category_problem(authority: Authority, category: str) -> Problem:
    zh = f"登记管理部门“{authority.label.zh}”下没有机构类别{category}"
    en = f"the authority {authority.label.en} has no category {category} in our table"
    return Problem("CATEGORY", "warning", Text(zh, en))


def _suggestion(code: str) -> str | None:
    """The code with O, I, Z and S read as 0, 1, 2 and 5, when that makes it pass."""
    repaired = code.translate(MISREAD)
    if repaired == code or len(repaired) != USCC_LENGTH:
        return None
    return repaired if check_uscc(repaired).valid else None


def org_code_of(uscc: str) -> str:
    """The organisation code within a unified social credit code. Raises `ValueError` if cut off."""
    code = normalise_code(uscc)
    if len(code) != USCC_LENGTH:
        raise ValueError(f"not a unified social credit code: {uscc!r}")
    return code[8:17]


def check_org_code(text: str) -> Verdict:
    """Check an organisation code (GB 11714-1997), written with or without its dash."""
    code = normalise_code(text)
    return Verdict("org_code", text, code, org_code_problems(code))


def org_code_problems(code: str) -> tuple[Problem, ...]:
    """What is wrong with a normalised organisation code."""
    shape = shape_problems(ORG_CODE, code, lengths=(ORG_LENGTH,), alphabet=ORG_ALPHABET)
    if shape:
        return shape
    if foreign := foreign_characters(code[-1], f"{DIGITS}X"):
        return (charset_problem(ORG_CODE, foreign),)
    return () if _has_org_check(code) else (check_problem(ORG_CODE),)


def _has_org_check(code: str) -> bool:
    return org_check(code[:8]) == code[8]
