"""What is said to a line of a list: which subject it names and by what, or why none and what to do.

The sentences are public interface. None tells whether a person's own name stands here.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.codes import check_uscc, identify
from yuexin.base.dates import day_text
from yuexin.base.text import Text
from yuexin.domains.credit.lists import Match, MatchedBy

CODES_NAMED: Final = 3
USCC_LENGTH: Final = 18
SUBJECT_SCHEMES: Final = frozenset({"uscc", "org_code", "reg_no", "legacy13", "tax_no"})

CODE: Final = Text("统一社会信用代码一致", "by its unified social credit code")
WITHIN: Final = Text("内容中含有该代码", "by the code within the text")
ORG_CODE: Final = Text("组织机构代码一致", "by its organisation code")
NUMBER: Final = Text("旧号码一致", "by an old number")
NAME: Final = Text("名称完全相同", "by exactly this name")
SPELLING: Final = Text(
    "名称相同，写法不同（全半角、括号、空格、大小写或繁体）",
    "by this name, spelled otherwise (width, brackets, spaces, capitals or traditional characters)",
)
FORMER: Final = Text("曾用名", "by a former name")
HOW: Final[dict[MatchedBy, Text]] = {
    "code": CODE,
    "org_code": ORG_CODE,
    "number": NUMBER,
    "name": NAME,
    "spelling": SPELLING,
    "former_name": FORMER,
}

COMPARE: Final = Text("请对照营业执照核对每一位", "compare each character with the licence")
USE_CODE: Final = Text("请改用统一社会信用代码", "use the unified social credit code")

PERSONS_NUMBER: Final = Match(
    state="closed",
    reason=Text(
        "可能是公民身份号码，不查询个人",
        "this may be a person's identity number; persons are not looked up",
    ),
    remedy=USE_CODE,
)
PERSONS_NAME: Final = Match(
    state="closed",
    reason=Text(
        "没有以此为全称的单位；个人姓名不查询",
        "no body has this as its whole name, and persons' names are not looked up",
    ),
    remedy=Text(
        "请写单位全称，或改用统一社会信用代码",
        "write the whole name of a body, or use the unified social credit code",
    ),
)
TOO_LONG: Final = Match(
    state="none",
    reason=Text("超过 200 个字符，不是名称或代码", "longer than 200 characters: no name or code"),
    remedy=Text("每行只写一个名称或代码", "write one name or code on a line"),
)
TOO_SHORT: Final = Match(
    state="none",
    reason=Text("是空的，或不足两个字", "empty, or fewer than two characters"),
    remedy=Text("请写全称或代码", "write the whole name, or a code"),
)
NO_SUCH_NAME: Final = Match(
    state="none",
    # Not that nobody bears it: who bears his own is not found by it.
    reason=Text(
        "按名称可查的主体中没有这个名称（含曾用名）",
        "no entity that can be found by name has or had this one",
    ),
    remedy=Text(
        "请写全称、改用代码，或逐个用查询框按片段查",
        "write the whole name, use the code, or search for a part of it by itself",
    ),
)
NOT_A_SUBJECTS: Final = Match(
    state="none",
    reason=Text(
        "这是许可证、证照或商品的编号，不是主体的代码",
        "this numbers a licence, a certificate or goods, not an entity",
    ),
    remedy=USE_CODE,
)
NOT_DELIVERED: Final = Match(
    state="none",
    reason=Text(
        "格式正确，但已交付的数据中没有这个主体",
        "well formed, but no such entity is in the data delivered",
    ),
    remedy=Text(
        "请核对是否抄错；新设立的主体要等登记机关下一次交付",
        "check that it is copied correctly; a new entity appears with the registrar's next "
        "delivery",
    ),
)


def matched(
    *,
    code: str,
    by: MatchedBy,
    within: bool,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
) -> Match:
    """One subject: by a name or number that it holds, or held `valid_from` until before.

    `within`: the code stood in other text.
    """
    reason = WITHIN if within and by == "code" else HOW[by]
    if by == "former_name":
        reason = _dated(reason, valid_from, valid_until)
    return Match(state="matched", reason=reason, by=by, codes=(code,), count=1)


def _dated(said: Text, since: dt.date | None, until: dt.date | None) -> Text:
    """With the days of a former name, as far as they are known."""
    start, end = (day_text(day) if day else Text("", "") for day in (since, until))
    zh = f"{f'自{start.zh}起' if since else ''}{f'至{end.zh}止' if until else ''}"
    en = f"{f' from {start.en}' if since else ''}{f' until {end.en}' if until else ''}"
    return Text(f"{said.zh}（{zh}）" if zh else said.zh, f"{said.en}{en}")


def several(codes: tuple[str, ...]) -> Match:
    """More than one subject: none of them is chosen."""
    count = len(codes)
    return Match(
        state="several",
        reason=Text(
            f"有 {count} 个主体现用或曾用它", f"{count} entities have or had this name or number"
        ),
        remedy=Text("请从所列代码中确认是哪一个", "tell by the codes listed which one is meant"),
        codes=codes[:CODES_NAMED],
        count=count,
    )


def wrong_number(number: str) -> Match:
    """What is wrong with a number that found nothing."""
    verdict = check_uscc(number) if len(number) == USCC_LENGTH else identify(number)
    errors = [problem.text for problem in verdict.problems if problem.severity == "error"]
    if errors:
        reason = Text("；".join(e.zh for e in errors), "; ".join(e.en for e in errors))
        suggestion = verdict.suggestion or ""
        return Match(state="none", reason=reason, remedy=COMPARE, suggestion=suggestion)
    return NOT_DELIVERED if verdict.scheme in SUBJECT_SCHEMES else NOT_A_SUBJECTS
