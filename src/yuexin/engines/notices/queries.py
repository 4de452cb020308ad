"""Reads: inboxes, what an account has set, the digest by which an address is known."""

from __future__ import annotations

from yuexin.engines.notices.contacts import masked, own_address, wish_of
from yuexin.engines.notices.inbox import inbox, office_inbox, unread
from yuexin.engines.notices.recipients import address_digest, valid_address
from yuexin.engines.notices.wording import one_line

__all__ = [
    "address_digest", "inbox", "masked", "office_inbox", "one_line", "own_address", "unread",
    "valid_address", "wish_of",
]  # fmt: skip
