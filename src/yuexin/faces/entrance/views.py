"""The pages of one's own account: signing in, choosing a grant, a purpose, one's own file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.domains.subjects.corrections import confirm, own_corrections
from yuexin.engines.access.models import Account, Key
from yuexin.engines.access.queries import alarms_of, require_own_subject, rooms_of
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.entrance.landing import onward
from yuexin.faces.entrance.looks import own_firm
from yuexin.faces.entrance.one_click import cast_there
from yuexin.faces.entrance.own_file import own_file
from yuexin.faces.entrance.province.views import provider_of
from yuexin.faces.shared.acting import (
    GRANT,
    NOT_ACTING,
    PURPOSE,
    actor_of_request,
    choose_grant,
    firms_to_choose,
    held_now,
    purpose_label,
    purposes_of,
)
from yuexin.faces.shared.drawing import ties_picture, timeline_of
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import TooOften
from yuexin.faces.shared.reports import report


class SignIn(LoginView):  # type: ignore[misc]
    """Password first; who has a second factor is asked for it next."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        provider = provider_of(self.request)
        return found | {
            "cast": cast_there(self.request),
            "provider": provider.name if provider else "",
        }


sign_in = SignIn.as_view()


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who one is here, as whom one acts, for which purpose, and one's keys."""
    account = account_here(request)
    declared = current()
    actor = _actor(request)
    grants = held_now(account)
    subjects = names(actor=actor, codes=[one.subject_code for one in grants if one.subject_code])
    held = [
        (
            grant,
            declared.roles.get(grant.role),
            declared.agencies.get(grant.agency),
            subjects.get(grant.subject_code, ""),
        )
        for grant in grants
    ]
    keys = [(key, alarms_of(key=key.pk)) for key in Key.objects.filter(account=account, ends=None)]
    context = {
        "account": account,
        "held": held,
        "firm": own_firm(declarations=declared, actor=actor, now=dt.datetime.now(dt.UTC)),
        "is_officer": bool(rooms_of(declarations=declared, actor=actor)),
        "chosen": request.session.get(GRANT, ""),
        "purposes": [(one, purpose_label(one)) for one in purposes_of(actor)],
        "stated": request.session.get(PURPOSE, ""),
        "to_choose": () if actor.subject_code else firms_to_choose(request),
        "has_factor": is_mfa_enabled(account, [Authenticator.Type.TOTP]),
        "has_password": account.has_usable_password(),
        "passkeys": Authenticator.objects.filter(
            user=account, type=Authenticator.Type.WEBAUTHN
        ).order_by("created_at"),
        "keys": keys,
    }
    return render(request, "entrance/home.html", context)


@require_safe
@login_required
def file(request: HttpRequest) -> HttpResponse:
    """The whole file of the subject for which one acts, as that subject itself may see it."""
    declared = current()
    try:
        actor = actor_of_request(request)
        code = require_own_subject(declarations=declared, actor=actor)
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    now = dt.datetime.now(dt.UTC)
    found = own_file(declarations=declared, actor=actor, code=code, now=now)
    if found is None:
        return refused(request, _no_file_yet(), status=404)
    entries = found.entries
    adverse = [one for one in entries if one.entry.adverse]
    context = {
        "noindex": True,
        "file": found.file,
        "corrections": own_corrections(declarations=declared, actor=actor, now=now),
        "sections": found.sections,
        "ties": ties_picture(found.file),
        "picture": timeline_of(found.file),
        "contents": [section for section, _ in found.sections],
        "told_alone": found.told_alone,
        "code": found.code,
        "others": found.others,
        "entries": entries,
        "unseen": sum(not one.public for one in entries),
        "parts": sum(bool(beyond) for one in entries for _, beyond in one.facts),
        "adverse": [one.entry for one in adverse],
        "adverse_unseen": sum(not one.public for one in adverse),
    }
    response = render(request, "entrance/file.html", context)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


