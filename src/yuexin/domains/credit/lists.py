"""What is answered to a list of names and numbers: for each line which subject it names, and what
is public of that subject today, in brief."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yuexin.base.text import Text
from yuexin.engines.declare.types import Tone

MatchState = Literal["matched", "several", "none", "closed"]
MatchedBy = Literal["", "code", "org_code", "number", "name", "spelling", "former_name"]


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which subject a line names, by what, and in words why, or why none and what to do.

    `codes` holds the one that matched; of several the first three, of `count` in all. `closed` are
    lines that are a person's and are looked up for nobody. `suggestion` is a code that may have
    been meant: it is not looked up.
    """

    state: MatchState
    reason: Text
    remedy: Text | None = None
    by: MatchedBy = ""
    codes: tuple[str, ...] = ()
    count: int = 0
    suggestion: str = ""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A subject in one row, from what is public today.

    `name` is empty where it is a person's own, as in `Hit`. `adverse` counts the adverse records
    shown. `licences` are in force, the first of them until `until`, its last day; `lapsed` are not.
    """

    code: str
    name: str
    status: Text
    tone: Tone
    adverse: int
    licences: int
    lapsed: int
    until: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One line as it was given, which subject it names, and that subject where it is one."""

    line: str
    match: Match
    brief: Brief | None = None
