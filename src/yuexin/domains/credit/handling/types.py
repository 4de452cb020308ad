"""What a check at the point of handling answers, frozen: kept as it was said, and shown as kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.engines.declare.queries import listed
from yuexin.engines.declare.types import Strength, Target

Channel = Literal["desk", "gateway", "console"]
CHANNELS: Final[tuple[Channel, ...]] = ("desk", "gateway", "console")
Overall = Literal["", "ease", "inform", "advisory", "must_consider", "mandatory_deny"]
"""From the mildest to the gravest: nothing, easings only, then the strengths of measures."""
OVERALL: Final[tuple[Overall, ...]] = (
    "", "ease", "inform", "advisory", "must_consider", "mandatory_deny",
)  # fmt: skip
TO_ACKNOWLEDGE: Final[frozenset[Overall]] = frozenset({"must_consider", "mandatory_deny"})
State = Literal["found", "joined", "moved", "cancelled", "unknown", "unresolved", "invalid"]


NO_WORDS: Final = Text("", "")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A record that a hit rests on, as far as it is open to the body that asked."""

    record: str
    kind: str
    label: Text
    headline: Text
    date: dt.date | None
    agency: str
    source: Text
    disputed: bool = False
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a hit rests on: a list by its statutory name, `regime` '' where it is none, and what its
    rule says. `until` is the last day by what is known today, `records` are those of the hit."""

    regime: str
    list_label: Text
    rule: str
    outcome: str
    found: Text
    agency: str
    source: Text
    contact: Text
    until: dt.date | None
    disputed: bool
    stale: bool
    records: tuple[str, ...]

    @property
    def certain(self) -> bool:
        return not (self.disputed or self.stale)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A measure that the law calls for, or an incentive it opens, in the scene of the check.

    It rests on all of its `grounds`, the certain ones first; the fields of a ground are here those
    of the first, `until` is the latest, `records` are all. `strength` is as declared, `effective`
    what it comes to here: only what is confirmed and has a ground that is neither disputed nor
    stale refuses; where there is none, `disputed` and `stale` say what is doubtful. `confirmed`: an
    official confirmed it, and each law that it rests on. `look` says why a person has to look
    first. `targets` are whom the measure binds. Answers of before `grounds` name one only.
    """

    measure: str
    label: Text
    content: Text
    item: str
    item_label: Text
    incentive: bool
    strength: Strength
    effective: Strength
    confirmed: bool
    regime: str
    list_label: Text
    rule: str
    outcome: str
    found: Text
    basis: tuple[Text, ...]
    scene_law: Text
    agency: str
    source: Text
    contact: Text
    until: dt.date | None
    targets: tuple[Target, ...]
    disputed: bool
    stale: bool
    look: tuple[Text, ...]
    records: tuple[Evidence, ...]
    grounds: tuple[Ground, ...] = ()

    @property
    def rests_on(self) -> tuple[Ground, ...]:
        """Its grounds, also of an answer that was kept before they were told one by one."""
        return self.grounds or (self._only,)

    @property
    def told(self) -> tuple[tuple[Ground, tuple[Evidence, ...]], ...]:
        """Each ground with the records that it rests on."""
        return tuple(
            (ground, tuple(one for one in self.records if one.record in ground.records))
            for ground in self.rests_on
        )

    @property
    def because(self) -> Text:
        """The lists and findings it rests on, each once."""
        return listed(dict.fromkeys(one.list_label for one in self.rests_on))

    @property
    def sources(self) -> tuple[Ground, ...]:
        """The first ground of each agency that told of one."""
        found: dict[str, Ground] = {}
        for one in self.rests_on:
            found.setdefault(one.agency, one)
        return tuple(one for agency, one in found.items() if agency)

    @property
    def _only(self) -> Ground:
        own = {one.name: getattr(self, one.name) for one in fields(Ground)}
        return Ground(**own | {"records": tuple(one.record for one in self.records)})


@dataclass(frozen=True, kw_only=True)
class PersonFound:
    """What the law says of somebody who holds a `post` in the subject, or is to hold one, for what
    he was in another: the legal representative of the one under `code`, by `rule`. `person` is his
    name by the register, or the masked number by which he was asked for. It is never a ground by
    itself: whether he is personally liable is for a person to judge."""

    person: str
    post: Text
    code: str
    name: str
    said: Text
    measure: str
    label: Text
    content: Text
    basis: tuple[Text, ...]
    scene_law: Text
    rule: str
    outcome: str
    found: Text
    until: dt.date | None
    source: Text
    records: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A list the subject stands in, of which no law names the scene: it is told, and no ground."""

    regime: str
    label: Text
    adverse: bool
    found: Text


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered of one subject that was asked for.

    `name` is empty where it is a person's own; `codes` are all codes of the file. `overall` is the
    strongest of what was hit; `look`: a person has to look before anything rests on this.
    `persons` are those whom the law may bar from their posts. Where it is about nobody,
    `candidates` are the codes that may have been meant.
    """

    asked: str
    state: State
    said: Text
    code: str = ""
    codes: tuple[str, ...] = ()
    name: str = ""
    status: Text = NO_WORDS
    overall: Overall = ""
    look: bool = False
    must_ack: bool = False
    hits: tuple[Hit, ...] = ()
    easings: tuple[Hit, ...] = ()
    lists: tuple[Standing, ...] = ()
    persons: tuple[PersonFound, ...] = ()
    notes: tuple[Text, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether it is known whom was asked for."""
        return bool(self.code)


@dataclass(frozen=True, kw_only=True)
class Late:
    """A source of what was checked that is overdue: what it would say is not in the answer."""

    agency: str
    resource: str
    label: Text
    since: dt.date


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check as it was asked and answered. `digest` is of all the rest, by which its proof is
    known again; `due` is the last day for the feedback, `provisional` while a calendar is open;
    `repeats` lines of the list named again what another names, and are not answered twice."""

    number: str
    at: dt.datetime
    agency: str
    channel: Channel
    scene: str
    scene_label: Text
    purpose: str
    item: str
    case_no: str
    consortium: bool
    overall: Overall
    look: bool
    must_ack: bool
    due: dt.date
    provisional: bool
    declarations: str
    late: tuple[Late, ...]
    notes: tuple[Text, ...]
    subjects: tuple[Answer, ...]
    repeats: int = 0
    digest: str = ""

    def of(self, code: str) -> Answer | None:
        """What was answered of the subject under a code, be it one of several of its file."""
        return next((one for one in self.subjects if code and code in (one.code, *one.codes)), None)

    @property
    def ranked(self) -> tuple[Answer, ...]:
        """The answers by what they call for, the gravest first, and of alike ones those first that
        a person has to look at."""
        return tuple(
            sorted(self.subjects, key=lambda one: (-OVERALL.index(one.overall), not one.look))
        )

    @property
    def of_all(self) -> tuple[Text, ...]:
        """What one member of a consortium brings upon all: the first of the notes."""
        falls = self.consortium and any(one.overall == "mandatory_deny" for one in self.subjects)
        return self.notes[: int(falls)]

    @property
    def only(self) -> Answer | None:
        """The one answer, where one subject was asked for."""
        return self.subjects[0] if len(self.subjects) == 1 else None
