"""An owner lets somebody act for his firm, or ends it: the delegate and the owners are told of it.

Source: civil-code Art. 161-165, 173 (an agency ends when it is taken back or given up).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.base.text import Text
from yuexin.domains.subjects.called import firm_called
from yuexin.engines.access.models import Grant, GrantEnd
from yuexin.engines.access.operations import delegate, end_delegation
from yuexin.engines.access.queries import owners_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Account

GIVEN: Final = Text("现在受托办事", "acts for it from now on")
TAKEN: Final = Text("的委托已由本主体终止", "acts for it no more: the entity ended it")
LEFT: Final = Text("已自行不再受托", "acts for it no more, by his own wish")
BY_ENTITY: Final = Text("由委托人终止", "ended by the entity")
BY_HIMSELF: Final = Text("由您自己终止", "ended by yourself")


@transaction.atomic
def let_act(
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
    """Let an account act for the actor's firm, and tell its holder and the owners. As `delegate`:
    its bounds, its refusals."""
    grant = delegate(
        actor=actor, declarations=declarations, login=login, name=name, rights=rights,
        valid_to=valid_to, reason=reason, now=now, agent_code=agent_code,
    )  # fmt: skip
    firm = firm_called(grant.subject_code)
    tell(
        declarations=declarations, notice="delegation_given", to=Account(id=grant.account.login),
        values={
            "firm": firm, "code": grant.subject_code, "rights": _rights(declarations, grant),
            "last": _last(grant), "reason": grant.reason,
        },
        about=f"subject/{grant.subject_code}", key=f"delegation/{grant.pk}/given", now=now,
    )  # fmt: skip
    _tell_owners(declarations, grant, GIVEN, now)
    return grant


@transaction.atomic
def end_acting(
    *, actor: Actor, declarations: Declarations, grant: Grant, reason: str, now: dt.datetime
) -> GrantEnd:
    """End at once what was given to somebody, and tell him and the owners. As `end_delegation`:
    its refusals."""
    end = end_delegation(
        actor=actor, declarations=declarations, grant=grant, reason=reason, now=now
    )
    own = actor.id == grant.account.login
    tell(
        declarations=declarations, notice="delegation_ended", to=Account(id=grant.account.login),
        values={
            "firm": firm_called(grant.subject_code), "code": grant.subject_code,
            "day": day_text(today(now)), "by": BY_HIMSELF if own else BY_ENTITY,
            "reason": end.reason,
        },
        about=f"subject/{grant.subject_code}", key=f"delegation/{grant.pk}/ended", now=now,
    )  # fmt: skip
    _tell_owners(declarations, grant, LEFT if own else TAKEN, now)
    return end


def _tell_owners(declarations: Declarations, grant: Grant, what: Text, now: dt.datetime) -> None:
    """All of them: nobody should find by chance that another owner let somebody act."""
    code, ended = grant.subject_code, what is not GIVEN
    for login in owners_of(declarations=declarations, code=code, on=today(now)):
        tell(
            declarations=declarations, notice="delegate_changed", to=Account(id=login),
            values={
                "firm": firm_called(code), "code": code, "name": grant.account.display_name,
                "login": grant.account.login, "what": what,
                "rights": _rights(declarations, grant), "last": _last(grant),
            },
            about=f"subject/{code}", key=f"delegate/{grant.pk}/{'ended' if ended else 'given'}",
            now=now,
        )  # fmt: skip


def _rights(declarations: Declarations, grant: Grant) -> Text:
    known = declarations.acting.by_right
    labels = [known[one].label for one in grant.rights or () if one in known]
    return Text("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))


def _last(grant: Grant) -> Text:
    """The last day on which a delegation holds: it has one."""
    assert grant.valid_to is not None
    return day_text(grant.valid_to - dt.timedelta(days=1))
