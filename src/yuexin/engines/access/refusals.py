"""The noes of accounts, grants and keys."""

from __future__ import annotations

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


def has_lapsed(why: Lapse) -> Refusal:
    said = WHY[why]
    return refusal(
        "GRANT_LAPSED",
        f"这项授权已失效：{said.zh}",
        f"this grant holds no more: {said.en}",
        remedy=Text(
            "仍代表该主体的，请在“我的主体”中重新认领，或到登记机关窗口办理",
            "if you still act for it, claim it again on the page of your firms, or at a window",
        ),
    )


def not_yours() -> Refusal:
    return refusal(
        "GRANT_NOT_YOURS",
        "您的角色和区划不允许这样做",
        "your role, or the place you answer for, does not allow this",
        remedy=Text("请省数据管理负责人办理", "ask the provincial data chief"),
    )
