"""A case over HTTP, for both sides of it: forms made of the declaration, what was typed into them,
documents in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest

from yuexin.base.errors import Refusal
from yuexin.base.inputs import Input, input_of
from yuexin.base.text import Text
from yuexin.domains.credit.present import headline
from yuexin.domains.credit.queries import entry
from yuexin.engines.access.queries import rooms_of
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.cases.models import CasePaper
from yuexin.engines.cases.queries import eligibility_of, openable_of, path_of
from yuexin.engines.cases.types import (
    NO_RECORD,
    About,
    EarlierPaper,
    Eligibility,
    KeptPaper,
    Known,
    Offered,
)
from yuexin.engines.declare.types import (
    CodeList,
    Declarations,
    FormField,
    Paper,
    Party,
    Process,
    Step,
)
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.uploads import AGAIN, CHOSEN, KEPT, Again, Kept, uploads_of
from yuexin.home.folder import Home

FIELD: Final = "f-"
REASON: Final = "reason"
OFFICERS: Final[tuple[Party, ...]] = ("office", "signer")
"""The parties of a case that sit at the desk."""
SANDBOX: Final = "default-src 'none'; sandbox"


@dataclass(frozen=True, kw_only=True)
class AskedField:
    """One thing asked for, as an input with what stands in it; where that was held already, from
    where (`known`)."""

    field: FormField
    input: Input
    known: Text | None = None

    @property
    def help(self) -> Text | None:
        return Text(self.field.help_zh, self.field.help_en) if self.field.help_zh else None


@dataclass(frozen=True, kw_only=True)
class AskedPaper:
    """A document asked for; `held` where the platform has what stands in for it, `kept` what came
    with a form that was refused, `earlier` what can be taken again."""

    paper: Paper
    name: str
    held: bool
    kept_name: str = ""
    kept: tuple[Kept, ...] = ()
    again_name: str = ""
    earlier: tuple[EarlierPaper, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AskedStep:
    """A step as a form. `wrong` is what of it was refused: a field, a paper or the reason."""

    step: Step
    fields: tuple[AskedField, ...]
    papers: tuple[AskedPaper, ...]
    reason: str = ""
    wrong: str = ""

    @property
    def bare(self) -> bool:
        """Whether there is nothing to fill in."""
        return not (self.fields or self.papers or self.step.reason)

    @property
    def wrong_at(self) -> str:
        """Where on the page that is; empty where the whole step was refused."""
        if self.wrong in {one.paper.id for one in self.papers}:
            return f"{self.step.id}-p-{self.wrong}"
        named = {one.field.id for one in self.fields} | ({REASON} if self.step.reason else set())
        return f"{self.step.id}-{self.wrong}" if self.wrong in named else ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody sent with a step. `kept` brings the documents back where the form is refused;
    `refused` says why one of them may not be kept."""

    form: dict[str, str]
    papers: tuple[KeptPaper, ...]
    reason: str
    kept: Mapping[str, tuple[Kept, ...]]
    refused: Refusal | None = None

    def require(self) -> None:
        """Raises the `Refusal` of a document that may not be kept."""
        if self.refused:
            raise self.refused


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What may be opened about one thing, and of which processes it cannot be said now, each with
    the reason."""

    found: tuple[Eligibility, ...]
    refused: tuple[tuple[Text, Refusal], ...]


def ways_of(
    *,
    declarations: Declarations,
    actor: Actor,
    by: Collection[Party],
    subject: UUID,
    record: UUID | None,
    now: dt.datetime,
    kind: str = "",
) -> Ways:
    """What `actor` may open about a record, or about the subject where none is named, as one of
    these parties. `kind` is that of the record, where it is known."""
    found, refused = [], []
    for process in declarations.processes.values():
        if not openable(process=process, by=by, of_record=record is not None, kind=kind):
            continue
        try:
            one = eligibility_of(
                declarations=declarations, actor=actor, process=process.id, subject=subject,
                record=record, now=now,
            )  # fmt: skip
        except Refusal as refusal:
            # Told by another code of the file, or replaced meanwhile: not for this record.
            if refusal.code != NO_RECORD:
                refused.append((process.label, refusal))
        else:
            if one:
                found.append(one)
    return Ways(found=tuple(sorted(found, key=_rank)), refused=tuple(refused))


def _rank(way: Eligibility) -> tuple[bool, bool]:
    """What one can be eligible for first, what is for few last."""
    return (way.process.whom is not None, not way.conditions)


def openable(*, process: Process, by: Collection[Party], of_record: bool, kind: str = "") -> bool:
    """Whether one of these parties opens cases of this process about a record (of this kind, where
    one is named), or about a subject."""
    if (process.about == "record") != of_record or not set(by).intersection(process.opened_by):
        return False
    return not kind or not process.kinds or kind in process.kinds


def openable_records(
    *, declarations: Declarations, actor: Actor, records: Collection[UUID]
) -> frozenset[UUID]:
    """Those of these records about which whoever looks may open some case at the desk; none where
    he does not enter the room of cases."""
    if "cases" not in rooms_of(declarations=declarations, actor=actor):
        return frozenset()
    processes = [
        process
        for process in declarations.processes.values()
        if openable(process=process, by=OFFICERS, of_record=True)
    ]
    return openable_of(declarations=declarations, actor=actor, processes=processes, records=records)


def title_of(*, declarations: Declarations, about: About) -> Text | None:
    """What the record of a case is called, for whoever is a party of it; none without a record."""
    kind = declarations.kinds.get(about.kind)
    return headline(declarations=declarations, kind=kind, body=about.body) if kind else None


def is_public(*, about: About, now: dt.datetime) -> bool:
    """Whether everybody reads the record of a case."""
    return about.record is not None and bool(entry(actor=PUBLIC, record=about.record, now=now))


def asked_step(
    *,
    step: Step,
    choices: Mapping[str, CodeList],
    offers: Offered,
    typed: Mapping[str, str] | None = None,
    kept: Mapping[str, tuple[Kept, ...]] | None = None,
    wrong: str = "",
) -> AskedStep:
    """A step as a form: with what was `typed` and `kept` of it, else with what is held already;
    `wrong` is what of it was refused."""
    return AskedStep(
        step=step,
        fields=tuple(_field(one, offers.known.get(one.id), choices, typed) for one in step.form),
        papers=tuple(_paper(one, offers, (kept or {}).get(one.id, ())) for one in step.papers),
        reason=(typed or {}).get(REASON, ""),
        wrong=wrong,
    )


def given_step(
    *, request: HttpRequest, step: Step, home: Home, actor: Actor, again: Again
) -> Given:
    """What was sent for a step; its documents are kept first. `again` takes one that was handed in
    before."""
    form = {one.id: request.POST.get(FIELD + one.id, "") for one in step.form}
    uploads = uploads_of(request=request, step=step, home=home, actor=actor, again=again)
    return Given(
        form=form, papers=uploads.papers, reason=request.POST.get(REASON, ""),
        kept=uploads.kept, refused=uploads.refused,
    )  # fmt: skip


def paper_response(paper: CasePaper) -> FileResponse:
    """A document as a file to be saved: never shown in a page of ours."""
    path = path_of(home=settings.HOME, sha256=paper.sha256)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=paper.name, content_type=paper.media_type
    )
    response.headers["Cache-Control"] = NEVER_KEEP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _field(
    field: FormField,
    known: Known | None,
    choices: Mapping[str, CodeList],
    typed: Mapping[str, str] | None,
) -> AskedField:
    listed = choices.get(field.listed)
    held = known if typed is None else None
    value = (held.value if held else "") if typed is None else typed.get(FIELD + field.id, "")
    return AskedField(
        field=field,
        input=input_of(
            name=FIELD + field.id, of=field.type, value=value, longest=field.max_length,
            choices=((one.code, one.label) for one in listed.values) if listed else (),
            required=field.required,
        ),
        known=held.source if held else None,
    )  # fmt: skip


def _paper(paper: Paper, offers: Offered, kept: tuple[Kept, ...]) -> AskedPaper:
    """What was kept of a form that was refused is not offered a second time."""
    had = {one.paper.sha256 for one in kept}
    earlier = offers.earlier.get(paper.id, ())
    return AskedPaper(
        paper=paper, name=CHOSEN + paper.id, held=paper.id in offers.held,
        kept_name=KEPT + paper.id, kept=kept, again_name=AGAIN + paper.id,
        earlier=tuple(one for one in earlier if one.sha256 not in had),
    )  # fmt: skip
