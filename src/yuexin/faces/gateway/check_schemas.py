"""The shapes of checks at the point of handling, as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from yuexin.domains.credit.handling.persons import MOST_PERSONS
from yuexin.domains.credit.handling.types import Channel, Overall, State
from yuexin.engines.declare.types import Strength, Target
from yuexin.faces.gateway.schemas import Day, Moment, Said

LONGEST_LINE = 200
NUMBER = "^HC[0-9]{8}-[0-9]{10}$"


class CheckAsked(Schema):
    """What is to be checked. At most 10,000 subjects at once."""

    subjects: list[str] = Field(
        description="统一社会信用代码或旧号码 Codes, or old numbers; names are not checked",
        examples=[["91440606684400012K"]],
    )
    scene: str = Field(
        min_length=1, max_length=64, description="办理环节 A scene, as `procurement`"
    )
    item: str = Field("", max_length=LONGEST_LINE, description="办理事项 What is handled")
    purpose: str = Field(
        "", max_length=64, description="查询目的，缺省同环节 The purpose, the scene where none"
    )
    case_no: str = Field("", max_length=LONGEST_LINE, description="办件编号 The case's number")
    persons: list[str] = Field(
        default_factory=list,
        max_length=MOST_PERSONS,
        description="拟任职人员的证件号码，不保存 Numbers of documents of those who are to hold a "
        "post; not kept. For one subject, in a scene with measures on legal representatives",
    )
    consortium: bool = Field(False, description="联合体：一个成员不予办理，则全部 All or none")

    model_config = ConfigDict(extra="forbid")


class CheckEvidence(Schema):
    record: str
    kind: str
    label: Said
    headline: Said
    date: Day | None
    agency: str
    source: Said
    disputed: bool
    stale: bool


class CheckGround(Schema):
    """A list, `regime`, or a finding of a rule that a measure rests on."""

    regime: str
    list_label: Said
    rule: str
    outcome: str
    found: Said
    agency: str
    source: Said
    contact: Said
    until: Day | None
    disputed: bool
    stale: bool
    records: list[str] = Field(description="Those of the hit's `records` that it rests on")


class CheckHit(Schema):
    """A measure, or an easing. `effective` is what its strength comes to here. It rests on all of
    its `grounds`; the fields of a ground are here those of the first. It is `disputed` or `stale`
    only where none of its grounds is certain."""

    measure: str
    label: Said
    content: Said
    item: str
    item_label: Said
    incentive: bool
    strength: Strength
    effective: Strength
    confirmed: bool
    regime: str
    list_label: Said
    rule: str
    outcome: str
    found: Said
    basis: list[Said]
    scene_law: Said = Field(description="The law that names the scene")
    agency: str
    source: Said
    contact: Said
    until: Day | None = Field(description="The last day by what is known today")
    targets: list[Target]
    disputed: bool
    stale: bool
    look: list[Said] = Field(description="Why a person has to look first")
    records: list[CheckEvidence]
    grounds: list[CheckGround] = Field(
        default_factory=list,
        description="名单或认定，确定的在前 All that it rests on, the certain ones first; none in "
        "answers of before they were told one by one",
    )


class CheckStanding(Schema):
    """A list for which no law names the scene: no ground for anything."""

    regime: str
    label: Said
    adverse: bool
    found: Said


class CheckPerson(Schema):
    """Somebody who holds a post, or is to, and was the representative of the subject `code`, of
    which `found` is said. Never a ground by itself: a person has to judge."""

    person: str = Field(description="The name by the register, or the masked number given")
    post: Said
    code: str
    name: str
    said: Said
    measure: str
    label: Said
    content: Said
    basis: list[Said]
    scene_law: Said
    rule: str
    outcome: str
    found: Said
    until: Day | None
    source: Said
    records: list[CheckEvidence]


class CheckAnswer(Schema):
    """What is answered of one subject. `name` is empty where it is a person's own."""

    asked: str
    state: State
    said: Said
    code: str
    codes: list[str] = Field(description="The other codes of the same file")
    name: str
    status: Said
    overall: Overall
    look: bool
    must_ack: bool
    hits: list[CheckHit]
    easings: list[CheckHit]
    lists: list[CheckStanding]
    persons: list[CheckPerson] = Field(
        default_factory=list, description="Whom the law may bar from the posts they hold here"
    )
    notes: list[Said]
    candidates: list[str] = Field(
        default_factory=list, description="Codes that may have been meant, where none is certain"
    )


