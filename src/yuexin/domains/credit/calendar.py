"""The owner's calendar: every day on which something of a firm falls due, opens or ends.

Days come from what is public of the firm, from declared windows and from open cases. A day that a
law counts from when one learned of a decision is counted from the decision: it is never too late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import PeriodUnit, period_end
from yuexin.base.dates import today as day_of
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader, entry_of
from yuexin.domains.credit.rows import Row
from yuexin.domains.credit.withholding import Said, frame_of
from yuexin.domains.subjects.filers import entity_of
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.queries import open_deadlines
from yuexin.engines.declare.queries import calendar_of, remedies_on, year_standing
from yuexin.engines.declare.types import Declarations, RecordKind, Standing
from yuexin.engines.records.models import Record
from yuexin.engines.releases.models import ReleaseRow
from yuexin.engines.rules.queries import frame_schema, repair_from

What = Literal["report", "licence_end", "publicity_end", "repair_from", "remedy", "case"]
LABELS: Final[dict[What, Text]] = {
    "report": Text("年度报告截止", "Last day of the annual report"),
    "licence_end": Text("许可有效期届满", "Last day of a licence"),
    "publicity_end": Text("公示期届满", "End of publicity"),
    "repair_from": Text("可申请信用修复的首日", "First day on which repair may be applied for"),
    "remedy": Text("复议、诉讼或异议的最后一日", "Last day of a remedy"),
    "case": Text("办件期限", "Clock of a case"),
}
AHEAD_OF: Final[frozenset[Standing]] = frozenset({"open", "too_early"})
"""How a yearly filing stands of which the last day lies ahead."""
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
        *_reports(declarations, code, on),
        *_cases(declarations, code),
        *_of_records(reader, subject),
    ]
    return tuple(sorted((one for one in found if one.on >= on), key=lambda one: (one.on, one.id)))


def _reports(declarations: Declarations, code: str, on: dt.date) -> Iterator[Due]:
    """The last day of each yearly filing that is owed and not filed yet, or will be."""
    calendar = calendar_of(declarations=declarations)
    for filing in declarations.filings.values():
        for period in (on.year - 1, on.year) if filing.yearly else ():
            entity = entity_of(
                declarations=declarations, filing=filing, code=code, thing=str(period)
            )
            if entity is None:
                continue
            stand = year_standing(
                filing=filing, period=period, entity=entity.filed, on=on, calendar=calendar
            )
            if stand.standing in AHEAD_OF and stand.due:
                yield Due(
                    id=f"report/{filing.id}/{period}",
                    what="report",
                    on=stand.due.date,
                    detail=Text(f"{filing.zh} {period}", f"{filing.en} {period}"),
                    path=declarations.addresses["filings"].of(),
                    provisional=stand.due.provisional,
                )


def _cases(declarations: Declarations, code: str) -> Iterator[Due]:
    for case in open_deadlines(declarations=declarations, code=code):
        yield Due(
            id=f"case/{case.number}/{case.due}",
            what="case",
            on=case.due,
            detail=Text(case.number, case.number),
            path=declarations.addresses["case_of_entity"].of(case=case.number),
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
        page = reader.declarations.addresses["record"]
        path = page.of(code=subject.code, record=row.record)
        for day in days:
            yield Due(
                id="/".join(filter(None, (day.what, str(row.record), day.remedy, str(day.on)))),
                what=day.what,
                on=day.on,
                detail=_about(day.note, entry.headline),
                path=path,
                provisional=day.provisional,
            )


def _about(note: Text | None, headline: Text) -> Text:
    """What of which record: of a decision may be several days, of several decisions one."""
    if note is None:
        return headline
    said = Text(note.zh.rstrip("。"), note.en.rstrip("."))
    return Text(f"{said.zh}：{headline.zh}", f"{said.en}: {headline.en}")


@dataclass(frozen=True, kw_only=True)
class _Day:
    what: What
    on: dt.date
    provisional: bool = False
    remedy: str = ""
    note: Text | None = None


def _licence(kind: RecordKind, row: ReleaseRow) -> Iterator[_Day]:
    """The last day on which something that can be held runs out; what does not stand, ends not."""
    if kind.standing is None or row.valid_until is None or kind.adverse:
        return
    if row.body.get(kind.standing.field) in (None, "", *kind.standing.codes):
        yield _Day(what="licence_end", on=row.valid_until - dt.timedelta(days=1))


def _adverse(declarations: Declarations, kind: RecordKind, row: ReleaseRow) -> Iterator[_Day]:
    if not kind.is_adverse(row.body):
        return
    if row.shown_until:
        yield _Day(what="publicity_end", on=row.shown_until)
    if row.event_date is None:
        return
    if day := _repair_from(declarations, kind, row):
        yield _Day(what="repair_from", on=day)
    yield from _remedies(declarations, kind, row.event_date)


def _remedies(declarations: Declarations, kind: RecordKind, decided: dt.date) -> Iterator[_Day]:
    calendar = calendar_of(declarations=declarations)
    for one in remedies_on(declarations=declarations, decided=decided, against=kind.decision):
        unit: PeriodUnit = "days" if one.days else "months"
        if amount := one.days or one.months:
            last = period_end(unit=unit, amount=amount, on=decided, calendar=calendar)
            yield _Day(
                what="remedy", on=last.date, provisional=last.provisional, remedy=one.id,
                note=one.label,
            )  # fmt: skip


def _repair_from(declarations: Declarations, kind: RecordKind, row: ReleaseRow) -> dt.date | None:
    """The first day on which it may be repaired, as the case is judged: by all that was told."""
    record = Record.objects.filter(id=row.record).first()
    if record is None:
        return None
    said = Said(body=record.body, event_date=row.event_date, known_on=day_of(row.known_at))
    frame = frame_of([said], frame_schema(kind))
    return repair_from(declarations=declarations, kind=kind.id, frame=frame)


def _as_row(row: ReleaseRow) -> Row:
    return Row(
        record=row.record, kind=row.kind, agency=row.agency, resource=row.resource,
        event_date=row.event_date, valid_from=row.valid_from, valid_until=row.valid_until,
        shown_until=row.shown_until, known_at=row.known_at, delivery=row.delivery, row=row.row,
        body=row.body,
    )  # fmt: skip
