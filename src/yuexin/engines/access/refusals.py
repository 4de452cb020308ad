"""The noes of accounts, grants and keys."""

from __future__ import annotations

from yuexin.base.errors import Refusal
from yuexin.base.text import Text


def refusal(code: str, zh: str, en: str, *, where: str = "", remedy: Text | None = None) -> Refusal:
    return Refusal(code=code, what=Text(zh, en), where=where, remedy=remedy)


def not_yours() -> Refusal:
    return refusal(
        "GRANT_NOT_YOURS",
        "您的角色和区划不允许这样做",
        "your role, or the place you answer for, does not allow this",
        remedy=Text("请省数据管理负责人办理", "ask the provincial data chief"),
    )
