"""A form of a case that somebody sent: it was taken, or it comes back with all that was sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from yuexin.base.errors import Refusal
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.queries import case_seen, choices_of
from yuexin.engines.cases.types import CaseSeen, Eligibility
from yuexin.engines.declare.types import Declarations, Step
from yuexin.faces.shared.casework import AskedStep, Given, asked_step, given_step
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What became of a form: `case` is the case that it opened or moved on; else `refusal` says why
    it did not, and `given` what was sent with the step `step`."""

    case: str = ""
    step: str = ""
    given: Given | None = None
    refusal: Refusal | None = None


NOTHING_SENT: Final = Attempt()


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Who sends the form, when, and where documents are kept."""

    declarations: Declarations
    actor: Actor
    home: Home
    now: dt.datetime


def opened(*, request: HttpRequest, sitting: Sitting, found: Eligibility, step: Step) -> Attempt:
    """Open a case by what was sent."""
    given = given_step(request=request, step=step, home=sitting.home, actor=sitting.actor)
    try:
        given.require()
        case = open_case(
            declarations=sitting.declarations, actor=sitting.actor, process=found.process.id,
            subject=found.about.subject, record=found.about.record, form=given.form,
            papers=given.papers, reason=given.reason, now=sitting.now, step=step.id,
        )  # fmt: skip
    except Refusal as refusal:
        return Attempt(step=step.id, given=given, refusal=refusal)
    return Attempt(case=case)


def moved_on(*, request: HttpRequest, sitting: Sitting, number: str, missing: Refusal) -> Attempt:
    """Take the step of a case that was sent. `missing` says that there is no such step."""
    seen = case_seen(
        declarations=sitting.declarations, actor=sitting.actor, number=number, now=sitting.now
    )
    step = seen.process.by_step.get(request.POST.get("step", "")) if seen else None
    if step is None:
        return Attempt(refusal=missing)
    given = given_step(request=request, step=step, home=sitting.home, actor=sitting.actor)
    last = request.POST.get("seen", "")
    try:
        given.require()
        take_step(
            declarations=sitting.declarations, actor=sitting.actor, case=number, step=step.id,
            seen=int(last) if last.isdecimal() and len(last) < 9 else 0, form=given.form,
            papers=given.papers, reason=given.reason, now=sitting.now,
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
        choices=choices_of(declarations=declarations, about=found.about),
        held=found.papers_held,
        typed=request.POST.dict() if attempt.given else None,
        kept=attempt.given.kept if attempt.given else None,
    )


def step_forms(
    *, request: HttpRequest, declarations: Declarations, seen: CaseSeen, attempt: Attempt
) -> list[AskedStep]:
    """The steps that whoever reads a case may take now, as forms."""
    choices = choices_of(declarations=declarations, about=seen.about)
    forms = []
    for offered in seen.steps:
        if offered.why_not is not None:
            continue
        sent = attempt.given if offered.step.id == attempt.step else None
        form = asked_step(
            step=offered.step, about=seen.about, choices=choices,
            typed=request.POST.dict() if sent else None, kept=sent.kept if sent else None,
        )  # fmt: skip
        forms.append(form)
    return forms
