"""The pages of one's firms: for which one acts, how another is claimed, who acts in one's place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuexin.base.codes.contacts import mask_phone
from yuexin.base.dates import read_date, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.finding.types import LONGEST_QUERY, Query, SearchPage
from yuexin.domains.credit.queries import names, search
from yuexin.domains.subjects.claiming import Claimable, claim_by_contact, claimable
from yuexin.domains.subjects.delegating import end_acting, let_act
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import erase_identity
from yuexin.engines.access.queries import (
    WHY,
    actor_of,
    delegates_of,
    delegation_faults,
    ended_delegations,
    grants_of,
    identity_of,
    lapsed_of,
    require_delegates,
)
from yuexin.engines.access.types import PUBLIC, Actor, GrantInForce
from yuexin.engines.declare.queries import current
from yuexin.faces.entrance import codes
from yuexin.faces.entrance.deeds import by_day
from yuexin.faces.entrance.views import account_here, refused
from yuexin.faces.shared.acting import choose_grant
from yuexin.faces.shared.demonstration import invented
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.searching import readable
from yuexin.faces.shared.typed import repeatable

FEW: Final = 8
STATUS: Final = {"TOO_OFTEN": 429, "DELEGATE_NOT_YOURS": 403, "GRANT_LAPSED": 403}


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """The firms for which one acts, those for which one acts no more, and a search for another."""
    account, declared, now = account_here(request), current(), _now()
    held = [one for one in _held(account) if one.subject_code]
    gone = [one for one in lapsed_of(account=account.pk, on=today(now)) if one.grant.subject_code]
    ended = ended_delegations(account=account.pk, on=today(now))
    codes_named = {one.subject_code for one in (*held, *(g.grant for g in gone))}
    known = names(actor=PUBLIC, codes=codes_named | set(ended))
    typed = readable(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = search(actor=PUBLIC, query=Query(text=typed), now=now) if typed else None
    rights = declared.acting.by_right
    context = {
        "held": [
            (
                one,
                declared.roles.get(one.role),
                known.get(one.subject_code, ""),
                [rights[r] for r in rights if one.rights is not None and r in one.rights],
                one.rights is None,
            )
            for one in held
        ],
        "lapsed": [
            (one.grant, WHY[one.why], known.get(one.grant.subject_code, "")) for one in gone
        ],
        "ended": [(code, day, known.get(code, "")) for code, day in ended.items()],
        "identity": identity_of(home=settings.HOME, account=account),
        "provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "typed": repeatable(typed),
        "found": found,
        "hits": _few(found),
    }
    return _page(request, "entrance/firms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Claim a firm, step by step; the last is the code that its own telephone was sent."""
    account, now = account_here(request), _now()
    firm = _firm(account, code, now)
    sent = codes.pending(request, purpose="claim", about=_about(account, code))
    if request.method != "POST":
        return _steps(request, account, firm, sent=sent)
    identity = identity_of(home=settings.HOME, account=account)
    if identity is None or sent is None:
        return _steps(request, account, firm, refusal=codes.wrong())
    if not sent.fits(request.POST.get("code", "")):
        still = codes.pending(request, purpose="claim", about=_about(account, code))
        return _steps(request, account, firm, refusal=codes.wrong(), sent=still)
    try:
        held = claim_by_contact(account=account, identity=identity, code=code, now=now)
    except Refusal as refusal:
        return _steps(request, account, firm, refusal=refusal)
    if held is not None:
        choose_grant(request, held.id)
    return HttpResponseRedirect(f"{reverse('account_firms')}?claimed={code}")


