"""Who is meant, and by which channels and addresses whoever is meant is reached."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from yuexin.base.codes.contacts import normalise_mail, normalise_phone
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account as AccountRow
from yuexin.engines.access.queries import actors_for, answered_for, owners_of
from yuexin.engines.declare.types import Declarations, NoticeChannel
from yuexin.engines.notices.models import Contact, Wish
from yuexin.engines.notices.types import (
    PUSHED,
    Account,
    Address,
    Applicant,
    Everybody,
    Language,
    Office,
    Owners,
    Principals,
    PushChannel,
    To,
)

PUBLIC = "public:"
"""How the names of those recipients begin that are public accounts."""
HANDLE = re.compile(r"[A-Za-z0-9_-]{1,128}")
READS = "read_notices"


@dataclass(frozen=True, kw_only=True)
class Reached:
    """One recipient, by name, and the addresses that a notice of these channels goes to."""

    recipient: str
    language: Language
    in_app: bool
    pushed: tuple[tuple[PushChannel, str], ...] = ()


def reached(
    *, declarations: Declarations, to: To, channels: Sequence[NoticeChannel], on: dt.date
) -> tuple[Reached, ...]:
    """Everybody who is meant on a day; nobody twice."""
    if isinstance(to, Address):
        address = valid_address(channel=to.channel, value=to.value)
        digest = address_digest(channel=to.channel, address=address)
        name = to.known_as or f"{to.channel}:{digest}"
        pushed = ((to.channel, address),)
        return (Reached(recipient=name, language=to.language, in_app=False, pushed=pushed),)
    if isinstance(to, Everybody):
        return (_public(declarations, to, channels),)
    if isinstance(to, Office):
        return (Reached(recipient=f"office:{to.agency}", language="zh", in_app=True),)
    logins = _logins(declarations, to, on)
    found = AccountRow.objects.filter(login__in=logins, is_active=True).order_by("login")
    return tuple(_reach(account, channels) for account in found)


def _public(
    declarations: Declarations, to: Everybody, channels: Sequence[NoticeChannel]
) -> Reached:
    """A public account, where the notice goes by its channel."""
    account = declarations.public_accounts[to.account]
    pushed = tuple(
        (one, account.handle) for one in PUSHED if one in channels and one == account.channel
    )
    return Reached(
        recipient=f"{PUBLIC}{account.id}", language=account.language, in_app=False, pushed=pushed
    )


def valid_address(*, channel: PushChannel, value: str) -> str:
    """The address in the form in which it is compared and used; refused where it is none."""
    if given := _normalised(channel, value.strip()):
        return given
    raise Refusal(
        code="ADDRESS",
        what=Text("这不是可用的地址或号码", "this is no address or number that can be used"),
        remedy=Text("请核对后重新填写", "check it and enter it again"),
    )


def address_digest(*, channel: PushChannel, address: str) -> str:
    """By what an address is known once it is forgotten: nobody finds it from this by trying,
    without the key of the installation."""
    folded = address.lower()
    return salted_hmac(
        "yuexin.notices.address", f"{channel}:{folded}", algorithm="sha256"
    ).hexdigest()


def _normalised(channel: PushChannel, value: str) -> str | None:
    if channel == "sms":
        return normalise_phone(value)
    if channel == "email":
        return normalise_mail(value)
    return value if HANDLE.fullmatch(value) else None


def _logins(
    declarations: Declarations, to: Account | Owners | Applicant | Principals, on: dt.date
) -> tuple[str, ...]:
    """By what names those who are meant on a day sign in."""
    match to:
        case Account():
            return (to.id,)
        case Owners():
            return actors_for(declarations=declarations, code=to.code, right=READS, on=on)
        case Applicant():
            return answered_for(
                declarations=declarations, code=to.code, applicant=to.id, on=on
            )  # fmt: skip
        case Principals():
            return owners_of(declarations=declarations, code=to.code, on=on)


def _reach(account: AccountRow, channels: Sequence[NoticeChannel]) -> Reached:
    wish = Wish.objects.filter(account=account).first()
    off = wish.off if wish else []
    contacts = Contact.objects.filter(account=account, channel__in=channels).exclude(
        channel__in=off
    )
    language: Language = "en" if wish and wish.language == "en" else "zh"
    return Reached(
        recipient=f"account:{account.login}",
        language=language,
        in_app=True,
        pushed=tuple(
            (one.channel, one.address)  # type: ignore[misc]
            for one in contacts.order_by("channel")
        ),
    )
