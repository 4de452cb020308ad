"""Writes: telling, sending, reading what was told."""

from __future__ import annotations

from yuexin.engines.notices.inbox import read, read_all
from yuexin.engines.notices.sending import send_due
from yuexin.engines.notices.telling import tell

__all__ = ["read", "read_all", "send_due", "tell"]
