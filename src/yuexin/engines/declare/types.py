"""The shapes of declarations. A dataclass here is the schema of a YAML file under `declarations/`.

A `basis` is the id of a law in `laws/`, with an article after a colon where one is meant:
`publicity-regulation:6`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from yuexin.base.text import Text
from yuexin.engines.declare.acting import Acting as Acting
from yuexin.engines.declare.acting import Contact as Contact
from yuexin.engines.declare.acting import Right as Right
from yuexin.engines.declare.addresses import Address as Address
from yuexin.engines.declare.addresses import PublicAccount as PublicAccount
from yuexin.engines.declare.announcement import Announcement as Announcement
from yuexin.engines.declare.announcement import Removal as Removal
from yuexin.engines.declare.case_ground import CaseCondition as CaseCondition
from yuexin.engines.declare.case_ground import CaseGround as CaseGround
from yuexin.engines.declare.case_ground import GroundLaw as GroundLaw
from yuexin.engines.declare.case_ground import Grounds as Grounds
from yuexin.engines.declare.checked import CheckPeriod as CheckPeriod
from yuexin.engines.declare.checked import FollowUp as FollowUp
from yuexin.engines.declare.code_lists import Code as Code
from yuexin.engines.declare.code_lists import CodeList as CodeList
from yuexin.engines.declare.code_lists import InCodes as InCodes
from yuexin.engines.declare.commitment import Commitment as Commitment
from yuexin.engines.declare.commitment import CommitmentExample as CommitmentExample
from yuexin.engines.declare.commitment import CommitmentVersion as CommitmentVersion
from yuexin.engines.declare.commitment import Promising as Promising
from yuexin.engines.declare.filing import Filer as Filer
from yuexin.engines.declare.filing import Filing as Filing
from yuexin.engines.declare.filing import FilingExample as FilingExample
from yuexin.engines.declare.filing import FilingItem as FilingItem
from yuexin.engines.declare.filing import FilingPart as FilingPart
from yuexin.engines.declare.filing import FilingScreen as FilingScreen
from yuexin.engines.declare.filing import FilingVersion as FilingVersion
from yuexin.engines.declare.filing import PartType as PartType
from yuexin.engines.declare.filing import RandomShare as RandomShare
from yuexin.engines.declare.filing_standing import OWED as OWED
from yuexin.engines.declare.filing_standing import Filed as Filed
from yuexin.engines.declare.filing_standing import Stand as Stand
from yuexin.engines.declare.filing_standing import Standing as Standing
from yuexin.engines.declare.handling import Handling as Handling
from yuexin.engines.declare.law import MAJORITY as MAJORITY
from yuexin.engines.declare.law import SOLE_TRADERS as SOLE_TRADERS
from yuexin.engines.declare.law import Age as Age
from yuexin.engines.declare.law import AgeVersion as AgeVersion
from yuexin.engines.declare.law import Dated as Dated
from yuexin.engines.declare.law import Entity as Entity
from yuexin.engines.declare.law import Labelled as Labelled
from yuexin.engines.declare.law import Law as Law
from yuexin.engines.declare.law import LawVersion as LawVersion
from yuexin.engines.declare.law import Power as Power
from yuexin.engines.declare.law import PublishWithin as PublishWithin
from yuexin.engines.declare.law import Remedy as Remedy
from yuexin.engines.declare.law import RemedyExample as RemedyExample
from yuexin.engines.declare.law import Term as Term
from yuexin.engines.declare.law import TermClass as TermClass
from yuexin.engines.declare.law import TermExample as TermExample
from yuexin.engines.declare.law import TermVersion as TermVersion
from yuexin.engines.declare.law import Transition as Transition
from yuexin.engines.declare.law import TransitionClause as TransitionClause
from yuexin.engines.declare.law import is_for as is_for
from yuexin.engines.declare.law import version_on as version_on
from yuexin.engines.declare.linkage import AgreementLevel as AgreementLevel
from yuexin.engines.declare.linkage import Compared as Compared
from yuexin.engines.declare.linkage import Finding as Finding
from yuexin.engines.declare.linkage import Linkage as Linkage
from yuexin.engines.declare.linkage import LinkageExample as LinkageExample
from yuexin.engines.declare.naming import EVIDENCE as EVIDENCE
from yuexin.engines.declare.naming import FACETS as FACETS
from yuexin.engines.declare.naming import Names as Names
from yuexin.engines.declare.naming import Renames as Renames
from yuexin.engines.declare.notice import FEW_CHARACTERS as FEW_CHARACTERS
from yuexin.engines.declare.notice import Notice as Notice
from yuexin.engines.declare.notice import NoticeChannel as NoticeChannel
from yuexin.engines.declare.notice import NoticeExample as NoticeExample
from yuexin.engines.declare.notice import filled as filled
from yuexin.engines.declare.process import FILE_RECORDS as FILE_RECORDS
from yuexin.engines.declare.process import GROUNDS as GROUNDS
from yuexin.engines.declare.process import RECORD_FIELDS as RECORD_FIELDS
from yuexin.engines.declare.process import Anyone as Anyone
from yuexin.engines.declare.process import CaseClock as CaseClock
from yuexin.engines.declare.process import CaseOutcome as CaseOutcome
from yuexin.engines.declare.process import CaseState as CaseState
from yuexin.engines.declare.process import ExampleAct as ExampleAct
from yuexin.engines.declare.process import FormField as FormField
from yuexin.engines.declare.process import Paper as Paper
from yuexin.engines.declare.process import Party as Party
from yuexin.engines.declare.process import Process as Process
from yuexin.engines.declare.process import ProcessExample as ProcessExample
from yuexin.engines.declare.process import ProcessVersion as ProcessVersion
from yuexin.engines.declare.process import Proposal as Proposal
from yuexin.engines.declare.process import Recipient as Recipient
from yuexin.engines.declare.process import Step as Step
from yuexin.engines.declare.process import StepNotice as StepNotice
from yuexin.engines.declare.publicity import Reference as Reference
from yuexin.engines.declare.publicity import Stage as Stage
from yuexin.engines.declare.publicity import Stages as Stages
from yuexin.engines.declare.regime import STRENGTHS as STRENGTHS
from yuexin.engines.declare.regime import Exit as Exit
from yuexin.engines.declare.regime import Measure as Measure
from yuexin.engines.declare.regime import MeasureExample as MeasureExample
from yuexin.engines.declare.regime import MeasureItem as MeasureItem
from yuexin.engines.declare.regime import NamedScene as NamedScene
from yuexin.engines.declare.regime import Regime as Regime
from yuexin.engines.declare.regime import RegimeExample as RegimeExample
from yuexin.engines.declare.regime import RegimeVersion as RegimeVersion
from yuexin.engines.declare.regime import Strength as Strength
from yuexin.engines.declare.regime import Target as Target
from yuexin.engines.declare.regime import Trigger as Trigger
from yuexin.engines.declare.resource import AsTold as AsTold
from yuexin.engines.declare.resource import Column as Column
from yuexin.engines.declare.resource import Example as Example
from yuexin.engines.declare.resource import Identifier as Identifier
from yuexin.engines.declare.resource import NotAfter as NotAfter
from yuexin.engines.declare.resource import RequiredValue as RequiredValue
from yuexin.engines.declare.resource import RequiredWhen as RequiredWhen
from yuexin.engines.declare.resource import Resource as Resource
from yuexin.engines.declare.resource import Severity as Severity
from yuexin.engines.declare.resource import ValueType as ValueType
from yuexin.engines.declare.roles import Role as Role
from yuexin.engines.declare.roles import Room as Room
from yuexin.engines.declare.subject_rules import PLACEHOLDER as PLACEHOLDER
from yuexin.engines.declare.subject_rules import NumberUnit as NumberUnit
from yuexin.engines.declare.subject_rules import Outcome as Outcome
from yuexin.engines.declare.subject_rules import Parameter as Parameter
from yuexin.engines.declare.subject_rules import RuleExample as RuleExample
from yuexin.engines.declare.subject_rules import RuleVersion as RuleVersion
from yuexin.engines.declare.subject_rules import SubjectRule as SubjectRule
from yuexin.engines.declare.subject_rules import Tone as Tone
from yuexin.engines.declare.unconfirmed import unconfirmed_in

Scope = Literal["public", "authorised", "agencies", "closed"]
Level = Literal["L1", "L2", "L3", "L4"]
Mask = Literal["none", "id_number", "phone", "person_name", "home_address", "hidden_at_home"]
Audience = Literal["public", "subject", "agency"]


@dataclass(frozen=True, kw_only=True)
class Agency(Labelled, Dated):
    """A body that delivers. One that has ended names who took over what it still sends."""

    uscc: str
    confirmed: bool = True
    successor: str = ""
    parent: str = ""
    division: str = "440000"


@dataclass(frozen=True, kw_only=True)
class Section(Labelled):
    """A section of the public credit report standard of 2022, in its order.

    `empty` says what an empty section means when its source is delivered on time.
    """

    empty_zh: str
    empty_en: str


@dataclass(frozen=True, kw_only=True)
class Field(Labelled):
    """One field of a record kind. Without a law that says public it is closed.

    `public_when` names a flag of the kind: where it is true, and only there, the field is public
    too, whatever else `scope` says. `hidden_at_home` masks the whole value of a sole trader.
    """

    type: ValueType = "text"
    codes: str = ""
    many: bool = False
    scope: Scope = "closed"
    level: Level = "L2"
    personal: bool = False
    sensitive: bool = False
    basis: str = ""
    public_when: str = ""
    mask: Mask = "none"
    unit: Literal["", "CNY"] = ""


SOLE_TRADER: Final = Field(
    id="sole_trader",
    zh="个体工商户",
    en="Sole trader",
    type="flag",
    scope="public",
    level="L1",
)
"""What rules read of a record beside its own fields: whether it is about a sole trader. No kind has
a field of this name."""

PERSON_MARK: Final = "person_mark"
"""The field that tells persons apart: the keyed digest of a document's number, closed to all."""


