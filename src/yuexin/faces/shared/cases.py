"""A case as it is shown and stepped, at either side of it: one maker, whose pages differ in words
and addresses alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.cases.queries import case_seen, paper_of
from yuexin.engines.cases.types import CaseSeen, Eligibility, OfferedStep
from yuexin.engines.declare.types import Party, Step
from yuexin.faces.shared.attempts import (
    NOTHING_SENT,
    Visit,
    moved_on,
    opened,
    opening_form,
    step_forms,
)
from yuexin.faces.shared.casework import AskedStep, is_public, paper_response, title_of


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
    `taken` is the step that was just refused; `title` what its record is called, `is_public`
    whether everybody reads it."""

    side: Side
    seen: CaseSeen
    title: Text | None
    is_public: bool
    forms: tuple[AskedStep, ...]
    closed: tuple[OfferedStep, ...]
    taken: str
    refusal: Refusal | None

    @property
    def wrong_at(self) -> str:
        """Where on the page what was refused is asked for; empty where that is no field."""
        return next((form.wrong_at for form in self.forms if form.wrong), "")


@dataclass(frozen=True, kw_only=True)
class OpeningPage:
    """Whether a case may be opened, condition by condition, and the form for it."""

    side: Side
    found: Eligibility
    title: Text | None
    is_public: bool
    form: AskedStep
    refusal: Refusal | None

    @property
    def wrong_at(self) -> str:
        """Where on the page what was refused is asked for; empty where that is no field."""
        return self.form.wrong_at


def case_page(
    *, request: HttpRequest, visit: Visit, side: Side, number: str
) -> CasePage | HttpResponseRedirect | None:
    """A case at one of its sides; back to it once a step was taken. None where there is no such
    case for whoever asks at this side."""
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = moved_on(request=request, visit=visit, number=number)
        if tried.case:
            return _done(side, tried.case)
    seen = case_seen(
        declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
    )
    if seen is None or seen.at_office != side.at_office:
        return None
    return CasePage(
        side=side,
        seen=seen,
        title=title_of(declarations=visit.declarations, about=seen.about),
        is_public=is_public(about=seen.about, now=visit.now),
        forms=step_forms(request=request, visit=visit, seen=seen, attempt=tried),
        closed=tuple(offered for offered in seen.steps if offered.why_not),
        taken=tried.step,
        refusal=tried.refusal,
    )  # fmt: skip


def opening_page(
    *, request: HttpRequest, visit: Visit, side: Side, found: Eligibility, step: Step
) -> OpeningPage | HttpResponseRedirect:
    """The page that opens a case by a step; to the case once it is open."""
    tried = NOTHING_SENT
    if request.method == "POST":
        tried = opened(request=request, visit=visit, found=found, step=step)
        if tried.case:
            return _done(side, tried.case)
    return OpeningPage(
        side=side,
        found=found,
        title=title_of(declarations=visit.declarations, about=found.about),
        is_public=is_public(about=found.about, now=visit.now),
        form=opening_form(request=request, visit=visit, found=found, step=step, attempt=tried),
        refusal=tried.refusal,
    )


def case_paper(*, visit: Visit, number: str, paper: UUID) -> FileResponse | None:
    """A document of a case, as a file, for a party of it."""
    found = paper_of(
        declarations=visit.declarations, actor=visit.actor, number=number, paper=paper,
        now=visit.now,
    )  # fmt: skip
    return paper_response(found) if found else None


def _done(side: Side, number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(side.case, kwargs={'number': number})}?done=1")
