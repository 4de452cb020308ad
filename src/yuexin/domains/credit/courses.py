"""How a record's publicity ran: its deadlines, its stages with their days, and its end.

For the agency that told it, the stewards of the data and the entity itself: whoever is shown a
record is told its course, and of no other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from yuexin.base.dates import today as day_of
from yuexin.base.text import Text
from yuexin.domains.credit.lifecycle import (
    CaseSpan,
    PublicityState,
    Step,
    Telling,
    publicity_state,
)
from yuexin.domains.credit.present import cited
from yuexin.domains.credit.withholding import Said, judge
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.declare.queries import Deadline, Excuse, calendar_of, deadlines
from yuexin.engines.declare.types import Declarations, Process, RecordKind
from yuexin.engines.deliveries.queries import NO_STOCK
from yuexin.engines.rules.queries import frame_schema, release_program

PUBLIC: Final = "public"
AGENCY: Final = "agency"
# Every version of the facts that these records tell, with what is public of each now.
VERSIONS: Final = f"""
WITH asked AS (
    SELECT DISTINCT subject, kind, source_key FROM record
    WHERE id = ANY(%(records)s) AND kind = ANY(%(kinds)s)
)
SELECT r.subject, r.kind, r.source_key, r.id, r.event_date, r.known_at, r.superseded_at, r.body,
    d.received_at, NOT {NO_STOCK}, p.record IS NOT NULL, p.shown_until
FROM asked a JOIN record r USING (subject, kind, source_key)
JOIN delivery d ON d.number = r.delivery
LEFT JOIN public_row p ON p.record = r.id
ORDER BY r.subject, r.kind, r.source_key, r.version
"""
NAMES: Final[Mapping[PublicityState, tuple[Text, str]]] = {
    "draft": (Text("收到", "Draft: received"), "plain"),
    "validated": (Text("校验通过", "Validated"), "plain"),
    "withheld": (Text("不予公示", "Withheld"), "plain"),
    "published": (Text("公示中", "Published"), "good"),
    "flagged": (Text("异议处理中，已标注", "Published, marked as disputed"), "warn"),
    "amended": (Text("内容更正", "Amended"), "plain"),
    "repair_applied": (Text("已申请信用修复", "Repair applied for"), "warn"),
    "repaired": (Text("已修复，停止公示", "Repaired, publicity ended"), "good"),
    "revoked": (Text("决定被撤销，停止公示", "Revoked, publicity ended"), "plain"),
    "sealed": (Text("已封存，停止公示", "Sealed, publicity ended"), "plain"),
    "taken_back": (Text("已撤回，停止公示", "Taken back, publicity ended"), "plain"),
    "expired": (Text("公示期满，停止公示", "Term over, publicity ended"), "plain"),
    "archived": (Text("存档，仅供公共部门依法使用", "Archived, for use by law only"), "plain"),
}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage from its first day on, in words; `why` says by which rule and law, where one did."""

    state: PublicityState
    on: dt.date
    label: Text
    tone: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class Period:
    """A deadline, and the law that sets it."""

    deadline: Deadline
    law: Text


@dataclass(frozen=True, kw_only=True)
class Course:
    """The publicity of one record. `ends` is the first day on which it is no longer public, where
    a day is set; `used_until` the first on which public bodies see it no more."""

    periods: tuple[Period, ...]
    stages: tuple[Stage, ...]
    ends: dt.date | None
    used_until: dt.date | None

    @property
    def stands(self) -> Stage:
        return self.stages[-1]


@dataclass(frozen=True, kw_only=True)
class _Version:
    subject: UUID
    source_key: str
    record: UUID
    event: dt.date | None
    known_on: dt.date
    until: dt.date | None
    body: Mapping[str, Any]
    received_on: dt.date
    stock: bool
    public: bool
    shown_until: dt.date | None

    @property
    def said(self) -> Said:
        return Said(body=self.body, event_date=self.event, known_on=self.known_on)


