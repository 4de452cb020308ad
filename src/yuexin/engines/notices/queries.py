"""Reads: inboxes."""

from __future__ import annotations

from yuexin.engines.notices.inbox import inbox, office_inbox, unread

__all__ = ["inbox", "office_inbox", "unread"]
