"""The journal as those who may read it see it: what was changed, who looked, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import QuerySet

from yuexin.base.dates import last_moment
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.decision import rooms_of
from yuexin.engines.access.models import Entry
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Room

PAGE_SIZE: Final = 50
ROOMS: Final[dict[Room, Text]] = {
    "deliveries": Text("交付", "deliveries"),
    "quarantine": Text("退回的行", "returned rows"),
    "waiting": Text("待核的行", "waiting rows"),
    "files": Text("主体档案", "files of subjects"),
    "journal": Text("日志", "the journal"),
    "accounts": Text("账号", "accounts"),
}
ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class JournalFilter:
    """Which entries are asked for: of a stream, about a thing, by an actor, from day to day."""

    stream: Literal["", "change", "look"] = ""
    thing: str = ""
    actor: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    """One entry: who did or saw what. `seal` is the number of the sealed batch that holds it."""

    id: int
    stream: str
    at: dt.datetime
    actor: str
    action: str
    thing: str
    body: str
    purpose: str
    detail: dict[str, Any]
    seal: int | None


@dataclass(frozen=True, kw_only=True)
class JournalPage:
    """A page of the journal, the latest first; `more` where older entries follow."""

    lines: tuple[JournalLine, ...]
    page: int
    more: bool


def require_room(*, declarations: Declarations, actor: Actor, room: Room) -> None:
    """Raise a `Refusal` (ROOM) unless the actor's role opens this room of the desk."""
    if room in rooms_of(declarations=declarations, actor=actor):
        return
    role = declarations.roles.get(actor.role)
    name = role.label if role else Text("未登录或未授权的人", "nobody signed in")
    zh, en = ROOMS[room]
    raise Refusal(
        code="ROOM",
        what=Text(f"办公台的“{zh}”不对{name.zh}开放", f"the desk does not open {en} to: {name.en}"),
        where=room,
        rule="declarations/roles",
        remedy=Text(
            "如工作需要，请向数据管理员申请相应角色，或改用另一项授权",
            "ask the data steward for a role that opens it, or act by another grant",
        ),
    )


def journal(
    *, declarations: Declarations, actor: Actor, wanted: JournalFilter, page: int
) -> JournalPage:
    """What was changed and looked at, the latest first, for roles with the journal's room."""
    require_room(declarations=declarations, actor=actor, room="journal")
    start = (page - 1) * PAGE_SIZE
    rows = list(_asked(wanted).order_by("-id")[start : start + PAGE_SIZE + 1])
    lines = tuple(_line(row) for row in rows[:PAGE_SIZE])
    return JournalPage(lines=lines, page=page, more=len(rows) > PAGE_SIZE)


def _asked(wanted: JournalFilter) -> QuerySet[Entry]:
    rows = Entry.objects.select_related("seal")
    if wanted.stream:
        rows = rows.filter(stream=wanted.stream)
    if wanted.thing:
        rows = rows.filter(thing=wanted.thing)
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    if wanted.first:
        rows = rows.filter(at__gt=last_moment(wanted.first - ONE_DAY))
    if wanted.last:
        rows = rows.filter(at__lte=last_moment(wanted.last))
    return rows


def _line(row: Entry) -> JournalLine:
    detail = dict(row.detail)
    return JournalLine(
        id=row.pk,
        stream=row.stream,
        at=row.at,
        actor=row.actor,
        action=row.action,
        thing=row.thing,
        body=str(detail.pop("body", "")),
        purpose=str(detail.pop("purpose", "")),
        detail=detail,
        seal=row.seal.number if row.seal else None,
    )