@require_POST
@login_required
def own_report(request: HttpRequest) -> HttpResponse:
    """The public report of the subject for which one acts: no more in it than anybody gets."""
    try:
        actor = actor_of_request(request)
        code = require_own_subject(declarations=current(), actor=actor)
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    try:
        answer = report(
            request, code=code, asked_by="own", actor=actor, now=dt.datetime.now(dt.UTC)
        )
    except Refusal as refusal:
        return refused(request, refusal, status=429 if isinstance(refusal, TooOften) else 503)
    return answer or refused(request, _no_file_yet(), status=404)


@require_POST
@login_required
def correction(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm that one knows what was wrong in one's own file when one looked at it."""
    try:
        actor = actor_of_request(request)
        require_own_subject(declarations=current(), actor=actor)
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    if confirm(actor=actor, number=number, now=dt.datetime.now(dt.UTC)) is None:
        return refused(request, _no_correction(), status=404)
    return HttpResponseRedirect(f"{reverse('account_home')}#corrections")


@require_POST
@login_required
def grant(request: HttpRequest) -> HttpResponse:
    """Act by another of one's grants."""
    wanted = request.POST.get("grant", "")
    mine = {str(one.id) for one in held_now(account_here(request))}
    if wanted not in mine:
        return refused(request, _not_yours(), status=403)
    choose_grant(request, UUID(wanted))
    return HttpResponseRedirect(reverse("account_home"))


@require_POST
@login_required
def purpose(request: HttpRequest) -> HttpResponse:
    """State for which purpose one looks from now on."""
    try:
        allowed = purposes_of(actor_of_request(request))
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    wanted = request.POST.get("purpose", "")
    if wanted and wanted not in allowed:
        return refused(request, _no_purpose(), status=400)
    request.session[PURPOSE] = wanted
    return HttpResponseRedirect(onward(request, otherwise=reverse("account_home")))


@require_safe
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponseRedirect(reverse("account_home"))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one that is too old."""
    del reason
    refusal = Refusal(
        code="FORGED",
        what=Text(
            "这个表单已过期，或不是从本站页面提交的",
            "this form has expired, or was not sent from a page of ours",
        ),
        remedy=Text("请返回上一页，刷新后重新提交", "go back, load the page again and submit"),
    )
    return refused(request, refusal, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    refusal = Refusal(code="FORBIDDEN", what=Text("您无权进行这项操作", "you may not do this"))
    return refused(request, refusal, status=403)


def too_often(request: HttpRequest) -> HttpResponse:
    refusal = Refusal(
        code="TOO_OFTEN",
        what=Text("尝试过于频繁", "too many attempts"),
        remedy=Text("请五分钟后再试", "try again in five minutes"),
    )
    return refused(request, refusal, status=429)


def _actor(request: HttpRequest) -> Actor:
    """As whom one acts now; as the public where one acts not yet, or no more."""
    try:
        return actor_of_request(request)
    except Refusal:
        return PUBLIC


def account_here(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def refused(request: HttpRequest, refusal: Refusal, *, status: int) -> HttpResponse:
    firms = firms_to_choose(request) if refusal.code in NOT_ACTING else ()
    context = {"refusal": refusal, "firms": firms}
    return render(request, "entrance/refused.html", context, status=status)


def _not_yours() -> Refusal:
    return Refusal(
        code="GRANT_OVER",
        what=Text("这项授权不是您的，或已经终止", "this grant is not yours, or has ended"),
        remedy=Text("请在“我的账号”中选择", "choose on your account's page"),
    )


def _no_file_yet() -> Refusal:
    return Refusal(
        code="NO_FILE",
        what=Text("还没有收到本主体的登记信息", "no registration of your entity has come in yet"),
        remedy=Text("登记机关交付以后再来看", "look again when the registrar has delivered it"),
    )


def _no_correction() -> Refusal:
    return Refusal(
        code="NO_CORRECTION",
        what=Text("没有需要您确认的这项更正", "there is no such correction for you to confirm"),
        remedy=Text("请从“我的账号”中打开", "open it from your account's page"),
    )


def _no_purpose() -> Refusal:
    return Refusal(
        code="PURPOSE",
        what=Text("您的角色不能以此目的查询", "your role may not look for this purpose"),
        remedy=Text("请从列出的目的中选择", "choose one of those listed"),
    )
