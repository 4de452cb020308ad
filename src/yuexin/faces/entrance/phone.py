"""Signing in by a telephone: a code is sent to it, whoever types it is in.

A number that has no account gets one. So the pages say the same of every number, and take as long.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from allauth.account.internal import flows
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from yuexin.base.codes.contacts import mask_phone, normalise_phone
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import open_by_phone
from yuexin.engines.access.queries import phone_of
from yuexin.faces.entrance import codes
from yuexin.faces.entrance.landing import NEXT, onward
from yuexin.faces.shared.demonstration import invented

LONGEST_TYPED: Final = 24


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Send a code to the number that was typed, or once more to the one that was."""
    sent = codes.pending(request, purpose="sign_in") if "again" in request.POST else None
    number = sent.number if sent else normalise_phone(request.POST.get("phone", ""))
    there = onward(request, otherwise="")
    try:
        if number is None:
            raise _no_number()
        codes.send(request, purpose="sign_in", number=number)
    except Refusal as refusal:
        return _asked(request, refusal=refusal, sent=sent, there=there)
    return HttpResponseRedirect(_address("account_phone_code", there))


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent."""
    there = onward(request, otherwise="")
    sent = codes.pending(request, purpose="sign_in")
    if sent is None:
        return HttpResponseRedirect(_address("account_login", there))
    if request.method != "POST":
        return _asked(request, sent=sent, there=there)
    number = sent.number
    if not sent.fits(request.POST.get("code", "")):
        still = codes.pending(request, purpose="sign_in")
        return _asked(request, refusal=codes.wrong(), sent=still, there=there)
    account = open_by_phone(home=settings.HOME, number=number, now=dt.datetime.now(dt.UTC))
    record_authentication(request, account, method="code")
    answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=there or None))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Show again that it is the holder of the telephone, before something is given away."""
    assert isinstance(request.user, Account)
    number = phone_of(home=settings.HOME, account=request.user)
    there = onward(request, otherwise="")
    if not number:
        return HttpResponseRedirect(reverse("account_home"))
    sent = codes.pending(request, purpose="confirm")
    refusal = None
    if request.method == "POST" and "code" in request.POST and sent is not None:
        if sent.fits(request.POST["code"]):
            record_authentication(request, request.user, method="code", reauthenticated=True)
            resumed: HttpResponse | None = flows.reauthentication.resume_request(request)
            return resumed or HttpResponseRedirect(there or reverse("account_home"))
        refusal, sent = codes.wrong(), codes.pending(request, purpose="confirm")
    elif request.method == "POST":
        try:
            codes.send(request, purpose="confirm", number=number)
        except Refusal as no:
            refusal = no
        sent = codes.pending(request, purpose="confirm")
    return _page(
        request, "entrance/confirm_phone.html", refusal=refusal, sent=sent, onward=there,
        masked=mask_phone(number),
    )  # fmt: skip


def _asked(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    sent: codes.TextedCode | None = None,
    there: str,
) -> HttpResponse:
    typed = request.POST.get("phone", "")[:LONGEST_TYPED] if refusal else ""
    return _page(
        request, "entrance/phone.html", refusal=refusal, sent=sent, onward=there, typed=typed
    )


def _page(
    request: HttpRequest, template: str, *, refusal: Refusal | None, **context: object
) -> HttpResponse:
    status = 200 if refusal is None else 429 if refusal.code == "TOO_OFTEN" else 400
    context |= {"refusal": refusal, "spooled": invented()}
    return render(request, template, context, status=status)


def _address(name: str, onward: str) -> str:
    return reverse(name) + (f"?{urlencode({NEXT: onward})}" if onward else "")


def _no_number() -> Refusal:
    return Refusal(
        code="PHONE",
        what=Text("这不是手机号码的写法", "this is not written like a mobile number"),
        remedy=Text(
            "内地号码写11位；其他地区的以+和区号开头，如 +852",
            "11 digits for the mainland; else begin with + and the country, as in +852",
        ),
    )
