"""The acts of a case, read and written, and the file that follows from them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yuexin.base.dates import today
from yuexin.engines.cases.counting import bound, counts_from, counts_to
from yuexin.engines.cases.models import CaseAct, CaseFile, CasePaper
from yuexin.engines.cases.stepping import followers, standing
from yuexin.engines.cases.transitions import with_later_versions
from yuexin.engines.cases.types import About, Act, Standing
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations, Process, ProcessVersion
from yuexin.engines.deliveries.queries import adopted


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case read whole: under which process and version it was opened, and what was done."""

    number: str
    process: Process
    version: ProcessVersion
    about: About
    rows: tuple[CaseAct, ...]
    acts: tuple[Act, ...]
    standing: Standing
    office: str
    applicant: str


def case_of(*, number: str, declarations: Declarations) -> Case | None:
    """A case by its number; none where there is none.

    It is read under the declarations it was opened under, whose steps hold to its end; working days
    are those of the calendar as it is known now, and so are the versions that came later, which
    change its clocks as their transitions say.
    """
    rows = tuple(CaseAct.objects.filter(case=number).order_by("number"))
    if not rows:
        return None
    papers = Counter(CasePaper.objects.filter(case=number).values_list("act", "slot"))
    return _case(declarations, rows, [_act(row, papers) for row in rows])


def file_of(*, case: Case) -> CaseFile:
    """What follows of a case for lists, not saved yet."""
    now = case.standing
    state = case.process.by_state[now.state]
    first, last = case.rows[0], case.rows[-1]
    due = now.next_due if state.open else None
    ends = {step.when_due for step in followers(process=case.process, state=now.state)}
    waits = sorted(name for name in ends if name in now.clocks and now.clocks[name].runs)
    owed = [clock.due for name in waits if (clock := now.clocks[name]).due]
    return CaseFile(
        number=case.number, process=case.process.id, subject=case.about.subject,
        code=case.about.code, record=case.about.record, kind=case.about.kind,
        source_key=case.about.source_key, office=case.office, applicant=case.applicant,
        state=now.state, is_open=state.open, flags=state.flags, opened_at=first.at,
        changed_at=last.at, due=(due.due if due else min(owed, default=None)),
        provisional=any(c.provisional for c in now.clocks.values() if c.done is None),
        waits=waits, seen=last.number,
    )  # fmt: skip


def files_again(*, declarations: Declarations) -> Iterator[CaseFile]:
    """What follows of every case, made again from its acts."""
    numbers = CaseAct.objects.filter(number=1).order_by("case").values_list("case", flat=True)
    for number in numbers:
        case = case_of(number=number, declarations=declarations)
        assert case is not None
        yield file_of(case=case)


def act_of_row(
    *, step: str, by: str, party: str, now: dt.datetime, form: dict[str, str],
    papers: Iterable[str], reason: str,
) -> Act:  # fmt: skip
    """An act that is being taken."""
    return Act(
        step=step, by=by, party=party, on=today(now), form=form, papers=Counter(papers),
        reason=reason,
    )  # fmt: skip


def _case(declarations: Declarations, rows: tuple[CaseAct, ...], acts: Sequence[Act]) -> Case:
    first = rows[0]
    process = with_later_versions(
        opened_under=adopted(first.declarations).processes[first.process],
        now=declarations.processes.get(first.process), on=first.on,
    )  # fmt: skip
    version = process.version_on(first.on)
    assert version is not None, f"case {first.case} was opened under no version"
    about = about_from(first.about)
    version = bound(version=version, counts=about.counts)
    calendar = calendar_of(declarations=declarations)
    now = standing(process=process, version=version, acts=acts, calendar=calendar)
    assert now is not None
    return Case(
        number=first.case, process=process, version=version, about=about, rows=rows,
        acts=tuple(acts), standing=now, office=str(first.about["office"]),
        applicant=first.actor if first.party == "applicant" else "",
    )  # fmt: skip


def about_to(*, about: About, office: str) -> dict[str, Any]:
    """What the first act keeps of what the case is about: codes and keys, no copy of the file."""
    return {
        "subject": str(about.subject), "code": about.code, "name": about.name,
        "record": str(about.record) if about.record else "", "kind": about.kind,
        "source_key": about.source_key, "delivery": about.delivery, "row": about.row,
        "agency": about.agency, "office": office,
        "event_date": about.event_date.isoformat() if about.event_date else "",
        **({"counts": counts_to(about.counts)} if about.counts else {}),
    }  # fmt: skip


def about_from(said: dict[str, Any]) -> About:
    """What a case is about, as its first act says."""
    event = said["event_date"]
    return About(
        subject=UUID(said["subject"]), code=said["code"], name=said["name"],
        record=UUID(said["record"]) if said["record"] else None, kind=said["kind"],
        source_key=said["source_key"], delivery=said["delivery"], row=said["row"],
        agency=said["agency"], event_date=dt.date.fromisoformat(event) if event else None,
        counts=counts_from(said.get("counts", {})),
    )  # fmt: skip


def _act(row: CaseAct, papers: Counter[Any]) -> Act:
    given = {slot: count for (act, slot), count in papers.items() if act == row.number}
    return Act(
        step=row.step, by=row.actor, party=row.party, on=row.on, form=row.form, papers=given,
        reason=row.reason,
    )  # fmt: skip
