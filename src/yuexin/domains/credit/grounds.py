"""On what a proposal rests: the day from which the law counts, the records, and who declined it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.dates import Deadline, period_end
from yuexin.base.text import Text
from yuexin.engines.declare.queries import calendar_of, year_standing
from yuexin.engines.declare.types import Declarations, Filed, Filing, Process, Proposal

YEARS_BACK: Final = 3
ONE_DAY: Final = dt.timedelta(days=1)
EVIDENCE: Final = "SELECT id, kind, event_date FROM record WHERE id = ANY(%(records)s)"
FOUND: Final = """
SELECT f.subject, min(f.event_date) FROM record f
WHERE f.subject = ANY(%(subjects)s) AND f.kind = ANY(%(found_by)s) AND f.id = ANY(%(records)s)
    AND f.superseded_at IS NULL AND NOT EXISTS (
        SELECT FROM record e WHERE e.subject = f.subject AND e.kind = ANY(%(kinds)s)
            AND e.superseded_at IS NULL AND e.event_date >= f.event_date
            AND e.body @> %(entry)s::jsonb)
GROUP BY f.subject
"""
DECLINED: Final = """
SELECT DISTINCT ON (c.subject) c.subject, c.number, a."on", a.reason
FROM case_file c JOIN case_act a ON a."case" = c.number AND a.number = 1
WHERE c.subject = ANY(%(subjects)s) AND c.process = %(process)s AND a.step = %(refuse)s
ORDER BY c.subject, a.at DESC
"""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The last window of a yearly filing that has ended: of which year, and on which day."""

    year: int
    ended: dt.date


@dataclass(frozen=True, kw_only=True)
class Rested:
    """A record that a proposal rests on: what kind it is, and the day it is about."""

    record: UUID
    kind: Text
    on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Declined:
    """The case in which somebody who signs declined a proposal, with his reason."""

    case: str
    on: dt.date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What is read of a page of those proposed: their records, the day on which it was found what
    is proposed for, and who was declined, by subject."""

    evidence: Mapping[UUID, Rested]
    found: Mapping[UUID, dt.date]
    declined: Mapping[UUID, Declined]


def entry_kinds(*, declarations: Declarations, process: Process) -> list[str]:
    """The kinds of record that a process brings about."""
    resources = [one.resource for one in process.outcomes if one.resource]
    return [declarations.resources[one].kind for one in resources]


def last_window(
    *, declarations: Declarations, filing: Filing, entity_type: str, on: dt.date
) -> Window | None:
    """The last window of a yearly filing that ended before a day, for an entity of this type; none
    for whoever files nothing so."""
    calendar = calendar_of(declarations=declarations)
    entity = Filed(entity_type=entity_type, est_date=None, state="")
    for year in range(on.year - 1, on.year - 1 - YEARS_BACK, -1):
        stand = year_standing(filing=filing, period=year, entity=entity, on=on, calendar=calendar)
        if stand.standing == "late" and stand.due:
            return Window(year=year, ended=stand.due.date)
    return None


def grounds_of(
    *,
    declarations: Declarations,
    process: Process,
    proposal: Proposal,
    records: Mapping[UUID, Collection[UUID]],
) -> Grounds:
    """On what the proposals of these subjects rest; `records` are those of each."""
    asked: dict[str, Any] = {
        "subjects": [*records],
        "records": [record for of_one in records.values() for record in of_one],
        "found_by": list(proposal.findings),
        "kinds": entry_kinds(declarations=declarations, process=process),
        "entry": json.dumps(proposal.entry),
        "process": process.id,
        "refuse": proposal.refuse,
    }
    kinds = declarations.kinds
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, asked)
        evidence = {
            record: Rested(record=record, kind=kinds[kind].label, on=on)
            for record, kind, on in cursor.fetchall()
        }
        cursor.execute(FOUND, asked)
        found = dict(cursor.fetchall())
        cursor.execute(DECLINED, asked)
        declined = {
            subject: Declined(case=case, on=on, reason=reason)
            for subject, case, on, reason in cursor.fetchall()
        }
    return Grounds(evidence=evidence, found=found, declined=declined)


def due_by(
    *, declarations: Declarations, process: Process, proposal: Proposal, begun: dt.date
) -> Deadline | None:
    """The day by which a decision is due that the law counts from a day, not counted itself; none
    where no clock says so."""
    version = process.version_on(begun)
    clock = version.by_clock.get(proposal.due) if version else None
    if clock is None:
        return None
    calendar = calendar_of(declarations=declarations)
    return period_end(unit=clock.unit, amount=clock.limit, on=begun, calendar=calendar)
