"""Accounts that the tests of the entrance sign in with."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from tests.cast import OPERATOR

from yuexin.base.dates import today
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import end_grant, give_grant, open_account, set_password
from yuexin.engines.declare.queries import current

PASSWORD = "seven grey herons at dusk"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY_SHOWN = re.compile(r'<dd class="code">([A-Z2-7]{32})</dd>')


def account(login: str = "lin") -> Account:
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


def end(held: Grant) -> None:
    now = dt.datetime.now(dt.UTC)
    end_grant(
        actor=OPERATOR, declarations=current(), grant=held, reason="调离", ends_on=today(now),
        now=now,
    )  # fmt: skip


def citizen(login: str = "he") -> Account:
    holder = account(login)
    grant(holder, role="citizen", agency="")
    return holder


def officer(login: str = "lin") -> Account:
    """An officer whose second factor is set up."""
    holder = account(login)
    grant(holder)
    TOTP.activate(holder, SECRET)
    return holder


def code(secret: str = SECRET, *, periods: int = 0) -> str:
    """What an authenticator app shows now, or some periods from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"login": login, "password": password, **more})


def arrive(client: Client, login: str = "lin", *, lands: str = "/desk/") -> None:
    """Sign in with both factors, and begin where one has something to do."""
    assert sign_in(client, login).headers["Location"] == "/sign-in/code"
    assert client.post("/sign-in/code", {"code": code()}).headers["Location"] == lands
