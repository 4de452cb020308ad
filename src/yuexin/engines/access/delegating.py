"""An owner lets others act for his firm, within rights and a term, and sees what they did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yuexin.base.codes import check_uscc
from yuexin.base.dates import day_text, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.decision import delegates_for
from yuexin.engines.access.granting import end_by
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account, Entry, Grant, GrantEnd
from yuexin.engines.access.refusals import refusal
from yuexin.engines.access.standing import ended, standing
from yuexin.engines.access.types import Actor, GrantInForce
from yuexin.engines.declare.types import Declarations, Right

ROLE = "delegate"
LATEST_DEEDS = 50


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a delegate did, or looked at, for the subject on one day, how often, when last (`at`),
    and the things to which he did it, each once."""

    at: dt.datetime
    action: str
    things: tuple[str, ...]
    times: int


@dataclass(frozen=True, kw_only=True)
class Delegate:
    """Somebody who acts for the subject: his rights, since when and until when, and his latest
    deeds. `ended_on` where it was ended, `stands` while it holds today."""

    grant: GrantInForce
    name: str
    rights: tuple[Right, ...]
    stands: bool
    ended_on: dt.date | None
    deeds: tuple[Deed, ...]


def delegate(
    *,
    actor: Actor,
    declarations: Declarations,
    login: str,
    name: str,
    rights: Collection[str],
    valid_to: dt.date,
    reason: str,
    now: dt.datetime,
    agent_code: str = "",
) -> Grant:
    """Let the account of this name act for the actor's firm, from today to before `valid_to`.

    `name` is what that account is called: both must agree, so that a slip gives nothing away and
    nobody learns who has an account. With `agent_code`, only while it acts for that firm.
    """
    code = require_delegates(declarations=declarations, actor=actor)
    on = today(now)
    faults = delegation_faults(
        declarations=declarations, actor=actor, login=login, name=name, rights=rights,
        valid_to=valid_to, reason=reason, agent_code=agent_code, now=now,
    )  # fmt: skip
    for fault in faults:
        raise fault
    taker = Account.objects.get(login=login.strip().lower())
    with transaction.atomic():
        # Whoever gives, and to whom, one at a time: of two clicks one counts.
        Account.objects.select_for_update().get(pk=taker.pk)
        under = _own_grant(actor, code, on)
        if any(one.account == taker.login for one in _given(code, on)):
            raise _twice()
        grant = Grant.objects.create(
            account=taker, role=ROLE, subject_code=code, valid_from=on, valid_to=valid_to,
            granted_by=actor.id, granted_at=now, reason=reason.strip(), given_under_id=under.id,
            rights=sorted(set(rights)), agent_code=agent_code,
        )  # fmt: skip
        if agent_code and not standing(grants=Grant.objects.filter(pk=grant.pk), on=on):
            raise _not_of_agent()
        note(
            stream="change", actor=actor, action="grant.given", thing=f"account/{taker.login}",
            now=now, grant=str(grant.pk), role=ROLE, subject=code, rights=grant.rights,
            valid_from=str(on), valid_to=str(valid_to), reason=grant.reason, agent=agent_code,
        )  # fmt: skip
    return grant


def delegation_faults(
    *,
    declarations: Declarations,
    actor: Actor,
    login: str,
    name: str,
    rights: Collection[str],
    valid_to: dt.date | None,
    reason: str,
    agent_code: str,
    now: dt.datetime,
) -> tuple[Refusal, ...]:
    """Everything that is wrong with what was filled in, at most one refusal for each of the fields
    `login` (with the name), `rights`, `until`, `agent` and `reason`, which its `where` names."""
    on = today(now)
    found = (
        _fault_of_taker(actor, login, name, on),
        _fault_of_rights(declarations, rights),
        _fault_of_term(declarations, valid_to, on),
        _fault_of_agent(agent_code),
        None if reason.strip() else _terms("reason", "请写明委托的事由", "give the reason"),
    )
    return tuple(one for one in found if one is not None)


def end_delegation(
    *, actor: Actor, declarations: Declarations, grant: Grant, reason: str, now: dt.datetime
) -> GrantEnd:
    """End at once what was given to somebody. The owner of the firm may, and he himself."""
    given = grant.role == ROLE and grant.rights is not None
    owns = delegates_for(declarations=declarations, actor=actor) == grant.subject_code
    if not given or not (owns or actor.id == grant.account.login):
        raise _not_yours()
    return end_by(actor=actor, grant=grant, reason=reason, ends_on=today(now), now=now)


def delegates_of(
    *, declarations: Declarations, actor: Actor, now: dt.datetime
) -> tuple[Delegate, ...]:
    """Everybody who acts or acted for the actor's firm, the latest first, with what he did."""
    code = require_delegates(declarations=declarations, actor=actor)
    on = today(now)
    rows = Grant.objects.filter(subject_code=code, role=ROLE, rights__isnull=False)
    stand = {one.id for one in standing(grants=rows, on=on)}
    found = rows.select_related("account").prefetch_related("ends").order_by("-granted_at", "-id")
    return tuple(_told(declarations, row, row.pk in stand) for row in found)


def ended_delegations(*, account: UUID, on: dt.date) -> Mapping[str, dt.date]:
    """By code of the firm, for which an account acts no more as a delegate: the day on which the
    last of it ended."""
    rows = Grant.objects.filter(account=account, role=ROLE, rights__isnull=False)
    still = {one.subject_code for one in standing(grants=rows, on=on)}
    return ended(grants=rows.exclude(subject_code__in=still), on=on)


