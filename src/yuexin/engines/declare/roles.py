"""Roles: what whoever holds one may read, enter and give. `types` is the door to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yuexin.engines.declare.law import Labelled

Room = Literal[
    "deliveries",
    "quarantine",
    "waiting",
    "judging",
    "files",
    "handling",
    "cases",
    "lists",
    "trials",
    "journal",
    "accounts",
    "window",
]
Holder = Literal["", "officer", "subject", "delegate", "person", "machine"]


@dataclass(frozen=True, kw_only=True)
class Role(Labelled):
    """What a person in this role may read, and for which purposes.

    `holder` says whom it may be given to: an `officer` of an agency, the `subject` itself, a
    `delegate` of one that `delegates`, any `person`, or a `machine`, by a key only; without it,
    nobody. `rooms` are the rooms of the desk that it enters, `scope` says whose deliveries it sees
    there, `grants` how far it gives roles, `delivers` in whose name it may deliver: its own
    agency's, or that of all in its reach. Whoever `signs` takes the steps of a case that decide for
    his agency, whoever `refuses` signs the refusals that a check calls for.
    """

    releases: tuple[str, ...]
    past_views: bool = False
    journal: bool = False
    holder: Holder = ""
    rooms: tuple[Room, ...] = ()
    scope: Literal["none", "own", "division", "province"] = "none"
    grants: Literal["none", "division", "province"] = "none"
    delivers: Literal["own", "division", "province"] = "own"
    signs: bool = False
    refuses: bool = False
    delegates: bool = False
