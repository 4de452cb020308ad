"""What was wrong in files that somebody was shown, who is to be told, and who has confirmed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import agency_named
from yuexin.domains.credit.queries import names
from yuexin.domains.subjects import recalls
from yuexin.domains.subjects.corrections import Correction, GivenOut, confirm, corrections
from yuexin.domains.subjects.recalls import Recall
from yuexin.domains.subjects.recalls_told import doing_of
from yuexin.domains.subjects.shown import Receiver
from yuexin.domains.subjects.undone import WrongFile
from yuexin.engines.access.queries import names_of, require_room, rooms_of
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import number_of
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.desk.telling import Told, told_subject, told_who
from yuexin.faces.shared.acting import purpose_label

MOST_LISTED: Final = 20
"""So many records of one recall are listed; how many more there are is said."""
ASKED_BY: Final = {
    "public": Text("公众", "the public"),
    "own": Text("主体本人", "the entity itself"),
}


@dataclass(frozen=True, kw_only=True)
class ToldFile:
    """A file that was wrong, in words."""

    file: WrongFile
    subject: Told


@dataclass(frozen=True, kw_only=True)
class ToldReceiver:
    """Somebody who was shown it, in words."""

    receiver: Receiver
    who: Told
    body: Text | None
    role: Text
    purposes: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class ToldPaper:
    """A paper that was given out of it, and who asked for it, in words."""

    paper: GivenOut
    by: Text
    who: Told | None


@dataclass(frozen=True, kw_only=True)
class ToldCorrection:
    """A correction with all that it names in words."""

    found: Correction
    files: tuple[ToldFile, ...]
    now_of: Told | None


@dataclass(frozen=True, kw_only=True)
class ToldRecord:
    """A record that was recalled, in words."""

    code: str
    subject: Told
    kind: Text


@dataclass(frozen=True, kw_only=True)
class ToldRecall:
    """A recall with all that it names in words: of many records the first."""

    found: Recall
    records: tuple[ToldRecord, ...]
    more: int
    kinds: tuple[Text, ...]
    doing: Text
    receivers: tuple[ToldReceiver, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponse | None:
    """Those that concern whoever is signed in: what he is told, and what he has told to others. A
    recall of what he was shown is confirmed here."""
    _require_any_room(visit)
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    if request.method == "POST":
        number = number_of(request.POST.get("recall", "")) or 0
        if not recalls.confirm(**who, number=number, now=visit.now):
            return None
        return HttpResponseRedirect(f"{reverse('desk:corrections')}?recalled=1")
    found = corrections(declarations=visit.declarations, actor=visit.actor)
    told = _told(visit, found)
    mine = [(one, one.found.mine) for one in told if one.found.mine]
    return pages.show(
        request,
        "corrections",
        mine=[one for one, _ in sorted(mine, key=lambda pair: bool(pair[1].confirmed_at))],
        judged=[one for one in told if one.found.whole],
        recalled=_recalls(visit, recalls.recalls(**who)[::-1]),
        everybody=_recalls(visit, recalls.open_recalls(**who)),
        today=today(visit.now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    """One correction; whoever was shown what was wrong confirms here that he knows."""
    _require_any_room(visit)
    if request.method == "POST":
        if not confirm(actor=visit.actor, number=number, now=visit.now):
            return None
        address = reverse("desk:corrections")
        return HttpResponseRedirect(f"{address}?confirmed={number}")
    found = corrections(declarations=visit.declarations, actor=visit.actor)
    for told in _told(visit, (c for c in found if c.of.number == number)):
        return pages.show(
            request,
            "correction",
            told=told,
            receivers=_receivers(visit, told.found),
            papers=_papers(told.found),
        )
    return None


def _require_any_room(visit: Visit) -> None:
    if not rooms_of(declarations=visit.declarations, actor=visit.actor):
        require_room(declarations=visit.declarations, actor=visit.actor, room="files")


def _told(visit: Visit, found: Iterable[Correction]) -> tuple[ToldCorrection, ...]:
    """In words; what they name is looked up for all of them at once."""
    corrections = tuple(found)
    codes = {code for one in corrections for code in (*one.of.codes, one.of.now_of) if code}
    known = names(actor=visit.actor, codes=codes) if codes else {}
    return tuple(
        ToldCorrection(
            found=one,
            files=tuple(
                ToldFile(file=file, subject=told_subject(code=file.code, known=known))
                for file in one.of.files
            ),
            now_of=told_subject(code=one.of.now_of, known=known) if one.of.now_of else None,
        )
        for one in corrections
    )


def _recalls(visit: Visit, found: Iterable[Recall]) -> list[ToldRecall]:
    """In words; what they name is looked up for all of them at once."""
    listed = list(found)
    codes = {record.code for one in listed for record in one.of[:MOST_LISTED]}
    known = names(actor=visit.actor, codes=codes) if codes else {}
    kinds = visit.declarations.kinds
    return [
        ToldRecall(
            found=one,
            records=tuple(
                ToldRecord(
                    code=record.code,
                    subject=told_subject(code=record.code, known=known),
                    kind=kinds[record.kind].label,
                )
                for record in one.of[:MOST_LISTED]
            ),
            more=max(0, len(one.of) - MOST_LISTED),
            kinds=tuple(kinds[kind].label for kind in one.kinds),
            doing=doing_of(declarations=visit.declarations, recall=one),
            receivers=_receivers(visit, one),
        )
        for one in listed
    ]


def _receivers(visit: Visit, found: Correction | Recall) -> tuple[ToldReceiver, ...]:
    known = names_of(logins={one.actor for one in found.receivers})
    roles = visit.declarations.roles
    return tuple(
        ToldReceiver(
            receiver=one,
            who=told_who(login=one.actor, known=known),
            body=agency_named(visit.declarations, one.body).label if one.body else None,
            role=roles[one.role].label if one.role in roles else Text(one.role, one.role),
            purposes=tuple(purpose_label(purpose) for purpose in one.purposes),
        )
        for one in found.receivers
    )


def _papers(found: Correction) -> tuple[ToldPaper, ...]:
    """Of a paper that the public asked for nobody's name is kept."""
    known = names_of(logins={paper.actor for paper in found.papers})
    return tuple(
        ToldPaper(
            paper=paper,
            by=ASKED_BY.get(paper.asked_by, Text(paper.asked_by, paper.asked_by)),
            who=told_who(login=paper.actor, known=known) if paper.asked_by == "own" else None,
        )
        for paper in found.papers
    )
