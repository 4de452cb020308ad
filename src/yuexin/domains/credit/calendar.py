"""The owner's calendar: every day on which something of a firm falls due, opens or ends.

Days come from what is public of the firm, from declared windows and from open cases. A day that a
law counts from when one learned of a decision is counted from the decision: it is never too late.
A day from which one may apply is told where there is something to apply for, and says where.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader, entry_of
from yuexin.domains.credit.openings import opening_of
from yuexin.domains.credit.rows import Row
from yuexin.domains.subjects.filers import entity_of
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.queries import body_that_decided, open_deadlines, published_of
from yuexin.engines.declare.queries import calendar_of, remedies_on, year_standing
from yuexin.engines.declare.types import Declarations, RecordKind, Standing
from yuexin.engines.releases.models import ReleaseRow

What = Literal[
    "report", "licence_end", "publicity_end", "repair_from", "apply_elsewhere", "remedy", "case"
]
LABELS: Final[dict[What, Text]] = {
    "report": Text("年度报告截止", "Last day of the annual report"),
    "licence_end": Text("许可有效期届满", "Last day of a licence"),
    "publicity_end": Text("公示期届满", "Last day of publicity"),
    "repair_from": Text(
        "可在这里申请信用修复的首日", "First day on which repair may be applied for here"
    ),
    "apply_elsewhere": Text(
        "可向决定机关申请提前移出的首日",
        "First day on which the body that decided takes applications to end it early",
    ),
    "remedy": Text("复议、诉讼或异议的最后一日", "Last day of a remedy"),
    "case": Text("办件期限", "Clock of a case"),
}
AHEAD_OF: Final[frozenset[Standing]] = frozenset({"open", "too_early"})
"""How a yearly filing stands of which the last day lies ahead."""
ONE_DAY: Final = dt.timedelta(days=1)
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
        days = [*_licence(kind, row), *_adverse(reader, kind, row)]
        if not days:
            continue
        entry = entry_of(reader, _as_row(row), sole_trader=subject.sole_trader)
        places = reader.declarations.addresses
        page = places["record"].of(code=subject.code, record=row.record)
        for day in days:
            yield Due(
                id="/".join(filter(None, (day.what, str(row.record), day.remedy, str(day.on)))),
                what=day.what,
                on=day.on,
                detail=_about(day.note, entry.headline),
                path=(
                    places["apply"].of(process=day.process, record=row.record)
                    if day.process
                    else page
                ),
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
    process: str = ""


def _licence(kind: RecordKind, row: ReleaseRow) -> Iterator[_Day]:
    """The last day on which something that can be held runs out; what does not stand, ends not."""
    if kind.standing is None or row.valid_until is None or kind.adverse:
        return
    if row.body.get(kind.standing.field) in (None, "", *kind.standing.codes):
        yield _Day(what="licence_end", on=row.valid_until - ONE_DAY)


def _adverse(reader: Reader, kind: RecordKind, row: ReleaseRow) -> Iterator[_Day]:
    if not kind.is_adverse(row.body):
        return
    if row.shown_until:
        yield _Day(what="publicity_end", on=row.shown_until - ONE_DAY)
    if row.event_date is None:
        return
    yield from _opening(reader, kind, row)
    yield from _remedies(reader.declarations, kind, row, row.event_date)


def _opening(reader: Reader, kind: RecordKind, row: ReleaseRow) -> Iterator[_Day]:
    """The first day on which it may be applied for, here or at the body that decided."""
    declarations = reader.declarations
    found = opening_of(declarations=declarations, kind=kind, row=row, on=reader.today)
    if found is None or found.on < reader.today:
        return
    if found.process:
        yield _Day(what="repair_from", on=found.on, process=found.process)
        return
    body = body_that_decided(declarations=declarations, record=row.record) or row.agency
    at = declarations.agencies[body].label
    note = Text(f"向{at.zh}申请", f"apply to {at.en}")
    yield _Day(what="apply_elsewhere", on=found.on, note=note)


def _remedies(
    declarations: Declarations, kind: RecordKind, row: ReleaseRow, decided: dt.date
) -> Iterator[_Day]:
    """The last days of the remedies: from the decision, of what is open against such records alone
    from their publication, as the case is judged."""
    calendar = calendar_of(declarations=declarations)
    for one in remedies_on(
        declarations=declarations, decided=decided, against=kind.decision, kind=kind.id
    ):
        since = decided
        if one.kinds:
            since = published_of(record=row.record) or decided
        if last := one.last_day(since=since, calendar=calendar):
            yield _Day(
                what="remedy", on=last.date, provisional=last.provisional, remedy=one.id,
                note=one.label, process=one.process,
            )  # fmt: skip


def _as_row(row: ReleaseRow) -> Row:
    return Row(
        record=row.record, kind=row.kind, agency=row.agency, resource=row.resource,
        event_date=row.event_date, valid_from=row.valid_from, valid_until=row.valid_until,
        shown_until=row.shown_until, known_at=row.known_at, delivery=row.delivery, row=row.row,
        body=row.body,
    )  # fmt: skip