class CheckLate(Schema):
    agency: str
    resource: str
    label: Said
    since: Day


class CheckMade(Schema):
    """A check as it was answered and kept. `digest` is the SHA-256 of all the rest."""

    number: str
    at: Moment
    agency: str
    channel: Channel
    scene: str
    scene_label: Said
    purpose: str
    item: str
    case_no: str
    consortium: bool
    overall: Overall
    look: bool
    must_ack: bool
    due: Day = Field(description="反馈期限 The last day for the feedback")
    provisional: bool = Field(description="By a calendar that is not announced yet")
    declarations: str
    late: list[CheckLate]
    notes: list[Said]
    subjects: list[CheckAnswer] = Field(
        description="每个代码一次，按首次出现的顺序 Each code once, in the order first asked"
    )
    repeats: int = Field(0, description="清单里重复的行数 How many lines repeat another")
    digest: str


class Reported(Schema):
    subject: str
    measure: str
    at: Moment
    applied: bool
    result: str
    done_on: Day | None
    doc_no: str
    basis: str
    reason: str
    withdrawn_on: Day | None


class CheckLifted(Schema):
    """What an answer told and holds no more: a measure that nothing calls for, or (`measure` is
    empty) a list that was no ground in the scene. `list_label` names all that it rested on."""

    subject: str
    measure: str
    regime: str
    label: Said
    list_label: Said
    since: Day | None = Field(description="The first day without it, where that may be known")


class CheckFollowed(Schema):
    """A check, and what came of it."""

    check: CheckMade
    acknowledged_at: Moment | None
    owed: int = Field(description="How many measures are not reported on yet")
    reported: list[Reported]
    lifted: list[CheckLifted] = Field(description="此后已不再成立的 What holds no more since then")


class Report(Schema):
    """What was done by one measure of the answer."""

    subject: str = Field(max_length=64, description="The `code` of the answer")
    measure: str = Field(max_length=64)
    applied: bool
    result: str = Field("", max_length=64, description="实施结果 A code of `handling_results`")
    done_on: Day | None = Field(None, description="实施日期 When it was applied")
    doc_no: str = Field("", max_length=500, description="文书号 The document's number")
    basis: str = Field("", max_length=500, description="法律依据 The law")
    reason: str = Field("", max_length=500, description="未实施原因 Why it was not applied")
    withdrawn_on: Day | None = Field(None, description="解除日期 When it ended")

    model_config = ConfigDict(extra="forbid")


class Feedback(Schema):
    """What was done, whole or not at all. `acknowledged`: the answer was taken note of."""

    acknowledged: Literal[True] | None = None
    reports: list[Report] = Field(max_length=10_000)

    model_config = ConfigDict(extra="forbid")


class FeedbackTaken(Schema):
    number: str
    acknowledged_at: Moment | None
    reported: int = Field(description="How many reports were taken now")
    owed: int


class Lifting(Schema):
    """A measure that the body applied and nothing calls for any more."""

    id: int
    subject: str
    measure: str
    check: str
    scene: str
    case_no: str
    done_on: Day | None
    told_at: Moment | None
    due: Day = Field(description="确认期限 The last day for confirming")
    confirmed_at: Moment | None
    withdrawn_on: Day | None


class Liftings(Schema):
    liftings: list[Lifting]


class Lifted(Schema):
    """`withdrawn_on`: the day on which the measure was ended."""

    withdrawn_on: Day = Field(description="解除日期 When it ended")

    model_config = ConfigDict(extra="forbid")


class LiftingConfirmed(Schema):
    id: int
    confirmed_at: Moment
    withdrawn_on: Day
