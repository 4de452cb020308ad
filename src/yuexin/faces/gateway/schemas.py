"""The shapes of the answers, as the OpenAPI document tells them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from yuexin.domains.collection.resolved_sql import How
from yuexin.domains.credit.lists import MatchedBy

Moment = dt.datetime
Day = dt.date


class Said(Schema):
    """One sentence in both languages."""

    zh: str
    en: str


class Problem(Schema):
    """Why a request was not answered as asked: problem details by RFC 9457."""

    type: str = Field(description="urn:yuexin:refusal:CODE")
    title: str = Field(description="What is wrong, in the language of the request")
    status: int
    detail: str = Field(description="What, where, by which rule and what to do, in one line")
    instance: str
    code: str = Field(description="Stable, for machines")
    where: str
    rule: str
    remedy: str
    zh: str = Field(description="`detail` in Chinese")
    en: str = Field(description="`detail` in English")

    model_config = ConfigDict(extra="allow")


class FiledRecord(Schema):
    """One record, as far as it is open to whoever asks."""

    record: UUID
    kind: str
    agency: str
    resource: str
    delivery: int = Field(description="The delivery it came with, and its row there")
    row: int
    known_at: Moment
    event_date: Day | None
    valid_from: Day | None
    valid_until: Day | None
    shown_until: Day | None = Field(description="Until when it is public")
    facts: dict[str, Any]


class SubjectFile(Schema):
    """The file of one subject."""

    code: str
    name: str
    established: Day | None
    city: str | None
    type: str | None
    verdicts: dict[str, str | None] | None = Field(description="What each rule says today")
    disputed: list[UUID] | None = Field(
        None, description="The records to which an objection is being handled"
    )
    records: list[FiledRecord] | None
    on: Day | None = Field(None, description="The day it is the file of, where one was asked for")


class Hit(Schema):
    """`name` is empty where it is a person's own: it stands in the subject's own file only."""

    code: str
    name: str
    matched: str
    status: Said
    type: Said
    city: Said
    established: Day | None
    why: Said = Field(description="By what it was found")
    certainty: Literal["certain", "likely", "possible"]
    href: str


class Choice(Schema):
    value: str
    label: Said
    count: int


class Filter(Schema):
    """A field of the query by which the hits differ, and how many have which value."""

    field: str
    label: Said
    choices: list[Choice]


class Hits(Schema):
    """A page of hits. `total` and the counts are exact unless `capped`: then there are more."""

    query: str
    page: int
    pages: int
    total: int
    capped: bool
    hint: Said | None = Field(description="What is wrong with a query that looks like a code")
    suggestion: str = Field(description="A code that may have been meant")
    hits: list[Hit]
    filters: list[Filter]


class Fault(Schema):
    """What is wrong with one line."""

    code: str
    zh: str
    en: str


class BatchLine(Schema):
    """One line for each code or name, in the order asked."""

    line: int = Field(ge=1, description="Which of the codes asked for, from 1")
    asked: str
    state: Literal["found", "several", "unknown", "invalid", "broken"]
    code: str = Field("", description="Of the entity found; of an unknown one, as normalised")
    by: MatchedBy = Field("", description="By what the line named its entity")
    codes: list[str] = Field([], description="Of several, the first three")
    count: int = Field(0, description="How many, of several")
    reason: Said | None = Field(None, description="Why it was not answered by one file")
    faults: list[Fault] = Field([], description="Of an invalid code or a broken line")
    suggestion: str = Field("", description="A code that may have been meant")
    document: SubjectFile | None = Field(None, description="Of a code that was found")


class Links(Schema):
    self: str
    receipt: str
    errors: str
    resolved: str


class Acknowledged(Schema):
    """The file is stored, chained and durable. What becomes of it stands in its receipt."""

    number: int
    resource: str
    agency: str
    file_name: str
    size_bytes: int
    sha256: str
    chain: str = Field(description="The digest over the previous delivery and this one")
    received_at: Moment
    links: Links


class DeliveryState(Acknowledged):
    """A delivery as kept, and its state."""

    channel: str
    intent: Literal["report", "withdraw"]
    format: str
    declared_rows: int | None
    declared_sha256: str
    sent_at: Moment | None
    linked_to: int | None
    state: Literal["waiting", "folded", "refused"]


class Pending(Schema):
    """Not folded yet: ask again after `Retry-After` seconds."""

    number: int
    state: Literal["waiting"]


class RowError(Schema):
    """Why one row was rejected. Personal values are masked."""

    row: int = Field(description="From 1, below the header")
    field: str
    rule: str
    sentence: Said
    value_masked: str


class Agreement(Schema):
    """How far one field of a row agrees with the entity it was matched with."""

    field: Said
    level: Said
    bits: float = Field(description="What that weighs")


class ResolvedRow(Schema):
    """A row that waited, and what ended that."""

    row: int = Field(description="From 1, below the header")
    how: How
    sentence: Said
    waited_for: Said | None = Field(description="Why it waited, where that is still known")
    name: str
    number: str
    code: str = Field(description="Whose it was found to be; of one taken back, whose it was")
    subject: str
    joined_to: str = Field(description="The code under which that entity goes on, if any")
    at: Moment
    delivery: int | None = Field(description="The delivery that brought its number")
    judgement: int | None
    reason: str = Field(description="What the person said who judged")
    parts: list[Agreement] = Field(description="As far as the fields are open to the key")


class ResolvedRows(Schema):
    """A page of the rows of a delivery that had waited."""

    number: int
    page: int
    pages: int
    total: int
    counts: dict[str, int] = Field(description="How many of all were resolved how")
    rows: list[ResolvedRow]


class TrialFinding(Schema):
    """What a rule found in a column, in so many rows of all that were seen."""

    column: str
    rule: str
    sentence: Said
    rows: int
    of: int
    rejected: int


class Trial(Schema):
    """What the checks say of a file that was not delivered."""

    resource: str
    file_name: str
    rows_seen: int
    rows_passed: int
    rows_waiting: int
    rows_rejected: int
    rows_compared: int = Field(description="Good rows that were compared with known entities")
    rows_matched: int = Field(description="Of these, placed by that or by what was judged before")
    rows_asked: int = Field(description="Of those that wait, whose they are a person would judge")
    whole: bool = Field(description="Whether these are all rows of the file")
    waiting: Any = Field(description="How many rows would wait, by reason")
    findings: list[TrialFinding]
    errors: list[RowError]


class Signature(Schema):
    """Over the canonical JSON of the members named in `over`."""

    algorithm: str
    public_key: str
    value: str
    over: list[str]


class Receipt(Schema):
    """What became of a delivery."""

    batch_id: int
    ack_no: str
    state: Literal["folded", "refused"]
    refusal: dict[str, str] | None
    resource: str
    resource_code: str
    provider: str
    consumer: str
    mode: str
    channel: str
    file_name: str
    size_bytes: int
    sha256: str
    intent: str
    repeats: int | None
    linked_to: int | None
    sent_at: Moment | None
    received_at: Moment
    loaded_at: Moment
    rows_declared: int | None
    rows_received: int
    rows_ok: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_waiting: int
    rows_rejected: int
    findings: list[dict[str, Any]]
    sentences: dict[str, Said]
    errors: list[RowError]
    waiting: Any = Field(description="How many rows wait, by reason")
    resolved: Any = Field(description="How many rows that waited were placed since, by what")
    signature: Signature


class WrongFile(Schema):
    """What was read under a code from a moment to before another held entries of others."""

    code: str
    since: Moment = Field(alias="from")
    until: Moment


class CorrectionOf(Schema):
    """A correction; `shown` to the key that asks, which then confirms it."""

    number: int
    at: Moment = Field(description="When the entries left the file")
    files: list[WrongFile]
    shown: bool = Field(description="Whether the key looked meanwhile beyond what is public")
    confirmed_at: Moment | None


class Corrections(Schema):
    """Corrections in their order; where there are `more`, ask `since` the last number."""

    corrections: list[CorrectionOf]
    more: bool


class RecallOf(Schema):
    """A record of the file of `code` that was taken down before its time, or changed by a case, to
    be confirmed by `due`."""

    number: int = Field(
        description="Of the delivery that did it; its records are confirmed at once"
    )
    code: str
    kind: str
    since: Moment = Field(alias="from", description="From when on the record stood as it did")
    until: Moment = Field(description="When it was changed or taken down")
    due: dt.date = Field(description="The last day for confirming")
    provisional: bool = Field(description="Whether a calendar that is counted by is not announced")
    confirmed_at: Moment | None


class Recalls(Schema):
    """Recalls in their order; where there are `more`, ask `since` the last number."""

    recalls: list[RecallOf]
    more: bool


class Confirmed(Schema):
    """A correction or recall was confirmed, by this key, at this moment first."""

    number: int
    confirmed_at: Moment


class ColumnOf(Schema):
    """One column of a layout."""

    header: str
    aliases: list[str]
    type: str
    codes: str = Field(description="The code list its values are from, if any")
    required: bool
    max_length: int
    personal: bool


class ResourceOf(Schema):
    """An information resource, in the terms of the catalogue guide of 2017."""

    id: str
    zh: str
    en: str
    code: str
    providers: list[str]
    kind: str
    cycle: str
    sharing: str
    openness: str
    basis: list[str]
    testing_only: bool
    columns: list[ColumnOf]


class AgencyOf(Schema):
    """A body that delivers."""

    id: str
    zh: str
    en: str
    uscc: str
    valid_from: Day
    valid_to: Day | None
    successor: str


class Catalogue(Schema):
    """What may be delivered, by whom and in which layout."""

    digest: str = Field(description="Of the declarations in force")
    agencies: list[AgencyOf]
    resources: list[ResourceOf]
