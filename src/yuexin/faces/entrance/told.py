"""The pages of what one was told: the inbox, one notice, and by which channels one is told."""

from __future__ import annotations

import datetime as dt
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account
from yuexin.engines.access.queries import phone_of
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.operations import (
    ask_contact,
    confirm_contact,
    drop_contact,
    read,
    read_all,
    set_wish,
    use_own_phone,
)
from yuexin.engines.notices.queries import inbox, masked, wish_of
from yuexin.engines.notices.types import PUSHED, Language, PushChannel
from yuexin.faces.shared.acting import actor_of_request
from yuexin.faces.shared.language import PARAMETER
from yuexin.faces.shared.often import TooOften, count_try

CHANNELS: Final = {"email": Text("电子邮件", "E-mail"), "sms": Text("手机短信", "Text message")}
LONGEST_TYPED: Final = 300
OFTEN: Final = frozenset({"TOO_OFTEN", "CONTACT_RATE"})


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What one was told, and one's office, the last first."""
    page = request.GET.get("page", "1")
    found = inbox(
        declarations=current(),
        account=_account(request),
        actor=_actor(request),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )
    offices = {one.id: one.label for one in current().agencies.values()}
    told = [(one, offices.get(one.office)) for one in found.told]
    return _page(request, "entrance/notices.html", found=found, told=told)


@require_safe
@login_required
def notice(request: HttpRequest, notice: UUID) -> HttpResponse:
    """One notice, which counts as read."""
    found = read(
        declarations=current(), account=_account(request), actor=_actor(request), notice=notice,
        now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    if found is None:
        return _page(request, "entrance/refused.html", status=404, refusal=_no_notice())
    office = current().agencies.get(found.office)
    return _page(request, "entrance/notice.html", told=found, office=office)


@require_POST
@login_required
def all_read(request: HttpRequest) -> HttpResponse:
    read_all(
        declarations=current(), account=_account(request), actor=_actor(request),
        now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("account_notices"))


@require_safe
@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    """One's addresses, and by which channels and in which language one is told."""
    return _wishes(request)


@require_POST
@login_required
def wish(request: HttpRequest) -> HttpResponse:
    language = "en" if request.POST.get("language") == "en" else "zh"
    chosen = request.POST.getlist("channel")
    on = frozenset(one for one in PUSHED if one in chosen)
    set_wish(account=_account(request), language=cast(Language, language), on=on)
    return _back("set")


@require_POST
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Send a code to an address that one gives as one's own."""
    channel, address = request.POST.get("channel", ""), request.POST.get("address", "")
    try:
        count_try(request, action="contact")
        ask_contact(
            declarations=current(),
            account=_account(request),
            channel=cast(PushChannel, channel),
            address=address[:LONGEST_TYPED],
            now=dt.datetime.now(dt.UTC),
        )
    except Refusal as refusal:
        return _wishes(request, refusal=refusal, about=channel)
    return _back("sent")


@require_POST
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the code that was sent there."""
    channel = request.POST.get("channel", "")
    try:
        count_try(request, action="contact")
        confirm_contact(
            declarations=current(),
            actor=_actor(request),
            account=_account(request),
            channel=cast(PushChannel, channel),
            code=request.POST.get("code", "")[:LONGEST_TYPED],
            now=dt.datetime.now(dt.UTC),
        )
    except Refusal as refusal:
        return _wishes(request, refusal=refusal, about=channel)
    return _back("confirmed")


@require_POST
@login_required
def own_phone(request: HttpRequest) -> HttpResponse:
    """Be told at the telephone by which one signs in, without another code."""
    try:
        use_own_phone(
            home=settings.HOME, declarations=current(), actor=_actor(request),
            account=_account(request), now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
    except Refusal as refusal:
        return _wishes(request, refusal=refusal, about="sms")
    return _back("confirmed")


@require_POST
@login_required
def drop(request: HttpRequest) -> HttpResponse:
    """Forget an address."""
    channel = request.POST.get("channel", "")
    if channel in CHANNELS:
        drop_contact(
            actor=_actor(request), account=_account(request),
            channel=cast(PushChannel, channel), now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
    return _back("dropped")


DONE: Final = {
    "set": Text("已保存", "Saved"),
    "sent": Text(
        "验证码已发出，十分钟内有效；一两分钟后仍未收到，请核对地址后重发",
        "A code is on its way and holds for ten minutes. If none comes, check the address and ask "
        "again",
    ),
    "confirmed": Text("已确认，今后的通知也会发到这里", "Confirmed: notices now go there, too"),
    "dropped": Text("已删除", "Removed"),
}


def _wishes(
    request: HttpRequest, *, refusal: Refusal | None = None, about: str = ""
) -> HttpResponse:
    found = wish_of(_account(request))
    status = 200
    if refusal is not None:
        status = 429 if isinstance(refusal, TooOften) or refusal.code in OFTEN else 400
    return _page(
        request,
        "entrance/notice_settings.html",
        status=status,
        found=found,
        own_phone=masked(phone_of(home=settings.HOME, account=_account(request))),
        contacts=[(CHANNELS[one.channel], one) for one in found.contacts],
        refusal=refusal,
        about=about,
        done=DONE.get(request.GET.get("done", "")),
    )


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: object) -> HttpResponse:
    languages = [
        (code, label, urlencode({PARAMETER: code}))
        for code, label in settings.LANGUAGES
        if code != get_language()
    ]
    given = {"languages": languages, "noindex": True, **context}
    return render(request, name, given, status=status)


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('account_notice_settings')}?done={done}")


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _actor(request: HttpRequest) -> Actor:
    """As whom one acts now; as the public where one acts not yet, or no more."""
    try:
        return actor_of_request(request)
    except Refusal:
        return PUBLIC


def _no_notice() -> Refusal:
    return Refusal(
        code="NO_NOTICE",
        what=Text("没有这条通知，或不是发给您的", "there is no such notice, or it is not yours"),
        remedy=Text("请从“通知”中打开", "open it from your notices"),
    )
