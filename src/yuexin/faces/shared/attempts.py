"""A form of a case that somebody sent: it was taken, or it comes back with all that was sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Protocol

from django.http import HttpRequest

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.queries import case_seen, choices_of
from yuexin.engines.cases.types import CaseSeen, Eligibility
from yuexin.engines.declare.types import Declarations, Step
from yuexin.faces.shared.casework import AskedStep, Given, asked_step, given_step
from yuexin.home.folder import Home

MOST_DIGITS: Final = 8
NO_STEP: Final = Refusal(
    code="CASE_STEP",
    what=Text("没有这一步，或现在不能办理", "There is no such step, or it is not open now"),
    remedy=Text("请从列表中打开", "Open it from the list"),
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What became of a form: `case` is the case that it opened or moved on; else `refusal` says why
    it did not, and `given` what was sent with the step `step`."""

    case: str = ""
    step: str = ""
    given: Given | None = None
    refusal: Refusal | None = None

    @property
    def wrong(self) -> str:
        """What of the form was refused."""
        return self.refusal.where if self.refusal else ""


NOTHING_SENT: Final = Attempt()


class Visit(Protocol):
    """One request at a side: who acts, at what moment, by which declarations, in which home."""

    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> dt.datetime: ...
    @property
    def declarations(self) -> Declarations: ...
    @property
    def home(self) -> Home: ...


def opened(*, request: HttpRequest, visit: Visit, found: Eligibility, step: Step) -> Attempt:
    """Open a case by what was sent."""
    given = given_step(request=request, step=step, home=visit.home, actor=visit.actor)
    try:
        given.require()
        case = open_case(
            declarations=visit.declarations, actor=visit.actor, process=found.process.id,
            subject=found.about.subject, record=found.about.record, form=given.form,
            papers=given.papers, reason=given.reason, now=visit.now, step=step.id,
        )  # fmt: skip
    except Refusal as refusal:
        return Attempt(step=step.id, given=given, refusal=refusal)
    return Attempt(case=case)


def moved_on(*, request: HttpRequest, visit: Visit, number: str) -> Attempt:
    """Take the step of a case that was sent."""
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    step = seen.process.by_step.get(request.POST.get("step", "")) if seen else None
    if step is None:
        return Attempt(refusal=NO_STEP)
    given = given_step(request=request, step=step, home=visit.home, actor=visit.actor)
    last = request.POST.get("seen", "")
    try:
        given.require()
        take_step(
            declarations=visit.declarations, actor=visit.actor, case=number, step=step.id,
            seen=int(last) if last.isdecimal() and len(last) <= MOST_DIGITS else 0, form=given.form,
            papers=given.papers, reason=given.reason, now=visit.now,
        )  # fmt: skip
    except Refusal as refusal:
        return Attempt(step=step.id, given=given, refusal=refusal)
    return Attempt(case=number)


def opening_form(
    *,
    request: HttpRequest,
    declarations: Declarations,
    found: Eligibility,
    step: Step,
    attempt: Attempt,
) -> AskedStep:
    """The form that opens a case, with all that was sent where it was refused."""
    return asked_step(
        step=step,
        about=found.about,
        choices=choices_of(declarations=declarations, process=found.process, about=found.about),
        held=found.papers_held,
        typed=request.POST.dict() if attempt.given else None,
        kept=attempt.given.kept if attempt.given else None,
        wrong=attempt.wrong,
    )


def step_forms(
    *, request: HttpRequest, declarations: Declarations, seen: CaseSeen, attempt: Attempt
) -> tuple[AskedStep, ...]:
    """The steps that whoever reads a case may take now, as forms."""
    choices = choices_of(declarations=declarations, process=seen.process, about=seen.about)
    forms = []
    for offered in seen.steps:
        if offered.why_not is not None:
            continue
        sent = attempt.given if offered.step.id == attempt.step else None
        form = asked_step(
            step=offered.step, about=seen.about, choices=choices,
            typed=request.POST.dict() if sent else None, kept=sent.kept if sent else None,
            wrong=attempt.wrong if sent else "",
        )  # fmt: skip
        forms.append(form)
    return tuple(forms)
