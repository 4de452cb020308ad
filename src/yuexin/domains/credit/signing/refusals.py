"""Why something that is proposed is not signed for, declined or stopped."""

from __future__ import annotations

from yuexin.base.errors import Refusal
from yuexin.base.text import Text


def not_declined() -> Refusal:
    return Refusal(
        code="PROCESS",
        what=Text("这一事项不能这样办", "proposals of this process are not declined"),
        remedy=Text("请从页面列出的办法中选择", "choose what the page offers"),
    )


def no_reason() -> Refusal:
    return Refusal(
        code="CASE_REASON",
        what=Text("没有写明理由", "no reason was given"),
        where="reason",
        remedy=Text("写明理由后再提交", "say why, then submit again"),
    )


def how_many(most: int) -> Refusal:
    return Refusal(
        code="CHOICE",
        what=Text(f"一次可以签署 1 至 {most} 户", f"sign for 1 to {most} at a time"),
        where="subject",
        remedy=Text("勾选后再提交", "choose, then submit"),
    )


def not_a_signer() -> Refusal:
    return Refusal(
        code="NOT_A_SIGNER",
        what=Text("您可以看，不能签署", "you may look, not sign"),
        remedy=Text("由登记机关有权签发的负责人签署", "an officer of the registrar who signs does"),
    )


def under_way() -> Refusal:
    return Refusal(
        code="SIGNING_UNDER_WAY",
        what=Text(
            "本部门对这一事项的成批签署还在办理",
            "what your body signed for this process is still being carried out",
        ),
        remedy=Text("等它办完，或先停止它", "wait until it is done, or stop it first"),
    )


def others_by_now(count: int) -> Refusal:
    return Refusal(
        code="LIST_CHANGED",
        what=Text(
            f"名单已有变化，现有 {count} 户，没有签署",
            f"others are proposed by now, {count} of them; nothing was signed",
        ),
        remedy=Text("返回名单，核对后再签署", "go back to the list, look again, then sign"),
    )


def nothing_left() -> Refusal:
    return Refusal(
        code="NOTHING_LEFT",
        what=Text("没有可以停止的成批签署", "there is nothing left that could be stopped"),
        remedy=Text("返回名单查看", "go back to the list"),
    )
