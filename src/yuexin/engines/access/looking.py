"""The journal as those who may read it see it: what was changed, who looked, and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from yuexin.base.dates import SHANGHAI, last_moment
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.decision import (
    acted_subject,
    acts_for,
    delegates_for,
    is_partial,
    own_subject,
    rooms_of,
)
from yuexin.engines.access.delaying import Delay, delays_of
from yuexin.engines.access.models import Account, Entry, Grant
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Room

PAGE_SIZE: Final = 50
DAYS_SHOWN: Final = 30
ROOMS: Final[dict[Room, Text]] = {
    "deliveries": Text("交付", "deliveries"),
    "quarantine": Text("退回的行", "returned rows"),
    "waiting": Text("待核的行", "waiting rows"),
    "judging": Text("认定主体", "judging whose rows are"),
    "files": Text("主体档案", "files of subjects"),
    "lists": Text("名录", "lists"),
    "trials": Text("试算", "trials"),
    "cases": Text("案件", "cases"),
    "handling": Text("办事核查", "checks at the point of handling"),
    "journal": Text("日志", "the journal"),
    "accounts": Text("账号", "accounts"),
    "window": Text("窗口核验", "the window"),
}
ONE_DAY: Final = dt.timedelta(days=1)
LOOKS: Final = (
    "file.read", "file.denied", "file.checked", "case.read", "check.read", "proposal.read",
    "trial.read",
)  # fmt: skip
ACCOUNT: Final = "account/"
READS: Final = "read_file"


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
    """A page of the journal, the latest first; `more` where older entries follow. `names` are
    those of the accounts on it, by what they sign in with."""

    lines: tuple[JournalLine, ...]
    page: int
    more: bool
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OwnLook:
    """A look at one's own file: by which body, in which role, for which purpose, by nobody's name.
    `denied` where it was asked for and not granted; what an entry does not hold is ''. One that was
    told later than it was made says by which law (`delayed_by`), and from which day it was told.
    `action` is what was looked at: the file, or what else was told of the subject."""

    at: dt.datetime
    body: str
    role: str
    purpose: str
    denied: bool
    action: str = "file.read"
    delayed_by: str = ""
    told_from: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class OwnDay:
    """How often those who act for a subject looked at its file on a day, in a role. Whom the owner
    himself let look he learns: by the shown name (`by`) and the code of the agent's firm (`agent`)
    of the delegation; nobody else does."""

    on: dt.date
    role: str
    times: int
    by: str = ""
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnLooks:
    """The latest looks at the file of one subject, of `total` there were; apart from them the last
    days on which those who act for it looked (`own`)."""

    lines: tuple[OwnLook, ...]
    total: int
    own: tuple[OwnDay, ...] = ()


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


def require_impartial(*, actor: Actor, code: str) -> None:
    """Raise a `Refusal` (OWN_AFFAIR) where the actor's account acts for this subject, too."""
    if not is_partial(actor=actor, code=code):
        return
    raise Refusal(
        code="OWN_AFFAIR",
        what=Text(
            "您的账号同时代表这个主体，不得办理与其有关的事项",
            "your account acts for this subject, too: you decide nothing about it",
        ),
        where=code,
        remedy=Text("请由本部门其他人员办理", "let another officer of your body do it"),
    )


def require_own_subject(*, declarations: Declarations, actor: Actor) -> str:
    """The code of the actor's own subject. Raise a `Refusal`: RIGHT_NOT_GIVEN where he acts for one
    and was not given its file, OWN_FILE where he acts for none."""
    if acted := acted_subject(declarations=declarations, actor=actor):
        require_right(declarations=declarations, actor=actor, code=acted, right=READS)
    return _required(own_subject(declarations=declarations, actor=actor))


def require_right(*, declarations: Declarations, actor: Actor, code: str, right: str) -> None:
    """Raise a `Refusal` (RIGHT_NOT_GIVEN) unless the actor may do this in the name of the subject;
    it says which right is missing, and who gives it."""
    if acts_for(actor=actor, code=code, right=right):
        return
    named = declarations.acting.by_right[right].label
    raise Refusal(
        code="RIGHT_NOT_GIVEN",
        what=Text(
            f"委托人没有给您“{named.zh}”的权限",
            f"you were not given the right “{named.en}” by whoever let you act",
        ),
        where=code,
        rule="civil-code:162",
        remedy=Text(
            f"请主体本人（法定代表人、负责人或经营者）在“我的主体”的“委托他人”中终止原委托，"
            f"另行委托并勾选“{named.zh}”，或由其本人办理",
            "ask the entity itself (its representative or operator): on “My firms”, “Let others "
            f"act”, the old delegation is ended and a new one given with “{named.en}”; or the "
            "entity does it itself",
        ),
    )


def require_acted_subject(*, declarations: Declarations, actor: Actor) -> str:
    """The code of the subject in whose name the actor comes to the counter, by whichever right.
    Raise a `Refusal` (OWN_FILE) where he acts for none."""
    return _required(acted_subject(declarations=declarations, actor=actor))


