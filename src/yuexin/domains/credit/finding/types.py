"""What is asked of a search, and what it finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal
from uuid import UUID

from yuexin.base.text import Text

PAGE_SIZE = 20
TOTAL_CAP = 500
LONGEST_QUERY = 100
FEWEST_CHARACTERS = 2

Certainty = Literal["certain", "likely", "possible"]


@dataclass(frozen=True, kw_only=True)
class Query:
    """A text as typed, and what narrows its hits; '' and none narrow nothing.

    `city` is a division, `entity_type` and `industry` are codes, `status` an outcome of the rule
    of status; established from `since` to `until`, both included.
    """

    text: str
    city: str = ""
    entity_type: str = ""
    industry: str = ""
    status: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return any(
            (self.city, self.entity_type, self.industry, self.status, self.since, self.until)
        )


class Grade(IntEnum):
    """Why something was found, the surest first."""

    NUMBER = 0
    WHOLE = 1
    BEGINS = 2
    PERSON = 3
    PART = 4
    SOUND = 5
    NEAR = 6
    PIECES = 7


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A subject found by one of its names, by its key, or by a number (no key)."""

    subject: UUID
    key: str
    grade: Grade
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The best in their order. Not `complete` where there are more, not all of them counted."""

    found: tuple[Candidate, ...] = ()
    complete: bool = True


@dataclass(frozen=True, kw_only=True)
class Hit:
    """`name` is empty where it is a person's own: it stands on the subject's own file only.

    `why` says by what it was found, and `certainty` how sure it is that this was meant.
    """

    code: str
    name: str
    matched: str
    status: Text
    tone: Literal["plain", "good", "warn", "bad"]
    type_label: Text
    city: Text
    est_date: dt.date | None
    why: Text
    certainty: Certainty


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value that narrows the hits, and how many of them have it."""

    value: str
    label: Text
    count: int


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A field of `Query` by which the hits differ; `chosen` is the value that narrows them."""

    field: str
    label: Text
    chosen: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """A page of hits. `total` and all counts are exact unless `capped`: then there are more hits,
    and those that were counted come first.

    `hint` says what is wrong with a query that looks like a code, and `suggestion` a code that
    passes the check when a look-alike letter was typed.
    """

    query: str
    page: int
    pages: int
    total: int
    capped: bool
    hits: tuple[Hit, ...]
    hint: Text | None = None
    suggestion: str = ""
    facets: tuple[Facet, ...] = ()
    asked: Query = Query(text="")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What may be meant while it is typed. `name` is never a person's own; `why` is empty where
    what was typed stands in a name as it is."""

    code: str
    name: str
    why: Text
