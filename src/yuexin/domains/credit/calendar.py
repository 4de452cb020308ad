"""The owner's calendar: every day on which something of a firm falls due, opens or ends.

Days come from what is public of the firm, from declared windows and from open cases. A day that a
law counts from when one learned of a decision is counted from the decision: it is never too late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import Calendar, add_months
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader, entry_of
from yuexin.domains.credit.rows import Row
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.queries import open_deadlines
from yuexin.engines.declare.queries import calendar_of, remedies_on
from yuexin.engines.declare.types import Declarations, Filing, RecordKind, version_on
from yuexin.engines.records.models import Record
from yuexin.engines.releases.models import ReleaseRow

What = Literal["report", "licence_end", "publicity_end", "repair_from", "remedy", "case"]
LABELS: Final[dict[What, Text]] = {
    "report": Text("年度报告截止", "Last day of the annual report"),
    "licence_end": Text("许可有效期届满", "Last day of a licence"),
    "publicity_end": Text("公示期届满", "End of publicity"),
    "repair_from": Text("可申请信用修复的首日", "First day on which repair may be applied for"),
    "remedy": Text("复议、诉讼或异议的最后一日", "Last day of a remedy"),
    "case": Text("办件期限", "Clock of a case"),
}
AHEAD: Final = (30, 7, 1)
"""So many days before, owners are told."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """One day of the calendar. `id` stays the same while it is the same day of the same thing.
    `path` is where it is seen or done."""

    id: str
    what: What
    on: dt.date
    detail: Text
    path: str
    provisional: bool = False

    @property
    def label(self) -> Text:
        return LABELS[self.what]


def deadlines(
    *, declarations: Declarations, code: str, now: dt.datetime, on: dt.date
) -> tuple[Due, ...]:
    """What lies ahead of the firm of a code from a day on, in its order. Only what was told under
    this very code counts: what is joined to it is not its owner's to act on."""
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        return ()
    reader = Reader(declarations=declarations, actor=PUBLIC, now=now, on=on)
    found = [
        *_reports(declarations, subject, on),
        *_cases(declarations, code),
        *_of_records(reader, subject),
    ]
    return tuple(sorted((one for one in found if one.on >= on), key=lambda one: (one.on, one.id)))


def _reports(declarations: Declarations, subject: Subject, on: dt.date) -> Iterator[Due]:
    """The last day of each yearly filing that is owed and not filed yet."""
    if subject.gone:
        return
    calendar = calendar_of(declarations=declarations)
    for filing in declarations.filings.values():
        if not filing.yearly:
            continue
        kind = declarations.kinds[declarations.resources[filing.resource].kind]
        filed = _years_filed(subject, kind)
        for period in (on.year - 1, on.year):
            founded = subject.est_date is None or subject.est_date.year <= period
            if founded and period not in filed and period >= on.year - 1:
                yield from _window(filing, period, subject.entity_type, calendar)


def _window(filing: Filing, period: int, entity_type: str, calendar: Calendar) -> Iterator[Due]:
    version = filing.version_of(period)
    filer = version.filer_of(entity_type) if version else None
    if filer is None:
        return
    # Civil Code Art. 203: a period whose last day is a rest day ends on the next working day.
    last = calendar.roll(filer.window(period)[1])
    yield Due(
        id=f"report/{filing.id}/{period}",
        what="report",
        on=last.date,
        detail=Text(f"{filing.zh} {period}", f"{filing.en} {period}"),
        path="/counter/filings",
        provisional=last.provisional,
    )


def _years_filed(subject: Subject, kind: RecordKind) -> set[int]:
    """The years of which a report is in, be it public or not."""
    field = kind.key[0]
    rows = Record.objects.filter(subject=subject.id, kind=kind.id, superseded_at=None)
    years = rows.values_list(f"body__{field}", flat=True)
    return {int(year) for year in years if str(year).isdigit()}


def _cases(declarations: Declarations, code: str) -> Iterator[Due]:
    for case in open_deadlines(declarations=declarations, code=code):
        yield Due(
            id=f"case/{case.number}/{case.due}",
            what="case",
            on=case.due,
            detail=Text(case.number, case.number),
            path=f"/counter/cases/{case.number}",
            provisional=case.provisional,
        )


def _of_records(reader: Reader, subject: Subject) -> Iterator[Due]:
    rows = ReleaseRow.objects.filter(subject=subject.id, shown_from__lte=reader.today)
    for row in rows:
        if (row.shown_until and row.shown_until <= reader.today) or not reader.opens(row.kind):
            continue
        kind = reader.declarations.kinds[row.kind]
        days = [*_licence(kind, row), *_adverse(reader.declarations, kind, row)]
        if not days:
            continue
        entry = entry_of(reader, _as_row(row), sole_trader=subject.sole_trader)
        path = f"/s/{subject.code}/records/{row.record}"
        for what, day, note in days:
            detail = entry.headline if note is None else note
            yield Due(id=f"{what}/{row.record}/{day}", what=what, on=day, detail=detail, path=path)


Day = tuple[What, dt.date, Text | None]


def _licence(kind: RecordKind, row: ReleaseRow) -> Iterator[Day]:
    """The last day on which something that can be held runs out; what does not stand, ends not."""
    if kind.standing is None or row.valid_until is None or kind.adverse:
        return
    if row.body.get(kind.standing.field) in (None, "", *kind.standing.codes):
        yield "licence_end", row.valid_until - dt.timedelta(days=1), None


def _adverse(declarations: Declarations, kind: RecordKind, row: ReleaseRow) -> Iterator[Day]:
    if not kind.is_adverse(row.body):
        return
    if row.shown_until:
        yield "publicity_end", row.shown_until, None
    if row.event_date is None:
        return
    if months := _months_min(declarations, kind.id, row):
        yield "repair_from", add_months(row.event_date, months), None
    for remedy in remedies_on(
        declarations=declarations, decided=row.event_date, against=kind.decision
    ):
        if remedy.days:
            yield "remedy", row.event_date + dt.timedelta(days=remedy.days), remedy.label
        elif remedy.months:
            yield "remedy", add_months(row.event_date, remedy.months), remedy.label


def _months_min(declarations: Declarations, kind: str, row: ReleaseRow) -> int:
    """After how many months the class of the record may be repaired: by the term that binds the
    public, in the version of its day, or in a later one that takes old records over."""
    public = declarations.releases["public"].by_kind.get(kind)
    term = declarations.terms.get(public.term) if public and public.term else None
    if term is None or row.event_date is None:
        return 0
    own = version_on(term.versions, row.event_date)
    later = [v for v in term.versions if v.applies_to_old and v.valid_from > row.event_date]
    binding = [*reversed(later), *([own] if own else [])]
    classes = (one for version in binding for one in version.classes)
    months: int = next((one.months_min for one in classes if one.id == row.term_class), 0)
    return months


def _as_row(row: ReleaseRow) -> Row:
    return Row(
        record=row.record, kind=row.kind, agency=row.agency, resource=row.resource,
        event_date=row.event_date, valid_from=row.valid_from, valid_until=row.valid_until,
        shown_until=row.shown_until, known_at=row.known_at, delivery=row.delivery, row=row.row,
        body=row.body,
    )  # fmt: skip
