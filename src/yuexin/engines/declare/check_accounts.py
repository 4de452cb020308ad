"""Whether the accounts by which the platform speaks to everybody can be told what is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import based, known
from yuexin.engines.declare.source import declaration_error

NETWORKS: Final = ("wechat", "weibo")
HANDLE: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
TOLD: Final = frozenset({"after", "until", "span", "told", "counted"})
"""What a digest of announcements is told with."""


def check_public_accounts(d: t.Declarations) -> Iterator[Refusal]:
    """Every account that nothing reaches, and every digest that says what nobody gives it."""
    for one in d.public_accounts.values():
        place = f"addresses.yaml {one.id}"
        yield from based(d, place, [one.basis], None)
        yield from known(place, "channel", [one.channel], NETWORKS)
        yield from known(place, "heading", one.headings, d.announcements)
        yield from known(place, "notice", [one.digest], d.notices)
        notice = d.notices.get(one.digest)
        if notice is not None:
            yield from known(f"{place} {one.digest}", "channel", [one.channel], notice.channels)
            yield from known(f"{place} {one.digest}", "value", notice.values.keys() ^ TOLD, ())
        if not HANDLE.fullmatch(one.handle) or one.back_days < 0:
            yield declaration_error(
                place=place,
                what=Text("handle 或 back_days 不对", "its handle or back_days is none"),
                remedy=Text(
                    "handle 只用字母、数字、- 和 _", "a handle is of letters, digits, - and _"
                ),
            )
