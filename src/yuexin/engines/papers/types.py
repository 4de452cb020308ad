"""Papers given out, and what can be said of one that somebody shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
AskedBy = Literal["public", "own", "office"]
Evidence = Literal["genuine", "changed", "elsewhere", "foreign"]
"""What a file is: issued here as it stands; issued here and changed since; signed under a key that
is not ours, and numbered as papers are; nothing of ours."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A number and check code that nothing has been issued under yet."""

    number: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A signed paper, handed out once: neither the file nor its code is kept."""

    number: str
    code: str
    issued_at: dt.datetime
    file: bytes


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is on record of a paper."""

    number: str
    about: str
    issued_at: dt.datetime
    facts_sha256: str


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What a file is; `paper` is what is on record where it is genuine."""

    evidence: Evidence
    paper: Paper | None = None
