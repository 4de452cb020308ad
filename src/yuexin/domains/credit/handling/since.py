"""What of a kept answer is so no more. The answer stays as it was given; whoever reads it later is
told, so that he checks again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from yuexin.base.dates import today
from yuexin.domains.credit.handling.ending import Applied, called_no_more
from yuexin.domains.credit.handling.types import Answer, Check, Ground, Hit
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.types import latest_end
from yuexin.engines.statements.queries import fetched

ONE_DAY: Final = dt.timedelta(days=1)
REMOVED_ON: Final = "remove_date"
# Of records that stand no more as they did: the day that their last version gives for the end, and
# when that version, or that there is none any more, became known here.
REPLACED: Final = """
SELECT r.id, r.kind, max(c.body->>%(removed_on)s) FILTER (WHERE c.superseded_at IS NULL),
    coalesce(max(c.known_at) FILTER (WHERE c.superseded_at IS NULL), max(c.superseded_at))
FROM record r
JOIN record c ON c.subject = r.subject AND c.kind = r.kind AND c.source_key = r.source_key
WHERE r.id = ANY(%(records)s) AND r.superseded_at IS NOT NULL
GROUP BY r.id, r.kind
"""


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """A measure that an answer called for, and nothing calls for any more. `since` is the first day
    on which it was so, as far as the body may know it, none where nothing tells it."""

    subject: Answer
    hit: Hit
    since: dt.date | None


def lifted_since(
    *, declarations: Declarations, actor: Actor, check: Check, on: dt.date
) -> tuple[Lifted, ...]:
    """What the answer of a check called for and neither the law nor the verdicts of a day call for
    any more, in the order of the answer. What is not known or not judged for the day still stands.
    """
    hits = [(one, hit) for one in check.subjects for hit in one.hits]
    if not hits:
        return ()
    ended = called_no_more(
        declarations=declarations, applied={_applied(check, one, hit) for one, hit in hits}, on=on
    )
    gone = [(one, hit) for one, hit in hits if _applied(check, one, hit) in ended]
    days = ended_since(
        declarations=declarations, actor=replace(actor, purpose=check.scene),
        hits=[hit for _, hit in gone], on=on,
    )  # fmt: skip
    return tuple(
        Lifted(subject=one, hit=hit, since=day) for (one, hit), day in zip(gone, days, strict=True)
    )


def ended_since(
    *, declarations: Declarations, actor: Actor, hits: Sequence[Hit], on: dt.date
) -> tuple[dt.date | None, ...]:
    """Of each of these, which are called for no more, the first day without it, as far as the actor
    may know it for his purpose; none where nothing tells it."""
    left = _left_on(declarations, actor, hits)
    return tuple(_since(hit, left, on) for hit in hits)


def _applied(check: Check, one: Answer, hit: Hit) -> Applied:
    return Applied(subject=one.code, measure=hit.measure, scene=check.scene)


def _left_on(
    declarations: Declarations, actor: Actor, gone: Iterable[Hit]
) -> Mapping[str, dt.date]:
    """Since when what these rested on stands no more, by record: the day that its agency gives,
    where the body may see it, else the day on which it became known here."""
    records = {UUID(record.record) for hit in gone for record in hit.records}
    if not records:
        return {}
    values = {"records": [*records], "removed_on": REMOVED_ON}
    rows = fetched(REPLACED, values, alone=True)
    open_in = {kind: _shows_day(declarations, actor, kind) for kind in {row[1] for row in rows}}
    return {
        str(record): dt.date.fromisoformat(day) if day and open_in[kind] else today(known)
        for record, kind, day, known in rows
    }


def _shows_day(declarations: Declarations, actor: Actor, kind: str) -> bool:
    opened = disclose(declarations=declarations, actor=actor, kind=declarations.kinds[kind])
    return opened.allowed and any(one.field == REMOVED_ON for one in opened.visible)


def _since(hit: Hit, left: Mapping[str, dt.date], on: dt.date) -> dt.date | None:
    """The first day without it: the day on which the last of its grounds was gone."""
    return latest_end(_gone_on(one, left, on) for one in hit.rests_on)


def _gone_on(one: Ground, left: Mapping[str, dt.date], on: dt.date) -> dt.date | None:
    """The first day without a ground: its own time was over, or the last of its records was
    replaced."""
    if one.until and one.until < on:
        return one.until + ONE_DAY
    return max((left[record] for record in one.records if record in left), default=None)
