"""A case as it is shown and stepped, at either side of it: one maker, whose pages differ in words
and addresses alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.queries import case_seen, choices_of, paper_of
from yuexin.engines.cases.types import CaseSeen, Eligibility, OfferedStep
from yuexin.engines.declare.types import Declarations, Party, Step
from yuexin.faces.shared.casework import (
    AskedStep,
    asked_step,
    given_step,
    paper_response,
    title_of,
)
from yuexin.home.folder import Home

MOST_DIGITS: Final = 8
NO_STEP: Final = Refusal(
    code="CASE_STEP",
    what=Text("没有这一步，或现在不能办理", "There is no such step, or it is not open now"),
    remedy=Text("请从列表中打开", "Open it from the list"),
)


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


@dataclass(frozen=True, kw_only=True)
class Side:
    """A side of cases: as whom one opens them there, and the names of its addresses of a case and
    of a document of it."""

    by: tuple[Party, ...]
    at_office: bool
    case: str
    paper: str


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A case with what may be done in it now as forms, and what may not, each with the reason.
    `taken` is the step that was just refused; `title` what its record is called."""

    side: Side
    seen: CaseSeen
    title: Text | None
    forms: tuple[AskedStep, ...]
    closed: tuple[OfferedStep, ...]
    taken: str
    refusal: Refusal | None


@dataclass(frozen=True, kw_only=True)
class OpeningPage:
    """Whether a case may be opened, condition by condition, and the form for it."""

    side: Side
    found: Eligibility
    title: Text | None
    form: AskedStep
    refusal: Refusal | None


def case_page(
    *, request: HttpRequest, visit: Visit, side: Side, number: str
) -> CasePage | HttpResponseRedirect | None:
    """A case at one of its sides; back to it once a step was taken. None where there is no such
    case for whoever asks at this side."""
    refusal = None
    if request.method == "POST":
        try:
            _step(request, visit, number)
        except Refusal as refused:
            refusal = refused
        else:
            return _done(side, number)
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    if seen is None or seen.at_office != side.at_office:
        return None
    taken = request.POST.get("step", "")
    choices = choices_of(declarations=visit.declarations, about=seen.about)
    return CasePage(
        side=side,
        seen=seen,
        title=title_of(declarations=visit.declarations, about=seen.about),
        forms=tuple(
            asked_step(
                step=offered.step, about=seen.about, choices=choices,
                typed=request.POST.dict() if offered.step.id == taken else None,
            )
            for offered in seen.steps
            if offered.why_not is None
        ),
        closed=tuple(offered for offered in seen.steps if offered.why_not),
        taken=taken,
        refusal=refusal,
    )  # fmt: skip


def opening_page(
    *, request: HttpRequest, visit: Visit, side: Side, found: Eligibility, step: Step
) -> OpeningPage | HttpResponseRedirect:
    """The page that opens a case by a step; to the case once it is open."""
    refusal = None
    if request.method == "POST":
        try:
            number = _open(request, visit, found, step)
        except Refusal as refused:
            refusal = refused
        else:
            return _done(side, number)
    form = asked_step(
        step=step,
        about=found.about,
        choices=choices_of(declarations=visit.declarations, about=found.about),
        held=found.papers_held,
        typed=request.POST.dict() if refusal else None,
    )
    title = title_of(declarations=visit.declarations, about=found.about)
    return OpeningPage(side=side, found=found, title=title, form=form, refusal=refusal)


def case_paper(*, visit: Visit, number: str, paper: UUID) -> FileResponse | None:
    """A document of a case, as a file, for a party of it."""
    found = paper_of(
        declarations=visit.declarations, actor=visit.actor, number=number, paper=paper,
        now=visit.now,
    )  # fmt: skip
    return paper_response(found) if found else None


def _done(side: Side, number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(side.case, kwargs={'number': number})}?done=1")


def _open(request: HttpRequest, visit: Visit, found: Eligibility, step: Step) -> str:
    given = given_step(request=request, step=step, home=visit.home)
    return open_case(
        declarations=visit.declarations, actor=visit.actor, process=found.process.id,
        subject=found.about.subject, record=found.about.record, form=given.form,
        papers=given.papers, reason=given.reason, now=visit.now, step=step.id,
    )  # fmt: skip


def _step(request: HttpRequest, visit: Visit, number: str) -> None:
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    step = seen.process.by_step.get(request.POST.get("step", "")) if seen else None
    if step is None:
        raise NO_STEP
    given = given_step(request=request, step=step, home=visit.home)
    last = request.POST.get("seen", "")
    take_step(
        declarations=visit.declarations, actor=visit.actor, case=number, step=step.id,
        seen=int(last) if last.isdecimal() and len(last) <= MOST_DIGITS else 0, form=given.form,
        papers=given.papers, reason=given.reason, now=visit.now,
    )  # fmt: skip
