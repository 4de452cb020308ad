"""What is journaled of signing in: who came, who left, and every change of password or factor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.signals import password_changed
from allauth.account.signals import user_logged_in as entered
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import get_language

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import note, verify_identity
from yuexin.engines.access.types import Actor
from yuexin.faces.entrance.province.provider import PERSON
from yuexin.faces.shared.acting import choose_grant, held_now


def _journal(account: Account, action: str, **detail: str) -> None:
    note(
        stream="change",
        actor=Actor(id=account.login, role=""),
        action=action,
        thing=f"account/{account.login}",
        now=dt.datetime.now(dt.UTC),
        **detail,
    )


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Who holds one grant acts by it; who holds several chooses."""
    del kwargs
    held = held_now(user)
    choose_grant(request, held[0].id if len(held) == 1 else None)
    _journal(user, "account.signed_in")


@receiver(entered)
def verified(request: HttpRequest, user: Account, sociallogin: Any = None, **kwargs: Any) -> None:
    """Keep who the provider said it was, or say why that cannot be."""
    del kwargs
    person = getattr(sociallogin, PERSON, None)
    if person is None:
        return
    try:
        verify_identity(
            home=settings.HOME, actor=Actor(id=f"provider:{sociallogin.account.provider}", role=""),
            account=user, name=person.name, document=person.document, number=person.number,
            how="provider", now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
    except Refusal as refusal:
        messages.warning(request, refusal.what.in_(get_language() or "zh-hans"))


@receiver(user_logged_out)
def signed_out(user: Account | None, **kwargs: Any) -> None:
    del kwargs
    if user is not None:
        _journal(user, "account.signed_out")


@receiver(password_changed)
def changed(user: Account, **kwargs: Any) -> None:
    del kwargs
    _journal(user, "account.password")


@receiver(authenticator_added)
def added(user: Account, authenticator: Any, **kwargs: Any) -> None:
    del kwargs
    _journal(user, "account.factor_added", factor=authenticator.type)


@receiver(authenticator_removed)
def removed(user: Account, authenticator: Any, **kwargs: Any) -> None:
    del kwargs
    _journal(user, "account.factor_removed", factor=authenticator.type)


@receiver(authenticator_reset)
def renewed(user: Account, authenticator: Any, **kwargs: Any) -> None:
    del kwargs
    _journal(user, "account.factor_renewed", factor=authenticator.type)
