"""Accounts and grants: who may open and give, what holds on a day, and as whom one then acts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from yuexin.base.regions import lies_in
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account, Grant, GrantEnd
from yuexin.engines.access.models.accounts import LOGIN, RESERVED
from yuexin.engines.access.refusals import has_lapsed, is_over, not_yours, refusal
from yuexin.engines.access.standing import holding, lapsed_of
from yuexin.engines.access.types import OPERATOR, Actor, GrantInForce
from yuexin.engines.declare.types import Declarations, Role


def open_account(
    *, actor: Actor, declarations: Declarations, login: str, display_name: str, now: dt.datetime
) -> Account:
    """Open an account that holds nothing yet and, until a password is set, signs nobody in."""
    login = login.strip().lower()
    if reach(declarations, actor) == "none":
        raise not_yours()
    if not re.fullmatch(LOGIN, login) or login in RESERVED or not display_name.strip():
        raise refusal(
            "ACCOUNT_NAME",
            "账号名须以字母或数字开头，由小写字母、数字和 . _ + @ - 组成，并有显示名称",
            "a name to sign in with begins with a letter or digit and has letters, digits and "
            ". _ + @ - only; a name to be shown is needed, too",
            where=login,
        )
    with transaction.atomic():
        fresh = Account(login=login, display_name=display_name.strip(), opened_at=now)
        fresh.set_unusable_password()
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError as error:
            raise refusal(
                "ACCOUNT_TAKEN", "账号名已被使用", "this name is taken already", where=login
            ) from error
        note(stream="change", actor=actor, action="account.opened", thing=_thing(fresh), now=now)
    return fresh


def set_password(*, actor: Actor, account: Account, password: str, now: dt.datetime) -> None:
    """Set the password. Only its holder and the operator may; all sessions of the account end."""
    if actor.id not in (account.login, OPERATOR.id):
        raise not_yours()
    _require_strength(account, password)
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        note(
            stream="change", actor=actor, action="account.password", thing=_thing(account), now=now
        )


def close_account(
    *, actor: Actor, declarations: Declarations, account: Account, reason: str, now: dt.datetime
) -> None:
    """Let nobody sign in by this account any more. What it did stays its own."""
    if reach(declarations, actor) != "province":
        raise not_yours()
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(is_active=False)
        note(
            stream="change", actor=actor, action="account.closed", thing=_thing(account), now=now,
            reason=reason,
        )  # fmt: skip
    account.refresh_from_db()


def give_grant(
    *,
    actor: Actor,
    declarations: Declarations,
    account: Account,
    role: str,
    reason: str,
    valid_from: dt.date,
    now: dt.datetime,
    valid_to: dt.date | None = None,
    agency: str = "",
    subject_code: str = "",
) -> Grant:
    """Give an account a role from `valid_from` to before `valid_to`. Nobody gives himself one."""
    if actor.id == account.login:
        raise refusal("GRANT_TO_ONESELF", "不得给自己授权", "nobody grants himself anything")
    given = _grantable(declarations, role, agency=agency, subject_code=subject_code)
    if not within_reach(declarations, actor, given, agency=agency, subject_code=subject_code):
        raise not_yours()
    if not reason.strip() or (valid_to is not None and valid_to <= valid_from):
        raise refusal(
            "GRANT_TERMS",
            "授权须写明理由，止日须晚于起日",
            "a grant needs a reason, and ends after it begins",
        )
    with transaction.atomic():
        grant = Grant.objects.create(
            account=account, role=role, agency=agency, subject_code=subject_code,
            valid_from=valid_from, valid_to=valid_to, granted_by=actor.id, granted_at=now,
            reason=reason.strip(),
        )  # fmt: skip
        note(
            stream="change", actor=actor, action="grant.given", thing=_thing(account), now=now,
            grant=str(grant.pk), role=role, agency=agency, subject=subject_code,
            valid_from=str(valid_from), valid_to=str(valid_to or ""), reason=grant.reason,
        )  # fmt: skip
    return grant


def end_grant(
    *,
    actor: Actor,
    declarations: Declarations,
    grant: Grant,
    reason: str,
    ends_on: dt.date,
    now: dt.datetime,
) -> GrantEnd:
    """Let a grant hold no more from `ends_on` on; today means at once. May be earlier each time."""
    role = declarations.roles.get(grant.role)
    own = actor.id == grant.account.login
    if not own and not within_reach(
        declarations, actor, role, agency=grant.agency, subject_code=grant.subject_code
    ):
        raise not_yours()
    return end_by(actor=actor, grant=grant, reason=reason, ends_on=ends_on, now=now)


def end_by(
    *, actor: Actor, grant: Grant, reason: str, ends_on: dt.date, now: dt.datetime
) -> GrantEnd:
    """End a grant, by an actor of whom it was decided that he may."""
    if not reason.strip():
        raise refusal("GRANT_TERMS", "终止授权须写明理由", "ending a grant needs a reason")
    with transaction.atomic():
        end = GrantEnd.objects.create(
            grant=grant, ends_on=ends_on, ended_by=actor.id, ended_at=now, reason=reason.strip()
        )
        note(
            stream="change", actor=actor, action="grant.ended", thing=_thing(grant.account),
            now=now, grant=str(grant.pk), ends_on=str(ends_on), reason=end.reason,
        )  # fmt: skip
    return end


def grants_of(*, account: UUID, on: dt.date) -> tuple[GrantInForce, ...]:
    """What an account that may sign in holds on a day, in the order in which it was given."""
    return holding(account=account, on=on)


def actor_of(
    *, declarations: Declarations, account: UUID, grant_id: UUID, purpose: str, on: dt.date
) -> Actor:
    """As whom an account acts by one of its grants. Refused where that grant holds no more."""
    held = grants_of(account=account, on=on)
    for grant in held:
        if grant.id == grant_id:
            actor = acting(declarations, grant, purpose=purpose, on=on)
            return replace(actor, also_for=others_of(held, grant.subject_code))
    for lapsed in lapsed_of(account=account, on=on):
        if lapsed.grant.id == grant_id:
            raise has_lapsed(lapsed.why, where=lapsed.grant.subject_code)
    raise _over(Grant.objects.filter(pk=grant_id, account=account).first(), on)


def _over(row: Grant | None, on: dt.date) -> Exception:
    if row is None:
        return is_over(ended_on=None, last=None, delegated=False, where="")
    ended = min((end.ends_on for end in row.ends.all()), default=None)
    gone = row.valid_to is not None and row.valid_to <= on
    return is_over(
        ended_on=ended if ended and ended <= on else None,
        last=row.valid_to - dt.timedelta(days=1) if row.valid_to and gone else None,
        delegated=row.rights is not None,
        where=row.subject_code,
    )


def acting(declarations: Declarations, grant: GrantInForce, *, purpose: str, on: dt.date) -> Actor:
    """Whoever holds this grant. Refused where the role or the agency is no more."""
    return Actor(
        id=grant.account,
        role=standing_role(declarations, grant.role).id,
        agency=grant.agency,
        purpose=purpose,
        subject_code=grant.subject_code,
        division=division_of(declarations, grant.agency, on=on),
        rights=grant.rights,
    )


def others_of(held: Iterable[GrantInForce], subject_code: str) -> frozenset[str]:
    """The subjects of these grants, but for the one in whose name somebody acts now."""
    return frozenset(one.subject_code for one in held) - {"", subject_code}


def standing_role(declarations: Declarations, role: str) -> Role:
    if role not in declarations.roles:
        raise refusal("ROLE_UNKNOWN", "没有声明这个角色", "no such role is declared", where=role)
    return declarations.roles[role]


def division_of(declarations: Declarations, agency: str, *, on: dt.date) -> str:
    """The division that an agency answers for; refused for one that does not exist on that day."""
    if not agency:
        return ""
    found = declarations.agencies.get(agency)
    if found is None or not found.in_force(on):
        raise refusal(
            "AGENCY_OVER",
            "这个部门不存在或已撤并",
            "this agency does not exist or has ended",
            where=agency,
        )
    return found.division


def reach(declarations: Declarations, actor: Actor) -> str:
    """How far an actor gives roles and keys; the operator of the installation everywhere."""
    if actor.id == OPERATOR.id:
        return "province"
    role = declarations.roles.get(actor.role)
    return role.grants if role else "none"


def within_reach(
    declarations: Declarations, actor: Actor, role: Role | None, *, agency: str, subject_code: str
) -> bool:
    """Whether `actor` may give and end this role there: nobody gives more than he has."""
    far = reach(declarations, actor)
    if far != "division" or role is None:
        return far == "province"
    if role.scope == "province" or role.grants == "province":
        return False
    # Digits 3 to 8 of a unified code are the division of its registration (GB 32100-2015).
    held = declarations.agencies.get(agency)
    home = held.division if held else subject_code[2:8]
    return role.holder == "person" or lies_in(home, actor.division)


def _grantable(declarations: Declarations, role: str, *, agency: str, subject_code: str) -> Role:
    given = standing_role(declarations, role)
    wanted = {"officer": (True, False), "subject": (False, True), "person": (False, False)}
    if wanted.get(given.holder) != (bool(agency), bool(subject_code)):
        raise refusal(
            "GRANT_HOLDER",
            "公职人员的角色须写明部门，主体本人须写明代码，个人用户两者都不写；受托人由主体自行委托，其他角色不得授予",
            "an officer's role names an agency, a subject's its code, a citizen's neither; "
            "delegates are named by the subject, and other roles are given to nobody",
            where=role,
        )
    if agency and agency not in declarations.agencies:
        raise refusal("AGENCY_OVER", "没有声明这个部门", "no such agency", where=agency)
    return given


def _thing(account: Account) -> str:
    return f"account/{account.login}"


def _require_strength(account: Account, password: str) -> None:
    problems = []
    for language in ("zh-hans", "en"):
        # What Django finds amiss it says in the language of the moment.
        with translation.override(language):
            try:
                validate_password(password, user=account)
            except ValidationError as error:
                problems.append("; ".join(error.messages))
    if problems:
        raise refusal("PASSWORD_WEAK", *problems)
