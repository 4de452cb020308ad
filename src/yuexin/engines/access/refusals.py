"""The noes of accounts, grants and keys."""

from __future__ import annotations

import datetime as dt

from yuexin.base.dates import day_text
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.types import Lapse

WHY: dict[Lapse, Text] = {
    "no_longer_named": Text(
        "登记的法定代表人（经营者）已不是您", "the register names somebody else as representative"
    ),
    "gone": Text("本主体已注销", "the entity was deregistered"),
    "joined": Text(
        "这个代码已并入另一个代码的档案", "the file of this code goes on under another code"
    ),
    "identity": Text("您的实名信息已删除", "what was verified of who you are was erased"),
    "giver": Text("委托人的授权已终止", "whoever let you act may not act any more"),
    "agent": Text("您不再代表代理机构办事", "you act for the agent's firm no more"),
}
"""Why a grant holds no more that nobody ended, in words to its holder."""


def refusal(code: str, zh: str, en: str, *, where: str = "", remedy: Text | None = None) -> Refusal:
    return Refusal(code=code, what=Text(zh, en), where=where, remedy=remedy)


def has_lapsed(why: Lapse, *, where: str = "") -> Refusal:
    said = WHY[why]
    again = Text(
        "仍代表该主体的，请在“我的主体”中重新认领，或到登记机关窗口办理",
        "if you still act for it, claim it again on the page of your firms, or at a window",
    )
    if why in ("giver", "agent"):
        again = Text(
            "需要继续办的，请该主体现在的负责人重新委托",
            "to go on, ask whoever represents the firm now to let you act again",
        )
    return refusal(
        "GRANT_LAPSED",
        f"这项授权已失效：{said.zh}",
        f"this grant holds no more: {said.en}",
        where=where,
        remedy=again,
    )


def is_over(
    *, ended_on: dt.date | None, last: dt.date | None, delegated: bool, where: str
) -> Refusal:
    """A grant that was ended from a day on, or of which the last day is over, or that nobody knows
    or holds yet. `where` is the subject for which it was."""
    zh, en = "这项授权已经终止或尚未生效", "this grant has ended or does not hold yet"
    if ended_on is not None:
        day = day_text(ended_on)
        zh, en = f"这项授权已于{day.zh}终止", f"this grant was ended on {day.en}"
    elif last is not None:
        day = day_text(last)
        zh, en = f"这项授权已于{day.zh}到期", f"the last day of this grant was {day.en}"
    again = Text("请另选一项授权，或联系授权人", "choose another one, or ask who gave it")
    if delegated:
        again = Text(
            "需要继续办的，请委托人重新委托；代表别的主体或自己办的，请在“我的主体”中选用",
            "to go on, ask the firm to let you act again; to act for another one, choose it on the "
            "page of your firms",
        )
    return refusal("GRANT_OVER", zh, en, where=where, remedy=again)


def not_yours() -> Refusal:
    return refusal(
        "GRANT_NOT_YOURS",
        "您的角色和区划不允许这样做",
        "your role, or the place you answer for, does not allow this",
        remedy=Text("请省数据管理负责人办理", "ask the provincial data chief"),
    )
