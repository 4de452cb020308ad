"""What the rules engine hands out beside frames."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One conjunct of a rule and its truth on one record; None is unknown.

    `owner` is `withhold:<id>` or `term:<class>`.
    """

    owner: str
    text: str
    truth: bool | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a record is shown as long as it is: the class, its version of law, every conjunct.

    `version` is the first day of the version that decided, None without a term or without a
    version in force on the event date. `delivered_end` is the last day as the deciding agency
    gave it, where it comes before the end of the term.
    """

    term_class: str
    version: dt.date | None
    delivered_end: dt.date | None
    conditions: tuple[Condition, ...]
