"""What the deliveries engine hands out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Format = Literal["csv", "xlsx", "json", "ndjson", "xml", "parquet"]
"""What a delivered file is, told by its first bytes; how it is packed is not part of it."""

Intent = Literal["report", "withdraw"]
"""Whether a delivery says what is so, or takes back what was said."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a deliverer says of a file before it is read."""

    resource: str
    agency: str
    channel: Literal["console", "desk", "gateway"]
    file_name: str
    format: Format
    declared_rows: int | None = None
    declared_sha256: str = ""
    sent_at: dt.datetime | None = None
    linked_to: int | None = None
    intent: Intent = "report"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A delivery that is stored, chained and acknowledged."""

    number: int
    submission: Submission
    sha256: str
    size_bytes: int
    received_at: dt.datetime
    declarations: str
    chain: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The denominators of a receipt. Every row received is in exactly one place."""

    received: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    rejected: int = 0

    @property
    def ok(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, kw_only=True)
class Break:
    """A place where the chain or a stored file does not hold."""

    number: int
    problem: str
