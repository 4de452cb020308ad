"""Reads: what a link is about, and what is told at the moment of sending."""

from __future__ import annotations

from yuexin.domains.credit.watching.following import asked_by, followed_by, named, values_at_sending
from yuexin.domains.credit.watching.subscribing import has_feed, ical

__all__ = ["asked_by", "followed_by", "has_feed", "ical", "named", "values_at_sending"]
