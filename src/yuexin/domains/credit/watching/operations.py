"""Writes: following, telling followers and everybody, reminding owners, subscribed calendars."""

from __future__ import annotations

from yuexin.domains.credit.watching.following import (
    ask_to_follow,
    confirm_follow,
    forget_unconfirmed,
    stop_follow,
    tell_followers,
)
from yuexin.domains.credit.watching.posting import post_digests
from yuexin.domains.credit.watching.reminding import remind_owners
from yuexin.domains.credit.watching.subscribing import close_feed, open_feed

__all__ = [
    "ask_to_follow", "close_feed", "confirm_follow", "forget_unconfirmed", "open_feed",
    "post_digests", "remind_owners", "stop_follow", "tell_followers",
]  # fmt: skip
