"""Announcements: headings under which public facts are announced by day. `types` is the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yuexin.engines.declare.law import Labelled

Happened = Literal["published", "corrected", "ended"]


@dataclass(frozen=True, kw_only=True)
class Removal:
    """That an entry of this kind left its list is announced, where the entry says what `says` says,
    for so many days from its `remove_date`: of the entry `gives` and nothing else. The entry itself
    is not public any more."""

    kind: str
    says: dict[str, str]
    gives: tuple[str, ...]
    days: int
    entity: Literal["any", "not_sole_trader"] = "any"
    basis: str
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class Announcement(Labelled):
    """A heading: the kinds of record that are announced under it, and `when`: as they become
    public, are corrected, or end; and the `removals` of entries from their lists."""

    kinds: tuple[str, ...] = ()
    when: tuple[Happened, ...] = ("published",)
    removals: tuple[Removal, ...] = ()
    basis: str
