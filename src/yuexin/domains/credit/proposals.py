"""Who is proposed for a process: read from stored verdicts, so that it stands ready on the day on
which they begin to hold, without a job having run. A rule proposes; an officer signs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.dates import Deadline, add_months, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.grounds import (
    ONE_DAY,
    Declined,
    Grounds,
    Rested,
    Window,
    due_by,
    entry_kinds,
    grounds_of,
    last_window,
)
from yuexin.domains.credit.types import Verdict
from yuexin.domains.credit.verdicts import verdict
from yuexin.domains.subjects.looks import note_looks
from yuexin.domains.subjects.verdicts import stored_on
from yuexin.engines.access.queries import (
    agencies_acted_for,
    deliveries_scope,
    require_room,
)
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import SOLE_TRADERS, Declarations, Filing, Process, Proposal
from yuexin.engines.rules.models import VerdictRow

PAGE_SIZE: Final = 100
NOBODY_BEFORE: Final = UUID(int=0)
WHY: Final[Mapping[str, Text]] = {
    "other_entity": Text("适用另一程序的主体", "entities for whom another process is meant"),
    "open_case": Text("已有在办案件", "a case is open already"),
    "decided": Text("近期已经办结", "decided not long ago"),
    "entered": Text("认定之后已有新的记录", "there is an entry since"),
    "declined": Text("已决定不予办理，写明理由", "declined, with a reason"),
}
# A verdict that rests on no record proposes nobody: what is signed names its evidence.
EVIDENT: Final = "w.rule = %(rule)s AND w.value = ANY(%(said)s) AND NOT w.reasons = '[]'::jsonb"
SEEN: Final = f"""
WITH held AS (
    SELECT subject, value, valid_from, valid_until, reasons
    FROM {stored_on(on="%(on)s", where=EVIDENT)} said
), seen AS (
    SELECT h.*, s.code, s.name, s.city, s.sole_trader, s.entity_type, CASE
        WHEN NOT h.value = ANY(%(proposed)s) THEN 'said'
        WHEN s.sole_trader <> %(sole_trader)s THEN 'other_entity'
        WHEN EXISTS (SELECT FROM case_file c WHERE c.subject = h.subject
            AND c.process = %(process)s AND c.is_open) THEN 'open_case'
        WHEN EXISTS (SELECT FROM case_file c
            JOIN case_act a ON a."case" = c.number AND a.number = 1
            WHERE c.subject = h.subject AND c.process = %(process)s AND a.step = %(refuse)s
            AND a."on" >= %(declined_since)s AND NOT EXISTS (SELECT FROM record r
                WHERE r.subject = h.subject AND r.kind = ANY(%(found_by)s)
                AND r.superseded_at IS NULL AND r.event_date > a."on")) THEN 'declined'
        WHEN EXISTS (SELECT FROM case_file c
            JOIN case_act a ON a."case" = c.number AND a.number = 1
            WHERE c.subject = h.subject AND c.process = %(process)s AND a.step = %(step)s
            AND c.opened_at >= %(again)s) THEN 'decided'
        WHEN EXISTS (SELECT FROM record r WHERE r.subject = h.subject AND r.kind = ANY(%(kinds)s)
            AND r.superseded_at IS NULL AND r.event_date >= h.valid_from
            AND r.body @> %(entry)s::jsonb) THEN 'entered'
        ELSE '' END AS left_out
    FROM held h JOIN subject s ON s.id = h.subject
    WHERE s.joined_to IS NULL AND (%(city)s = '' OR s.city = %(city)s)
        AND (%(everything)s OR EXISTS (SELECT FROM record r JOIN delivery d ON d.number = r.delivery
            WHERE r.subject = h.subject AND r.kind = ANY(%(registers)s)
            AND r.superseded_at IS NULL AND d.agency = ANY(%(agencies)s)))
)
"""
COUNTED: Final = SEEN + "SELECT left_out, value, count(*) FROM seen GROUP BY 1, 2"
PAGE: Final = (
    SEEN
    + """
SELECT subject, value, valid_from, valid_until, reasons::text, code, name, city, sole_trader,
    entity_type, left_out
FROM seen WHERE (left_out = '') = %(stands)s AND subject > %(after)s ORDER BY subject LIMIT %(most)s
"""
)
REGISTERS: Final = """
SELECT EXISTS (SELECT FROM delivery d
    WHERE d.resource = ANY(%(resources)s) AND d.agency = ANY(%(agencies)s))
