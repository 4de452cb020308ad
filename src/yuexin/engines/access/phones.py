"""Accounts that people open themselves, by a telephone that they hold."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from django.db import IntegrityError, transaction

from yuexin.base.codes.contacts import mask_phone
from yuexin.engines.access import sealing
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account, Phone
from yuexin.engines.access.types import Actor
from yuexin.home.folder import Home

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTERS_OF_A_NAME: Final = 8


def account_by_phone(*, home: Home, number: str) -> Account | None:
    """Whose telephone this is. The number is one of `normalise_phone`."""
    found = Phone.objects.select_related("account").filter(digest=_digest(home, number)).first()
    return found.account if found else None


def phone_of(*, home: Home, account: Account) -> str:
    """The number by which an account is signed in, '' for none. For no page but a form in which its
    holder is asked for it (`reached_of`): mask it."""
    row = Phone.objects.filter(account=account).first()
    if row is None:
        return ""
    return sealing.opened(home=home, data=bytes(row.number), about=str(account.pk))


def open_by_phone(*, home: Home, number: str, now: dt.datetime) -> Account:
    """The account of whoever has shown that he holds this telephone, opened where there is none."""
    known = account_by_phone(home=home, number=number)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            account = open_person(display_name=mask_phone(number), now=now)
            Phone.objects.create(
                account=account, digest=_digest(home, number), verified_at=now,
                number=sealing.sealed(home=home, text=number, about=str(account.pk)),
            )  # fmt: skip
    except IntegrityError:
        # Two browsers of one person came at once: the first opened it.
        known = account_by_phone(home=home, number=number)
        if known is None:
            raise
        return known
    return account


def open_person(*, display_name: str, now: dt.datetime) -> Account:
    """An account that a person opens himself. It holds nothing, and has no password."""
    name = "".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_A_NAME))
    account = Account(login=f"p-{name}", display_name=display_name, opened_at=now)
    account.set_unusable_password()
    with transaction.atomic():
        account.save(force_insert=True)
        note(
            stream="change", actor=Actor(id=account.login, role=""), action="account.opened",
            thing=f"account/{account.login}", now=now,
        )  # fmt: skip
    return account


def _digest(home: Home, number: str) -> bytes:
    return sealing.digest(home=home, text=f"phone\x1f{number}")
