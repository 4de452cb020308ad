"""Writes: following and telling followers."""

from __future__ import annotations

from yuexin.domains.credit.watching.following import (
    ask_to_follow,
    confirm_follow,
    forget_unconfirmed,
    stop_follow,
    tell_followers,
)

__all__ = [
    "ask_to_follow", "confirm_follow", "forget_unconfirmed", "stop_follow", "tell_followers",
]  # fmt: skip