def courses(
    *, declarations: Declarations, records: Collection[UUID], today: dt.date
) -> Mapping[UUID, Course]:
    """The course of each of these records that a clock of the law, or a stage, is declared for."""
    kinds = [one for one in declarations.kinds.values() if one.publish_within or one.stages]
    found: dict[UUID, Course] = {}
    for kind, facts in _facts(records, kinds).items():
        found |= _of_kind(declarations, declarations.kinds[kind], facts, today)
    return found


def _facts(
    records: Collection[UUID], kinds: Sequence[RecordKind]
) -> Mapping[str, list[list[_Version]]]:
    values: dict[str, Any] = {"records": list(records), "kinds": [one.id for one in kinds]}
    grouped: dict[tuple[Any, ...], list[_Version]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, values)
        for subject, kind, key, *rest in cursor.fetchall():
            grouped[kind, subject, key].append(_version(subject, key, *rest))
    found: dict[str, list[list[_Version]]] = defaultdict(list)
    for (kind, *_), versions in grouped.items():
        found[kind].append(versions)
    return found


def _version(
    subject: UUID, source_key: str, record: UUID, event: dt.date | None, known_at: dt.datetime,
    superseded_at: dt.datetime | None, body: Any, received_at: dt.datetime, stock: bool,
    public: bool, shown_until: dt.date | None,
) -> _Version:  # fmt: skip
    return _Version(
        subject=subject,
        source_key=source_key,
        record=record,
        event=event,
        known_on=day_of(known_at),
        until=day_of(superseded_at) if superseded_at else None,
        body=json.loads(body) if isinstance(body, str) else body,
        received_on=day_of(received_at),
        stock=stock,
        public=public,
        shown_until=shown_until,
    )


def _of_kind(
    declarations: Declarations, kind: RecordKind, facts: list[list[_Version]], today: dt.date
) -> dict[UUID, Course]:
    # What is public stands as it was published, under the declarations of that day.
    judged = {
        one.record: ("", one.shown_until) for versions in facts for one in versions if one.public
    }
    rest = [one for versions in facts for one in versions if not one.public]
    judged |= zip(_ids(rest), _judged(declarations, PUBLIC, kind, rest), strict=True)
    last = [versions[-1] for versions in facts]
    cases = _cases(declarations, kind, last)
    used = zip(facts, _judged(declarations, AGENCY, kind, last), strict=True)
    found: dict[UUID, Course] = {}
    for versions, (closed, until) in used:
        about = cases.get((versions[0].subject, versions[0].source_key), ())
        course = _course(
            declarations, kind, versions, judged, about, None if closed else until, today
        )
        found |= dict.fromkeys(_ids(versions), course)
    return found


def _cases(
    declarations: Declarations, kind: RecordKind, facts: Sequence[_Version]
) -> Mapping[tuple[UUID, str], list[CaseSpan]]:
    """The cases about these facts that mark a record while they are open."""
    states = {
        process.id: state
        for process in declarations.processes.values()
        if kind.id in process.kinds and (state := _marked_by(process, kind))
    }
    found: dict[tuple[UUID, str], list[CaseSpan]] = defaultdict(list)
    rows = CaseFile.objects.filter(
        process__in=states,
        kind=kind.id,
        subject__in={one.subject for one in facts},
        source_key__in={one.source_key for one in facts},
    )
    for row in rows.order_by("opened_at", "number") if states else ():
        until = None if row.is_open else day_of(row.changed_at)
        span = CaseSpan(state=states[row.process], since=day_of(row.opened_at), until=until)
        found[row.subject, row.source_key].append(span)
    return found


def _marked_by(process: Process, kind: RecordKind) -> Literal["flagged", "repair_applied", ""]:
    """What an open case of a process says of the record: that it is disputed, that its repair was
    applied for, or nothing; one that is closed to the subject says nothing of it."""
    if process.closed_to_subject:
        return ""
    if any(state.flags for state in process.states):
        return "flagged"
    stages = kind.stages
    ends = stages and any(one.row.get(stages.field) in stages.repaired for one in process.outcomes)
    return "repair_applied" if ends else ""


