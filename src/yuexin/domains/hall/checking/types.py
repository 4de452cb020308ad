"""What is to be checked, as an officer reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yuexin.base.dates import Deadline
from yuexin.base.text import Text
from yuexin.domains.hall.checking.sources import Source


@dataclass(frozen=True, kw_only=True)
class LastCheck:
    """When something was checked last, with what result, and the case in which."""

    case: str
    on: dt.date
    result: Text
    tone: str


@dataclass(frozen=True, kw_only=True)
class ToCheck:
    """A record that is to be checked by a day in a case of the `process`: the one that is open has
    the number `case`. `what` says why it is checked, `detail` what of it, since `since`."""

    source: Source
    record: UUID
    code: str
    name: str
    what: Text
    detail: Text
    draw: int
    since: dt.date
    due: Deadline
    overdue: bool
    process: str
    office: Text
    agency: str
    case: str
    last: LastCheck | None


@dataclass(frozen=True, kw_only=True)
class ChecksDue:
    """What a body has to check, what is due first before the rest: how many from each source, how
    many of all are `overdue`, and a page of those from `source`, or of all."""

    counts: Mapping[Source, int]
    overdue: int
    source: Source | None
    lines: tuple[ToCheck, ...]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def shown(self) -> int:
        """How many there are of what was asked for."""
        return self.counts.get(self.source, 0) if self.source else self.total
