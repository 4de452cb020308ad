"""Processes: the stages of a case, who may take which step, until when, and what follows.

A process holds no code. Its steps are taken by the cases engine (`engines.cases`), which reads
nothing but this. `types` is the door.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from yuexin.base.dates import PeriodUnit
from yuexin.base.text import Text
from yuexin.engines.declare.case_ground import CaseCondition, Grounds
from yuexin.engines.declare.law import Entity, Labelled, LawVersion, version_on

Party = Literal["applicant", "office", "signer", "clock"]
"""Who takes a step: whoever applied or acts for the subject, an officer of the body that handles
the case, one of its officers who may sign, or time, when a clock has run out."""

FormType = Literal[
    "text",
    "long_text",
    "code",
    "date",
    "money",
    "integer",
    "flag",
    "phone",
    "email",
    "record_field",
    "ground",
    "file_record",
]
"""What a field of a form takes: a value of its own kind, one of its codes, a field of the record of
the case, one of the grounds of its process, or one record of the subject's file to rest on."""
RECORD_FIELDS: Final = "@record"
GROUNDS: Final = "@ground"
FILE_RECORDS: Final = "@file"
CHOSEN: Final[Mapping[FormType, str]] = {
    "record_field": RECORD_FIELDS, "ground": GROUNDS, "file_record": FILE_RECORDS,
}  # fmt: skip
"""Under what name, among the code lists, what of one case may be chosen stands."""
Recipient = Literal["applicant", "subject", "office"]


@dataclass(frozen=True, kw_only=True)
class CaseClock(Labelled):
    """A period that a step starts. The day of the step is not counted; `days`, `months` and
    `years` end on a working day. `extension` is by how much a step may prolong it, once.

    One that `counts_from` the promise counts from the day on which the commitment in question was
    made, whenever the case is begun, for the months within which that one is to be checked; `limit`
    holds where no check is declared for it. `begun` is that day in one case, and never declared.
    Of two laws the one with the shorter period is the milder, while a body has to act or somebody
    is kept from something; with the `longer` one where the period is his own, to do something."""

    limit: int
    unit: PeriodUnit = "workdays"
    extension: int = 0
    basis: str
    confirmed: bool = True
    counts_from: Literal["step", "promise"] = "step"
    begun: dt.date | None = None
    milder: Literal["shorter", "longer"] = "shorter"


@dataclass(frozen=True, kw_only=True)
class ProcessVersion(LawVersion):
    """The clocks and conditions of cases opened from `valid_from` to before `valid_to`.

    The `transition` is about the clocks that later steps start in cases opened before.
    """

    basis: tuple[str, ...]
    confirmed: bool = True
    clocks: tuple[CaseClock, ...] = ()
    conditions: tuple[CaseCondition, ...] = ()

    @cached_property
    def by_clock(self) -> dict[str, CaseClock]:
        return {clock.id: clock for clock in self.clocks}

    @cached_property
    def of_record(self) -> tuple[CaseCondition, ...]:
        """The conditions over the record of a case alone: not those that are asked of the file."""
        return tuple(one for one in self.conditions if not one.on_file)


@dataclass(frozen=True, kw_only=True)
class FormField(Labelled):
    """One thing asked for. `help_*` says how to answer. A date lies so many `workdays_ahead` of the
    step at the least; of a `past` one no day is taken that has not come yet.

    `prefilled` names where the answer is held already, the best first: what the first of them that
    holds one says is offered with its source, and may be changed. `subject.name`, `subject.code`;
    `record.<field>` of the record in question; `file.<kind>.<field>` of the newest record of that
    kind; `person.name`, `person.phone` of whoever applies, for a `personal` field alone; `earlier`,
    what this entity said last in the same field of another case of the process."""

    type: FormType = "text"
    codes: str = ""
    required: bool = False
    max_length: int = 500
    help_zh: str = ""
    help_en: str = ""
    prefilled: tuple[str, ...] = ()
    past: bool = False
    personal: bool = False
    workdays_ahead: int = 0

    @property
    def listed(self) -> str:
        """Under what name what may be chosen stands among the code lists of the case."""
        return CHOSEN.get(self.type, self.codes)


