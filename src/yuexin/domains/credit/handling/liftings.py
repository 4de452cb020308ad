"""Measures that nothing calls for any more: which body applied them, and who confirmed their end.

Derived from feedback and stored verdicts, as a check derives its answer; only what was told and
what was confirmed is kept.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection, transaction

from yuexin.base.dates import Calendar, period_end, today
from yuexin.base.text import Text
from yuexin.domains.credit.handling import refusals
from yuexin.domains.credit.handling.ending import Applied, called_no_more
from yuexin.domains.credit.handling.models import HandlingAct, HandlingCheck
from yuexin.domains.credit.handling.queries import check_of
from yuexin.domains.credit.handling.since import ended_since
from yuexin.domains.credit.handling.types import NO_WORDS, Hit
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import counts_handling_of, handles_for, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import CaseClock, Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Office

CONFIRMED: Final = "lifting_confirmed"
NOTICE: Final = "measure_lifted"
A_MEASURE: Final = Text("一项措施", "a measure")
A_FINDING: Final = Text("名单或认定", "a list or finding")
# What was applied and is not confirmed to have ended may have to end; `ending` decides.
APPLIED: Final = """
SELECT f.id, f.agency, t.subject, t.measure, c.number, c.scene, c.case_no, f.result, f.done_on,
    f.doc_no, (SELECT min(n.told_at) FROM notice n WHERE n.key = 'lifting/' || f.id), a.at,
    a.detail->>'withdrawn_on'
FROM handling_feedback f
JOIN handling_trigger t ON t.id = f.trigger_id
JOIN handling_check c ON c.number = t.check_no_id
LEFT JOIN handling_act a ON a.check_no_id = c.number AND a.kind = 'lifting_confirmed'
    AND a.subject = t.subject AND a.measure = t.measure
WHERE f.applied AND f.withdrawn_on IS NULL AND NOT t.incentive AND {whose}
ORDER BY a.at IS NOT NULL, f.at, f.id
"""
OF_BODIES: Final = "f.agency = ANY(%(agencies)s)"
UNCONFIRMED: Final = "a.id IS NULL AND (%(everything)s OR f.agency = ANY(%(agencies)s))"
UNTOLD: Final = (
    "a.id IS NULL AND NOT EXISTS (SELECT FROM notice n WHERE n.key = 'lifting/' || f.id)"
)


@dataclass(frozen=True, kw_only=True)
class Lifting:
    """A measure that a body applied and nothing calls for any more. `told_at` is when it was told
    so, `due` the last day on which it confirms in time, `confirmed_at` when it did."""

    id: int
    agency: str
    subject: str
    measure: str
    check: str
    scene: str
    case_no: str
    result: str
    done_on: dt.date | None
    doc_no: str
    told_at: dt.datetime | None
    due: dt.date
    confirmed_at: dt.datetime | None
    withdrawn_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A lifting in words: the entity's `name`, '' where it is a person's own; the list or finding
    on which the measure rested, and the first day without it, none where nothing tells it."""

    lifting: Lifting
    name: str
    because: Text
    since: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A body that has not confirmed so many liftings, of which so many are overdue."""

    agency: str
    open: int
    overdue: int


def liftings(*, declarations: Declarations, actor: Actor, now: dt.datetime) -> tuple[Lifting, ...]:
    """Those of the actor's own body, the open ones first, then the longest known first."""
    require_room(declarations=declarations, actor=actor, room="handling")
    bodies = handles_for(declarations=declarations, actor=actor)
    return _lifted(declarations, OF_BODIES, now, agencies=[*bodies])


def explained(
    *, declarations: Declarations, actor: Actor, lines: Sequence[Lifting], on: dt.date
) -> tuple[Explained, ...]:
    """These liftings of the actor's own body, each by the answer of its check as it was kept."""
    answered = _answered(lines)
    days: dict[int, dt.date | None] = {}
    for scene in {one.scene for one in lines}:
        some = [(one, hit) for one in lines if one.scene == scene and (hit := answered[one.id][1])]
        hits = [hit for _, hit in some]
        since = ended_since(
            declarations=declarations, actor=replace(actor, purpose=scene), hits=hits, on=on
        )
        days |= {one.id: day for (one, _), day in zip(some, since, strict=True)}
    return tuple(
        Explained(
            lifting=one, name=name, because=hit.because if hit else NO_WORDS,
            since=days.get(one.id),
        )
        for one in lines
        for name, hit in [answered[one.id]]
    )  # fmt: skip


