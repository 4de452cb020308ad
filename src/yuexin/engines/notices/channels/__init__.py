"""The channels by which messages leave: mail, gateways over HTTP, else a spool of files."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.conf import settings

from yuexin.engines.notices.channels.gateway import Gateway
from yuexin.engines.notices.channels.mail import Mail
from yuexin.engines.notices.channels.spool import Spool
from yuexin.engines.notices.types import Message, PushChannel, Sent
from yuexin.home.folder import Home


class Channel(Protocol):
    """Takes one message, or says why not. Taking the same `Message.id` again sends nothing more,
    as far as the other side can tell."""

    def send(self, *, message: Message, now: dt.datetime) -> Sent: ...


def channel_for(*, channel: PushChannel, home: Home) -> Channel:
    """The channel as it is set up here: the spool, where it is not."""
    if channel == "email":
        return Mail() if settings.SMTP_URL else Spool(home=home)
    url = settings.NOTICE_GATEWAYS.get(channel, "")
    if not url:
        return Spool(home=home)
    return Gateway(url=url, secret=home.deposited(f"gateway-{channel}"))