def _ids(versions: Sequence[_Version]) -> list[UUID]:
    return [one.record for one in versions]


def _judged(
    declarations: Declarations, release: str, kind: RecordKind, versions: list[_Version]
) -> list[tuple[str, dt.date | None]]:
    """What a release makes of each, by the day it became known; a kind that it does not hold is
    not released."""
    if kind.id not in declarations.releases[release].by_kind:
        return [("not_released", None)] * len(versions)
    program = release_program(declarations=declarations, release=release, kind=kind.id)
    said = [one.said for one in versions]
    return judge(program=program, schema=frame_schema(kind), said=said)


def _course(
    declarations: Declarations,
    kind: RecordKind,
    versions: Sequence[_Version],
    judged: Mapping[UUID, tuple[str, dt.date | None]],
    cases: Sequence[CaseSpan],
    used_until: dt.date | None,
    today: dt.date,
) -> Course:
    told = tuple(_told(kind, versions, judged))
    steps = publicity_state(
        received_on=versions[0].received_on, told=told, cases=cases, today=today
    )
    first, last = versions[0], told[-1]
    periods = deadlines(
        calendar=calendar_of(declarations=declarations),
        kind=kind,
        event=first.event,
        known_on=first.known_on,
        today=today,
        excuse=_excuse(first, told),
    ) if first.event else ()  # fmt: skip
    laws = declarations.laws
    return Course(
        periods=tuple(
            Period(deadline=one, law=cited(laws=laws, basis=(one.period.basis,), on=today)[0])
            for one in periods
        ),
        stages=tuple(_stage(declarations, kind, step) for step in steps),
        ends=last.shown_until if last.shows and last.until is None else None,
        used_until=used_until,
    )


def _excuse(first: _Version, told: Sequence[Telling]) -> Excuse:
    """Why no deadline runs for a fact, if none does."""
    if first.stock:
        return "stock"
    return "withheld" if told[0].withheld and not any(one.shows for one in told) else ""


def _told(
    kind: RecordKind,
    versions: Sequence[_Version],
    judged: Mapping[UUID, tuple[str, dt.date | None]],
) -> Iterator[Telling]:
    marking = kind.stages.marking if kind.stages else ()
    before: Mapping[str, Any] | None = None
    for version in versions:
        withheld, until = judged[version.record]
        says = {name: one for name, one in version.body.items() if name not in marking}
        yield Telling(
            known_on=version.known_on,
            until=version.until,
            stage=kind.stages.of(version.body) if kind.stages else None,
            withheld=withheld,
            shown_until=until,
            amends=before is not None and before != says,
        )
        before = says


def _stage(declarations: Declarations, kind: RecordKind, step: Step) -> Stage:
    label, tone = NAMES[step.state]
    return Stage(
        state=step.state,
        on=step.on,
        label=label,
        tone=tone,
        why=_why(declarations, kind, step) if step.why else Text("", ""),
    )


def _why(declarations: Declarations, kind: RecordKind, step: Step) -> Text:
    """The rule that withholds, in words, with its law."""
    release = declarations.releases[PUBLIC].by_kind.get(kind.id)
    what, _, which = step.why.partition(":")
    if release and what == "term":
        term = declarations.terms[release.term]
        named = [one for version in term.versions for one in version.classes if one.id == which]
        if not named:
            return Text("没有日期或没有适用的公示期限", "undated, or no term applies")
        label, basis = named[-1].label, named[-1].basis
    else:
        rules = {rule.id: rule for rule in release.withhold} if release else {}
        if what not in rules:
            return Text("不向社会公开的种类", "a kind that is not public")
        label, basis = rules[what].label, rules[what].basis
    law = cited(laws=declarations.laws, basis=(basis,), on=step.on)
    if not law:
        return label
    return Text(f"{label.zh}（{law[0].zh}）", f"{label.en} ({law[0].en})")
