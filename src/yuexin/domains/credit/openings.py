"""From which day on a record may be applied off its list or out of the public, and where: what the
declared exits of its list and the conditions of processes say, nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.base.dates import add_months
from yuexin.base.dates import today as day_of
from yuexin.domains.credit.withholding import Said, frame_of
from yuexin.engines.declare.types import Declarations, RecordKind
from yuexin.engines.records.models import Record
from yuexin.engines.releases.models import ReleaseRow
from yuexin.engines.rules.queries import frame_schema, record_conditions, repair_from


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The first day on which it may be applied for: by this `process` here, or, where none is
    named, at the body that decided."""

    on: dt.date
    process: str = ""


def opening_of(
    *, declarations: Declarations, kind: RecordKind, row: ReleaseRow, on: dt.date
) -> Opening | None:
    """When what ends a public record before its time opens; none where there is no such way, or
    the record ends by itself before."""
    if row.event_date is None:
        return None
    process = process_here(declarations=declarations, kind=kind.id, on=on)
    day = _by_term(declarations, kind, row) if process else _elsewhere(declarations, kind, row)
    if day is None or (row.shown_until and day >= row.shown_until):
        return None
    return Opening(on=day, process=process)


def process_here(*, declarations: Declarations, kind: str, on: dt.date) -> str:
    """The process by which an entity applies here once the shortest time of such a record is over;
    '' for none."""
    for process in declarations.processes.values():
        version = process.version_on(on)
        if kind not in process.kinds or "applicant" not in process.opened_by or version is None:
            continue
        program = record_conditions(
            declarations=declarations, kind=kind, conditions=version.of_record,
            place=f"processes/{process.id}",
        )  # fmt: skip
        if program.by_term:
            return process.id
    return ""


def _by_term(declarations: Declarations, kind: RecordKind, row: ReleaseRow) -> dt.date | None:
    """The day by which the case is judged: by all that was told."""
    record = Record.objects.filter(id=row.record).first()
    if record is None:
        return None
    said = Said(body=record.body, event_date=row.event_date, known_on=day_of(row.known_at))
    frame = frame_of([said], frame_schema(kind))
    return repair_from(declarations=declarations, kind=kind.id, frame=frame)


def _elsewhere(declarations: Declarations, kind: RecordKind, row: ReleaseRow) -> dt.date | None:
    """The day on which the first way off opens for which one applies at the body that decided;
    none where one may apply from the beginning."""
    lists = (one for one in declarations.regimes.values() if one.kind == kind.id)
    ways = (way for one in lists if one.tone != "honour" for way in one.exits)
    months = min((way.earliest_months for way in ways if way.by_application), default=0)
    return add_months(row.event_date, months) if row.event_date and months else None
