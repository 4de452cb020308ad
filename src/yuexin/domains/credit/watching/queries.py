"""Reads: what a link is about, and what is told at the moment of sending."""

from __future__ import annotations

from yuexin.domains.credit.watching.following import asked_by, values_at_sending

__all__ = ["asked_by", "values_at_sending"]
