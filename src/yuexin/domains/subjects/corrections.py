"""Who was shown a file while it held what was not its own, and who has confirmed that he knows.

The looks are read by `shown`; which papers were given out follows from the papers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from yuexin.domains.subjects.models import Judgement
from yuexin.domains.subjects.shown import (
    Confirmed,
    Receiver,
    Shown,
    Span,
    confirmed_of,
    receivers_of,
    shown_in,
)
from yuexin.domains.subjects.undone import Undone, WrongFile, undid, undone, undone_of
from yuexin.engines.access.models import Entry
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import (
    OwnLook,
    delays_of,
    disclose,
    own_subject,
    rooms_of,
    waits,
)
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.papers.models import IssuedPaper

CONFIRMED: Final = "correction.confirmed"
STANDS_PUBLICLY: Final = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class GivenOut:
    """A paper that was issued of it: when, asked for by the public or by the subject's account."""

    number: str
    about: str
    issued_at: dt.datetime
    asked_by: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What was wrong, and who is to be told, as far as the reader may see: whoever does not judge
    sees the files that he looked at, and himself. `mine`: he is told, too."""

    of: Undone
    receivers: tuple[Receiver, ...]
    papers: tuple[GivenOut, ...]
    mine: Receiver | None
    whole: bool

    @property
    def missing(self) -> int:
        """How many have not confirmed yet."""
        return sum(one.confirmed_at is None for one in self.receivers)


@dataclass(frozen=True, kw_only=True)
class OwnCorrection:
    """What was wrong with one's own file, and who was shown it meanwhile, by nobody's name.
    `asks`: one looked oneself, and has not confirmed yet."""

    number: int
    files: tuple[WrongFile, ...]
    looks: tuple[OwnLook, ...]
    papers: tuple[str, ...]
    asks: bool


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What whoever keeps copies is told: the files that were wrong, and from when until when.
    `shown`: the reader looked beyond what is public meanwhile; then he is to confirm it."""

    number: int
    at: dt.datetime
    files: tuple[WrongFile, ...]
    shown: bool = False
    confirmed_at: dt.datetime | None = None


def corrections(*, declarations: Declarations, actor: Actor) -> tuple[Correction, ...]:
    """The corrections that concern the actor, the last first: for whoever judges all of them, for
    others those of files that they looked at meanwhile."""
    found = undone()
    if "judging" in rooms_of(declarations=declarations, actor=actor):
        shown, confirmed = _shown(found), _confirmed(found)
        given = _given_out(declarations, found)
        return tuple(
            _whole(one, shown.get(one.number, ()), confirmed, given[one.number], actor)
            for one in found
        )
    shown, confirmed = _shown(found, by=actor.id), _confirmed(found)
    return tuple(
        _own_part(one, shown[one.number], confirmed) for one in found if one.number in shown
    )


def unconfirmed(*, actor: Actor) -> int:
    """How many corrections the actor has to confirm yet."""
    found = undone()
    shown, confirmed = _shown(found, by=actor.id), _confirmed(found)
    return sum((number, actor.id) not in confirmed for number in shown)


def confirm(*, actor: Actor, number: int, now: dt.datetime) -> dt.datetime | None:
    """Say that one knows of a correction of what one was shown, journaled once however often it is
    said. Returns when it was said first; none where the actor was shown nothing of it."""
    with transaction.atomic():
        # Two clicks at once are one confirmation.
        if not Judgement.objects.select_for_update().filter(number=number).exists():
            return None
        found = [one for one in undone() if one.number == number]
        if not _shown(found, by=actor.id):
            return None
        if first := _confirmed(found).get((number, actor.id)):
            return first
        note(
            stream="change", actor=actor, action="correction.confirmed",
            thing=f"judgement/{number}", now=now,
        )  # fmt: skip
    return now


def own_corrections(
    *, declarations: Declarations, actor: Actor, now: dt.datetime
) -> tuple[OwnCorrection, ...]:
    """What was wrong with the actor's own file, the last first, with the looks of others at it; of
    nobody else's file anything."""
    code = own_subject(declarations=declarations, actor=actor)
    found = tuple(replace(one, files=one.of(code)) for one in undone_of(code=code)) if code else ()
    shown, given = _shown(found), _given_out(declarations, found)
    delays = delays_of(declarations=declarations, codes=[code]) if code else ()
    own = {one.number for one in found if _looked(actor, shown.get(one.number, ()))}
    confirmed = _confirmed(found)
    return tuple(
        OwnCorrection(
            number=one.number,
            files=one.files,
            looks=tuple(
                OwnLook(at=s.at, body=s.body, role=s.role, purpose=s.purpose, denied=False)
                for s in shown.get(one.number, ())
                if s.actor != actor.id and not waits(delays=delays, body=s.body, at=s.at, now=now)
            ),
            papers=tuple(paper.number for paper in given[one.number]),
            asks=one.number in own and (one.number, actor.id) not in confirmed,
        )
        for one in found
    )