@require_POST
@login_required
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Send a code to the telephone that the firm itself gave, for whom the register names only."""
    account, now = account_here(request), _now()
    firm = _firm(account, code, now)
    if not (firm.stands and firm.named and firm.contact):
        return _steps(request, account, firm)
    try:
        codes.send(request, purpose="claim", number=firm.contact, about=_about(account, code))
    except Refusal as refusal:
        return _steps(request, account, firm, refusal=refusal)
    return HttpResponseRedirect(reverse("account_claim", kwargs={"code": code}) + "#code")


@require_POST
@login_required
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Act for this firm from now on."""
    for one in _held(account_here(request)):
        if one.subject_code == code:
            choose_grant(request, one.id)
            return HttpResponseRedirect(reverse("account_home"))
    return refused(request, _not_held(), status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegates(request: HttpRequest, code: str) -> HttpResponse:
    """Who acts in the firm's name beside its owner; to let somebody, one shows again who one is."""
    try:
        actor = _owner(account_here(request), code)
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    if request.method != "POST":
        return _delegates(request, actor)
    answer: HttpResponse = _let(request, code=code)
    return answer


@require_POST
@login_required
def end(request: HttpRequest, code: str, grant: UUID) -> HttpResponse:
    """End at once what somebody was given."""
    found = Grant.objects.filter(pk=grant, subject_code=code).first()
    if found is None:
        raise Http404
    account = account_here(request)
    own = found.account_id == account.pk
    try:
        actor = Actor(id=account.login, role="") if own else _owner(account, code)
        end_acting(
            actor=actor, declarations=current(), grant=found, now=_now(),
            reason=request.POST.get("reason", "").strip() or "当事人终止",
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    messages.success(request, _("已终止。对方和本主体的负责人都会收到通知。"))
    there = "account_firms" if own else "account_delegates"
    return HttpResponseRedirect(reverse(there, kwargs={} if own else {"code": code}))


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def erase(request: HttpRequest) -> HttpResponse:
    """Have what was verified of who one is erased; what rests on it ends with it."""
    account = account_here(request)
    erase_identity(
        actor=Actor(id=account.login, role=""), account=account, reason="本人要求", now=_now()
    )
    return HttpResponseRedirect(reverse("account_firms"))


@reauthentication_required  # type: ignore[untyped-decorator]
def _let(request: HttpRequest, *, code: str) -> HttpResponse:
    given = request.POST
    actor = _owner(account_here(request), code)
    until = read_date(given.get("until", ""))
    # The day that is named is the last.
    valid_to = until + dt.timedelta(days=1) if until else None
    asked: dict[str, Any] = {
        "actor": actor, "declarations": current(), "login": given.get("login", ""),
        "name": given.get("name", ""), "rights": given.getlist("rights"), "valid_to": valid_to,
        "reason": given.get("reason", ""), "now": _now(),
        "agent_code": given.get("agent", "").strip().upper(),
    }  # fmt: skip
    if faults := delegation_faults(**asked):
        return _delegates(request, actor, faults=faults)
    try:
        let_act(**asked)
    except Refusal as refusal:
        return _delegates(request, actor, faults=[refusal])
    messages.success(request, _("已委托。对方和本主体的负责人都会收到通知。"))
    return HttpResponseRedirect(reverse("account_delegates", kwargs={"code": code}))


def _delegates(
    request: HttpRequest, actor: Actor, *, faults: Sequence[Refusal] = ()
) -> HttpResponse:
    declared, now = current(), _now()
    code = require_delegates(declarations=declared, actor=actor)
    longest = today(now) + dt.timedelta(days=declared.acting.longest_days - 1)
    found = delegates_of(declarations=declared, actor=actor, now=now)
    agents = {one.grant.agent_code for one in found if one.grant.agent_code}
    called = names(actor=actor, codes={code, *agents})
    context = {
        "code": code,
        "name": called.get(code, ""),
        "delegates": [
            (one, by_day(one.deeds), called.get(one.grant.agent_code) or one.grant.agent_code)
            for one in found
        ],
        "rights": declared.acting.rights,
        "longest": longest,
        "windows": [declared.agencies[one] for one in declared.acting.windows],
        "faults": {one.where: one for one in faults},
        "given": request.POST if faults else {},
        "chosen": request.POST.getlist("rights") if faults else [],
    }
    amiss = next(iter(faults), None)
    return _page(request, "entrance/delegates.html", context, refusal=amiss)


def _steps(
    request: HttpRequest,
    account: Account,
    firm: Claimable,
    *,
    sent: codes.TextedCode | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    declared = current()
    context = {
        "firm": firm,
        "contact": mask_phone(firm.contact) if firm.contact else "",
        "identity": identity_of(home=settings.HOME, account=account),
        "account": account,
        "windows": [declared.agencies[one] for one in declared.acting.windows],
        "sent": sent,
        "refusal": refusal,
        "spooled": invented(),
        "provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return _page(request, "entrance/claim.html", context, refusal=refusal)


def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    status = STATUS.get(refusal.code, 400) if refusal else 200
    response = render(request, template, {"noindex": True, **context}, status=status)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def _firm(account: Account, code: str, now: dt.datetime) -> Claimable:
    identity = identity_of(home=settings.HOME, account=account)
    found = claimable(
        declarations=current(), account=account, identity=identity, code=code, now=now
    )
    if found is None:
        raise Http404
    return found


def _owner(account: Account, code: str) -> Actor:
    """As whom one acts for this firm as its owner, whatever one acts as otherwise."""
    declared = current()
    for one in _held(account):
        if one.subject_code == code and one.rights is None:
            return actor_of(
                declarations=declared, account=account.pk, grant_id=one.id, purpose="",
                on=today(_now()),
            )  # fmt: skip
    nobody = Actor(id=account.login, role="")
    require_delegates(declarations=declared, actor=nobody)
    return nobody


def _held(account: Account) -> tuple[GrantInForce, ...]:
    return grants_of(account=account.pk, on=today(_now()))


def _about(account: Account, code: str) -> str:
    """A code of one person's claim is no code of another's."""
    return f"{account.login} {code}"


def _few(found: SearchPage | None) -> tuple[object, ...]:
    return tuple(found.hits[:FEW]) if found else ()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _not_held() -> Refusal:
    return Refusal(
        code="GRANT_OVER",
        what=Text("您现在不代表这个主体", "you do not act for this entity now"),
        remedy=Text("请在“我的主体”中认领", "claim it on the page of your firms"),
    )
