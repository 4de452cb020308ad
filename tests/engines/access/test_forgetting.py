"""What is of no use any more is removed; what lives stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache

from yuexin.engines.access.operations import forget_expired

pytestmark = pytest.mark.usefixtures("undone")


def test_sessions_and_counts_are_forgotten_after_their_end() -> None:
    for seconds in (60, 6000):
        cache.set(f"for-{seconds}", seconds, seconds)
        session = SessionStore()
        session.set_expiry(seconds)
        session.save()
    forget_expired(now=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=600))
    assert (cache.get("for-60"), cache.get("for-6000")) == (None, 6000)
    assert Session.objects.count() == 1
