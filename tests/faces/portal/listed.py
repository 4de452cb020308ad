"""A made-up list with an answer of every kind, for pages without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import zip_longest

from tests.faces.portal.samples import CODE, HOSTILE, LONG_NAME, SOLE_TRADER_CODE, head

from yuexin.base.text import Text
from yuexin.domains.credit.lists import Brief, Checked, Match
from yuexin.faces.shared.listing import Listing, pasted


def listed() -> tuple[Listing, tuple[Checked, ...]]:
    """A list with an answer of every kind."""
    name, person = head().name, "440106199003071231"
    lines = ("名称或代码", name, CODE, "", LONG_NAME, HOSTILE, person, "示" * 199)
    again = Text("请核对", "check it")
    brief = Brief(
        code=CODE, name=name, status=Text("存续", "Active"), tone="good", adverse=2, licences=3,
        lapsed=1, until=dt.date(2027, 1, 31),
    )  # fmt: skip
    none = Match(state="none", reason=Text("没有这个名称", "no such name"), remedy=again)
    matches = (
        Match(state="matched", reason=Text("名称完全相同", "by exactly this name"), by="name"),
        Match(
            state="matched",
            reason=Text("曾用名（至2018年3月2日止）", "by a former name"),
            by="code",
        ),
        replace(none, state="several", codes=(CODE, SOLE_TRADER_CODE), count=2),
        replace(none, suggestion=CODE),
        replace(none, state="closed"),
        none,
    )
    briefs = (brief, replace(brief, name="", adverse=0, licences=0, lapsed=0, until=None))
    given = pasted("\n".join(lines))
    found = zip_longest(given.lines, matches, briefs)
    return given, tuple(Checked(line=line, match=match, brief=one) for line, match, one in found)
