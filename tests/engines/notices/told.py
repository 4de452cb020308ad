"""Notices of the tests: who is told, where the messages went, and the clock that stands."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from typing import Any

from tests.conftest import NOW
from tests.faces.entrance import people

from yuexin.engines.access.models import Account as AccountRow
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.models import Contact
from yuexin.engines.notices.operations import send_due, tell
from yuexin.engines.notices.types import To
from yuexin.home.folder import Home

VALUES = {"code": "91440606684400012K", "rows": "1", "since": "今天", "until": "明天"}


def told(to: To, *, key: str = "k", now: dt.datetime = NOW, **changes: Any) -> int:
    given: dict[str, Any] = {
        "declarations": current(), "notice": "file_corrected", "to": to, "values": VALUES,
        "about": "judgement/1", "key": key, "now": now, **changes,
    }  # fmt: skip
    return tell(**given)


def sent(home: Home, *, now: dt.datetime = NOW, **more: Any) -> int:
    return send_due(declarations=current(), home=home, clock=lambda: now, **more)


def owner(login: str, code: str, *, email_address: str = "") -> AccountRow:
    holder = people.account(login)
    people.grant(holder, role="owner", agency="", subject_code=code, valid_from=NOW.date())
    if email_address:
        contact(holder, email_address)
    return holder


def contact(holder: AccountRow, address: str, channel: str = "email") -> None:
    Contact.objects.create(account=holder, channel=channel, address=address, verified_at=NOW)


def spooled(home: Home, channel: str = "email") -> list[EmailMessage]:
    """The mails in the spool, in no order."""
    files = sorted((home.spool / channel).glob("*.eml"))
    return [_read(file.read_bytes()) for file in files]


def _read(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found
