"""The noes of cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import Entity, Party, Process, Step

OFFICES: Final = {
    "office": Text("经办机关", "the body that handles it"),
    "signer": Text("有权签发的负责人", "an officer who may sign"),
}
APPLICANT: Final = Text("申请人", "the applicant")
CONCERNED: Final = Text("当事人", "the entity concerned")
IN_TIME: Final = Text("平台（到期自动）", "the platform, once the time is over")
ANYONE: Final = Text("任何人（在公开的页面上）", "anybody, on the public page")


FOR: Final[Mapping[Entity, Text]] = {
    "sole_trader": Text("只对个体工商户办理", "is for sole traders alone"),
    "not_sole_trader": Text("不对个体工商户办理", "is not for sole traders"),
}


def not_for(process: Process) -> Refusal:
    """The refusal of a case about an entity for which its process is not."""
    for_whom = FOR[process.entity]
    return refusal("CASE_ENTITY", f"“{process.zh}”{for_whom.zh}", f"“{process.en}” {for_whom.en}")


def party_label(process: Process, party: Party, *, opens: bool = False) -> Text:
    """A party of a case in words. Whoever a case is about is no applicant where he never opens one;
    what anybody opens is not opened by time."""
    if party == "applicant":
        return APPLICANT if "applicant" in process.opened_by else CONCERNED
    if party == "clock":
        return ANYONE if process.anyone and opens else IN_TIME
    return OFFICES[party]


def parties_label(process: Process, step: Step) -> Text:
    """By whom a step is taken, in words."""
    opens = not step.after or (process.anyone is not None and process.anyone.step == step.id)
    may = [party_label(process, one, opens=opens) for one in step.by]
    return Text("或".join(one.zh for one in may), " or ".join(one.en for one in may))


def refusal(
    code: str,
    zh: str,
    en: str,
    *,
    where: str = "",
    rule: str = "",
    remedy: Text | None = None,
) -> Refusal:
    return Refusal(code=code, what=Text(zh, en), where=where, rule=rule, remedy=remedy)


def step_not_open(process: Process, step: str, state: str) -> Refusal:
    """There is no such step, or not from here."""
    named = process.by_step.get(step)
    here = process.by_state.get(state)
    zh, en = (named.zh, named.en) if named else (step, step)
    if here is None:
        return refusal(
            "CASE_STEP",
            f"不能以“{zh}”开始一件“{process.zh}”",
            f"“{en}” does not begin a case of “{process.en}”",
        )
    return refusal(
        "CASE_STEP",
        f"案件处于“{here.zh}”，不能办理“{zh}”",
        f"the case is “{here.en}”, so “{en}” cannot be done now",
        remedy=Text("刷新页面，按当前可办的步骤办理", "reload the page and see what is open now"),
    )


def wrong_party(process: Process, step: Step) -> Refusal:
    """Whoever asks is not the one who may."""
    may = parties_label(process, step)
    return refusal(
        "CASE_PARTY",
        f"“{step.zh}”由{may.zh}办理",
        f"“{step.en}” is for {may.en}",
        remedy=Text("请由有权办理的人办理", "let whoever may do it do it"),
    )


def taken_meanwhile() -> Refusal:
    """Somebody else acted since the page was read."""
    return refusal(
        "CASE_MOVED",
        "案件在您查看之后已有新的办理",
        "somebody acted on this case after you opened it",
        remedy=Text("请刷新后重新办理", "reload it, then act"),
    )


def no_case() -> Refusal:
    return refusal(
        "CASE_UNKNOWN", "没有这件案件，或不在您的查看范围内", "there is no such case for you"
    )
