"""Accounts, grants and keys as the tests of this engine are given them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.cast import OPERATOR

from yuexin.engines.access.models import Account, Grant, Key
from yuexin.engines.access.operations import give_grant, issue_key, open_account
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
CHIEF = Actor(id="chief-an", role="chief", agency="data_bureau", division="440000")
FOSHAN = Actor(id="steward-fo", role="steward", agency="data_bureau", division="440600")


def account(login: str = "lin.clerk") -> Account:
    return open_account(
        actor=OPERATOR, declarations=current(), login=login, display_name="林示例", now=NOW
    )


def grant(account: Account, **changes: Any) -> Grant:
    terms: dict[str, Any] = {
        "actor": OPERATOR, "declarations": current(), "account": account, "role": "clerk",
        "agency": "environment", "reason": "到任", "valid_from": TODAY, "now": NOW, **changes,
    }  # fmt: skip
    return give_grant(**terms)


def key(**changes: Any) -> tuple[Key, str]:
    terms: dict[str, Any] = {
        "actor": OPERATOR, "declarations": current(), "label": "示例系统", "role": "machine",
        "agency": "environment", "scopes": ["read", "deliver"], "now": NOW,
        "expires_at": NOW + 30 * DAY, **changes,
    }  # fmt: skip
    return issue_key(**terms)