def unconfirmed(
    *, declarations: Declarations, actor: Actor, now: dt.datetime
) -> tuple[Waiting, ...]:
    """Which bodies in the actor's reach have not confirmed, in numbers: of whom is theirs alone."""
    require_room(declarations=declarations, actor=actor, room="handling")
    scope = counts_handling_of(declarations=declarations, actor=actor)
    found = _lifted(
        declarations, UNCONFIRMED, now, agencies=[*scope.agencies], everything=scope.everything
    )
    count = Counter(one.agency for one in found)
    late = Counter(one.agency for one in found if one.due < today(now))
    return tuple(
        Waiting(agency=agency, open=count[agency], overdue=late[agency]) for agency in sorted(count)
    )


def confirm_lifting(
    *, declarations: Declarations, actor: Actor, lifting: int, withdrawn_on: dt.date,
    now: dt.datetime,
) -> HandlingAct:  # fmt: skip
    """Confirm that a measure has ended, and on which day; said again, it stands as said first.
    Raises a `Refusal` where there is no such lifting of the actor's body."""
    found = next(
        (
            one
            for one in liftings(declarations=declarations, actor=actor, now=now)
            if one.id == lifting
        ),
        None,
    )
    if found is None:
        raise refusals.no_such_lifting(str(lifting))
    if withdrawn_on > today(now) or (found.done_on and withdrawn_on < found.done_on):
        raise refusals.incomplete(
            "withdrawn_on",
            Text(
                "解除日期须在实施日期之后、今天或之前",
                "a measure ends after it was applied, and no later than today",
            ),
        )
    with transaction.atomic():
        act, made = HandlingAct.objects.get_or_create(
            check_no_id=found.check, kind=CONFIRMED, subject=found.subject,
            measure=found.measure,
            defaults={
                "at": now, "actor": actor.id, "agency": actor.agency,
                "detail": {"withdrawn_on": withdrawn_on.isoformat()},
            },
        )  # fmt: skip
        if made:
            note(
                stream="change", actor=actor, action="lifting.confirmed",
                thing=f"check/{found.check}", now=now, subject=found.subject,
                measure=found.measure,
            )  # fmt: skip
    return act


def tell_liftings(*, declarations: Declarations, now: dt.datetime) -> int:
    """Tell every body once of each measure it applied that nothing calls for any more. Returns how
    many were told now."""
    found = _lifted(declarations, UNTOLD, now)
    return sum(_tell(declarations, one, now) for one in found)


def _answered(lines: Iterable[Lifting]) -> Mapping[int, tuple[str, Hit | None]]:
    """Of each lifting the name and the measure, as its check answered them."""
    rows = HandlingCheck.objects.in_bulk([one.check for one in lines])
    checks = {number: check_of(row) for number, row in rows.items()}
    found = {one.id: checks[one.check].of(one.subject) for one in lines}
    return {
        one.id: (
            answer.name if answer else "",
            next((hit for hit in answer.hits if hit.measure == one.measure), None)
            if answer
            else None,
        )
        for one in lines
        for answer in [found[one.id]]
    }


def _tell(declarations: Declarations, one: Lifting, now: dt.datetime) -> int:
    name, hit = _answered([one])[one.id]
    return tell(
        declarations=declarations,
        notice=NOTICE,
        to=Office(agency=one.agency),
        values={
            "name": name or one.subject, "code": one.subject, "number": one.check,
            "measure": hit.label if hit else A_MEASURE,
            "because": hit.because if hit else A_FINDING, "due": one.due.isoformat(),
        },
        about=f"subject/{one.subject}",
        key=f"lifting/{one.id}",
        now=now,
    )  # fmt: skip


def _lifted(
    declarations: Declarations, whose: str, now: dt.datetime, **values: Any
) -> tuple[Lifting, ...]:
    on = today(now)
    with connection.cursor() as cursor:
        cursor.execute(APPLIED.format(whose=whose), values)
        rows = cursor.fetchall()
    assert declarations.handling is not None
    calendar, clock = calendar_of(declarations=declarations), declarations.handling.lifting
    found = [_lifting(row, calendar, clock, on) for row in rows]
    ended = called_no_more(
        declarations=declarations,
        applied={_applied(one) for one in found if not one.confirmed_at},
        on=on,
    )
    return tuple(one for one in found if one.confirmed_at or _applied(one) in ended)


def _applied(one: Lifting) -> Applied:
    return Applied(subject=one.subject, measure=one.measure, scene=one.scene)


def _lifting(row: tuple[Any, ...], calendar: Calendar, clock: CaseClock, on: dt.date) -> Lifting:
    *first, told_at, confirmed_at, withdrawn = row
    names = (
        "id", "agency", "subject", "measure", "check", "scene", "case_no", "result", "done_on",
        "doc_no",
    )  # fmt: skip
    since = today(told_at) if told_at else on
    return Lifting(
        **dict(zip(names, first, strict=True)),
        told_at=told_at,
        due=period_end(unit=clock.unit, amount=clock.limit, on=since, calendar=calendar).date,
        confirmed_at=confirmed_at,
        withdrawn_on=dt.date.fromisoformat(withdrawn) if withdrawn else None,
    )
