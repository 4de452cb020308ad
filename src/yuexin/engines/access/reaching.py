"""By what name and number whoever holds an account is reached, for a form of his own."""

from __future__ import annotations

from dataclasses import dataclass

from yuexin.base.codes.contacts import mask_phone
from yuexin.engines.access.identities import identity_of
from yuexin.engines.access.models import Account
from yuexin.engines.access.phones import phone_of
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What an account says of its holder; '' for what it does not say."""

    name: str = ""
    phone: str = ""


def reached_of(*, home: Home, login: str) -> Reached:
    """The name of the holder, as it was verified or else as he is called, and the number by which
    he signs in. It is put before himself alone, where he is asked for it."""
    account = Account.objects.filter(login=login).first()
    if account is None:
        return Reached()
    phone = phone_of(home=home, account=account)
    verified = identity_of(home=home, account=account)
    # Whoever opened an account by his telephone is called by its number until he is verified.
    called = "" if phone and account.display_name == mask_phone(phone) else account.display_name
    return Reached(name=verified.name if verified else called, phone=phone.removeprefix("+86"))