def _required(code: str) -> str:
    if code:
        return code
    raise Refusal(
        code="OWN_FILE",
        what=Text(
            "这一页只对主体本人开放，您现在不代表任何主体",
            "this page is open to an entity itself, and you act for none now",
        ),
        rule="declarations/releases/subject.yaml",
        remedy=Text(
            "如您代表企业等主体，请在“我的账号”中改用相应的授权；公开的档案可以直接查询",
            "if you hold a grant for an entity, act by it from your account; what is public is "
            "found by the search",
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
    logins = {line.actor for line in lines} | {
        line.thing.removeprefix(ACCOUNT) for line in lines if line.thing.startswith(ACCOUNT)
    }
    return JournalPage(
        lines=lines, page=page, more=len(rows) > PAGE_SIZE, names=names_of(logins=logins)
    )


def own_looks(*, declarations: Declarations, actor: Actor, now: dt.datetime) -> OwnLooks | None:
    """The latest looks at the actor's own file, those by his own account apart, and those that an
    approved delay keeps from him for now.

    None for whoever is no subject: nobody else learns of a look in this way.
    """
    code = own_subject(declarations=declarations, actor=actor)
    if not code:
        return None
    rows = Entry.objects.filter(stream="look", thing=f"subject/{code}", action__in=LOOKS)
    rows = rows.exclude(actor=actor.id)
    delays = delays_of(declarations=declarations, codes=[code])
    for one in delays:
        if one.runs(now=now):
            others = Q(detail__body__isnull=True) | ~Q(detail__body__in=sorted(one.bodies))
            rows = rows.filter(Q(at__lt=one.since) | others)
    own = _by_own(declarations)
    apart = rows.exclude(own)
    lines = tuple(_own_look(row, delays) for row in apart.order_by("-id")[:PAGE_SIZE])
    owns = delegates_for(declarations=declarations, actor=actor) == code
    days = _by_day(rows.filter(own), code=code if owns else "")
    return OwnLooks(lines=lines, total=apart.count(), own=days)


def _by_own(declarations: Declarations) -> Q:
    """The looks of those who act for a subject, who see its file beyond what the public does: they
    come from no body."""
    roles = [one.id for one in declarations.roles.values() if one.holder in ("subject", "delegate")]
    nobody = Q(detail__body__isnull=True) | Q(detail__body="")
    # Of what was journaled before roles were, nothing is known: it is nobody's own.
    ours = Q(detail__has_key="role") & Q(detail__role__in=roles)
    return nobody & ours & ~Q(action="file.denied")


def _by_day(rows: QuerySet[Entry], *, code: str) -> tuple[OwnDay, ...]:
    """By day and role; those whom the owner of the subject under the `code` let act, each apart."""
    dated = rows.annotate(day=TruncDate("at", tzinfo=SHANGHAI))
    grouped = dated.values("day", "detail__role", "actor")
    counted = grouped.annotate(times=Count("id"), last=Max("at")).order_by("-day", "detail__role")
    found = list(counted[:DAYS_SHOWN])
    let = _let_act(code, {row["actor"] for row in found}) if code else ()
    times: Counter[tuple[dt.date, str, str, str]] = Counter()
    for row in found:
        given = (one for one in let if one.account.login == row["actor"])
        under = max(
            (one for one in given if one.granted_at <= row["last"]),
            key=lambda one: one.granted_at,
            default=None,
        )
        by = (under.account.display_name, under.agent_code) if under else ("", "")
        times[row["day"], row["detail__role"], *by] += row["times"]
    return tuple(
        OwnDay(on=on, role=role, by=by, agent=agent, times=count)
        for (on, role, by, agent), count in times.items()
    )


def _let_act(code: str, logins: Collection[str]) -> tuple[Grant, ...]:
    """The delegations by which these accounts may act, or could, for the subject."""
    given = Grant.objects.filter(account__login__in=logins, subject_code=code, rights__isnull=False)
    return tuple(given.select_related("account"))


def names_of(*, logins: Collection[str]) -> dict[str, str]:
    """What people call the accounts that sign in so; whoever has none is left out."""
    found = Account.objects.filter(login__in=logins)
    return dict(found.values_list("login", "display_name"))


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


def _own_look(row: Entry, delays: Collection[Delay]) -> OwnLook:
    body = str(row.detail.get("body", ""))
    delayed = [one for one in delays if one.covers(body=body, at=row.at)]
    last = max(delayed, key=lambda one: one.until, default=None)
    return OwnLook(
        at=row.at,
        body=body,
        role=str(row.detail.get("role", "")),
        purpose=str(row.detail.get("purpose", "")),
        denied=row.action == "file.denied",
        action=row.action,
        delayed_by=last.basis if last else "",
        told_from=last.until if last else None,
    )


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