@dataclass(frozen=True, kw_only=True)
class Paper(Labelled):
    """A document asked for, unless the platform has it for certain: `held` names kinds of record of
    the subject that stand in for it, where one of them is on file. Where there is `held_on_file`, a
    condition as `CaseCondition` has it, it must hold as well, and so must `held_of`, over the
    record. What is asked for can be taken again from an earlier case of the same entity."""

    required: bool = True
    most: int = 5
    held: tuple[str, ...] = ()
    held_of: str = ""
    held_on_file: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseState(Labelled):
    """A state of a case. While it `flags`, whoever sees the record or list entry in question is
    told that it is disputed; while it is `open`, something is still to be done. While it `bars`,
    the subject may not open another case of this process, nor of those that it `bars_also`."""

    open: bool = True
    flags: bool = False
    bars: bool = False
    tone: Literal["plain", "good", "warn", "bad"] = "plain"


@dataclass(frozen=True, kw_only=True)
class StepNotice:
    """A declared notice that a step sends, and to whom."""

    notice: str
    to: Recipient


@dataclass(frozen=True, kw_only=True)
class Step(Labelled):
    """A step from one of the states `after` to the state `to`; `to: back` returns to the state
    before the last step that paused. Without `after` it opens the case.

    `starts`, `stops`, `pauses`, `resumes`, `extends` name clocks. `reason` asks for one in words.
    `not_by` names steps whoever took one of which may not take this one (four eyes). `when_due`
    names the clock by whose end a step of the `clock` is taken. `remedies` prints what can be done
    against it. `outcome` names what the step brings about.
    """

    after: tuple[str, ...] = ()
    to: str
    by: tuple[Party, ...]
    form: tuple[FormField, ...] = ()
    papers: tuple[Paper, ...] = ()
    reason: bool = False
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    when_due: str = ""
    remedies: bool = False
    outcome: str = ""
    notices: tuple[StepNotice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseOutcome:
    """What a step brings about, through the loop and nothing else.

    A delivery of one row in the name of the body that handles the case. `amends`: the row by which
    the record in question was told, as it was delivered, with what `row` names changed (a field of
    its kind, in whatever column its layout has it, or a column); `withdraws`: that row taken back;
    else a new row of `resource`. In a process about subjects `amended_of` names the kind whose
    record, the one that its subject has then, is amended. A value may hold `{subject.code}`,
    `{subject.name}`, `{record.<field>}`, `{record.label}` (its kind in words), `{form.<field>}`,
    `{step.date}`, `{step.reason}`, `{case.number}`, `{case.opened}`, `{due.<clock>}`,
    `{office.name}`, `{office.code}`; where the case has a ground, `{ground.label}`,
    `{ground.basis}`, and of the record of the file that it rests on `{file.<kind>.<field>}`, ''
    where that is of another kind.
    `grant` gives the applicant this role for the subject instead; `delays_looks`
    keeps the looks of the body that handles the case from the subject until the clock that it names
    has run out or was stopped.
    """

    id: str
    resource: str = ""
    amends: bool = False
    amended_of: str = ""
    withdraws: bool = False
    row: dict[str, str] = dataclasses.field(default_factory=dict)
    grant: str = ""
    delays_looks: str = ""


@dataclass(frozen=True, kw_only=True)
class ExampleAct:
    """A step of a worked example, on a day, by a person of this name, who fills in `form`, and in
    the rest whatever is asked."""

    step: str
    on: dt.date
    by: str
    form: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProcessExample:
    """A worked example: the steps taken, and the state, the days on which the clocks run out, or
    the code of the refusal that the last step must meet. It is about such an `entity`, where none
    is named about one for whom the process is."""

    name: str
    entity: Entity = "any"
    acts: tuple[ExampleAct, ...]
    record: dict[str, str] = dataclasses.field(default_factory=dict)
    records: dict[str, tuple[dict[str, str], ...]] = dataclasses.field(default_factory=dict)
    state: str = ""
    due: dict[str, dt.date] = dataclasses.field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The rule, and those of its outcomes, by which the process is proposed for a subject. A rule
    proposes; whoever signs decides.

    Those of whom it says one of `left_out` are told apart, with the reason. A case is opened by
    `step`, with `form` filled in, or declined, with a reason that stays, by `refuse`; whoever had
    one is proposed again after `again_months`, and whoever has an entry since, which says what
    `entry` says, is told apart. The decision is due by the clock `due`, which counts by the law:
    from the end of the last window of the yearly `filing` that is owed, or from the day of the
    records of the kind `found_by`, or of one of `found_also`, that are not answered by an entry;
    else from the day before the outcome began to hold here, or (`day`) from that day.
    """

    rule: str
    outcomes: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    step: str = ""
    refuse: str = ""
    filing: str = ""
    found_by: str = ""
    found_also: tuple[str, ...] = ()
    form: dict[str, str] = dataclasses.field(default_factory=dict)
    entry: dict[str, str] = dataclasses.field(default_factory=dict)
    again_months: int = 12
    due: str = ""
    due_from: Literal["eve", "day"] = "eve"

    @property
    def findings(self) -> tuple[str, ...]:
        """The kinds of record by which it was found what is proposed for."""
        return (self.found_by, *self.found_also) if self.found_by else ()


@dataclass(frozen=True, kw_only=True)
class Anyone:
    """Anybody may open a case of the process about what is public, in nobody's name: what he says
    stands in this field of the first step, and whoever left an address is told by the notice
    `answered` once the case is closed. Where a `step` is named he takes that one instead, in the
    open case that published a record of these `kinds`.

    `called` is what he does, as a noun, `title` the head of the page and `link` what leads there,
    `says` what it is for, and `asks` what he is asked.
    """

    field: str
    answered: str
    step: str = ""
    kinds: tuple[str, ...] = ()
    called_zh: str
    called_en: str
    title_zh: str
    title_en: str
    link_zh: str
    link_en: str
    says_zh: str
    says_en: str
    asks_zh: str
    asks_en: str

    @property
    def called(self) -> Text:
        return Text(self.called_zh, self.called_en)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def link(self) -> Text:
        return Text(self.link_zh, self.link_en)

    @property
    def says(self) -> Text:
        return Text(self.says_zh, self.says_en)

    @property
    def asks(self) -> Text:
        return Text(self.asks_zh, self.asks_en)


@dataclass(frozen=True, kw_only=True)
class Process(Labelled):
    """A declared process. `about` says of what a case is: one record of these `kinds`, or a
    subject. `office` says which body handles it: the one that told the record or that its
    `decided_by` names, (`local`) the one below who told it in the subject's own city where there
    is one, the register of the subject, this agency, or (`opener`) that of whoever opens it. One
    that is `closed_to_subject` is shown to nobody who acts for the subject. `anyone` says how
    anybody opens one. `grounds` are those of the law on which alone it is opened and decided.
    The numbers of its cases begin with its `letters`, which no other process has. `whom_*` says for
    whom alone it is, where the platform cannot know who they are; `entity` for whom alone where it
    does. What bars another case of this process bars one of those that it `bars_also`.
    """

    about: Literal["record", "subject"]
    letters: str = ""
    kinds: tuple[str, ...] = ()
    office: str = "decided_by"
    entity: Entity = "any"
    opened_by: tuple[Party, ...]
    one_at_a_time: bool = True
    bars_also: tuple[str, ...] = ()
    closed_to_subject: bool = False
    guide_zh: str = ""
    guide_en: str = ""
    whom_zh: str = ""
    whom_en: str = ""
    versions: tuple[ProcessVersion, ...]
    states: tuple[CaseState, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[CaseOutcome, ...] = ()
    proposed: Proposal | None = None
    anyone: Anyone | None = None
    grounds: Grounds | None = None
    examples: tuple[ProcessExample, ...]

    @cached_property
    def by_state(self) -> dict[str, CaseState]:
        return {state.id: state for state in self.states}

    @cached_property
    def by_step(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def by_outcome(self) -> dict[str, CaseOutcome]:
        return {outcome.id: outcome for outcome in self.outcomes}

    @property
    def told_about(self) -> tuple[str, ...]:
        """The kinds of public records about which anybody says something by this process."""
        if self.anyone is None:
            return ()
        return self.anyone.kinds if self.anyone.step else self.kinds

    @property
    def whom(self) -> Text | None:
        return Text(self.whom_zh, self.whom_en) if self.whom_zh else None

    @property
    def openings(self) -> tuple[Step, ...]:
        """The steps that open a case."""
        return tuple(step for step in self.steps if not step.after)

    @property
    def proposed_step(self) -> Step | None:
        """The step that opens a case for those whom a rule proposes, all of them at once."""
        if self.proposed is None:
            return None
        return self.by_step[self.proposed.step or self.openings[0].id]

    @property
    def proposal_steps(self) -> tuple[Step, ...]:
        """The steps that answer proposals and nothing else: of the one that opens its case and the
        one that declines it, what only a signer may take."""
        if self.proposed is None or self.proposed_step is None:
            return ()
        answers = (self.proposed_step, self.by_step.get(self.proposed.refuse))
        return tuple(one for one in answers if one and set(one.by) == {"signer"})

    def version_on(self, day: dt.date) -> ProcessVersion | None:
        return version_on(self.versions, day)