"""
CHOSEN: Final = SEEN + (
    "SELECT subject, code FROM seen WHERE subject = ANY(%(chosen)s) AND left_out = '' ORDER BY code"
)
EVERYBODY: Final = SEEN + "SELECT code FROM seen WHERE left_out = '' ORDER BY code"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One who is proposed, or is left out for a reason; `said` is the verdict with its evidence,
    `rested` the records it names, `window` the one of the filing that is owed. `due` is the day by
    which the decision is due, where a clock says so, `overdue` whether that is past. `declined`
    says in which case, and why, somebody declined."""

    subject: UUID
    code: str
    name: str
    city: str
    sole_trader: bool
    since: dt.date
    said: Verdict
    left_out: Text | None
    due: Deadline | None
    overdue: bool = False
    rested: tuple[Rested, ...] = ()
    window: Window | None = None
    declined: Declined | None = None


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A page of candidates, of `total`; how many are `left_out` for which reason; `after` leads to
    the next page, none on the last. `filing` is what is owed, where that is a filing; `registers`
    says whether the bodies of whoever asks register anybody: nobody else is proposed to them."""

    process: Process
    filing: Filing | None
    registers: bool
    candidates: tuple[Candidate, ...]
    total: int
    left_out: tuple[tuple[Text, int], ...]
    after: UUID | None


def processes_proposed(*, declarations: Declarations, actor: Actor) -> tuple[Process, ...]:
    """The processes for which a rule proposes somebody. Raises a `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room="lists")
    return tuple(one for one in declarations.processes.values() if one.proposed)


def proposed(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    now: dt.datetime,
    city: str = "",
    stands: bool = True,
    after: UUID = NOBODY_BEFORE,
) -> Proposed:
    """Who is proposed today, or who is left out where `stands` is not asked for, by pages; of those
    only whom the actor's bodies register, or all in his reach. A look at each on the page, which is
    journaled. Raises a `Refusal`."""
    declared, said = _proposal(declarations, actor, process)
    asked = _asked(declarations, actor, declared, said, today(now)) | {"city": city}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        counts = cursor.fetchall()
        asked |= {"stands": stands, "after": after, "most": PAGE_SIZE + 1}
        cursor.execute(PAGE, asked)
        rows = cursor.fetchall()
    shown = _candidates(declarations, declared, said, rows[:PAGE_SIZE], today(now))
    note_looks(
        actor=actor, action="proposal.read", subjects=[one.subject for one in shown], now=now,
        process=process,
    )  # fmt: skip
    return Proposed(
        process=declared,
        filing=declarations.filings.get(said.filing),
        registers=bool(counts) or _registers(declarations, asked),
        candidates=shown,
        total=sum(count for left_out, _, count in counts if not left_out),
        left_out=_left_out(declarations, said, counts),
        after=shown[-1].subject if len(rows) > PAGE_SIZE else None,
    )


def still_proposed(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    subjects: Sequence[UUID],
    now: dt.datetime,
) -> Mapping[UUID, str]:
    """Those of these subjects who are proposed at this moment, with their codes and in the order of
    those. Raises a `Refusal`."""
    declared, said = _proposal(declarations, actor, process)
    asked = _asked(declarations, actor, declared, said, today(now))
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, asked | {"chosen": list(subjects), "city": ""})
        return dict(cursor.fetchall())


def all_proposed(
    *, declarations: Declarations, actor: Actor, process: str, city: str, now: dt.datetime
) -> tuple[str, ...]:
    """The codes of all who are proposed at this moment, in a city or in all of them, in their
    order. Raises a `Refusal`."""
    declared, said = _proposal(declarations, actor, process)
    asked = _asked(declarations, actor, declared, said, today(now))
    with connection.cursor() as cursor:
        cursor.execute(EVERYBODY, asked | {"city": city})
        return tuple(code for (code,) in cursor.fetchall())


def proposal_of(*, declarations: Declarations, process: str) -> tuple[Process, Proposal]:
    """A process, and how a rule proposes whom for it. Raises a `Refusal` (PROCESS)."""
    declared = declarations.processes.get(process)
    if declared is None or declared.proposed is None:
        raise Refusal(
            code="PROCESS",
            what=Text(
                "没有这种程序，或没有规则提出", "there is no such process that a rule proposes"
            ),
            where=process,
            rule="declarations/processes",
            remedy=Text("从列表中选择", "choose from the list"),
        )
    return declared, declared.proposed


def _proposal(declarations: Declarations, actor: Actor, process: str) -> tuple[Process, Proposal]:
    require_room(declarations=declarations, actor=actor, room="lists")
    return proposal_of(declarations=declarations, process=process)


def _asked(
    declarations: Declarations, actor: Actor, process: Process, said: Proposal, on: dt.date
) -> dict[str, Any]:
    scope = deliveries_scope(declarations=declarations, actor=actor)
    own = scope.agencies | agencies_acted_for(declarations=declarations, actor=actor)
    again = add_months(on, -said.again_months)
    filing = declarations.filings.get(said.filing)
    window = filing and last_window(declarations=declarations, filing=filing, entity_type="", on=on)
    if window:
        # What was decided on one year says nothing of the next.
        again = max(again, window.ended + ONE_DAY)
    return {
        "rule": said.rule,
        "said": [*said.outcomes, *said.left_out],
        "proposed": list(said.outcomes),
        "process": process.id,
        "sole_trader": SOLE_TRADERS[process.entity],
        "step": process.proposed_step.id if process.proposed_step else "",
        "refuse": said.refuse,
        "found_by": list(said.findings),
        # A finding that was declined is declined until there is another one.
        "declined_since": dt.date.min if said.found_by else again,
        "kinds": entry_kinds(declarations=declarations, process=process),
        "registers": [one.id for one in declarations.kinds.values() if one.names],
        "everything": scope.everything,
        "agencies": sorted(own),
        "on": on,
        "entry": json.dumps(said.entry),
        "again": again,
    }


def _registers(declarations: Declarations, asked: dict[str, Any]) -> bool:
    """Whether what these bodies delivered registers anybody."""
    resources = [
        one.id for one in declarations.resources.values() if one.kind in asked["registers"]
    ]
    if asked["everything"]:
        return True
    with connection.cursor() as cursor:
        cursor.execute(REGISTERS, {"resources": resources, "agencies": asked["agencies"]})
        (found,) = cursor.fetchone()
    return bool(found)


def _candidates(
    declarations: Declarations, process: Process, said: Proposal, rows: Sequence[Any], on: dt.date
) -> tuple[Candidate, ...]:
    rule = declarations.rules[said.rule]
    stored = [
        VerdictRow(
            subject=row[0], rule=said.rule, value=row[1], valid_from=row[2], valid_until=row[3],
            reasons=json.loads(row[4]),
        )
        for row in rows
    ]  # fmt: skip
    verdicts = [verdict(declarations=declarations, rule=rule, row=one, on=on) for one in stored]
    grounds = grounds_of(
        declarations=declarations, process=process, proposal=said,
        records={one.subject: of.records for one, of in zip(stored, verdicts, strict=True)},
    )  # fmt: skip
    return tuple(
        _candidate(declarations, process, said, row, found, grounds, on)
        for row, found in zip(rows, verdicts, strict=True)
    )


def _candidate(
    declarations: Declarations,
    process: Process,
    said: Proposal,
    row: Any,
    found: Verdict,
    grounds: Grounds,
    on: dt.date,
) -> Candidate:
    subject, _, since, _, _, code, name, city, sole_trader, entity_type, left_out = row
    filing = declarations.filings.get(said.filing)
    window = (
        last_window(declarations=declarations, filing=filing, entity_type=entity_type, on=on)
        if filing
        else None
    )
    eve = since if said.due_from == "day" else since - ONE_DAY
    begun = window.ended if window else grounds.found.get(subject, eve)
    due = None if left_out else due_by(
        declarations=declarations, process=process, proposal=said, begun=begun
    )  # fmt: skip
    return Candidate(
        subject=subject,
        code=code,
        name=name,
        city=city,
        sole_trader=sole_trader,
        since=since,
        said=found,
        left_out=found.outcome_label if left_out == "said" else WHY.get(left_out),
        due=due,
        overdue=due is not None and due.date < on,
        rested=tuple(grounds.evidence[one] for one in found.records if one in grounds.evidence),
        window=window if found.outcome in said.outcomes else None,
        declined=grounds.declined.get(subject) if left_out == "declined" else None,
    )


def _left_out(
    declarations: Declarations, said: Proposal, counts: Sequence[tuple[str, str, int]]
) -> tuple[tuple[Text, int], ...]:
    """How many are left out, by the reason in words, the most first."""
    labels = {
        outcome.id: outcome.label
        for version in declarations.rules[said.rule].versions
        for outcome in version.outcomes
    }
    found: dict[Text, int] = {}
    for left_out, value, count in counts:
        if left_out:
            words = labels[value] if left_out == "said" else WHY[left_out]
            found[words] = found.get(words, 0) + count
    return tuple(sorted(found.items(), key=lambda item: -item[1]))
