"""What the filing domain hands out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from yuexin.base.inputs import Input
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.held import Finding
from yuexin.domains.hall.filing.known import Known, KnownLines
from yuexin.engines.declare.types import Filing, Stand

State = Literal["pending", "folded", "waiting", "refused"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a repeated line."""

    name: str
    label: Text
    value: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing asked for, by its `name` in the form: an input, or repeated `lines`. No input holds
    the form back, since it is kept unfinished; `required` is told in words. What is `known` stands
    in it already, or, `beside`, next to it. `public` is what its switch says, where it has one.
    `findings` are what the checks say of it."""

    name: str
    column: str
    label: Text
    help: Text
    input: Input | None
    required: bool = False
    has_switch: bool = False
    public: bool = False
    known: Known | None = None
    known_lines: KnownLines | None = None
    beside: bool = False
    lines: tuple[tuple[Cell, ...], ...] = ()
    more: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What is asked on one screen, the `place`-th of `count`."""

    id: str
    label: Text
    note: Text
    place: int
    count: int
    asked: tuple[Asked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one for asked in self.asked for one in asked.findings)


@dataclass(frozen=True, kw_only=True)
class Review:
    """A filing before it is sent: what it will say, on which screen that is changed, what the
    public will read of it ('' for nothing), and what the checks say. `ready`: nothing rejects
    it."""

    lines: tuple[tuple[str, Text, tuple[tuple[Text, str, str], ...]], ...]
    findings: tuple[tuple[str, Finding], ...]
    ready: bool


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing to file: a year, or a fact by its number, and how it stands."""

    filing: Filing
    thing: str
    label: Text
    stand: Stand
    drafted_at: dt.datetime | None = None
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A filing that was handed in: its receipt number, digest, and what became of it. `late`: after
    the last day. `again`: it had been handed in already, word for word."""

    filing: str
    code: str
    thing: str
    version: int
    delivery: int
    sha256: str
    received_at: dt.datetime
    state: State
    late: bool = False
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was filled in: by column, and the lines of repeated ones."""

    values: Mapping[str, str]
    lines: Mapping[str, tuple[Mapping[str, str], ...]]
