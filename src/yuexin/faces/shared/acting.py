"""As whom a request acts: asked anew at every request, so that what ended ends at once.

The session holds the account, the grant that was chosen and the purpose stated, nothing more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.engines.access.models import Account
from yuexin.engines.access.queries import (
    acted_subject,
    actor_of,
    acts_for,
    grants_of,
    own_subject,
    rooms_of,
)
from yuexin.engines.access.types import PUBLIC, Actor, GrantInForce
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Agency, Role, Room
from yuexin.engines.notices.queries import unread
from yuexin.faces.shared.demonstration import demonstration
from yuexin.faces.shared.headers import NEVER_KEEP

GRANT: Final = "acting.grant"
PURPOSE: Final = "acting.purpose"
BY_ONE_CLICK: Final = "acting.one_click"
NOT_ACTING: Final = ("GRANT_CHOICE", "GRANT_OVER", "GRANT_LAPSED", "OWN_FILE")
OVER: Final = ("GRANT_OVER", "GRANT_LAPSED")
OPEN_TO_ALL: Final = frozenset({
    "account_login", "account_logout", "account_reauthenticate", "mfa_authenticate",
    "mfa_activate_totp", "mfa_reauthenticate", "account_inactive", "account_phone",
    "account_phone_code", "account_province", "account_province_back", "mfa_login_webauthn",
})  # fmt: skip
"""Views that an officer reaches before his second factor is set up."""


@dataclass(frozen=True, kw_only=True)
class Hat:
    """What pages show of whoever is signed in: his name, what he acts as, the purpose, the code
    of the subject as which he reads, whether he comes to the counter for one, its name and what he
    may do for it, and how many notices he has not read."""

    name: str
    said: Text | None
    purpose: Text | None
    at_desk: bool
    subject: str = ""
    at_counter: bool = False
    acts_for: str = ""
    firm: str = ""
    may: frozenset[str] = frozenset()
    others: int = 0
    refused: Refusal | None = None
    unread: int = 0


def account_of(request: HttpRequest) -> Account | None:
    """The account that is signed in. Asks the database only where there is a session, be it one
    that began with this request."""
    session = getattr(request, "session", None)
    if session is None:
        return None
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and session.is_empty():
        return None
    user = request.user
    return user if isinstance(user, Account) else None


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks, by the grant chosen, with the purpose stated. PUBLIC where nobody is signed in.

    Who holds one grant acts by it, be it that he was given it since he signed in. Refused by
    GRANT_CHOICE where one must be chosen first, by SECOND_FACTOR where an officer has none yet, and
    as `actor_of` refuses where the grant holds no more: then it says for whom it was.
    """
    account = account_of(request)
    if account is None:
        return PUBLIC
    if lacks_second_factor(request, account):
        raise _no_second_factor()
    chosen = request.session.get(GRANT, "") or _only_one(request, account)
    if not chosen:
        return PUBLIC
    try:
        return actor_of(
            declarations=current(),
            account=account.pk,
            grant_id=UUID(chosen),
            purpose=request.session.get(PURPOSE, ""),
            on=_today(),
        )
    except Refusal as refusal:
        raise _naming_the_firm(refusal) from refusal


