"""What a body did after a check: taken note of, and reported once for each measure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.handling import refusals
from yuexin.domains.credit.handling.models import (
    HandlingAct,
    HandlingCheck,
    HandlingFeedback,
    HandlingTrigger,
)
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import handles_for, require_impartial
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

RESULTS: Final = "handling_results"
LONGEST: Final = 500
ACKNOWLEDGED: Final = "acknowledged"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was done by one measure of a check for one subject. A measure that was `applied` has a
    result and a day; one that was not, a reason. `withdrawn_on` where it ended since."""

    subject: str
    measure: str
    applied: bool
    result: str = ""
    done_on: dt.date | None = None
    doc_no: str = ""
    basis: str = ""
    reason: str = ""
    withdrawn_on: dt.date | None = None


def own_check(*, declarations: Declarations, actor: Actor, number: str) -> HandlingCheck:
    """The check of this number that the actor's body asked for. Raises a `Refusal`, the same for
    one that never was and for another body's."""
    bodies = handles_for(declarations=declarations, actor=actor)
    found = HandlingCheck.objects.filter(number=number, agency__in=bodies).first()
    if found is None:
        raise refusals.no_such_check(number)
    return found


def acknowledge(
    *, declarations: Declarations, actor: Actor, number: str, now: dt.datetime
) -> HandlingAct:
    """Take note of an answer, once however often it is said."""
    check = own_check(declarations=declarations, actor=actor, number=number)
    with transaction.atomic():
        act, made = HandlingAct.objects.get_or_create(
            check_no=check, kind=ACKNOWLEDGED, subject="", measure="",
            defaults={"at": now, "actor": actor.id, "agency": actor.agency},
        )  # fmt: skip
        if made:
            note(
                stream="change", actor=actor, action="check.acknowledged",
                thing=f"check/{number}", now=now,
            )  # fmt: skip
    return act


def report(
    *, declarations: Declarations, actor: Actor, number: str, said: Report, now: dt.datetime
) -> HandlingFeedback:
    """Put on record what was done. Refused in words: for a check that never was or is another
    body's, a subject or measure that its answer does not name, what is not whole, what was reported
    before, and an answer that is to be acknowledged first."""
    check = own_check(declarations=declarations, actor=actor, number=number)
    trigger = HandlingTrigger.objects.filter(
        check_no=check, subject=said.subject, measure=said.measure
    ).first()
    if trigger is None:
        raise refusals.not_in_answer(said.subject, said.measure)
    require_impartial(actor=actor, code=said.subject)
    _require_whole(declarations, said, on=today(now))
    if check.must_ack and not check.acts.filter(kind=ACKNOWLEDGED).exists():
        raise refusals.to_be_acknowledged()
    try:
        with transaction.atomic():
            made = HandlingFeedback.objects.create(
                trigger=trigger, at=now, actor=actor.id, agency=actor.agency,
                applied=said.applied, result=said.result, done_on=said.done_on,
                doc_no=said.doc_no, basis=said.basis, reason=said.reason,
                withdrawn_on=said.withdrawn_on,
            )  # fmt: skip
            note(
                stream="change", actor=actor, action="check.reported", thing=f"check/{number}",
                now=now, subject=said.subject, measure=said.measure,
            )  # fmt: skip
    except IntegrityError as error:
        if HandlingFeedback.objects.filter(trigger=trigger).exists():
            raise refusals.reported_already(said.subject, said.measure) from error
        raise
    return made


def _require_whole(declarations: Declarations, said: Report, *, on: dt.date) -> None:
    results = declarations.codes[RESULTS].by_code
    for field in ("doc_no", "basis", "reason"):
        text = getattr(said, field)
        if len(text) > LONGEST or not text.isprintable():
            raise refusals.too_long(field, LONGEST)
    if said.applied and said.result not in results:
        raise refusals.no_such_result(said.result, results)
    for refusal in _problems(said, on):
        raise refusal


def _problems(said: Report, on: dt.date) -> list[Refusal]:
    asked = {
        "done_on": (
            said.applied and said.done_on is None,
            Text("实施了措施的，须写明实施日期", "what was applied has a day"),
        ),
        "reason": (
            not said.applied and not said.reason.strip(),
            Text("未实施的，须写明原因", "what was not applied has a reason"),
        ),
        "result": (
            not said.applied and bool(said.result),
            Text("未实施的，没有实施结果", "what was not applied has no result"),
        ),
        "withdrawn_on": (
            said.withdrawn_on is not None
            and (not said.applied or (said.done_on or on) > said.withdrawn_on),
            Text("解除日期须在实施日期之后", "a measure ends after it was applied"),
        ),
        "on": (
            max(said.done_on or on, said.withdrawn_on or on) > on,
            Text("日期不能在今天之后", "no day lies after today"),
        ),
    }
    return [refusals.incomplete(field, what) for field, (wrong, what) in asked.items() if wrong]
