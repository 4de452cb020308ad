"""How allauth is held to the rules of this house."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from yuexin.faces.entrance.landing import landing
from yuexin.faces.shared.address import address_of


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account for himself, and no mail is sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

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

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(settings.HOME.secret("second-factor")))
