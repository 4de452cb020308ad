"""Addresses of an account: its own once it has shown a code that was sent there.

How often a code is sent is bounded for the account and for the address, whoever asks.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import uuid4

from django.db import transaction

from yuexin.base.codes.contacts import mask_mail, mask_phone
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import CODE_MINUTES, make_code, note, spend_try
from yuexin.engines.access.queries import phone_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.models import Contact, ContactCode, Notice, Wish
from yuexin.engines.notices.recipients import address_digest, valid_address
from yuexin.engines.notices.telling import tell
from yuexin.engines.notices.types import Account as To
from yuexin.engines.notices.types import Address, ContactState, Language, PushChannel, Wanted
from yuexin.home.folder import Home

OWN_CHANNELS: Final[tuple[PushChannel, ...]] = ("email", "sms")
"""The channels of which a person knows his own address."""
A_DAY: Final = dt.timedelta(days=1)
MOST_A_DAY: Final = {"account": 10, "address": 5}


def ask_contact(
    *,
    declarations: Declarations,
    account: Account,
    channel: PushChannel,
    address: str,
    now: dt.datetime,
) -> None:
    """Send a code to an address that the account says is its own. The last one sent counts."""
    if channel not in OWN_CHANNELS:
        raise _no_channel()
    given = valid_address(channel=channel, value=address)
    language = wish_of(account).language
    with transaction.atomic():
        # One at a time for an account: the bounds below hold for two at once.
        Account.objects.select_for_update().get(pk=account.pk)
        _bound(account, channel, given, now)
        sent = make_code(about=_about(account, channel, given), now=now)
        ContactCode.objects.update_or_create(
            account=account,
            channel=channel,
            defaults={"address": given, "code_id": sent.id},
        )
        tell(
            declarations=declarations,
            notice="contact_code",
            to=Address(channel=channel, value=given, language=language),
            values={"account": account.display_name, "minutes": str(CODE_MINUTES)},
            secret={"code": sent.code},
            about=_thing(account),
            key=f"contact_code/{uuid4()}",
            now=now,
        )


def confirm_contact(
    *,
    declarations: Declarations,
    actor: Actor,
    account: Account,
    channel: PushChannel,
    code: str,
    now: dt.datetime,
) -> None:
    """Make the address the account's own by the code that was sent there; else refused, one try
    less. The address before it is told."""
    waits = ContactCode.objects.filter(account=account, channel=channel).first()
    about = _about(account, channel, waits.address) if waits else ""
    if not waits or not spend_try(code=waits.code_id, typed=code, about=about, now=now):
        raise Refusal(
            code="CONTACT_CODE",
            what=Text("验证码不对，或已过期", "this code is wrong, or has expired"),
            remedy=Text(
                "请核对最近一次收到的验证码，或重新发送", "take the last one, or ask for another"
            ),
        )

    _confirmed(declarations, actor, account, channel, waits.address, now)


def use_own_phone(
    *, home: Home, declarations: Declarations, actor: Actor, account: Account, now: dt.datetime
) -> None:
    """Let the telephone by which the account is signed in be told of notices, too: its holder has
    shown already that it is his. Refused where there is none."""
    number = phone_of(home=home, account=account)
    if not number:
        raise _no_channel()
    _confirmed(declarations, actor, account, "sms", number, now)


@transaction.atomic
def _confirmed(
    declarations: Declarations,
    actor: Actor,
    account: Account,
    channel: PushChannel,
    address: str,
    now: dt.datetime,
) -> None:
    """The address is the account's own now. The one before it is told; no code waits any more."""
    _tell_change(declarations, account, address, now)
    Contact.objects.update_or_create(
        account=account, channel=channel, defaults={"address": address, "verified_at": now}
    )
    ContactCode.objects.filter(account=account, channel=channel).delete()
    note(
        stream="change", actor=actor, action="contact.confirmed", thing=_thing(account), now=now,
        channel=channel,
    )  # fmt: skip


def drop_contact(*, actor: Actor, account: Account, channel: PushChannel, now: dt.datetime) -> None:
    """Forget an address of the account, and one that waits for its code."""
    with transaction.atomic():
        ContactCode.objects.filter(account=account, channel=channel).delete()
        gone, _ = Contact.objects.filter(account=account, channel=channel).delete()
        if gone:
            note(
                stream="change", actor=actor, action="contact.dropped", thing=_thing(account),
                now=now, channel=channel,
            )  # fmt: skip


def set_wish(*, account: Account, language: Language, on: frozenset[PushChannel]) -> None:
    """In which language, and by which channels beside its inbox, the account wants to be told."""
    off = sorted(channel for channel in OWN_CHANNELS if channel not in on)
    Wish.objects.update_or_create(account=account, defaults={"language": language, "off": off})


def wish_of(account: Account) -> Wanted:
    """What the account has set, with its addresses masked."""
    wish = Wish.objects.filter(account=account).first()
    mine = dict(Contact.objects.filter(account=account).values_list("channel", "address"))
    waiting = dict(ContactCode.objects.filter(account=account).values_list("channel", "address"))
    return Wanted(
        language="en" if wish and wish.language == "en" else "zh",
        contacts=tuple(
            ContactState(
                channel=channel,
                address=masked(mine.get(channel, "")),
                pending=masked(waiting.get(channel, "")),
                on=not wish or channel not in wish.off,
            )
            for channel in OWN_CHANNELS
        ),
    )


def own_address(*, login: str, channel: PushChannel) -> str:
    """The address of an account on a channel that it has shown to be its own, '' for none. It is
    put before its holder alone."""
    found = Contact.objects.filter(account__login=login, channel=channel).first()
    return found.address if found else ""


def masked(address: str) -> str:
    """As much of an address as its owner knows it by."""
    if not address:
        return ""
    return mask_mail(address) if "@" in address else mask_phone(address)


def _tell_change(
    declarations: Declarations, account: Account, address: str, now: dt.datetime
) -> None:
    """In the inbox, and at the addresses before: whoever lost one to another learns so."""
    tell(
        declarations=declarations,
        notice="contact_changed",
        to=To(id=account.login),
        values={"account": account.display_name, "address": masked(address)},
        about=_thing(account),
        key=f"contact_changed/{uuid4()}",
        now=now,
    )


def _bound(account: Account, channel: PushChannel, address: str, now: dt.datetime) -> None:
    sent = Notice.objects.filter(declared="contact_code", told_at__gt=now - A_DAY)
    digest = address_digest(channel=channel, address=address)
    by_account = sent.filter(about=_thing(account)).count()
    to_address = sent.filter(recipient=f"{channel}:{digest}").count()
    if by_account >= MOST_A_DAY["account"] or to_address >= MOST_A_DAY["address"]:
        raise Refusal(
            code="CONTACT_RATE",
            what=Text("今天发送的验证码已达上限", "no more codes are sent today"),
            remedy=Text("请明天再试", "try again tomorrow"),
        )


def _about(account: Account, channel: str, address: str) -> str:
    return f"contact\x1f{account.pk}\x1f{channel}\x1f{address}"


def _thing(account: Account) -> str:
    return f"account/{account.login}"


def _no_channel() -> Refusal:
    return Refusal(
        code="CONTACT_CHANNEL",
        what=Text("不能用这种方式联系", "nobody is reached this way"),
        remedy=Text("请填写电子邮件或手机号码", "give an address of e-mail or a telephone number"),
    )
