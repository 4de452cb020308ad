"""What the collection domain takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.engines.deliveries.types import Channel, Intent


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a deliverer says of the file he hands over, through whichever channel.

    `secrecy` is the mark he declares, `linked_to` the delivery whose rows are corrected,
    `idempotency_key` his own name for this delivery, under which he may send it again. At the
    counter `filed_for` is the code of the entity that files, in the name of whoever keeps the
    register.
    """

    resource: str
    agency: str
    channel: Channel
    file_name: str
    intent: Intent = "report"
    secrecy: str = ""
    declared_rows: int | None = None
    declared_sha256: str = ""
    sent_at: dt.datetime | None = None
    linked_to: int | None = None
    idempotency_key: str = ""
    filed_for: str = ""
