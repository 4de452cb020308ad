"""What an entity handed in with its cases before: offered to whoever acts for it, and taken again.

A document that is taken again is the same file under the same digest. It was told by content and
bounded when it came; it is looked through once, later if no scanner ran then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.queries import acts_for
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct, CaseFile, CasePaper
from yuexin.engines.cases.papers import path_of
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.scanning import scanned
from yuexin.engines.cases.types import About, EarlierPaper, KeptPaper
from yuexin.engines.declare.types import Declarations, Step
from yuexin.home.folder import Home

MOST_READ: Final = 200
MOST_OFFERED: Final = 10


def earlier_papers(
    *, declarations: Declarations, actor: Actor, about: About, step: Step, case: str = ""
) -> Mapping[str, tuple[EarlierPaper, ...]]:
    """For each paper that a step asks for what the entity handed in before, with other cases than
    this one: what was the same paper first, then the last. None for whoever does not apply for it.
    """
    if not step.papers:
        return {}
    rows = _handed_in(declarations, actor, about).exclude(case=case).order_by("-on", "case", "id")
    seen: dict[str, EarlierPaper] = {}
    for row in rows[:MOST_READ]:
        seen.setdefault(row.sha256, _offered(declarations, row))
    found = tuple(seen.values())
    return {
        paper.id: tuple(sorted(found, key=lambda one: one.slot != paper.id))[:MOST_OFFERED]
        for paper in step.papers
    } if found else {}  # fmt: skip


def take_again(
    *, home: Home, declarations: Declarations, actor: Actor, about: About, slot: str, paper: UUID
) -> KeptPaper:
    """A document that the entity handed in before, for one of the papers of a step now.

    Raises a `Refusal` where `actor` may not take it, where it is not there any more as it was, or
    is found to be infected.
    """
    row = _handed_in(declarations, actor, about).filter(pk=paper).first()
    path = path_of(home=home, sha256=row.sha256) if row else None
    if row is None or path is None or not path.exists():
        raise _gone(slot)
    scan = row.scan
    if scan != "clean":
        data = path.read_bytes()
        if sha256_hex(data) != row.sha256:
            raise _gone(slot)
        scan = scanned(data=data, slot=slot)
    return KeptPaper(
        slot=slot, name=row.name, sha256=row.sha256, size_bytes=row.size_bytes,
        media_type=row.media_type, scan="clean" if scan == "clean" else "unscanned",
    )  # fmt: skip


def own_cases_of(*, declarations: Declarations, actor: Actor, about: About) -> QuerySet[CaseFile]:
    """The cases about an entity from which whoever applies for it may take something again: all
    that it learns of, but for those by whose outcome it is barred, for what was false there."""
    if not acts_for(actor=actor, code=about.code):
        return CaseFile.objects.none()
    found = CaseFile.objects.filter(code=about.code)
    for process in declarations.processes.values():
        barring = [state.id for state in process.states if state.bars]
        if process.closed_to_subject:
            found = found.exclude(process=process.id)
        elif barring:
            found = found.exclude(process=process.id, state__in=barring)
    return found


def first_handed_in(*, code: str, case: str, papers: Collection[CasePaper]) -> dict[UUID, dt.date]:
    """Of the documents of a case those that the entity had handed in with another case before, and
    the day on which it did so first."""
    digests = {paper.sha256 for paper in papers}
    found = _of_applicants(CaseFile.objects.filter(code=code).exclude(number=case))
    rows = found.filter(sha256__in=digests) if digests else found.none()
    acts = dict(CaseAct.objects.filter(case=case).values_list("number", "at"))
    before: dict[UUID, dt.date] = {}
    for paper in papers:
        days = [r.on for r in rows if r.sha256 == paper.sha256 and r.at < acts[paper.act]]
        if days:
            before[paper.id] = min(days)
    return before


def _handed_in(declarations: Declarations, actor: Actor, about: About) -> QuerySet[Any]:
    return _of_applicants(own_cases_of(declarations=declarations, actor=actor, about=about))


def _of_applicants(cases: QuerySet[CaseFile]) -> QuerySet[Any]:
    """What was handed in with cases by whoever applied, each with its day and its process."""
    acts = CaseAct.objects.filter(case=OuterRef("case"), number=OuterRef("act"), party="applicant")
    of = CaseFile.objects.filter(number=OuterRef("case"))
    papers = CasePaper.objects.filter(Exists(acts), case__in=cases.values("number"))
    return papers.annotate(
        on=Subquery(acts.values("on")[:1]), at=Subquery(acts.values("at")[:1]),
        process=Subquery(of.values("process")[:1]),
    )  # fmt: skip


def _offered(declarations: Declarations, row: Any) -> EarlierPaper:
    process = declarations.processes.get(row.process)
    steps = process.steps if process else ()
    labels = {paper.id: paper.label for step in steps for paper in step.papers}
    return EarlierPaper(
        id=row.pk, slot=row.slot, label=labels.get(row.slot, Text(row.slot, row.slot)),
        name=row.name, sha256=row.sha256, size_bytes=row.size_bytes, case=row.case,
        process=process.label if process else Text(row.process, row.process), on=row.on,
    )  # fmt: skip


def _gone(slot: str) -> Refusal:
    return refusal(
        "PAPER_GONE", "以前交过的这份材料现在取不到", "what was handed in before is not there now",
        where=slot, remedy=Text("请重新上传", "upload it again"),
    )  # fmt: skip
