"""Reads of checks: those of one's own body, whole; of others nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Final, cast

from django.db.models import Count, Q

from yuexin.domains.credit.handling.feedback import ACKNOWLEDGED, own_check
from yuexin.domains.credit.handling.models import (
    HandlingAct,
    HandlingCheck,
    HandlingFeedback,
    HandlingTrigger,
)
from yuexin.domains.credit.handling.types import TO_ACKNOWLEDGE, Answer, Check, Overall
from yuexin.domains.credit.handling.written import from_json
from yuexin.engines.access.operations import note_all
from yuexin.engines.access.queries import handles_for, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

PAGE_SIZE: Final = 50
NUMBER: Final = re.compile(r"HC(\d{8})(\d{10})")
SHORTEST_DIGEST: Final = 16


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What was reported of one measure, by when."""

    subject: str
    measure: str
    at: dt.datetime
    applied: bool
    result: str
    done_on: dt.date | None
    doc_no: str
    basis: str
    reason: str
    withdrawn_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Signed:
    """When a refusal was signed, and for which body."""

    at: dt.datetime
    agency: str


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A check, and what came of it so far. `signed` are the subjects whose refusal is signed."""

    check: Check
    acknowledged_at: dt.datetime | None
    reported: dict[tuple[str, str], Reported]
    signed: dict[str, Signed]
    owed: int

    def open_of(self, one: Answer) -> int:
        """How many measures and easings of a subject are not reported on yet."""
        named = {hit.measure for hit in (*one.hits, *one.easings)}
        return sum((one.code, measure) not in self.reported for measure in named)

    def next_after(self, code: str) -> Answer | None:
        """The subject to be answered for next, the gravest first from the one of this code on, then
        from the beginning; none where nothing is left."""
        ranked = self.check.ranked
        place = next((n for n, one in enumerate(ranked) if one.code == code), -1)
        turned = (*ranked[place + 1 :], *ranked[: place + 1])
        return next((one for one in turned if self.open_of(one)), None)

    def overdue(self, on: dt.date) -> bool:
        return self.owed > 0 and on > self.check.due


@dataclass(frozen=True, kw_only=True)
class Line:
    """A check in a list: how many measures it called for, and how many are not reported on; `look`:
    nothing graver is said than that a person has to look."""

    number: str
    at: dt.datetime
    scene: str
    item: str
    case_no: str
    subjects: int
    overall: Overall
    due: dt.date
    look: bool
    triggered: int
    owed: int
    to_acknowledge: bool


def followed(
    *, declarations: Declarations, actor: Actor, number: str, now: dt.datetime
) -> Followed:
    """A check of the actor's own body, with what was reported: a look that each subject learns of.
    Raises a `Refusal` for any other."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    note_read(actor=actor, check=check_of(row), now=now)
    triggers = HandlingTrigger.objects.filter(check_no=row).select_related("feedback")
    done = [one for one in triggers if hasattr(one, "feedback")]
    acts = list(HandlingAct.objects.filter(check_no=row))
    return Followed(
        check=check_of(row),
        acknowledged_at=next((one.at for one in acts if one.kind == ACKNOWLEDGED), None),
        reported={(one.subject, one.measure): _reported(one, one.feedback) for one in done},
        signed={
            one.subject: Signed(at=one.at, agency=one.agency)
            for one in acts
            if one.kind == "refusal_signed"
        },
        owed=len(triggers) - len(done),
    )


def note_read(*, actor: Actor, check: Check, now: dt.datetime) -> None:
    """Journal that a kept answer was read again."""
    codes = dict.fromkeys(code for one in check.subjects for code in (one.code, *one.codes) if code)
    if codes:
        note_all(
            stream="look", actor=actor, action="check.read", check=check.number, now=now,
            things=[f"subject/{code}" for code in codes],
        )  # fmt: skip


def check_of(row: HandlingCheck) -> Check:
    """The check as it was kept."""
    return from_json(Check, {**json.loads(row.answer), "digest": row.digest})


def answer_of(*, declarations: Declarations, actor: Actor, number: str) -> tuple[str, str]:
    """The kept answer of a check of one's own body, word for word, and its digest; beside what was
    `followed`, which journals the look."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    return row.answer, row.digest


def checks_of(
    *, declarations: Declarations, actor: Actor, owing: bool, page: int
) -> tuple[tuple[Line, ...], int]:
    """The checks of the actor's body, those first that are due first where they are `owing`, else
    the last first; and how many pages of them there are."""
    require_room(declarations=declarations, actor=actor, room="handling")
    rows = HandlingCheck.objects.filter(
        agency__in=handles_for(declarations=declarations, actor=actor)
    ).annotate(
        triggered=Count("triggers"),
        owed=Count("triggers", filter=Q(triggers__feedback=None)),
    )
    rows = rows.filter(owed__gt=0).order_by("due", "at") if owing else rows.order_by("-at")
    start = (page - 1) * PAGE_SIZE
    found = list(rows.defer("answer", "asked")[start : start + PAGE_SIZE])
    noted = set(
        HandlingAct.objects.filter(check_no__in=found, kind=ACKNOWLEDGED).values_list(
            "check_no_id", flat=True
        )
    )
    return tuple(_line(row, noted) for row in found), -(-rows.count() // PAGE_SIZE)


def proves(*, number: str, digest: str) -> dt.datetime | None:
    """When a check was made, for whoever has its number and the digest of its answer, or the first
    sixteen digits of that; none where both do not belong together. Of its content nothing."""
    read = read_number(number)
    given = "".join(c for c in digest.lower() if c in "0123456789abcdef")
    if not read or len(given) < SHORTEST_DIGEST:
        return None
    row = HandlingCheck.objects.filter(number=read).only("at", "digest").first()
    return row.at if row and row.digest.startswith(given) else None


def read_number(typed: str) -> str:
    """A number as it was given out, however it was typed; '' for what is none."""
    plain = "".join(c for c in typed.upper()[:64] if c.isascii() and c.isalnum())
    form = NUMBER.fullmatch(plain)
    return f"HC{form[1]}-{form[2]}" if form else ""


def _reported(trigger: HandlingTrigger, row: HandlingFeedback) -> Reported:
    return Reported(
        subject=trigger.subject, measure=trigger.measure, at=row.at, applied=row.applied,
        result=row.result, done_on=row.done_on, doc_no=row.doc_no, basis=row.basis,
        reason=row.reason, withdrawn_on=row.withdrawn_on,
    )  # fmt: skip


def _line(row: HandlingCheck, noted: set[str]) -> Line:
    return Line(
        number=row.number, at=row.at, scene=row.scene, item=row.item, case_no=row.case_no,
        subjects=row.subjects, overall=cast(Overall, row.overall), due=row.due,
        look=row.must_ack and row.overall not in TO_ACKNOWLEDGE,
        triggered=row.triggered,  # type: ignore[attr-defined]
        owed=row.owed,  # type: ignore[attr-defined]
        to_acknowledge=row.must_ack and row.number not in noted,
    )  # fmt: skip
