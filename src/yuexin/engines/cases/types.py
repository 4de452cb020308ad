"""What the cases engine takes and hands out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from yuexin.base.codes import is_sole_trader
from yuexin.base.text import Text
from yuexin.engines.declare.types import CaseClock, CaseState, Process, Step, Tone

Pressure = Literal["running", "yellow", "red", "overdue", "paused", "done"]
Scan = Literal["clean", "unscanned"]
NO_RECORD: Final = "CASE_RECORD"
"""The code of the refusal that there is no such record of this subject now."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One step taken: by whom, as which party of the case, on which civil day.

    `papers` holds how many were handed in for each slot.
    """

    step: str
    by: str
    party: str
    on: dt.date
    form: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """A clock of a case. While it is paused it has no `due`, and keeps what `remaining` of its
    working days (of its days, where those are counted) goes on when it is resumed.

    `declared` is the law by which it was started, and counts to its end. `provisional`: it crosses
    a year whose calendar is not published.
    """

    id: str
    declared: CaseClock
    started: dt.date
    due: dt.date | None
    provisional: bool = False
    paused_since: dt.date | None = None
    remaining: int = 0
    extended: bool = False
    done: dt.date | None = None

    @property
    def runs(self) -> bool:
        return self.done is None and self.paused_since is None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What follows from the acts of a case: the state it is in, and its clocks by name."""

    state: str
    before_pause: str = ""
    clocks: Mapping[str, ClockState] = field(default_factory=dict)
    acts: int = 1

    @property
    def next_due(self) -> ClockState | None:
        """The running clock that is due first."""
        running = [clock for clock in self.clocks.values() if clock.runs and clock.due]
        return min(running, key=lambda clock: clock.due or dt.date.max, default=None)


Counts = Mapping[str, tuple[dt.date, int]]
"""From which day, and for how many months, clocks of a case count, by their names."""


@dataclass(frozen=True, kw_only=True)
class About:
    """Of what a case is: a subject, and for some processes one record of it."""

    subject: UUID
    code: str
    name: str
    record: UUID | None = None
    kind: str = ""
    source_key: str = ""
    body: Mapping[str, object] = field(default_factory=dict)
    event_date: dt.date | None = None
    delivery: int = 0
    row: int = 0
    agency: str = ""
    counts: Counts = field(default_factory=dict)

    @property
    def sole_trader(self) -> bool:
        return is_sole_trader(self.code)


@dataclass(frozen=True, kw_only=True)
class KeptPaper:
    """A document that is on the disk: by its digest, under the name it was handed in by, for one
    of the papers that a step asks for. `scan` says whether a scanner found nothing, or none ran."""

    slot: str
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    scan: Scan = "unscanned"


@dataclass(frozen=True, kw_only=True)
class Known:
    """An answer that is held already, as it would be typed, and from where, in words. It is put
    before whoever fills in the form, and sent by nobody else."""

    value: str
    source: Text


@dataclass(frozen=True, kw_only=True)
class EarlierPaper:
    """A document that the same entity handed in with a case before, which can be taken again:
    for what, with which case, on which day."""

    id: UUID
    slot: str
    label: Text
    name: str
    sha256: str
    size_bytes: int
    case: str
    process: Text
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What need not be asked for anew in a step: the answers `known`, by field; the papers `held`;
    what was handed in `earlier` and can be taken again, by paper."""

    known: Mapping[str, Known] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    earlier: Mapping[str, tuple[EarlierPaper, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Held:
    """Whether a condition holds on the day: true, false, or none where it cannot be known.

    `from_day` is the day from which it will hold if nothing but time changes it. What only `warns`
    keeps nobody from opening a case.
    """

    id: str
    words: Text
    holds: bool | None
    basis: str
    remedy: Text
    from_day: dt.date | None = None
    warns: bool = False


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """Whether a case can be opened today, condition by condition, before anybody applies.

    `papers_held` are the papers that the platform has, and does not ask for again. `openings` are
    the steps by which whoever asked may open it. `standing_case` is what stands in the way: one in
    hand, or one that is closed and by whose outcome the subject is `barred` for now.
    """

    process: Process
    about: About
    office: str
    conditions: tuple[Held, ...]
    standing_case: str = ""
    barred: bool = False
    papers_held: tuple[str, ...] = ()
    in_force: bool = True
    openings: tuple[Step, ...] = ()

    @property
    def guide(self) -> Text:
        return Text(self.process.guide_zh, self.process.guide_en)

    @property
    def unmet(self) -> tuple[Held, ...]:
        """The conditions that keep a case from being opened: each must hold, and be known to."""
        return tuple(one for one in self.conditions if one.holds is not True and not one.warns)

    @property
    def open(self) -> bool:
        return self.in_force and not self.standing_case and not self.unmet

    @property
    def singly(self) -> tuple[Step, ...]:
        """The steps that open it for one subject, not for all whom a rule proposes."""
        return tuple(one for one in self.openings if one not in self.process.proposal_steps)

    @property
    def by_proposal(self) -> bool:
        """Whether whoever asked may open it for those whom a rule proposes."""
        return self.process.proposed_step in self.openings

    @property
    def from_day(self) -> dt.date | None:
        """The first day on which it can be opened, if time alone will bring it."""
        days = [one.from_day for one in self.unmet]
        if not days or self.standing_case or None in days:
            return None
        return max(day for day in days if day)


@dataclass(frozen=True, kw_only=True)
class ShownClock:
    """A clock with how near its end is."""

    label: Text
    basis: str
    confirmed: bool
    clock: ClockState
    pressure: Pressure
    left: int


@dataclass(frozen=True, kw_only=True)
class OfferedStep:
    """A step that follows the state of a case: open to whoever asks, or why it is not."""

    step: Step
    why_not: Text | None = None


@dataclass(frozen=True, kw_only=True)
class PaperSeen:
    """`before` is the day on which the same document was handed in first with another case of the
    entity, none where it was not."""

    id: UUID
    slot: Text
    name: str
    size_bytes: int
    media_type: str
    scan: Scan
    before: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class ActSeen:
    """An act as whoever reads it may see it: `who` is a name only for officers among themselves.
    `remedies` are what can be done against it, where it is a decision."""

    number: int
    step: Text
    at: dt.datetime
    who: Text
    party: str
    reason: str
    form: tuple[tuple[Text, Text], ...]
    papers: tuple[PaperSeen, ...]
    outcome: Text | None = None
    trouble: Text | None = None
    remedies: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A case in a list."""

    number: str
    process: Text
    subject_code: str
    subject_name: str
    state: CaseState
    opened_at: dt.datetime
    due: dt.date | None
    provisional: bool
    pressure: Pressure
    left: int
    troubled: bool = False

    @property
    def tone(self) -> Tone:
        return self.state.tone


@dataclass(frozen=True, kw_only=True)
class CaseSeen:
    """One case as somebody may see it. `warnings` are for whoever decides it: what does not hold,
    and bars nothing."""

    line: CaseLine
    process: Process
    about: About
    office: Text
    seen: int
    clocks: tuple[ShownClock, ...]
    acts: tuple[ActSeen, ...]
    steps: tuple[OfferedStep, ...]
    at_office: bool
    warnings: tuple[Held, ...] = ()
