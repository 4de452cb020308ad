"""Becoming the owner of a firm: because the register names one, or as an officer saw at a window.

Whether the register names him is decided at every request anew (`standing`); what proves that he is
the one it names, and no namesake, is decided by whoever calls.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.db import transaction

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.engines.access.decision import confirms_for
from yuexin.engines.access.granting import end_by
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.refusals import not_yours, refusal
from yuexin.engines.access.standing import lapsed_of, standing
from yuexin.engines.access.types import Actor, Identity
from yuexin.engines.declare.types import Declarations

ROLE = "owner"
REGISTER = Actor(id="claim:register", role="")
"""Who gives where nobody decides. No account is called so: a name holds no colon."""
Proof = Literal["contact", "window"]


def own_by_register(*, account: Account, identity: Identity, code: str, now: dt.datetime) -> Grant:
    """Make the account the owner while the register names its holder, who has proved by a code sent
    to the subject's own telephone that he is the one. Refused by CLAIM_NOT_NAMED."""
    return _own(
        actor=REGISTER, account=account, identity=identity, code=code, proof="contact",
        reason="登记的法定代表人（经营者），并收到主体联系电话的验证码", now=now,
    )  # fmt: skip


def own_at_window(
    *,
    actor: Actor,
    declarations: Declarations,
    account: Account,
    identity: Identity,
    code: str,
    reason: str,
    now: dt.datetime,
) -> Grant:
    """The same, as an officer of the register saw document and licence. He confirms nobody for
    himself, and for no subject of another division."""
    if not confirms_for(declarations=declarations, actor=actor, code=code):
        raise not_yours()
    if actor.id == account.login:
        raise refusal("GRANT_TO_ONESELF", "不得给自己授权", "nobody grants himself anything")
    if not reason.strip():
        raise refusal("GRANT_TERMS", "请写明核验了什么", "say what you saw")
    return _own(
        actor=actor, account=account, identity=identity, code=code, proof="window",
        reason=reason.strip(), now=now,
    )  # fmt: skip


def _own(
    *,
    actor: Actor,
    account: Account,
    identity: Identity,
    code: str,
    proof: Proof,
    reason: str,
    now: dt.datetime,
) -> Grant:
    on = today(now)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        mine = Grant.objects.filter(account=account, subject_code=code, role=ROLE)
        if standing(grants=mine, on=on):
            raise refusal("CLAIM_HELD", "您已是该主体的代表", "you act for this entity already")
        grant = Grant.objects.create(
            account=account, role=ROLE, subject_code=code, valid_from=on, granted_by=actor.id,
            granted_at=now, reason=reason, identity_id=identity.id,
        )  # fmt: skip
        if not standing(grants=Grant.objects.filter(pk=grant.pk), on=on):
            raise not_named()
        _end_of_predecessors(grant, actor, on, now)
        note(
            stream="change", actor=actor, action="grant.given", thing=f"account/{account.login}",
            now=now, grant=str(grant.pk), role=ROLE, subject=code, proof=proof,
            valid_from=str(on), reason=reason,
        )  # fmt: skip
    return grant


def _end_of_predecessors(grant: Grant, actor: Actor, on: dt.date, now: dt.datetime) -> None:
    """Whoever was the representative before is one no more, should he be named again, too."""
    others = Grant.objects.filter(subject_code=grant.subject_code, identity__isnull=False)
    for holder in {row.account_id for row in others.exclude(account=grant.account)}:
        for lapsed in lapsed_of(account=holder, on=on):
            if lapsed.grant.subject_code == grant.subject_code and lapsed.grant.by_register:
                end_by(
                    actor=actor, grant=Grant.objects.get(pk=lapsed.grant.id), ends_on=on, now=now,
                    reason="登记的法定代表人（经营者）已变更",
                )  # fmt: skip


def not_named() -> Exception:
    return refusal(
        "CLAIM_NOT_NAMED",
        "登记信息没有把您列为该主体的法定代表人（负责人、经营者），或该主体已注销",
        "the register does not name you as this entity's representative or operator, or it is "
        "no more",
        remedy=Text(
            "刚变更的，请等登记信息更新；姓名写法不同的，请带证件和营业执照到登记机关窗口",
            "if that has just changed, wait for the register; if your name is written otherwise, "
            "bring document and licence to a window of the registrar",
        ),
    )
