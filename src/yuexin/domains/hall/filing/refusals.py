"""Why a filing may not be made, in words, with the law and what to do."""

from __future__ import annotations

from yuexin.base.dates import day_text
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import Stand, Standing

_WHAT: dict[Standing, tuple[Text, Text]] = {
    "closed": (
        Text(
            "报告期已过，已公示的报告不能再自行更正",
            "the window is over: the entity can no longer correct what was published",
        ),
        Text(
            "确有错误的，向登记机关提出，由其责令更正",
            "tell the register, which may order a correction",
        ),
    ),
    "too_early": (
        Text("还没有到填报的时间", "it is too early to file this"),
        Text("请在填报期开始后填报", "file it once its window opens"),
    ),
    "not_founded": (
        Text(
            "主体在那以后才成立，不需要也不能填报",
            "the entity was founded after that: nothing is owed",
        ),
        Text("请核对年度或日期", "check the year or the day"),
    ),
    "ended": (
        Text(
            "主体已经注销、吊销、撤销或者迁出，不能填报",
            "the entity is cancelled, revoked or has left: nothing can be filed",
        ),
        Text("登记状态有误的，向登记机关提出更正", "ask the register where that state is wrong"),
    ),
    "no_law": (
        Text(
            "这类主体或者这个时间没有填报义务",
            "no law has this kind of entity file for that time",
        ),
        Text("请核对年度或日期", "check the year or the day"),
    ),
}


def refuse_standing(*, stand: Stand, where: str) -> None:
    """Refuse what may not be filed, by the law that says so."""
    if stand.may_file:
        return
    what, remedy = _WHAT[stand.standing]
    if stand.standing == "closed" and stand.due:
        last = day_text(stand.due.date)
        what = Text(f"{what.zh}（止于{last.zh}）", f"{what.en} (it ended on {last.en})")
    if stand.standing == "too_early" and stand.opens:
        first = day_text(stand.opens)
        remedy = Text(f"自{first.zh}起填报", f"file it from {first.en} on")
    raise Refusal(
        code=f"FILING_{stand.standing.upper()}",
        what=what,
        where=where,
        rule=stand.filer.basis if stand.filer else "",
        remedy=remedy,
    )


def refuse_unentitled(may_file: bool, where: str) -> None:
    """Refuse whoever was not given the right to file for this entity."""
    if may_file:
        return
    raise Refusal(
        code="NOT_YOUR_FIRM",
        what=Text("只能为自己代表的主体填报", "you may file for the entity that you act for only"),
        where=where,
        rule="publicity-regulation:8",
        remedy=Text("请委托人授予填报的权限", "ask its owner for the right to file"),
    )


def no_entity(code: str) -> Refusal:
    """Nothing came of the entity yet."""
    return Refusal(
        code="FILING_NO_ENTITY",
        what=Text("还没有收到这个主体的登记信息", "no registration of this entity has come in yet"),
        where=code,
        remedy=Text("登记机关交付以后再填报", "file it when the registrar has delivered it"),
    )


def not_ready() -> Refusal:
    """The checks would reject it."""
    return Refusal(
        code="FILING_CHECKS",
        what=Text("有几处没有通过检查，尚未报送", "the checks reject it: nothing was sent"),
        remedy=Text("按提示改正后再报送", "mend what is marked, then send it"),
    )


def no_such_thing(thing: str) -> Refusal:
    """A year that is none, or a number that was not given out."""
    return Refusal(
        code="FILING_THING",
        what=Text("没有这个年度或者编号", "there is no such year or number"),
        where=thing,
        remedy=Text("从填报页面选择", "choose it on the page of filings"),
    )