def announced(
    *, declarations: Declarations, actor: Actor, after: int, most: int
) -> tuple[Announced, ...]:
    """The corrections numbered above `after`, in their order, so many at most: those of what the
    public could read, and of what the actor looked at. For whoever keeps copies."""
    found = [one for one in reversed(undone()) if one.number > after]
    told = {one.number: one for one in _public(declarations, found)}
    if actor != PUBLIC:
        shown, confirmed = _shown(found, by=actor.id), _confirmed(found)
        for one in found:
            if looks := shown.get(one.number):
                seen = _own_part(one, looks, confirmed).of.files
                told[one.number] = Announced(
                    number=one.number,
                    at=one.until,
                    files=told[one.number].files if one.number in told else seen,
                    shown=True,
                    confirmed_at=confirmed.get((one.number, actor.id)),
                )
    return tuple(told[number] for number in sorted(told))[:most]


def wrong_at(*, declarations: Declarations, code: str, at: dt.datetime) -> bool:
    """Whether what the public read under a code at a moment held what was not its own."""
    found = (replace(one, files=one.of(code)) for one in undone_of(code=code))
    return any(
        file.since <= at < file.until for one in _public(declarations, found) for file in one.files
    )


def shown_wrongly(*, since: dt.datetime) -> Iterator[tuple[Undone, tuple[Shown, ...]]]:
    """Each correction since a moment, with everybody's looks at its files while they were wrong."""
    # Asked in every round of the worker: where nobody undid anything, nothing more is read.
    found = [one for one in undone() if one.until > since] if undid(since=since) else []
    shown = _shown(found)
    return ((one, shown.get(one.number, ())) for one in found)


def announced_of(
    *, declarations: Declarations, code: str, now: dt.datetime
) -> tuple[Announced, ...]:
    """Those of the last twelve months that concern what the public read under a code."""
    found = (replace(one, files=one.of(code)) for one in undone_of(code=code))
    return tuple(_public(declarations, (one for one in found if one.until > now - STANDS_PUBLICLY)))


def _public(declarations: Declarations, found: Iterable[Undone]) -> Iterator[Announced]:
    for one in found:
        files = tuple(file for file in one.files if _public_could_read(declarations, file))
        if files:
            yield Announced(number=one.number, at=one.until, files=files)


def _looked(actor: Actor, shown: Sequence[Shown]) -> bool:
    return any(look.actor == actor.id for look in shown)


def _public_could_read(declarations: Declarations, file: WrongFile) -> bool:
    kinds = (declarations.kinds[one] for one in file.kinds if one in declarations.kinds)
    return any(disclose(declarations=declarations, actor=PUBLIC, kind=k).allowed for k in kinds)


def _whole(
    one: Undone,
    shown: Sequence[Shown],
    confirmed: Confirmed,
    papers: tuple[GivenOut, ...],
    actor: Actor,
) -> Correction:
    receivers = tuple(receivers_of(one.number, shown, confirmed))
    mine = next((receiver for receiver in receivers if receiver.actor == actor.id), None)
    return Correction(of=one, receivers=receivers, papers=papers, mine=mine, whole=True)


def _own_part(one: Undone, shown: Sequence[Shown], confirmed: Confirmed) -> Correction:
    """The files that were looked at; who judged, why, and of whom else, is not the reader's."""
    looked_at = {look.code for look in shown}
    files = tuple(file for file in one.files if file.code in looked_at)
    receivers = tuple(receivers_of(one.number, shown, confirmed))
    return Correction(
        of=replace(one, files=files, author="", reason="", now_of=""),
        receivers=receivers,
        papers=(),
        mine=receivers[0],
        whole=False,
    )


def _shown(found: Collection[Undone], *, by: str = "") -> dict[int, tuple[Shown, ...]]:
    """The looks at these files while they were wrong. Those of a joined file were on every day."""
    spans = [
        Span(
            number=one.number, code=file.code, since=file.since, until=file.until,
            always=one.by_pair,
        )
        for one in found
        for file in one.files
    ]  # fmt: skip
    return shown_in(spans=spans, by=by)


def _confirmed(found: Collection[Undone]) -> Confirmed:
    return confirmed_of(action=CONFIRMED, kind="judgement", numbers=[one.number for one in found])


def _given_out(
    declarations: Declarations, found: Collection[Undone]
) -> dict[int, tuple[GivenOut, ...]]:
    """The papers that were issued of these files while they were wrong. A paper says what is
    public: of what the public could not read none was."""
    given: dict[int, tuple[GivenOut, ...]] = {}
    codes = {code for one in found for code in one.codes}
    papers = list(IssuedPaper.objects.filter(about__in=codes).order_by("-issued_at"))
    noted = Entry.objects.filter(
        action="paper.issued", thing__in=[f"paper/{paper.number}" for paper in papers]
    )
    by = dict(noted.values_list("thing", "actor"))
    for one in found:
        public = [file for file in one.files if _public_could_read(declarations, file)]
        given[one.number] = tuple(
            GivenOut(
                number=paper.number,
                about=paper.about,
                issued_at=paper.issued_at,
                asked_by=paper.asked_by,
                actor=by.get(f"paper/{paper.number}", ""),
            )
            for paper in papers
            if any(f.code == paper.about and f.since <= paper.issued_at < f.until for f in public)
        )
    return given
