"""What the deliveries engine hands out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Format = Literal["csv", "xlsx", "json", "ndjson", "xml", "parquet"]
"""What a delivered file is, told by its first bytes; how it is packed is not part of it."""
StoredFormat = Literal["csv", "xlsx", "json", "ndjson", "xml", "parquet", "redacted"]
"""What a stored file is: as it was delivered, or the copy that an order left."""

Intent = Literal["report", "withdraw"]
"""Whether a delivery says what is so, or takes back what was said."""
Channel = Literal["console", "desk", "gateway", "case", "counter"]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a deliverer says of a file before it is read.

    A deliverer who is not sure of having been heard says it again under the same
    `idempotency_key`: it is one delivery.
    """

    resource: str
    agency: str
    channel: Channel
    file_name: str
    format: Format
    declared_rows: int | None = None
    declared_sha256: str = ""
    sent_at: dt.datetime | None = None
    linked_to: int | None = None
    intent: Intent = "report"
    idempotency_key: str = ""


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
    redacted_under: str = ""  # the order by which `path` is a redacted copy

    @property
    def reads_as(self) -> StoredFormat:
        """The format of what is stored at `path` now."""
        return "redacted" if self.redacted_under else self.submission.format


Span = tuple[int, int]
"""Rows from the first to the last, both among them."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order to erase: its number, its legal basis as `law[:article]`, who issued it and why."""

    order_number: str
    basis: str
    issued_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReadAgain:
    """That these deliveries are read under these declarations once `after` was folded.

    `number` is none while it is only considered.
    """

    number: int | None
    deliveries: tuple[int, ...]
    declarations: str
    after: int
    read_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class LaterAct:
    """An erasure under the order `said` of rows, or a reading under the declarations `said`."""

    act: Literal["erasure", "reading"]
    number: int
    at: dt.datetime
    said: str
    rows: tuple[Span, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A delivery with the digest of what is stored of it now, and the state of its receipt."""

    kept: Kept
    sha256: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """A delivery's file and the copy that is to replace it, without what was erased."""

    delivery: int
    before_sha256: str
    after_sha256: str
    after_size_bytes: int
    rows: tuple[Span, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The denominators of a receipt. Every row received is in exactly one place."""

    received: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    rejected: int = 0
    erased: int = 0  # never of a new delivery: of one whose rows an order took

    @property
    def ok(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, kw_only=True)
class Break:
    """A place where the chain or a stored file does not hold."""

    number: int
    problem: str
