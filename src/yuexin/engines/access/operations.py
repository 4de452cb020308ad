"""Writes: the journal, accounts and their grants, keys. Each change is journaled with itself."""

from __future__ import annotations

from yuexin.engines.access.granting import (
    close_account,
    end_grant,
    give_grant,
    open_account,
    set_password,
)
from yuexin.engines.access.journal import note, seal
from yuexin.engines.access.keys import end_key, issue_key

__all__ = [
    "close_account", "end_grant", "end_key", "give_grant", "issue_key", "note", "open_account",
    "seal", "set_password",
]  # fmt: skip
