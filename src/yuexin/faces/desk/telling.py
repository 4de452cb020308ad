"""Who and what the journal names, in words, with the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.urls import reverse

from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import agency_named, resource_named
from yuexin.domains.credit.queries import names
from yuexin.domains.subjects.names import UNNAMED
from yuexin.engines.access.queries import JournalLine, JournalPage, rooms_of
from yuexin.engines.access.types import OPERATOR, PUBLIC, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.faces.shared.acting import purpose_label

BY_COMMAND: Final = Text("运维人员（命令行）", "the operator, by command")
BY_ITSELF: Final = Text("系统自动", "the platform itself")
ITSELF: Final = frozenset({"delivery.folded", "delivery.refused"})
NOBODY: Final = Text("没有这个主体", "no such entity")
WHO: Final = {OPERATOR.id: BY_COMMAND, PUBLIC.id: Text("未登录的公众", "the public, not signed in")}
NUMBERED: Final = {
    "erasure": ("第 {} 号依法删除", "erasure {}"),
    "draw": ("第 {} 次抽取", "draw {}"),
    "paper": ("信用报告 {}", "credit report {}"),
    "reading": ("第 {} 次重新读取", "reading again {}"),
    "check": ("核查 {}", "check {}"),
    "signature": ("第 {} 次成批签署", "signature {} for all at once"),
    "judgement": ("第 {} 号认定", "judgement {}"),
}
WHOLE: Final = {
    "deliveries": Text("全部交付", "all deliveries"),
    "search": Text("主体查询", "the search for subjects"),
    "derived": Text("由交付得出的数据", "what is derived from the deliveries"),
}


class Told(NamedTuple):
    """Something in words, the page that shows it, and the code by which it is known."""

    words: Text
    address: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """A line of the journal with all that it names in words."""

    line: JournalLine
    who: Told
    body: Text | None
    thing: Told
    purpose: Text | None


def told_lines(
    *, page: JournalPage, declarations: Declarations, actor: Actor
) -> tuple[ToldLine, ...]:
    """The lines of a page; what they name is looked up for all of them at once."""
    codes = {code for line in page.lines if (code := _after("subject", line.thing))}
    subjects = names(actor=actor, codes=codes) if codes else {}
    opens = "deliveries" in rooms_of(declarations=declarations, actor=actor)
    return tuple(
        ToldLine(
            line=line,
            who=_by(line, page.names),
            body=agency_named(declarations, line.body).label if line.body else None,
            thing=_thing(line, declarations, subjects, page.names, opens=opens),
            purpose=purpose_label(line.purpose) if line.purpose else None,
        )
        for line in page.lines
    )


def _by(line: JournalLine, names: Mapping[str, str]) -> Told:
    """By whom: what was delivered is processed by itself, whoever started the worker."""
    which = _after("delivery", line.thing)
    if line.actor == OPERATOR.id and line.action in ITSELF and which:
        return Told(BY_ITSELF)
    return told_who(login=line.actor, known=names)


def told_who(*, login: str, known: Mapping[str, str]) -> Told:
    """By whom something was done: the operator has no account, others may have none any more."""
    name = known.get(login, login)
    said = WHO.get(login) or Text(name, name)
    return Told(said, code=login if login in known else "")


def _thing(
    line: JournalLine,
    declarations: Declarations,
    subjects: Mapping[str, str],
    accounts: Mapping[str, str],
    *,
    opens: bool,
) -> Told:
    kind, _, which = line.thing.partition("/")
    if kind == "subject" and which:
        return told_subject(code=which, known=subjects)
    if kind == "delivery" and which.isdecimal():
        return _delivery(int(which), line.detail.get("row"), opens=opens)
    if kind == "account" and which == line.actor:
        return Told(Text("", ""))
    if kind == "account" and which:
        return told_who(login=which, known=accounts)
    if kind == "key" and which:
        return Told(Text("接口密钥", "a key of the interface"), code=which)
    if kind in NUMBERED and which:
        zh, en = NUMBERED[kind]
        return Told(Text(zh.format(which), en.format(which)))
    return Told(WHOLE.get(line.thing) or resource_named(declarations, line.thing).label)


def told_subject(*, code: str, known: Mapping[str, str]) -> Told:
    """The subject under a code, by its public name."""
    if code not in known:
        return Told(NOBODY, code=code)
    name = known[code]
    return Told(
        words=Text(name, name) if name else UNNAMED,
        address=reverse("portal:file", kwargs={"code": code}),
        code=code,
    )


def _delivery(number: int, row: object, *, opens: bool) -> Told:
    said = Text(f"第 {number} 次交付", f"delivery {number}")
    if row:
        said = Text(f"{said.zh}第 {row} 行", f"{said.en}, row {row}")
    address = reverse("desk:delivery", kwargs={"number": number}) if opens else ""
    return Told(said, address=address)


def _after(kind: str, thing: str) -> str:
    before, _, which = thing.partition("/")
    return which if before == kind else ""
