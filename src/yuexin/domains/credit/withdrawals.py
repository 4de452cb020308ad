"""That something was taken down before its time, as an event that repeats nothing of it.

Whoever follows a file, or reads a feed, was told that a record became public: for some days he is
told that it is public no more, and which of his entries tell of it. Of what kind it was, and what
it said, is not told to whoever did not know it. What a removal tells of is not told twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.text import Text
from yuexin.domains.credit.types import Entry

DAYS: Final = 30
"""For so many days, as long as announcements are told."""
MOST: Final = 2000
"""So many entries, the latest, a feed names at once."""
TAKEN_DOWN: Final = Text("一条此前公开的记录", "A record that was public before")
PLATFORM: Final = Text("粤信", "Yuexin")
SAME_FACT: Final = "({v}.subject, {v}.kind, {v}.source_key) = (o.subject, o.kind, o.source_key)"
GONE_ON: Final = "(t.ended_at AT TIME ZONE 'Asia/Shanghai')::date"
WITHDRAWN: Final = f"""
SELECT t.subject, t.record, t.kind, d.agency, d.resource, NULL::date, NULL::date, NULL::date,
    NULL::date, t.ended_at, o.delivery, o.row, '{{}}'::jsonb, 'withdrawn', {GONE_ON}
FROM taken_down t JOIN record o ON o.id = t.record JOIN delivery d ON d.number = o.delivery
WHERE t.shown_from <= %(seen)s AND {GONE_ON} > %(today)s::date - {DAYS}
    AND NOT EXISTS (
        SELECT FROM record n WHERE {SAME_FACT.format(v="n")} AND n.superseded_at IS NULL AND (
            EXISTS (SELECT FROM public_row p WHERE p.record = n.id)
            OR EXISTS (
                SELECT FROM jsonb_to_recordset(%(removals)s::jsonb)
                    AS said (kind text, says jsonb, days integer, traders boolean)
                JOIN subject m ON m.id = n.subject
                WHERE said.kind = n.kind AND n.body @> said.says
                    AND (n.body->>'remove_date')::date + said.days > {GONE_ON}
                    AND (said.traders IS NULL OR said.traders = m.sole_trader))))
"""
# Every entry of a feed that told of a version of what was taken down.
TOLD_BEFORE: Final = f"""
SELECT v.id, t.ended_at, CASE WHEN v.version = 1 THEN 'published'
        WHEN v.valid_until <= known_on THEN 'ended' ELSE 'corrected' END,
    coalesce(v.valid_until > known_on AND v.valid_until <= {GONE_ON}, false)
FROM taken_down t JOIN record o ON o.id = t.record JOIN subject s ON s.id = t.subject
JOIN record v ON {SAME_FACT.format(v="v")} AND v.version <= o.version
    AND v.superseded_at IS NOT NULL
CROSS JOIN LATERAL (SELECT (v.known_at AT TIME ZONE 'Asia/Shanghai')::date AS known_on) since
WHERE t.shown_from IS NOT NULL AND t.ended_at > %(after)s AND t.ended_at <= %(now)s
    AND t.kind = ANY(%(kinds)s) AND {{which}}
ORDER BY t.ended_at DESC, v.version DESC, v.id LIMIT {MOST}
"""
OF_FILE: Final = "(s.id = %(subject)s OR s.joined_to = %(subject)s)"
OF_CITY: Final = "(%(city)s = '' OR s.city = %(city)s)"


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """An entry of a feed that tells of what was taken down since: what it told of which record."""

    what: str
    record: UUID
    at: dt.datetime

    @property
    def entry(self) -> str:
        """The name of the entry in feeds."""
        return named(self.what, self.record)


def named(what: str, record: UUID) -> str:
    """What the entry is called by which a feed tells this of a record, always the same."""
    return f"urn:yuexin:{what}:{record}"


def of_withdrawal(entry: Entry) -> Entry:
    """The entry as its withdrawal tells of it: nothing of what it said, nor of which kind it was,
    nor whose it was."""
    return replace(
        entry, kind="", kind_label=TAKEN_DOWN, adverse=False, headline=TAKEN_DOWN, marks=(),
        facts=(), basis=(), remedies=(), source=replace(entry.source, agency_label=PLATFORM),
    )  # fmt: skip


def withdrawn_of_file(
    *, subject: UUID, kinds: Collection[str], now: dt.datetime
) -> tuple[Withdrawn, ...]:
    """The entries that told of what was taken down of a file in the last days, the last first."""
    return tuple(_withdrawn(OF_FILE, kinds, now, subject=subject))


def withdrawn_of_all(
    *, city: str, kinds: Collection[str], now: dt.datetime
) -> tuple[Withdrawn, ...]:
    """The same of all, in a city where one is named."""
    return tuple(_withdrawn(OF_CITY, kinds, now, city=city))


def _withdrawn(
    which: str, kinds: Collection[str], now: dt.datetime, **values: Any
) -> Iterator[Withdrawn]:
    after = now - dt.timedelta(days=DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            TOLD_BEFORE.format(which=which),
            {"kinds": list(kinds), "after": after, "now": now, **values},
        )
        for record, at, what, ended in cursor.fetchall():
            yield Withdrawn(what=what, record=record, at=at)
            if ended:
                yield Withdrawn(what="ended", record=record, at=at)
