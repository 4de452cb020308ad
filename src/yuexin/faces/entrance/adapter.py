"""How allauth is held to the rules of this house."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account, Phone
from yuexin.faces.entrance.landing import landing
from yuexin.faces.entrance.one_click import came_by_one_click
from yuexin.faces.shared.acting import is_officer
from yuexin.faces.shared.address import address_of

CONFIRM_ONE_CLICK = "account_confirm_one_click"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """No account is opened by a form, and no mail is sent. Officers sign in by password only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Turn an officer away who comes by another way than his password and one-time code."""
        shown = [record["method"] for record in get_authentication_records(request, user)]
        if user.is_active and is_officer(user) and "password" not in shown:
            clear_login(request)
            return render(request, "entrance/refused.html", {"refusal": _officers()}, status=403)
        found: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return found

    def get_reauthentication_methods(self, user: Account) -> list[dict[str, Any]]:
        """How somebody shows again that it is he: as he signs in."""
        if user.is_authenticated and came_by_one_click(context.request):
            return [{"id": "one_click", "description": "", "url": reverse(CONFIRM_ONE_CLICK)}]
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and Phone.objects.filter(account=user).exists():
            ours = {
                "id": "phone",
                "description": _("用短信验证码"),
                "url": reverse("account_confirm_phone"),
            }
            found.insert(0, ours)
        if not found and user.is_authenticated:
            found.append({"id": "province", "description": "", "url": reverse("account_province")})
        return found

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "unknown"

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("the platform sends no mail")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether password or code were last shown too long ago, at signing in or since."""
        del app, kwargs
        request = context.request
        shown = [record["at"] for record in get_authentication_records(request, request.user)]
        return not shown or time.time() - max(shown) > REAUTHENTICATION_TIMEOUT


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor lie encrypted in the database, by a key of the data folder."""

    def is_mfa_enabled(self, user: Account, types: list[str] | None = None) -> bool:
        """A passkey is a way to sign in beside others, and no second step after them."""
        if types is not None and len(types) > 1:
            types = [one for one in types if one != Authenticator.Type.WEBAUTHN]
        return bool(super().is_mfa_enabled(user, types=types))

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        name = _("我的通行密钥")
        return f"{name} {count + 1}"

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _officers() -> Refusal:
    return Refusal(
        code="OFFICERS",
        what=Text(
            "公职人员账号请用用户名、密码和动态口令登录",
            "an officer's account signs in by name, password and one-time code",
        ),
        where="/sign-in",
        remedy=Text("请返回登录页，选择公职人员登录", "go back and sign in as an officer"),
    )


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(settings.HOME.secret("second-factor")))
