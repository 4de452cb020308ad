"""Announcements: headings under which public facts are announced by day. `types` is the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yuexin.engines.declare.law import Labelled

Happened = Literal["published", "corrected", "ended"]


@dataclass(frozen=True, kw_only=True)
class Announcement(Labelled):
    """A heading: the kinds of record that are announced under it, and `when`: as they become
    public, are corrected, or end."""

    kinds: tuple[str, ...]
    when: tuple[Happened, ...] = ("published",)
    basis: str
