"""Accounts that the tests of the entrance sign in with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from tests.cast import OPERATOR

from yuexin.base.dates import today
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import give_grant, open_account, set_password
from yuexin.engines.declare.queries import current

PASSWORD = "seven grey herons at dusk"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def account(login: str) -> Account:
    now = dt.datetime.now(dt.UTC)
    opened = open_account(
        actor=OPERATOR, declarations=current(), login=login, display_name="陈示例", now=now
    )
    set_password(actor=OPERATOR, account=opened, password=PASSWORD, now=now)
    return opened


def grant(holder: Account, **changes: Any) -> Grant:
    now = dt.datetime.now(dt.UTC)
    terms: dict[str, Any] = {
        "actor": OPERATOR, "declarations": current(), "account": holder, "role": "clerk",
        "agency": "environment", "reason": "到任", "valid_from": today(now), "now": now, **changes,
    }  # fmt: skip
    return give_grant(**terms)


def with_factor(holder: Account) -> Account:
    TOTP.activate(holder, SECRET)
    return holder


def code_at(moment: dt.datetime, secret: str = SECRET) -> str:
    """What an authenticator app shows."""
    return format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30))


def secret_of(holder: Account) -> str:
    return str(Authenticator.objects.get(user=holder, type="totp").data["secret"])


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"login": login, "password": password, **more})
