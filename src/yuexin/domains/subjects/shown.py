"""Who was shown a file while it said what it says no more, and who has confirmed that he knows.

Who was shown what is read from the journal here and nowhere else. Only the confirmation is new: an
entry of the journal. Who read a public page is not known and not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.db import connection
from django.db.models import Min

from yuexin.engines.access.models import Entry

Confirmed = Mapping[tuple[int, str], dt.datetime]
"""By the number of what was told and the actor, when he confirmed it first."""
# A look at a day before the span showed the file without what is meant; of an `always` one it
# stands on every day.
LOOKS: Final = """
SELECT w.number, w.code, e.actor, e.at, coalesce(e.detail->>'body', ''),
    coalesce(e.detail->>'role', ''), coalesce(e.detail->>'purpose', '')
FROM unnest(%(numbers)s::bigint[], %(codes)s::text[], %(since)s::timestamptz[],
            %(until)s::timestamptz[], %(always)s::boolean[]) w(number, code, since, until, always)
JOIN journal_entry e ON e.thing = 'subject/' || w.code
WHERE e.stream = 'look' AND e.action IN ('file.read', 'file.checked', 'proposal.read')
    AND e.at >= w.since AND e.at < w.until
    AND (%(actor)s = '' OR e.actor = %(actor)s)
    AND (w.always OR coalesce((e.detail->>'on')::date, 'infinity')
        >= (w.since AT TIME ZONE 'Asia/Shanghai')::date)
ORDER BY w.number, e.id DESC
"""


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when to before when a file said what is meant, which is numbered; `always`: it says so
    on whatever day one looks at."""

    number: int
    code: str
    since: dt.datetime
    until: dt.datetime
    always: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A look at a file within a span: what was read, under which code, by whom, and why."""

    code: str
    actor: str
    at: dt.datetime
    body: str
    role: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Somebody who was shown it so often, the last time `last_at`, and when he confirmed that he
    knows; none where he has not yet."""

    actor: str
    body: str
    role: str
    purposes: tuple[str, ...]
    looks: int
    last_at: dt.datetime
    confirmed_at: dt.datetime | None


def shown_in(*, spans: Sequence[Span], by: str = "") -> dict[int, tuple[Shown, ...]]:
    """The looks within these spans, the last first, by number; of one actor, where he is named."""
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKS,
            {
                "numbers": [one.number for one in spans],
                "codes": [one.code for one in spans],
                "since": [one.since for one in spans],
                "until": [one.until for one in spans],
                "always": [one.always for one in spans],
                "actor": by,
            },
        )
        rows = cursor.fetchall()
    return {
        number: tuple(
            Shown(code=code, actor=actor, at=at, body=body, role=role, purpose=purpose)
            for _, code, actor, at, body, role, purpose in group
        )
        for number, group in groupby(rows, key=lambda row: int(row[0]))
    }


def receivers_of(number: int, shown: Sequence[Shown], confirmed: Confirmed) -> Iterator[Receiver]:
    """Each of those who looked, with his looks together."""

    def who(look: Shown) -> tuple[str, str, str]:
        return (look.actor, look.body, look.role)

    # A sort keeps the last look of each first.
    for (actor, body, role), group in groupby(sorted(shown, key=who), key=who):
        looks = list(group)
        yield Receiver(
            actor=actor,
            body=body,
            role=role,
            purposes=tuple(dict.fromkeys(look.purpose for look in looks if look.purpose)),
            # A look at a joined file stands under each of its codes.
            looks=len({look.at for look in looks}),
            last_at=looks[0].at,
            confirmed_at=confirmed.get((number, actor)),
        )


def confirmed_of(*, action: str, kind: str, numbers: Collection[int]) -> Confirmed:
    """Who confirmed by this action which of these, and when first. What is confirmed is journaled
    as a thing of this kind."""
    things = {f"{kind}/{number}": number for number in numbers}
    entries = Entry.objects.filter(stream="change", action=action, thing__in=things)
    first = entries.values_list("thing", "actor").annotate(at=Min("at"))
    return {(things[thing], actor): at for thing, actor, at in first}
