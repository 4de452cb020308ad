"""What a delegate did, in words to the owner of the firm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.engines.access.queries import Deed

DEEDS: Final[Mapping[str, Text]] = {
    "file.read": Text("查看档案", "looked at the file"),
    "file.denied": Text("请求查看档案未获准", "asked for the file and was refused"),
    "paper.issued": Text("取得信用报告", "took a credit report"),
    "correction.confirmed": Text("确认知悉更正", "confirmed a correction"),
    "delivery.received": Text("报送年报或即时信息", "filed a report or instant information"),
    "delivery.repeated": Text("重复报送，未再收", "filed the same again, which was not taken"),
    "case.opened": Text("提交申请", "opened a case"),
    "case.step": Text("办理案件的一步", "took a step of a case"),
    "case.read": Text("查看案件", "looked at a case"),
    "calendar.opened": Text("生成日历订阅地址", "made an address of the calendar"),
    "calendar.closed": Text("停用日历订阅地址", "closed an address of the calendar"),
}
OTHER: Final = Text("其他操作", "something else")
THINGS: Final[Mapping[str, Text]] = {
    "case": Text("办件 {}", "case {}"),
    "delivery": Text("第 {} 号回执", "receipt {}"),
    "paper": Text("报告 {}", "report {}"),
    "judgement": Text("更正 {}", "correction {}"),
}
"""What is named by its number; the subject itself is not: it is the one of the page."""
Told = tuple[Deed, Text, tuple[Text, ...]]


def by_day(deeds: Iterable[Deed]) -> list[tuple[dt.date, list[Told]]]:
    """The deeds of each day, the latest first, in words, with the numbers of what they were of."""
    days = groupby(deeds, key=lambda one: today(one.at))
    return [(day, [(one, told(one.action), _things(one)) for one in same]) for day, same in days]


def told(action: str) -> Text:
    """An action in words."""
    return DEEDS.get(action, OTHER)


def _things(deed: Deed) -> tuple[Text, ...]:
    named = (thing.partition("/") for thing in deed.things)
    return tuple(
        Text(THINGS[kind].zh.format(number), THINGS[kind].en.format(number))
        for kind, _, number in named
        if kind in THINGS
    )
