"""To the province's identity provider and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import open_person
from yuexin.faces.entrance.province.provider import PERSON, Adapter, Back, ProvinceProvider

ID = "province"


class Provided(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts of people whom the provider verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody is let in of whom the provider tells no document: nothing could be claimed."""
        del request
        return getattr(sociallogin, PERSON, None) is not None

    def save_user(self, request: HttpRequest, sociallogin: Any, form: object = None) -> Account:
        del form
        person = getattr(sociallogin, PERSON)
        account = open_person(display_name=person.name[:100], now=dt.datetime.now(dt.UTC))
        sociallogin.user = account
        sociallogin.save(request)
        return account

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        del provider, kwargs
        raise ImmediateHttpResponse(
            render(request, "entrance/refused.html", {"refusal": _refused()}, status=401)
        )


def provider_of(request: HttpRequest) -> ProvinceProvider | None:
    """The provider of this installation, none where none is set."""
    try:
        found: ProvinceProvider = get_adapter().get_provider(request, provider=ID)
    except SocialApp.DoesNotExist:
        return None
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest) -> HttpResponse:
    """Ask once more on a page, then lead the browser there: a form may not send it elsewhere."""
    provider = provider_of(request)
    if provider is None:
        raise Http404
    onward = request.POST.get("next") or request.GET.get("next", "")
    context = {"provider": provider.name, "next": onward}
    if request.method != "POST":
        return render(request, "entrance/province.html", context)
    answer = provider.redirect(request, AuthProcess.LOGIN, next_url=_ours(request, onward))
    address = answer.headers.get("Location")
    if address is None:
        return answer
    page = render(request, "entrance/province.html", context | {"address": address})
    page.headers["Refresh"] = f"0;url={address}"
    return page


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """What the provider sends back."""
    if provider_of(request) is None:
        raise Http404
    answer: HttpResponse = Back.adapter_view(Adapter(request, ID))(request)
    return answer


def _ours(request: HttpRequest, onward: str) -> str | None:
    safe = url_has_allowed_host_and_scheme(
        onward, {request.get_host()}, require_https=request.is_secure()
    )
    return onward if safe else None


def _refused() -> Refusal:
    return Refusal(
        code="PROVIDER",
        what=Text(
            "没有从身份认证平台得到有效的答复", "the identity provider gave no answer that counts"
        ),
        remedy=Text("请回到登录页重新开始", "go back and begin again"),
    )
