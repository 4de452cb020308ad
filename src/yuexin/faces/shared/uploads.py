"""Documents sent with a step: kept while the form is corrected, so that none is chosen twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from yuexin.base.errors import Refusal
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import keep_paper
from yuexin.engines.cases.queries import path_of
from yuexin.engines.cases.types import KeptPaper
from yuexin.engines.declare.types import Paper, Step
from yuexin.home.folder import Home

CHOSEN: Final = "p-"
KEPT: Final = "k-"
AGAIN: Final = "a-"
MOST_PAPERS: Final = 20
KEPT_SECONDS: Final = 12 * 60 * 60
Again = Callable[[str, UUID], KeptPaper]
"""Takes for a paper a document that was handed in before; raises a `Refusal` where that is none."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A document that came with a form that was refused. `token` brings it back with the next one,
    from the same account and within half a day."""

    token: str
    paper: KeptPaper


@dataclass(frozen=True, kw_only=True)
class Uploads:
    """What came with a step; `refused` says why one of the documents chosen may not be kept."""

    papers: tuple[KeptPaper, ...]
    kept: dict[str, tuple[Kept, ...]]
    refused: Refusal | None


def uploads_of(
    *, request: HttpRequest, step: Step, home: Home, actor: Actor, again: Again
) -> Uploads:
    """The documents of a step: those chosen now, those taken again of what was handed in before,
    and those kept from a form that was refused, each once. Where they are more than may be handed
    in, those chosen now take the place of those kept."""
    papers: list[KeptPaper] = []
    refused: Refusal | None = None
    for slot in step.papers:
        fresh, trouble = _chosen(request, slot, home)
        taken, missing = _taken_again(request, slot, again)
        refused = refused or trouble or missing
        now = _once([*taken, *fresh])
        whole = _once([*_kept(request, slot, home, actor), *now])
        papers += now if now and len(whole) > slot.most else whole
    kept: dict[str, tuple[Kept, ...]] = {}
    for one in papers:
        token = signing.dumps(asdict(one), salt=_salt(actor), compress=True)
        kept[one.slot] = (*kept.get(one.slot, ()), Kept(token=token, paper=one))
    return Uploads(papers=tuple(papers), kept=kept, refused=refused)


def _chosen(
    request: HttpRequest, slot: Paper, home: Home
) -> tuple[list[KeptPaper], Refusal | None]:
    found: list[KeptPaper] = []
    refused: Refusal | None = None
    for file in request.FILES.getlist(CHOSEN + slot.id)[:MOST_PAPERS]:
        try:
            one = keep_paper(
                home=home, stream=cast(BinaryIO, file), slot=slot.id, name=file.name or ""
            )
        except Refusal as refusal:
            refused = refused or refusal
        else:
            found.append(one)
    return found, refused


def _taken_again(
    request: HttpRequest, slot: Paper, again: Again
) -> tuple[list[KeptPaper], Refusal | None]:
    found: list[KeptPaper] = []
    refused: Refusal | None = None
    for value in request.POST.getlist(AGAIN + slot.id)[:MOST_PAPERS]:
        try:
            found.append(again(slot.id, UUID(value)))
        except ValueError:
            continue
        except Refusal as refusal:
            refused = refused or refusal
    return found, refused


def _once(papers: list[KeptPaper]) -> list[KeptPaper]:
    return list({one.sha256: one for one in papers}.values())


def _kept(request: HttpRequest, slot: Paper, home: Home, actor: Actor) -> list[KeptPaper]:
    found = []
    for token in request.POST.getlist(KEPT + slot.id)[:MOST_PAPERS]:
        try:
            said: dict[str, Any] = signing.loads(token, salt=_salt(actor), max_age=KEPT_SECONDS)
        except signing.BadSignature:
            continue
        one = KeptPaper(**said)
        if one.slot == slot.id and path_of(home=home, sha256=one.sha256).exists():
            found.append(one)
    return found


def _salt(actor: Actor) -> str:
    return f"case-papers:{actor.id}"
