"""Reads: a case as somebody may see it, lists, what is disputed, what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import (
    acts_for,
    agencies_acted_for,
    parties_in,
    require_room,
)
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.about import (
    ABOUT_MANY,
    about_of,
    abouts_of,
    body_that_decided,
    current_of,
    now_of,
    office_of,
    published_of,
    register_of,
)
from yuexin.engines.cases.acts import Case, case_of, files_again
from yuexin.engines.cases.check import check_process
from yuexin.engines.cases.eligibility import eligibility as _eligibility
from yuexin.engines.cases.eligibility import fits, standing_case_sql
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile, CasePaper
from yuexin.engines.cases.offering import offered, seen_of
from yuexin.engines.cases.papers import path_of
from yuexin.engines.cases.rested import choices_of, rested_words
from yuexin.engines.cases.seen import held_back_in, line_of, seen_case
from yuexin.engines.cases.stepping import followers
from yuexin.engines.cases.types import About, CaseLine, CaseSeen, Eligibility
from yuexin.engines.declare.types import Declarations, Party, Process, Step
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.statements.queries import fetched

__all__ = [
    "AgainstOne", "CasePage", "OpenDeadline", "PendingOutcome", "body_that_decided",
    "case_seen", "check_process", "choices_of", "current_of", "disputed_records", "eligibility_of",
    "files_amiss", "flags_on", "now_of", "offered", "office_cases", "open_deadlines", "openable_of",
    "opened_about", "own_cases", "paper_of", "path_of", "pending_acts", "pending_outcome",
    "published_of", "register_of", "rested_words", "standing_case_sql", "untold_of",
]  # fmt: skip

PAGE_SIZE: Final = 50
DISPUTED: Final = """
SELECT r.id FROM case_file f JOIN record r ON r.subject = f.subject AND r.kind = f.kind
    AND r.source_key = f.source_key AND r.superseded_at IS NULL
WHERE f.flags AND f.kind <> ''
"""
DISPUTED_OF: Final = f"""{DISPUTED}
    AND f.subject IN (SELECT id FROM subject WHERE id = %s OR joined_to = %s)
"""
FLAGS: Final = """
SELECT DISTINCT ON (r.id) r.id, f.number, f.process
FROM record r JOIN case_file f ON f.flags AND f.kind <> '' AND f.subject = r.subject
    AND f.kind = r.kind AND f.source_key = r.source_key