def firms_to_choose(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """The codes and names of the firms for which whoever asks may act, but for the one chosen."""
    account = account_of(request)
    held = held_now(account) if account else ()
    chosen = request.session.get(GRANT, "") if account else ""
    codes = [one.subject_code for one in held if one.subject_code and str(one.id) != chosen]
    known = names(actor=PUBLIC, codes=codes) if codes else {}
    return tuple((code, known.get(code, "")) for code in dict.fromkeys(codes))


def _only_one(request: HttpRequest, account: Account) -> str:
    """The one grant that the account holds, chosen from now on; '' for none."""
    held = held_now(account)
    if len(held) > 1:
        raise _to_be_chosen()
    if not held:
        return ""
    choose_grant(request, held[0].id)
    return str(held[0].id)


def _naming_the_firm(refusal: Refusal) -> Refusal:
    """What was refused, with the name of the firm for which somebody acted."""
    code = refusal.where
    if refusal.code not in OVER or not code:
        return refusal
    firm = names(actor=PUBLIC, codes=[code]).get(code) or code
    return Refusal(
        code=refusal.code, where=code, rule=refusal.rule, remedy=refusal.remedy,
        what=Text(f"{firm}：{refusal.what.zh}", f"{firm}: {refusal.what.en}"),
    )  # fmt: skip


def rooms_open_to(request: HttpRequest) -> tuple[Room, ...]:
    """The rooms of the desk that whoever asks enters as he acts now; none where he acts not yet."""
    try:
        return rooms_of(declarations=current(), actor=actor_of_request(request))
    except Refusal:
        return ()


def held_now(account: Account) -> tuple[GrantInForce, ...]:
    """What the account holds today."""
    return grants_of(account=account.pk, on=_today())


def is_officer(account: Account) -> bool:
    """Whether the account holds a role of an agency today."""
    roles = current().roles
    return any(
        grant.role in roles and roles[grant.role].holder == "officer" for grant in held_now(account)
    )


def lacks_second_factor(request: HttpRequest, account: Account) -> bool:
    """Whether the account is an officer's without TOTP, outside the demonstration."""
    return (
        is_officer(account)
        and not is_mfa_enabled(account, [Authenticator.Type.TOTP])
        and not demonstration(request)
    )


def choose_grant(request: HttpRequest, grant: UUID | None) -> None:
    """Act by this grant from now on, for no purpose yet."""
    request.session[GRANT] = str(grant or "")
    request.session[PURPOSE] = ""


class Acting:
    """Keep what signed-in people see out of every cache, and lead officers to a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            response.headers["Cache-Control"] = NEVER_KEEP
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        del view, args, kwargs
        account = account_of(request)
        if account is None:
            return None
        if request.session.get(BY_ONE_CLICK) and not demonstration(request):
            # Whoever took the session elsewhere has never shown a password.
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        match = request.resolver_match
        if match and match.view_name in OPEN_TO_ALL:
            return None
        if lacks_second_factor(request, account):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None


def acting(request: HttpRequest) -> dict[str, Any]:
    """For templates: `acting`, a `Hat`, or nothing where nobody is signed in."""
    return {"acting": SimpleLazyObject(lambda: _hat(request))}


def _hat(request: HttpRequest) -> Hat | None:
    account = account_of(request)
    if account is None:
        return None
    try:
        actor = actor_of_request(request)
    except Refusal as refusal:
        return Hat(
            name=account.display_name,
            said=None,
            purpose=None,
            at_desk=False,
            refused=refusal,
            unread=unread(declarations=current(), account=account, actor=PUBLIC),
        )
    declared = current()
    role = declared.roles.get(actor.role)
    agency = declared.agencies.get(actor.agency)
    code = actor.subject_code
    rights = declared.acting.by_right
    return Hat(
        name=account.display_name,
        said=_said(account.display_name, role, agency),
        purpose=purpose_label(actor.purpose) if actor.purpose else None,
        at_desk=bool(rooms_of(declarations=declared, actor=actor)),
        subject=own_subject(declarations=declared, actor=actor),
        at_counter=bool(acted_subject(declarations=declared, actor=actor)),
        unread=unread(declarations=declared, account=account, actor=actor),
        acts_for=code,
        firm=names(actor=actor, codes=[code]).get(code, "") if code else "",
        may=frozenset(right for right in rights if acts_for(actor=actor, code=code, right=right)),
        others=len(held_now(account)) - 1 if actor.subject_code else 0,
    )


def _said(name: str, *parts: Role | Agency | None) -> Text | None:
    """Role and agency, as far as the name does not say them already."""
    told = [part.label for part in parts if part]
    zh = [part.zh for part in told if part.zh not in name]
    en = [part.en for part in told if part.en.casefold() not in name.casefold()]
    return Text(" · ".join(zh), " · ".join(en)) if zh or en else None


def purposes_of(actor: Actor) -> tuple[str, ...]:
    """The purposes for which the actor's role may look."""
    declared = current()
    role = declared.roles.get(actor.role)
    named = [
        purpose
        for release in (role.releases if role else ())
        for purpose in declared.releases[release].purposes
    ]
    return tuple(dict.fromkeys(named))


def purpose_label(purpose: str) -> Text:
    """A purpose in words."""
    named = current().codes["purposes"].by_code.get(purpose)
    return named.label if named else Text(purpose, purpose)


def _today() -> dt.date:
    return today(dt.datetime.now(dt.UTC))


def _to_be_chosen() -> Refusal:
    return Refusal(
        code="GRANT_CHOICE",
        what=Text("请先选择以哪一项授权办事", "choose first by which grant you act"),
        where="/account",
        remedy=Text("在“我的账号”中选择", "choose on your account's page"),
    )


def _no_second_factor() -> Refusal:
    return Refusal(
        code="SECOND_FACTOR",
        what=Text("公职人员须先启用动态口令", "officers need a second factor first"),
        where="/account/second-factor/activate",
        remedy=Text("请按页面提示启用", "follow the page"),
    )
