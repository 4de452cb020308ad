"""The public as a reader, now."""

from __future__ import annotations

import datetime as dt

from yuexin.base.dates import today
from yuexin.domains.credit.files import Reader
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current


def public_reader(now: dt.datetime) -> Reader:
    """Who looks as anybody may, at what is public today."""
    return Reader(declarations=current(), actor=PUBLIC, now=now, on=today(now))