def require_delegates(*, declarations: Declarations, actor: Actor) -> str:
    """The code for which the actor may let others act. Raises a `Refusal` (DELEGATE_NOT_YOURS)."""
    code = delegates_for(declarations=declarations, actor=actor)
    if not code:
        raise _not_yours()
    return code


def _told(declarations: Declarations, row: Grant, stands: bool) -> Delegate:
    ends = row.ends.all()
    known = declarations.acting.by_right
    deeds = Entry.objects.filter(actor=row.account.login, detail__has_key="for")
    mine = deeds.filter(detail__for=row.subject_code, at__gte=row.granted_at).order_by("-id")
    if ends:
        mine = mine.filter(at__lte=min(end.ended_at for end in ends))
    return Delegate(
        grant=GrantInForce(
            id=row.pk, account=row.account.login, role=row.role, agency="",
            subject_code=row.subject_code, valid_from=row.valid_from, until=row.valid_to,
            rights=frozenset(row.rights or ()), giver=row.given_under_id,
            agent_code=row.agent_code,
        ),
        name=row.account.display_name,
        rights=tuple(known[one] for one in row.rights or () if one in known),
        stands=stands,
        ended_on=min((end.ends_on for end in ends), default=None),
        deeds=_by_day(mine[:LATEST_DEEDS]),
    )  # fmt: skip


def _by_day(entries: Iterable[Entry]) -> tuple[Deed, ...]:
    """The same thing done again on one day is one deed; the latest day first."""
    found: dict[tuple[dt.date, str], list[Entry]] = {}
    for one in entries:
        found.setdefault((today(one.at), one.action), []).append(one)
    return tuple(
        Deed(
            at=same[0].at, action=action, things=tuple(dict.fromkeys(one.thing for one in same)),
            times=len(same),
        )
        for (_, action), same in found.items()
    )  # fmt: skip


def _own_grant(actor: Actor, code: str, on: dt.date) -> GrantInForce:
    """The grant by which the actor is the owner: what he gives holds while it does."""
    rows = Grant.objects.filter(account__login=actor.id, role=actor.role, subject_code=code)
    held = standing(grants=rows, on=on)
    if not held:
        raise _not_yours()
    return held[0]


def _given(code: str, on: dt.date) -> tuple[GrantInForce, ...]:
    return standing(grants=Grant.objects.filter(subject_code=code, role=ROLE), on=on)


def _fault_of_taker(actor: Actor, login: str, name: str, on: dt.date) -> Refusal | None:
    taker = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    if taker is not None and taker.login == actor.id:
        return refusal(
            "GRANT_TO_ONESELF", "不得给自己授权", "nobody grants himself anything", where="login"
        )
    if taker is None or taker.display_name != name.strip():
        return refusal(
            "DELEGATE_UNKNOWN",
            "没有这个用户名，或显示名称与它不符",
            "there is no such account, or it is not called so",
            where="login",
            remedy=Text(
                "请对方登录后，把“我的账号”上的用户名和显示名称告诉您",
                "ask for the account name and the shown name on that person's account page",
            ),
        )
    acts = any(one.account == taker.login for one in _given(actor.subject_code, on))
    return _twice() if acts else None


def _fault_of_rights(declarations: Declarations, rights: Collection[str]) -> Refusal | None:
    if rights and set(rights) <= declarations.acting.by_right.keys():
        return None
    return _terms("rights", "请选定至少一项权限", "choose at least one right")


def _fault_of_term(
    declarations: Declarations, valid_to: dt.date | None, on: dt.date
) -> Refusal | None:
    longest = declarations.acting.longest_days
    if valid_to is not None and 0 < (valid_to - on).days <= longest:
        return None
    last = day_text(on + dt.timedelta(days=longest - 1))
    return _terms(
        "until",
        f"请写明委托的最后一天：自今日起不超过{longest}天，最晚{last.zh}",
        f"give the last day: within {longest} days from today, {last.en} at the latest",
    )


def _fault_of_agent(code: str) -> Refusal | None:
    if not code or check_uscc(code).valid:
        return None
    return refusal(
        "DELEGATE_AGENT",
        "代理机构的统一社会信用代码不对",
        "this is no unified code of an agent's firm",
        where="agent",
        remedy=Text(
            "请照代理机构营业执照上的18位代码填写；没有代理机构就不填",
            "copy the 18 characters from the licence of the agent's firm, or leave it empty",
        ),
    )


def _terms(field: str, zh: str, en: str) -> Refusal:
    return refusal("DELEGATE_TERMS", zh, en, where=field)


def _not_yours() -> Exception:
    return refusal(
        "DELEGATE_NOT_YOURS",
        "只有主体本人可以委托他人，受托人不得转委托",
        "only the entity itself lets others act; a delegate hands nothing on",
        remedy=Text("请由法定代表人（经营者）办理", "ask its legal representative or operator"),
    )


def _twice() -> Refusal:
    return refusal(
        "DELEGATE_TWICE",
        "此人已受托办事，要改权限或期限，请先终止原委托",
        "this person acts for you already; to change rights or term, end that first",
        where="login",
    )


def _not_of_agent() -> Exception:
    return refusal(
        "DELEGATE_AGENT",
        "此人不代表您填写的代理机构办事",
        "this person does not act for the agent's firm that you named",
        where="agent",
        remedy=Text("请代理机构先授权其员工", "the agent's firm has to let its staff act first"),
    )
