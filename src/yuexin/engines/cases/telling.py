"""The one place from which a case tells notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from yuexin.base.dates import day_text
from yuexin.base.text import Text
from yuexin.engines.access.queries import names_of, owners_of
from yuexin.engines.cases.acts import Case
from yuexin.engines.declare.types import Declarations, Recipient, Step
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Applicant, Office, Owners, Principals, To

NO_DAY: Final = Text("现在没有", "none runs now")
NO_REASON: Final = "–"
BY_DELEGATE: Final = "case_by_delegate"


def tell_of(*, declarations: Declarations, case: Case, step: Step, now: dt.datetime) -> None:
    """Tell the notices that a step sends, once each, under the key of its act. What a delegate did
    for a subject is told to those who act as it itself, whatever the step sends."""
    values = _values(case, step)
    for one in step.notices:
        declared = declarations.notices[one.notice]
        tell(
            declarations=declarations,
            notice=one.notice,
            to=_to(case, one.to),
            values={name: values[name] for name in declared.values},
            about=f"case/{case.number}",
            key=f"case/{case.number}/{case.rows[-1].number}/{one.notice}/{one.to}",
            now=now,
        )
    _tell_principals(declarations, case, values, now)


def _tell_principals(
    declarations: Declarations, case: Case, values: Mapping[str, str | Text], now: dt.datetime
) -> None:
    """What somebody did in its name, unless it was one of them who did it."""
    act, code = case.rows[-1], case.about.code
    if act.party != "applicant":
        return
    if act.actor in owners_of(declarations=declarations, code=code, on=act.on):
        return
    said = {**values, "name": names_of(logins=[act.actor]).get(act.actor, act.actor)}
    tell(
        declarations=declarations, notice=BY_DELEGATE, to=Principals(code=code),
        values={name: said[name] for name in declarations.notices[BY_DELEGATE].values},
        about=f"case/{case.number}", key=f"case/{case.number}/{act.number}/{BY_DELEGATE}", now=now,
    )  # fmt: skip


def _values(case: Case, step: Step) -> dict[str, str | Text]:
    due = case.standing.next_due
    return {
        "case": case.number,
        "matter": case.process.label,
        "step": step.label,
        "state": case.process.by_state[case.standing.state].label,
        "due": day_text(due.due) if due and due.due else NO_DAY,
        "subject": case.about.name,
        "code": case.about.code,
        "reason": case.rows[-1].reason or NO_REASON,
    }


def _to(case: Case, recipient: Recipient) -> To:
    """Who is meant."""
    match recipient:
        case "applicant":
            code = case.about.code
            return Applicant(id=case.applicant, code=code) if case.applicant else Owners(code=code)
        case "subject":
            return Owners(code=case.about.code)
        case "office":
            return Office(agency=case.office)
