"""What is tried, and what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from yuexin.base.digest import canonical_json, sha256_hex

SHOWN: Final = "shown"
HIDDEN: Final = "hidden"
"""The outcomes of a term: what a record is on a day."""
OPEN: Final = "open"
SHUT: Final = "shut"
"""The outcomes of a shortest publicity: whether a case about a record may be opened on a day."""
WAYS: Final = ("before", "after")
MOST_SAMPLED: Final = 1_000
"""How many of those who move from one outcome to another are kept by name."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Other `numbers` in the version of a rule, or other months for classes of the version of a
    term, that begins on `version`, tried for the day `on`. Where a `process` is named the months
    are the shortest, before which no such case is opened; otherwise the longest."""

    rule: str = ""
    term: str = ""
    process: str = ""
    version: dt.date
    numbers: Mapping[str, int]
    on: dt.date

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "term": self.term,
            "process": self.process,
            "version": self.version.isoformat(),
            "numbers": dict(sorted(self.numbers.items())),
            "on": self.on.isoformat(),
        }

    def digest(self, *, declarations: str) -> str:
        """What names this question, asked of the declarations of that digest."""
        return sha256_hex(canonical_json({**self.as_json(), "declarations": declarations}))

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Change:
        return cls(
            rule=said["rule"],
            term=said["term"],
            process=said.get("process", ""),
            version=dt.date.fromisoformat(said["version"]),
            numbers={name: int(value) for name, value in said["numbers"].items()},
            on=dt.date.fromisoformat(said["on"]),
        )


@dataclass(frozen=True, kw_only=True)
class Move:
    """How many subjects of a city, with how many things judged, go from one outcome to another.
    None is unknown. Of a rule a subject is the thing judged, of a term a record is."""

    before: str | None
    after: str | None
    city: str
    subjects: int
    judged: int

    @property
    def moves(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Mover:
    """One who would move."""

    subject: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everybody, by outcome before and after and by city, and some of those who move: the first
    `MOST_SAMPLED` of each way, by the order of ids, which are digests and tell nothing."""

    moves: tuple[Move, ...]
    movers: tuple[Mover, ...]

    @property
    def moved(self) -> int:
        return sum(move.judged for move in self.moves if move.moves)

    def as_json(self) -> dict[str, Any]:
        return {
            "moves": [[m.before, m.after, m.city, m.subjects, m.judged] for m in self.moves],
            "movers": [[m.subject, m.before, m.after] for m in self.movers],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Found:
        moves = (
            Move(before=before, after=after, city=city, subjects=subjects, judged=judged)
            for before, after, city, subjects, judged in said["moves"]
        )
        movers = (Mover(subject=s, before=b, after=a) for s, b, a in said["movers"])
        return cls(moves=tuple(moves), movers=tuple(movers))
