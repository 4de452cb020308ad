"""What the commands about accounts name: an account that is there, or the refusal of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

if TYPE_CHECKING:
    from yuexin.engines.access.models import Account


def account_named(login: str) -> Account:
    """The account of this name. Refused where there is none."""
    from yuexin.engines.access.models import Account

    found = Account.objects.filter(login=login.strip().lower()).first()
    if found is None:
        raise not_there("没有这个账号", "there is no such account", login)
    return found


def not_there(zh: str, en: str, where: str) -> Refusal:
    return Refusal(
        code="ACCOUNT",
        what=Text(zh, en),
        where=where,
        remedy=Text("yuexin account list 列出已有的", "yuexin account list shows those there are"),
    )
