"""What came of a signature."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.base.regions import PROVINCE, name_of
from yuexin.base.text import Text


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The cases that were opened; for whom none was, by code, with the reason; how many were no
    longer proposed, by this officer or another, and are passed over."""

    opened: tuple[str, ...]
    refused: tuple[tuple[str, Text], ...]
    passed_over: int


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """How many are proposed at a moment, and the digest of who they are."""

    count: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a signature for all was carried out: of `total`, cases `opened`, `passed_over` since
    they were no longer proposed, `refused`, each by code with the reason; whether it goes on."""

    number: int
    city: str
    at: dt.datetime
    total: int
    opened: int
    passed_over: int
    refused: tuple[tuple[str, Text], ...]
    running: bool
    stopped_at: dt.datetime | None

    @property
    def place(self) -> Text:
        """The city for which it was signed, or the province."""
        return name_of(self.city or PROVINCE) or Text(self.city, self.city)

    @property
    def left(self) -> int:
        """Of how many nothing was decided yet."""
        return self.total - self.opened - self.passed_over - len(self.refused)
