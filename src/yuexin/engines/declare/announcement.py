"""Announcements: headings under which public facts are announced by day. `types` is the door."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from yuexin.engines.declare.law import Entity, Labelled

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
    entity: Entity = "any"
    basis: str
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class Announcement(Labelled):
    """A heading: the kinds of record that are announced under it, and `when`: as they become
    public, are corrected, or end; and the `removals` of entries from their lists. Of a kind in
    `only` nothing is announced under it but what is about such entities."""

    kinds: tuple[str, ...] = ()
    only: dict[str, Entity] = dataclasses.field(default_factory=dict)
    when: tuple[Happened, ...] = ("published",)
    removals: tuple[Removal, ...] = ()
    basis: str
