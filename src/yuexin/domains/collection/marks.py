"""What a secrecy mark looks like: in a name, under a heading, or standing by itself in a text.

The Law on Guarding State Secrets knows three grades, and a mark is the grade and, behind a star,
its term. Work secrets (art. 64) are no grade, and no less to be kept out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from yuexin.base.text import normalise_name
from yuexin.engines.declare.types import Resource

NOT_SECRET = ("", "无", "否", "公开", "一般", "非密", "非涉密", "不涉密", "none", "null", "N/A")
DASHES = "-–—―/"
HEADINGS = ("密级", "秘密等级", "秘密级别", "保密等级", "保密级别", "涉密等级", "涉密级别",
            "是否涉密", "MJ", "SECRECY")  # fmt: skip
HEAD_ROWS = 20

_SIGNS = re.compile('[,;|\t\r\n"<>]')
_HEADING = re.compile(f"(?:{'|'.join(HEADINGS)})(?:\\(.*\\))?")
# 商业秘密 is a term of ordinary law; 计算机密码 and 电机密封件 only look like a grade.
_NAME = re.compile("(?<!商业)(?:绝密|(?<!计算)机密(?![码封])|秘密)")
_BOUND = "[\\s,;\"'|:：<>()（）\\[\\]【】〔〕\ufeff]"
_SPACE = "[ \u3000]"
_GRADE = f"(?:绝|机|(?:工作)?秘){_SPACE}?密级?"
_TERM = "(?:长期|[0-9０-９一二三四五六七八九十]+(?:年|个月))"
MARK = re.compile(
    f"(?<!商业){_GRADE}\\s*[★☆*＊]|(?<={_BOUND}){_GRADE}(?:{_SPACE}*{_TERM})?(?={_BOUND})"
)

# A name beside its value: in JSON, as an attribute, as an element.
_PAIRS = (
    re.compile(r'"((?:[^"\\]|\\.){1,40})"\s*:\s*(?:"((?:[^"\\]|\\.)*)|([^\s,}\]"]+))'),
    re.compile(r"([^\s<>\"'=]{1,40})\s*=\s*(?:\"([^\"<]*)|'([^'<]*))"),
    re.compile(r"<(?:[^\s<>/:]{1,40}:)?([^\s<>/:]{1,40})(?:\s[^<>]*)?>(?:<!\[CDATA\[)?([^<\]]*)()"),
)


def in_name(name: str) -> bool:
    """Whether the name of a file, a member of an archive or a worksheet bears a mark."""
    return bool(_NAME.search(normalise_name(name)))


def is_heading(cell: str) -> bool:
    """Whether a column under this heading tells secrecy, whatever layout it stands in."""
    return bool(_HEADING.fullmatch(normalise_name(cell)))


def has_heading(text: str) -> bool:
    """Whether a field of this text, be it CSV or XML, is a heading of secrecy."""
    return any(is_heading(field) for field in _SIGNS.split(text))


def open_words(resource: Resource) -> frozenset[str]:
    """What a cell may say without declaring secrecy, and what this layout means by nothing."""
    return frozenset(map(normalise_name, (*NOT_SECRET, *resource.blank)))


def is_open(cell: str, words: Collection[str]) -> bool:
    """Whether a cell of a secrecy column declares none. What nobody knows declares one.

    A heading that is repeated among the rows is no declaration.
    """
    return normalise_name(cell).strip(DASHES) in words or is_heading(cell)


def below_heading(rows: Iterable[list[str]]) -> Iterator[str]:
    """The cells under the secrecy headings of a table, if its first rows hold any.

    A row of another width than the headings is passed over: nothing tells its columns.
    """
    places: list[int] = []
    width = 0
    for number, row in enumerate(rows):
        if places:
            yield from (row[place] for place in places if len(row) == width)
        elif number == HEAD_ROWS:
            return
        else:
            places = [place for place, cell in enumerate(row) if is_heading(cell)]
            width = len(row)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names in a text of JSON or XML, or what is left of one, each beside its value."""
    for shape in _PAIRS:
        for name, value, other in shape.findall(text):
            yield name, value or other


def tells(pairs: Iterable[tuple[str, str]], words: Collection[str]) -> bool:
    """Whether a name that is a heading of secrecy has a value that declares some."""
    return any(is_heading(name) and not is_open(value, words) for name, value in pairs)


def declares(pairs: Iterable[tuple[str, str]], words: Collection[str]) -> bool:
    """Whether one of these names tells secrecy, or a mark stands by itself in one of the texts."""
    return any(
        MARK.search(f" {text} ") or (is_heading(name) and not is_open(text, words))
        for name, text in pairs
    )
