"""Reads: the snapshot this process works with, and what of it holds on a day."""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from pathlib import Path

from yuexin.engines.declare.bodies import bodies_of_cities, heir_of, heirs, local_body
from yuexin.engines.declare.citing import citation
from yuexin.engines.declare.deadlines import Deadline, Excuse, deadlines
from yuexin.engines.declare.filing_standing import event_standing, surely_late, year_standing
from yuexin.engines.declare.promised import Promised, accepted_by, accepting, promised_by
from yuexin.engines.declare.snapshot import load, load_folder, pack, unpack
from yuexin.engines.declare.types import Declarations, Power, Remedy
from yuexin.engines.declare.unconfirmed import grouped
from yuexin.engines.declare.wording import currency_of, listed, value_text
from yuexin.engines.declare.workdays import calendar_of

__all__ = [
    "Deadline",
    "Declarations",
    "Excuse",
    "Promised",
    "accepted_by",
    "accepting",
    "bodies_of_cities",
    "calendar_of",
    "citation",
    "currency_of",
    "current",
    "deadlines",
    "declarations_folder",
    "event_standing",
    "grouped",
    "heir_of",
    "heirs",
    "listed",
    "load",
    "load_folder",
    "local_body",
    "pack",
    "promised_by",
    "read_already",
    "remedies_on",
    "surely_late",
    "unpack",
    "value_text",
    "year_standing",
]


def declarations_folder() -> Path:
    """`YUEXIN_DECLARATIONS`, or the folder that stands beside `src`."""
    given = os.environ.get("YUEXIN_DECLARATIONS")
    return Path(given) if given else Path(__file__).resolve().parents[4] / "declarations"


@cache
def current() -> Declarations:
    """What is declared in the folder now; read once in a process."""
    return load_folder(declarations_folder())


def read_already(digest: str) -> Declarations | None:
    """The declarations of this digest, where they are those that this process has read."""
    has_read = current.cache_info().currsize > 0
    return current() if has_read and current().digest == digest else None


def remedies_on(
    *,
    declarations: Declarations,
    decided: dt.date,
    against: Power = "administrative",
    kind: str = "",
) -> tuple[Remedy, ...]:
    """What could be done against an adverse decision of that day, in the order declared; also what
    is open against records of one `kind` alone, where that is named."""
    remedies = declarations.remedies.values()
    return tuple(item for item in remedies if item.open_to(against, decided, kind=kind))