@dataclass(frozen=True, kw_only=True)
class Posts:
    """The fields of a kind whose facts say who holds which post in a subject: the person's `name`,
    the `position`, and the flag that he is its `legal_rep`."""

    name: str
    position: str
    legal_rep: str


@dataclass(frozen=True, kw_only=True)
class RecordKind(Labelled):
    """A kind of fact about a subject.

    `temporal: state` facts replace one another from their `valid_from` on (a registration);
    `event` facts stand beside one another (a penalty). `key` is the business key within one
    providing agency; the subject is always part of it. Its last part may be `decided_by`, the
    code of whoever decided: a layout that lacks it means the same fact, and another agency that
    names the same one does, too. An `adverse` kind holds facts to a subject's disadvantage:
    all of them, or those that `adverse_when` names. `standing` tells in which states a fact
    stands, while its dates hold; one without a state does. `evidence` gives the fields that tell,
    beside names and numbers, whom a fact is about; `facets` those by which what a search finds is
    narrowed, as long as the fact holds. `stages` tells how far its publicity has come, `refers`
    which decisions of other kinds it proves. `posts` makes it one that says who holds which post:
    whether two are one person is told by their `PERSON_MARK`, never by name. `of_trader_zh` and
    `of_trader_en` name the fact where it is about a sole trader and the law has another word then.
    """

    section: str
    temporal: Literal["state", "event"]
    adverse: bool = False
    adverse_when: InCodes | None = None
    decision: Power = "administrative"
    basis: tuple[str, ...]
    key: tuple[str, ...] = ()
    decided_by: str = ""
    event_date: str
    valid_from: str = ""
    valid_until: str = ""
    standing: InCodes | None = None
    headline: tuple[str, ...]
    names: Names | None = None
    renames: Renames | None = None
    evidence: dict[str, str] = dataclasses.field(default_factory=dict)
    facets: dict[str, str] = dataclasses.field(default_factory=dict)
    publish_within: tuple[PublishWithin, ...] = ()
    stages: Stages | None = None
    refers: tuple[Reference, ...] = ()
    posts: Posts | None = None
    of_trader_zh: str = ""
    of_trader_en: str = ""
    fields: tuple[Field, ...]

    @cached_property
    def by_field(self) -> dict[str, Field]:
        return {field.id: field for field in self.fields}

    @cached_property
    def readable(self) -> dict[str, Field]:
        """What rules over the records of a subject may read of each: its fields, and of whom it
        is."""
        return {**self.by_field, SOLE_TRADER.id: SOLE_TRADER}

    def label_of(self, *, sole_trader: bool) -> Text:
        """What such a fact is called where it is about a sole trader, or about anybody else."""
        if sole_trader and self.of_trader_zh:
            return Text(self.of_trader_zh, self.of_trader_en)
        return self.label

    @property
    def label_of_all(self) -> Text:
        """What such facts are called together, whoever they are about."""
        if not self.of_trader_zh:
            return self.label
        return Text(f"{self.zh}、{self.of_trader_zh}", f"{self.en}; {self.of_trader_en}")

    @cached_property
    def strictest(self) -> PublishWithin | None:
        """The shortest period within which a fact has to be public, if any law sets one."""
        return min(self.publish_within, key=lambda one: one.workdays, default=None)

    def is_adverse(self, body: Mapping[str, Any]) -> bool:
        """Whether what is said here is to the subject's disadvantage."""
        if self.adverse_when is None:
            return self.adverse
        return body.get(self.adverse_when.field) in self.adverse_when.codes

    @property
    def taught(self) -> tuple[str, ...]:
        """The fields that tell under which names and numbers the subject is known."""
        return tuple(name for one in (self.names, self.renames) if one for name in one.fields)