WHERE r.id = ANY(%(records)s) ORDER BY r.id, f.opened_at, f.number
"""
Which = Literal["open", "troubled", "closed"]


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Cases of a list, what is due first before the rest."""

    lines: tuple[CaseLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class OpenDeadline:
    """The day on which the next clock of an open case ends."""

    number: str
    due: dt.date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class AgainstOne:
    """An open case that a body opened about an entity: the steps that it may take now, and what the
    clock that runs out first is called."""

    line: CaseLine
    office: Text
    steps: tuple[Step, ...]
    clock: Text | None


@dataclass(frozen=True, kw_only=True)
class PendingOutcome:
    """An act whose outcome nothing was made of yet."""

    case: Case
    act: CaseAct


def case_seen(
    *, declarations: Declarations, actor: Actor, number: str, now: dt.datetime
) -> CaseSeen | None:
    """A case as `actor` may see it, with the steps that he may take now and why not the others.

    None where there is no such case, or he is no party of it.
    """
    case = case_of(number=number, declarations=declarations)
    if case is None:
        return None
    parties = parties_in(
        declarations=declarations, actor=actor, code=case.about.code, office=case.office,
        applicant=case.applicant, closed=case.process.closed_to_subject,
    )  # fmt: skip
    if not parties or "clock" in parties:
        return None
    _note_look(actor, case, parties, now)
    return seen_case(
        declarations=declarations, actor=actor, parties=parties, case=case, on=today(now)
    )


def office_cases(
    *,
    declarations: Declarations,
    actor: Actor,
    which: Which,
    process: str = "",
    page: int = 1,
    now: dt.datetime,
) -> CasePage:
    """The cases that `actor`'s body handles. Raises a `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room="cases")
    own = agencies_acted_for(declarations=declarations, actor=actor)
    # What is about a firm of his own he learns as that firm, or not at all.
    found = CaseFile.objects.filter(office__in=own).exclude(code__in=actor.also_for)
    if process:
        found = found.filter(process=process)
    match which:
        case "open":
            found = found.filter(is_open=True)
        case "closed":
            found = found.filter(is_open=False)
        case "troubled":
            found = found.filter(_troubled())
    return _page(declarations, found, page, today(now))


def own_cases(
    *, declarations: Declarations, actor: Actor, page: int = 1, now: dt.datetime
) -> CasePage:
    """The cases about the entity for which `actor` acts."""
    own = CaseFile.objects.none()
    if acts_for(actor=actor, code=actor.subject_code):
        own = _told_of(declarations, actor.subject_code)
    return _page(declarations, own, page, today(now))


def opened_about(
    *, declarations: Declarations, actor: Actor, now: dt.datetime
) -> tuple[AgainstOne, ...]:
    """The open cases about the entity for which `actor` acts that it did not open itself, what is
    due first before the rest; none for whoever acts for none."""
    if not acts_for(actor=actor, code=actor.subject_code):
        return ()
    rows = _told_of(declarations, actor.subject_code).filter(is_open=True, applicant="")
    ordered = rows.order_by(F("due").asc(nulls_last=True), "number")
    return tuple(_against(declarations, row, today(now)) for row in ordered)


def open_deadlines(*, declarations: Declarations, code: str) -> tuple[OpenDeadline, ...]:
    """By when the open cases about an entity are due, of those that it may learn of."""
    rows = _told_of(declarations, code).filter(is_open=True, due__isnull=False).order_by("number")
    found = rows.values_list("number", "due", "provisional")
    return tuple(OpenDeadline(number=n, due=due, provisional=p) for n, due, p in found if due)


def eligibility_of(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    subject: UUID,
    record: UUID | None,
    now: dt.datetime,
) -> Eligibility | None:
    """Whether such a case can be opened now, condition by condition; none where `actor` may not
    open it, it is not about such a thing or there is no such process. Of the record it holds what
    `actor` may see of it. Raises a `Refusal` where there is no such record (`NO_RECORD`), or nobody
    knows which body handles it."""
    declared = declarations.processes.get(process)
    if declared is None:
        return None
    about = about_of(subject=subject, record=record)
    if not fits(process=declared, about=about):
        return None
    found = _eligibility(
        declarations=declarations, process=declared, about=about, on=today(now),
        opener=actor.agency,
    )  # fmt: skip
    parties = parties_in(
        declarations=declarations, actor=actor, code=about.code, office=found.office
    )
    openings = tuple(one for one in declared.openings if parties.intersection(one.by))
    if not openings or not parties.intersection(declared.opened_by):
        return None
    own = seen_of(declarations=declarations, actor=actor, about=about)
    return replace(found, openings=openings, about=own)


def openable_of(
    *,
    declarations: Declarations,
    actor: Actor,
    processes: Collection[Process],
    records: Collection[UUID],
) -> frozenset[UUID]:
    """Those of these records about which `actor` may open a case of one of these processes, as a
    party by which it is opened: the body that handles it is his. Whether the conditions hold is not
    asked."""
    rows = fetched(ABOUT_MANY, {"records": [*records]}) if records and processes else []
    return frozenset(
        one.record
        for one in abouts_of(rows)
        if one.record and any(_may_open(declarations, actor, process, one) for process in processes)
    )


def flags_on(*, records: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of these records those that are disputed: each with the number of the case and its process.

    A record that was corrected meanwhile is the same one: it is found by its key.
    """
    rows = fetched(FLAGS, {"records": [*records]}) if records else []
    return {record: (number, process) for record, number, process in rows}


def disputed_records(*, subject: UUID | None) -> frozenset[UUID]:
    """The records that are disputed now and stand: of this subject and those joined to it, or of
    all. A record that was corrected since is the same one: it is found by its key."""
    with connection.cursor() as cursor:
        cursor.execute(DISPUTED_OF if subject else DISPUTED, [subject, subject] if subject else [])
        return frozenset(record for (record,) in cursor.fetchall())


def paper_of(
    *, declarations: Declarations, actor: Actor, number: str, paper: UUID, now: dt.datetime
) -> CasePaper | None:
    """A document of a case for whoever is a party of it."""
    case = case_of(number=number, declarations=declarations)
    if case is None:
        return None
    parties = parties_in(
        declarations=declarations, actor=actor, code=case.about.code, office=case.office,
        applicant=case.applicant, closed=case.process.closed_to_subject,
    )  # fmt: skip
    found = CasePaper.objects.filter(case=number, id=paper).first() if parties else None
    if found is not None:
        _note_look(actor, case, parties, now)
    return found


def files_amiss(*, declarations: Declarations) -> tuple[str, ...]:
    """The numbers of the cases whose file is not what follows from their acts: changed, missing,
    or of no case."""
    columns = [field.attname for field in CaseFile._meta.concrete_fields]
    living = {row["number"]: row for row in CaseFile.objects.values(*columns)}
    again = {
        one.number: {name: getattr(one, name) for name in columns}
        for one in files_again(declarations=declarations)
    }
    return tuple(sorted(n for n in living.keys() | again.keys() if living.get(n) != again.get(n)))


def pending_acts() -> tuple[CaseAct, ...]:
    """The acts with an outcome of which nothing was made yet, the oldest first."""
    made = CaseEffect.objects.filter(case=OuterRef("case"), act=OuterRef("number"))
    found = CaseAct.objects.exclude(outcome="").filter(~Exists(made))
    return tuple(found.order_by("at", "case", "number"))


def pending_outcome(*, declarations: Declarations, act: CaseAct) -> PendingOutcome:
    """An act of which something is to be made, with its case."""
    case = case_of(number=act.case, declarations=declarations)
    assert case is not None
    return PendingOutcome(case=case, act=act)


def untold_of(*, about: About) -> frozenset[int]:
    """The deliveries that outcomes about this record were made into, and that are not folded."""
    same = CaseFile.objects.filter(
        subject=about.subject, kind=about.kind, source_key=about.source_key
    )
    made = CaseEffect.objects.filter(case__in=same.values("number"), delivery__isnull=False)
    pending = Delivery.objects.filter(number__in=made.values("delivery"), receipt__isnull=True)
    return frozenset(pending.values_list("number", flat=True))


def _may_open(declarations: Declarations, actor: Actor, process: Process, about: About) -> bool:
    if not fits(process=process, about=about):
        return False
    try:
        office = office_of(
            declarations=declarations, process=process, about=about, opener=actor.agency
        )
    except Refusal:
        return False
    parties = parties_in(declarations=declarations, actor=actor, code=about.code, office=office)
    opens = any(parties.intersection(one.by) for one in process.openings)
    return opens and bool(parties.intersection(process.opened_by))


def _against(declarations: Declarations, row: CaseFile, on: dt.date) -> AgainstOne:
    case = case_of(number=row.number, declarations=declarations)
    assert case is not None
    office = declarations.agencies.get(case.office)
    due = case.standing.next_due
    steps = followers(process=case.process, state=case.standing.state)
    return AgainstOne(
        line=line_of(declarations=declarations, row=row, on=on),
        office=office.label if office else Text(case.office, case.office),
        steps=tuple(one for one in steps if "applicant" in one.by),
        clock=due.declared.label if due else None,
    )


def _told_of(declarations: Declarations, code: str) -> QuerySet[CaseFile]:
    """The cases about an entity that whoever acts for it may learn of."""
    closed = [one.id for one in declarations.processes.values() if one.closed_to_subject]
    return CaseFile.objects.filter(code=code).exclude(process__in=closed)


def _note_look(actor: Actor, case: Case, parties: Collection[Party], now: dt.datetime) -> None:
    """An officer's look, of which the subject learns unless the case is closed to it."""
    if "applicant" in parties:
        return
    closed = case.process.closed_to_subject
    note(
        stream="look", actor=actor, action="case.read", case=case.number, now=now,
        thing=f"case/{case.number}" if closed else f"subject/{case.about.code}",
    )  # fmt: skip


def _troubled() -> Q:
    """Whether an outcome could not be made into a delivery, or its row did not become a record."""
    held_back = held_back_in(delivery=OuterRef("delivery"))
    # Of the steps that time could not take the last counts, while nothing was done after it.
    stands = Q(act__gt=0) | Q(act=-OuterRef("seen"))
    troubled = CaseEffect.objects.filter(stands, case=OuterRef("number"))
    return Q(Exists(troubled.filter(~Q(trouble="") | Exists(held_back))))


def _page(
    declarations: Declarations, found: QuerySet[CaseFile], page: int, on: dt.date
) -> CasePage:
    total = found.count()
    ordered = found.annotate(troubled=_troubled()).order_by(
        "-is_open", F("due").asc(nulls_last=True), "-changed_at", "number"
    )
    first = (page - 1) * PAGE_SIZE
    rows = ordered[first : first + PAGE_SIZE]
    return CasePage(
        lines=tuple(line_of(declarations=declarations, row=row, on=on) for row in rows),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
    )
