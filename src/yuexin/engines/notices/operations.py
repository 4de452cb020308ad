"""Writes: telling, sending, reading what was told, addresses of accounts, reports of gateways."""

from __future__ import annotations

from yuexin.engines.notices.contacts import (
    ask_contact,
    confirm_contact,
    drop_contact,
    set_wish,
    use_own_phone,
)
from yuexin.engines.notices.inbox import read, read_all
from yuexin.engines.notices.receipts import take_report
from yuexin.engines.notices.sending import send_due
from yuexin.engines.notices.telling import tell

__all__ = [
    "ask_contact", "confirm_contact", "drop_contact", "read", "read_all",
    "send_due", "set_wish", "take_report", "tell", "use_own_phone",
]  # fmt: skip
