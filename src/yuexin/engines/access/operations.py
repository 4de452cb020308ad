"""Writes: the journal, accounts and their grants, keys. Each change is journaled with itself."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import connection

from yuexin.engines.access.delaying import delay_looks
from yuexin.engines.access.delegating import delegate, end_delegation
from yuexin.engines.access.granting import (
    close_account,
    end_grant,
    give_grant,
    open_account,
    set_password,
)
from yuexin.engines.access.identities import erase_identity, verify_identity
from yuexin.engines.access.journal import note, note_all, noting_all, seal
from yuexin.engines.access.keys import end_key, issue_key
from yuexin.engines.access.owning import own_at_window, own_by_register
from yuexin.engines.access.phones import open_by_phone, open_person
from yuexin.engines.access.sealing import digest as token
from yuexin.engines.access.sealing import opened, sealed
from yuexin.engines.access.texted import (
    CODE_MINUTES,
    CODE_TRIES,
    forget_codes,
    make_code,
    spend_try,
)

__all__ = [
    "CODE_MINUTES", "CODE_TRIES", "close_account", "delay_looks", "delegate", "end_delegation",
    "end_grant", "end_key", "erase_identity", "forget_expired", "give_grant", "issue_key",
    "make_code", "note", "note_all", "noting_all",
    "open_account", "open_by_phone", "open_person", "opened", "own_at_window", "own_by_register",
    "seal", "sealed", "set_password", "spend_try", "token", "verify_identity",
]  # fmt: skip


def forget_expired(*, now: dt.datetime) -> None:
    """Remove sessions, and counts of attempts and codes, that are of no use to anybody any more."""
    Session.objects.filter(expire_date__lt=now).delete()
    forget_codes(now=now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < %s", [now])
