"""A form of a case that somebody sent: it was taken, or it comes back with all that was sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.http import HttpRequest

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_again, take_step
from yuexin.engines.cases.queries import case_seen, choices_of, offered
from yuexin.engines.cases.types import About, CaseSeen, Eligibility, KeptPaper, Offered
from yuexin.engines.declare.types import Declarations, Process, Step
from yuexin.faces.shared.casework import AskedStep, Given, asked_step, given_step
from yuexin.faces.shared.uploads import Again
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
    given = given_step(
        request=request, step=step, home=visit.home, actor=visit.actor,
        again=again_for(visit=visit, about=found.about),
    )  # fmt: skip
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
    if seen is None or step is None:
        return Attempt(refusal=NO_STEP)
    given = given_step(
        request=request, step=step, home=visit.home, actor=visit.actor,
        again=again_for(visit=visit, about=seen.about),
    )  # fmt: skip
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


def again_for(*, visit: Visit, about: About) -> Again:
    """What takes a document again that the entity handed in with a case before."""

    def again(slot: str, paper: UUID) -> KeptPaper:
        return take_again(
            home=visit.home, declarations=visit.declarations, actor=visit.actor, about=about,
            slot=slot, paper=paper,
        )  # fmt: skip

    return again


def opening_form(
    *, request: HttpRequest, visit: Visit, found: Eligibility, step: Step, attempt: Attempt
) -> AskedStep:
    """The form that opens a case, with all that was sent where it was refused."""
    return asked_step(
        step=step,
        choices=choices_of(
            declarations=visit.declarations, process=found.process, about=found.about
        ),
        offers=_offers(visit, found.process, step, found.about, ""),
        typed=request.POST.dict() if attempt.given else None,
        kept=attempt.given.kept if attempt.given else None,
        wrong=attempt.wrong,
    )


def step_forms(
    *, request: HttpRequest, visit: Visit, seen: CaseSeen, attempt: Attempt
) -> tuple[AskedStep, ...]:
    """The steps that whoever reads a case may take now, as forms."""
    choices = choices_of(declarations=visit.declarations, process=seen.process, about=seen.about)
    forms = []
    for one in seen.steps:
        if one.why_not is not None:
            continue
        sent = attempt.given if one.step.id == attempt.step else None
        form = asked_step(
            step=one.step, choices=choices,
            offers=_offers(visit, seen.process, one.step, seen.about, seen.line.number),
            typed=request.POST.dict() if sent else None, kept=sent.kept if sent else None,
            wrong=attempt.wrong if sent else "",
        )  # fmt: skip
        forms.append(form)
    return tuple(forms)


def _offers(visit: Visit, process: Process, step: Step, about: About, case: str) -> Offered:
    return offered(
        home=visit.home, declarations=visit.declarations, actor=visit.actor, process=process,
        step=step, about=about, on=today(visit.now), case=case,
    )  # fmt: skip