@dataclass(frozen=True, kw_only=True)
class Withhold(Labelled):
    """A record rule. Where it holds, or cannot be known, the record is not shown: on no day, or,
    where it holds `from_then_on`, on no day since it does. The public sees no such day."""

    when: str
    basis: str
    from_then_on: bool = False


@dataclass(frozen=True, kw_only=True)
class WithholdExample:
    """A worked example: a record, and the id of the rule that withholds it, or nothing."""

    name: str
    record: dict[str, str]
    withheld: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseKind:
    """On which conditions an audience sees a kind, of which each field's `scope` says who may.

    A `term` binds whatever audience it is declared for.
    """

    kind: str
    term: str = ""
    withhold: tuple[Withhold, ...] = ()
    examples: tuple[WithholdExample, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Release(Labelled):
    """A declared view for an audience."""

    audience: Audience
    basis: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    kinds: tuple[ReleaseKind, ...]

    @cached_property
    def by_kind(self) -> dict[str, ReleaseKind]:
        return {item.kind: item for item in self.kinds}


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause of the policy and what carries it."""

    id: str
    zh: str
    en: str
    state: Literal["open", "begun", "built"]
    declarations: tuple[str, ...] = ()
    story: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    date: dt.date
    workday: bool
    zh: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Declarations:
    """Everything declared, by id. Two snapshots with one digest are the same."""

    digest: str
    files: Mapping[str, bytes]
    laws: Mapping[str, Law]
    agencies: Mapping[str, Agency]
    codes: Mapping[str, CodeList]
    sections: Mapping[str, Section]
    kinds: Mapping[str, RecordKind]
    resources: Mapping[str, Resource]
    terms: Mapping[str, Term]
    rules: Mapping[str, SubjectRule]
    releases: Mapping[str, Release]
    roles: Mapping[str, Role]
    clauses: tuple[Clause, ...]
    calendar: tuple[CalendarDay, ...]
    linkage: Mapping[str, Linkage] = dataclasses.field(default_factory=dict)
    remedies: Mapping[str, Remedy] = dataclasses.field(default_factory=dict)
    remedy_examples: tuple[RemedyExample, ...] = ()
    ages: Mapping[str, Age] = dataclasses.field(default_factory=dict)
    processes: Mapping[str, Process] = dataclasses.field(default_factory=dict)
    notices: Mapping[str, Notice] = dataclasses.field(default_factory=dict)
    announcements: Mapping[str, Announcement] = dataclasses.field(default_factory=dict)
    regimes: Mapping[str, Regime] = dataclasses.field(default_factory=dict)
    measure_items: Mapping[str, MeasureItem] = dataclasses.field(default_factory=dict)
    measures: Mapping[str, Measure] = dataclasses.field(default_factory=dict)
    acting: Acting = dataclasses.field(default_factory=Acting)
    handling: Handling | None = None
    filings: Mapping[str, Filing] = dataclasses.field(default_factory=dict)
    commitments: Mapping[str, Commitment] = dataclasses.field(default_factory=dict)
    promising: Promising | None = None
    addresses: Mapping[str, Address] = dataclasses.field(default_factory=dict)
    public_accounts: Mapping[str, PublicAccount] = dataclasses.field(default_factory=dict)

    @cached_property
    def status_rule(self) -> str:
        """The rule that says whether a subject exists; none where none is declared."""
        return next((rule.id for rule in self.rules.values() if rule.gone), "")

    @cached_property
    def filed_kinds(self) -> frozenset[str]:
        """The kinds of which an entity tells itself."""
        return frozenset(self.resources[one.resource].kind for one in self.filings.values())

    def stands_confirmed(self, measure: Measure) -> bool:
        """Whether an official confirmed a measure, and each law that it rests on."""
        return measure.confirmed and all(self.laws[law].confirmed for law in measure.laws)

    @cached_property
    def for_testing(self) -> tuple[str, ...]:
        """The resources that are declared for trials only, shown to operators."""
        return tuple(item.id for item in self.resources.values() if item.testing_only)

    @cached_property
    def unconfirmed(self) -> tuple[str, ...]:
        """What an official has yet to confirm, and terms that bind no release; for operators. One
        line each, but the same of one sheet, or of one kind within one thing, together."""
        applied = {item.term for one in self.releases.values() for item in one.kinds}
        idle = (f"term {term} applied by no release" for term in self.terms if term not in applied)
        return (*unconfirmed_in(self), *idle)
