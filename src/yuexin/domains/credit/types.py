"""What a reader of a credit file gets: facts with their source and date, never more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from yuexin.base.shares import percent
from yuexin.base.text import Text

SectionState = Literal[
    "filled", "none", "late", "partial", "past", "not_yet", "not_collected", "not_public"
]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One field as this reader may see it. `unit` is '' or a label such as 元."""

    field: str
    label: Text
    value: Text
    masked: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a record came from: any reader may name it to its agency."""

    agency: str
    agency_label: Text
    resource: str
    resource_label: Text
    delivery: int
    row: int
    received_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A short status by word: in force, 12 days of publicity left, objection being handled."""

    id: str
    label: Text
    tone: Literal["plain", "good", "warn", "bad"] = "plain"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record as shown. `told_under` is the code that told it, of a file that several may have;
    '' outside a file."""

    record: UUID
    kind: str
    kind_label: Text
    adverse: bool
    headline: Text
    event_date: dt.date | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    shown_until: dt.date | None
    marks: tuple[Mark, ...]
    facts: tuple[Fact, ...]
    source: Source
    basis: tuple[Text, ...]
    remedies: tuple[Text, ...] = ()
    told_under: str = ""

    @property
    def title(self) -> Text:
        """What it is called where nothing beside says of which kind it is."""
        if self.headline == self.kind_label:
            return self.headline
        kind, said = self.kind_label, self.headline
        return Text(f"{kind.zh} {said.zh}", f"{kind.en} {said.en}")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the 2022 report. An empty one says which kind of empty it is.

    `none`: every source delivered and it is not there. `late` or `partial`: a source is overdue,
    or has not delivered yet. `not_yet`: no source had delivered by that day. `past`: on a past day
    absence proves nothing. The note of a filled section names the sources that are not in.
    """

    id: str
    label: Text
    state: SectionState
    note: Text
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A record that a verdict rests on, where the reader may see it."""

    record: UUID
    kind_label: Text
    headline: Text


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a rule says of the subject, and why. `until` is the day on which time may change it.

    The last of the reasons may be `missing`: the sources that are not in, where absence decided.
    `usual` where no outcome of the rule applies: it says what it says of nearly everybody.
    """

    rule: str
    label: Text
    outcome: str
    outcome_label: Text
    tone: Literal["plain", "good", "warn", "bad"]
    reasons: tuple[Text, ...]
    basis: tuple[Text, ...]
    until: dt.date | None
    records: tuple[UUID, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: Text | None = None
    usual: bool = False


class FormerName(NamedTuple):
    """Another name of a subject, from a day until before another; none where nobody said."""

    name: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who the file is about. `code` is its address, `joined_codes` are those of subjects that were
    judged to be this one. Sole traders' files are not indexed."""

    code: str
    name: str
    former_names: tuple[FormerName, ...]
    type_label: Text
    city: Text
    sole_trader: bool
    verdicts: tuple[Verdict, ...]
    doubt: Text | None = None
    joined_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WayOff:
    """A way off a list: what has to be done, after how many months, by which law."""

    label: Text
    earliest_months: int
    basis: tuple[Text, ...]
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list in which the subject stands, by its statutory name, and how it gets off.

    `since` is the day of the latest entry shown, `last_day` the last day on it by time alone where
    one is known. `disputed` waits for an objection. `provisional` says what of its law nobody has
    confirmed. An honour that does not `count` is lost to an adverse list while that lasts.
    """

    regime: str
    label: Text
    tone: Literal["good", "warn", "bad"]
    since: dt.date | None
    last_day: dt.date | None
    disputed: bool
    counts: bool
    provisional: Text | None
    follow_up: Text
    ways: tuple[WayOff, ...]
    basis: tuple[Text, ...]
    remedies: tuple[Text, ...]
    record: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CreditFile:
    head: Head
    lists: tuple[Listing, ...] = ()
    sections: tuple[Section, ...]
    timeline: tuple[Entry, ...]
    on: dt.date
    past: bool
    data_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class AgencySummary:
    agency: str
    label: Text
    resources: tuple[ResourceSummary, ...]
    shown: int


@dataclass(frozen=True, kw_only=True)
class ResourceSummary:
    """What one agency delivers: how much, how often, how fresh, and when the next is due.

    `rows` have come in all; `waiting` are held for now; `returned` have to be delivered
    again. `due` is none before the first delivery, and where nothing more is. `provisional`: by a
    calendar that is not announced yet.
    """

    resource: str
    label: Text
    code: str
    cycle: Text
    deliveries: int
    rows: int
    waiting: int
    returned: int
    last_received_at: dt.datetime | None
    due: dt.date | None
    late_since: dt.date | None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class PublicityPage:
    """An agency's publicity: the records it published, newest first.

    `kinds` are those with public records: id, label, and how many.
    """

    agency: str
    label: Text
    kind: str
    kinds: tuple[tuple[str, Text, int], ...]
    page: int
    pages: int
    total: int
    rows: tuple[PublicityRow, ...]

    @property
    def shown(self) -> int:
        """How many records of all kinds are public."""
        return sum(count for _, _, count in self.kinds)


@dataclass(frozen=True, kw_only=True)
class PublicityRow:
    """`name` is empty where it is a person's own, as in `Hit`."""

    code: str
    name: str
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """A fact was made public so many working days after its event: more than its clock allows."""

    clock: Clock
    workdays: int


@dataclass(frozen=True, kw_only=True)
class PublishedBy:
    """How much an agency made public on a day, and how much of it too late."""

    agency: str
    label: Text
    published: int
    late: int


@dataclass(frozen=True, kw_only=True)
class PublishedRow:
    """One fact made public, so many working days after its event; none where that is undated."""

    row: PublicityRow
    workdays: int | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A kind has to be public so many working days after its event, by this law."""

    label: Text
    workdays: int
    law: Text


@dataclass(frozen=True, kw_only=True)
class Published:
    """What became public on a day under a clock of the law, and a page of it.

    `first_loaded` rows came with an agency's first delivery of a resource: no clock runs for them.
    """

    on: dt.date
    past: bool
    agency: str
    late_only: bool
    clocks: tuple[Clock, ...]
    by_agency: tuple[PublishedBy, ...]
    first_loaded: int
    total: int
    page: int
    pages: int
    rows: tuple[PublishedRow, ...]

    @property
    def published(self) -> int:
        return sum(item.published for item in self.by_agency)

    @property
    def late(self) -> int:
        return sum(item.late for item in self.by_agency)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The front page's lines. Of the rows that agencies sent, `waiting` are held for now, and
    `returned` have to be delivered again; `repeated` said what was known, `changed` something
    else of it, as their receipts count them.
    """

    subjects: int
    records: int
    agencies: int
    deliveries: int
    rows: int
    waiting: int
    returned: int
    repeated: int
    changed: int
    last_received_at: dt.datetime | None

    @property
    def settled(self) -> int:
        """The rows that are held no longer, or never were."""
        return self.rows - self.held

    @property
    def held(self) -> int:
        return self.waiting + self.returned

    @property
    def held_percent(self) -> Decimal:
        return percent(self.held, self.rows)


@dataclass(frozen=True, kw_only=True)
class Example:
    """Something to try in the search box, and what it shows."""

    query: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class Tour:
    """What a tour leads through: a record that came late on the day `on`, where it came from, and
    a row that went back.

    `rejected` is the delivery and row of a neighbour in quarantine, if the agency has one.
    """

    agency: str
    label: Text
    on: dt.date
    code: str
    name: str
    record: UUID
    delivery: int
    row: int
    rejected: tuple[int, int] | None
