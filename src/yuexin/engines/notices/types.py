"""To whom something is told, what goes out, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from yuexin.base.text import Text
from yuexin.engines.declare.types import NoticeChannel

Language = Literal["zh", "en"]
PushChannel = Literal["email", "sms", "wechat", "weibo"]
PUSHED: tuple[PushChannel, ...] = ("email", "sms", "wechat", "weibo")
Renewed = Callable[[str, Mapping[str, str]], Mapping[str, str] | None]
"""From what a notice is about and its values, its values at this moment; none where nothing is
left to tell."""
Outcome = Literal["sent", "spooled", "failed", "given_up", "dropped", "delivered", "undelivered"]
"""Of an attempt: taken by the provider; written to the spool; not taken, to be tried again; not
taken, and not tried again; nothing left to tell; and what the provider reported later."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whoever signs in by this name (`Actor.id`)."""

    id: str


@dataclass(frozen=True, kw_only=True)
class Owners:
    """Everybody who acts for the firm of this code on the day."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Whoever applied under this name for the firm of this code, while he may apply for it; else
    all who may on the day."""

    id: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Principals:
    """Those who act for the firm of this code on the day as it itself, no delegates."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """The officers of an agency, at the desk."""

    agency: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address that belongs to no account. It is kept until the message has gone out; after that
    it is known by its digest, or by the name under which the caller knows it."""

    channel: PushChannel
    value: str
    language: Language = "zh"
    known_as: str = ""


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """Whoever reads the declared public account of this id."""

    account: str


To = Account | Owners | Applicant | Principals | Office | Address | Everybody


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a channel is given. `id` stays the same however often it is tried. `leave` is where
    whoever reads it can stop such messages, for channels that have a place for that."""

    id: UUID
    channel: PushChannel
    address: str
    language: Language
    title: str
    body: str
    short: str
    link: str = ""
    leave: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a channel answered: a `receipt` of the provider where it took the message, else the
    `error` in words. `final`: another try would meet the same. `down`: the channel itself did not
    answer, whatever the message."""

    outcome: Literal["sent", "spooled", "failed"]
    receipt: str = ""
    error: str = ""
    final: bool = False
    down: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice as whoever it was told to reads it. `office` is the agency that it was told to,
    where it was not told to oneself."""

    id: UUID
    title: Text
    body: Text
    link: str
    told_at: dt.datetime
    read_at: dt.datetime | None
    office: str


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """One page of an inbox, the last first."""

    told: tuple[Told, ...]
    unread: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class ContactState:
    """An address of an account on one channel, masked, as its holder sees it. `pending` is one
    that waits for its code."""

    channel: PushChannel
    address: str
    pending: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """By which channels and in which language an account wants to be told."""

    language: Language
    contacts: tuple[ContactState, ...]


__all__ = [
    "PUSHED", "Account", "Address", "Applicant", "ContactState", "Everybody", "Inbox", "Language",
    "Message", "NoticeChannel", "Office", "Outcome", "Owners", "Principals", "PushChannel",
    "Renewed", "Sent", "To", "Told", "Wanted",
]  # fmt: skip
