"""Orders of the register to correct what was published: while one runs, the entity may."""

from __future__ import annotations

import datetime as dt

from yuexin.engines.declare.types import Filing


def ordered_until(*, filing: Filing, code: str, thing: str, on: dt.date) -> dt.date | None:
    """The last day of an order that runs on this day."""
    del filing, code, thing, on
    return None
