"""Which delivered column is which declared one. A column nobody declared is refused."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import MAX_COLUMNS
from yuexin.engines.declare.types import Resource

NAMED: Final = 5
LISTED: Final = 20


def matched(given: Sequence[str], resource: Resource) -> list[str]:
    """The declared header of each delivered column, in order. Raises a `Refusal` otherwise."""
    known = declared(resource)
    if not any(given):
        raise _refusal(resource, "首行为空", "the first line is empty", "")
    if len(given) > MAX_COLUMNS:
        raise _refusal(resource, f"列数 {len(given)} 超过上限", f"{len(given)} columns", "")
    headers = [known(name) for name in given]
    unknown = [name for name, header in zip(given, headers, strict=True) if not header]
    if unknown:
        names = [name[:40].replace("\0", "\ufffd") for name in unknown[:NAMED]]
        near = difflib.get_close_matches(names[0], [c.header for c in resource.columns], n=1)
        more = len(unknown) > NAMED
        raise _refusal(
            resource,
            f"列“{'”、“'.join(names)}”{'等' if more else ''}未在目录中声明",
            f"not declared: the column “{'”, “'.join(names)}”{' and others' if more else ''}",
            near[0] if near and len(unknown) == 1 else _listed(resource),
        )
    twice = [name for name in headers if headers.count(name) > 1]
    if twice:
        raise _refusal(resource, f"列“{twice[0]}”重复", f"the column “{twice[0]}” stands twice", "")
    missing = [c.header for c in resource.columns if c.required and c.header not in headers]
    if missing:
        raise _refusal(
            resource,
            f"缺少必需列“{missing[0]}”",
            f"the column “{missing[0]}” is missing",
            missing[0],
        )
    return headers


def _listed(resource: Resource) -> str:
    """The declared headers, the first of them where there are many."""
    headers = [column.header for column in resource.columns]
    return "、".join(headers[:LISTED]) + (" …" if len(headers) > LISTED else "")


def declared(resource: Resource) -> Callable[[str], str]:
    """Which declared header a name means, or the empty text."""
    known = {
        _key(name): column.header
        for column in resource.columns
        for name in (column.header, *column.aliases)
    }
    # Every row of an object file names its columns again; strange names must not pile up.
    return lru_cache(maxsize=MAX_COLUMNS)(lambda name: known.get(_key(name), ""))


def unreadable_header(resource: Resource) -> Refusal:
    """The refusal for a first line that is no list of columns."""
    return _refusal(resource, "首行不是表头", "the first line is no header", "")


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _refusal(resource: Resource, zh: str, en: str, expected: str) -> Refusal:
    remedy = (
        Text(f"按目录 {resource.code} 的列名交付：{expected}", f"deliver the declared: {expected}")
        if expected
        else Text(f"按目录 {resource.code} 的列名交付", f"deliver the columns of {resource.code}")
    )
    return Refusal(code="COLUMNS", what=Text(zh, en), where="1", rule=resource.code, remedy=remedy)
