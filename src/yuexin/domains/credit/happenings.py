"""What became public, was corrected and ended, by day: of one file, and of all.

Everything is read from the public projection as it is now: what was withdrawn, or is shown no more,
has no history. Where the entry is gone, only a decision that removed it from its list is told, and
of whatever else was taken down before its time for some days that it was, with nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.publicity import listed_row
from yuexin.domains.credit.removals import REMOVED, as_asked, of_removal, removals_of
from yuexin.domains.credit.rows import COLUMNS
from yuexin.domains.credit.statements import SHOWN
from yuexin.domains.credit.types import Entry
from yuexin.domains.credit.withdrawals import WITHDRAWN, of_withdrawal
from yuexin.engines.declare.types import SOLE_TRADERS, Announcement

What = Literal["published", "corrected", "ended", "removed", "withdrawn"]
GONE: Final[frozenset[What]] = frozenset({"removed", "withdrawn"})
"""What happened to records that are public no more."""
WORDS: Final[Mapping[What, Text]] = {
    "published": Text("公开", "Published"),
    "corrected": Text("更正后公开", "Corrected"),
    "ended": Text("终止", "Ended"),
    "removed": Text("移出", "Removed"),
    "withdrawn": Text("撤下", "Taken down"),
}
# Each row happened once, when it became public as it stands; it ended when the public could see
# that: on the last day of what it says, or with the correction that said so.
OWN: Final = ", ".join(f"p.{name}" for name in COLUMNS)
HAPPENED: Final = f"""
SELECT p.subject, {OWN}, CASE WHEN p.version = 1 THEN 'published'
        WHEN p.valid_until <= p.shown_from THEN 'ended' ELSE 'corrected' END AS what,
    p.shown_from AS happened_on
FROM public_row p WHERE {SHOWN}
UNION ALL
SELECT p.subject, {OWN}, 'ended', p.valid_until FROM public_row p
WHERE {SHOWN} AND p.valid_until > p.shown_from AND p.valid_until <= %(today)s
"""
SELECTED: Final = f"""
s.code, s.name, s.sole_trader, s.named_after_person,
    {", ".join(f"h.{name}" for name in COLUMNS)}, h.what, h.happened_on
"""
NEWEST_FIRST: Final = "ORDER BY h.happened_on DESC, h.delivery DESC, h.row, h.record, h.what"
OF_SUBJECT: Final = f"""
SELECT {SELECTED}
FROM ({HAPPENED} UNION ALL {REMOVED} UNION ALL {WITHDRAWN}) h
JOIN subject s ON s.id = h.subject
WHERE (s.id = %(subject)s OR s.joined_to = %(subject)s)
    AND h.happened_on > %(after)s AND h.happened_on <= %(until)s AND h.kind = ANY(%(kinds)s)
{NEWEST_FIRST} LIMIT %(size)s OFFSET %(skip)s
"""
ANNOUNCED: Final = f"""
SELECT {{selected}}
FROM ({HAPPENED.replace("WHERE ", "WHERE p.kind = ANY(%(kinds)s) AND ")} UNION ALL {REMOVED}) h
JOIN subject s ON s.id = h.subject
WHERE EXISTS (SELECT FROM unnest(%(of)s::text[], %(whats)s::text[], %(traders)s::boolean[])
        AS said(kind, what, traders)
        WHERE said.kind = h.kind AND said.what = h.what
        AND (said.traders IS NULL OR said.traders = s.sole_trader))
    AND h.happened_on > %(after)s AND h.happened_on <= %(until)s
    AND (%(city)s = '' OR s.city = %(city)s)
"""
PAGE_SIZE: Final = 30
MOST_COUNTED: Final = 3000
EVER: Final = dt.date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to a record on a day: to one that is public now, or that it was
    removed from its list, or taken down. `name` is empty where it is a person's own, which stands
    on the file alone."""

    what: What
    on: dt.date
    code: str
    name: str
    entry: Entry

    @property
    def word(self) -> Text:
        return WORDS[self.what]

    @property
    def record(self) -> UUID | None:
        """The record that is public now; none of one that is gone."""
        return self.entry.record if self.what not in GONE else None


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A page of announcements; `total` is counted to a bound."""

    rows: tuple[Happening, ...]
    total: int
    page: int
    pages: int


def of_subject(
    *,
    reader: Reader,
    subject: UUID,
    after: dt.date = EVER,
    until: dt.date | None = None,
    most: int,
    skip: int = 0,
    known: dt.date | None = None,
) -> tuple[Happening, ...]:
    """What happened to one file on days behind `after`, the last first, as the public sees it. That
    something was taken down is told where it was public by the day `known`, if one is given."""
    values = {
        "subject": subject, "today": reader.today, "seen": known or reader.today,
        "after": after, "until": until or reader.today,
        "kinds": open_kinds(reader), "size": most, "skip": skip,
        "removals": as_asked(removals_of(reader.declarations.announcements.values())),
    }  # fmt: skip
    return _fetched(reader, OF_SUBJECT, values)


def announced(
    *,
    reader: Reader,
    announcements: tuple[Announcement, ...],
    city: str,
    after: dt.date,
    until: dt.date,
    page: int,
) -> Announced:
    """What was announced by these headings on the days behind `after`, up to `until`."""
    values = _by_headings(reader, announcements, city, after, until)
    total = _counted({**values, "bound": MOST_COUNTED})
    pages = max(1, -(-total // PAGE_SIZE))
    page = max(1, min(page, pages))
    paged = f"{ANNOUNCED.format(selected=SELECTED)} {NEWEST_FIRST} LIMIT %(size)s OFFSET %(skip)s"
    values |= {"size": PAGE_SIZE, "skip": (page - 1) * PAGE_SIZE}
    rows = _fetched(reader, paged, values) if total else ()
    return Announced(rows=rows, total=total, page=page, pages=pages)


def counted(
    *,
    reader: Reader,
    announcements: tuple[Announcement, ...],
    after: dt.date,
    until: dt.date,
) -> int:
    """How much that was announced by these headings on the days behind `after`, up to `until`, the
    public sees now."""
    return _counted({**_by_headings(reader, announcements, "", after, until), "bound": None})


def _by_headings(
    reader: Reader,
    announcements: tuple[Announcement, ...],
    city: str,
    after: dt.date,
    until: dt.date,
) -> dict[str, Any]:
    opened = set(open_kinds(reader))
    told: list[tuple[str, What, bool | None]] = [
        (kind, what, SOLE_TRADERS[one.only.get(kind, "any")])
        for one in announcements for kind in one.kinds for what in one.when
        if kind in opened
    ]  # fmt: skip
    left = [one for one in removals_of(announcements) if one.kind in opened]
    told += [(one.kind, "removed", None) for one in left]
    return {
        "removals": as_asked(left),
        "of": [kind for kind, _, _ in told], "whats": [what for _, what, _ in told],
        "traders": [traders for _, _, traders in told],
        "kinds": sorted({kind for kind, _, _ in told}), "today": reader.today, "city": city,
        "after": after, "until": until,
    }  # fmt: skip


def _counted(values: Mapping[str, Any]) -> int:
    count = f"SELECT count(*) FROM ({ANNOUNCED.format(selected='1')} LIMIT %(bound)s) c"
    with connection.cursor() as cursor:
        cursor.execute(count, values)
        found: int = cursor.fetchone()[0]
    return found


def open_kinds(reader: Reader) -> list[str]:
    """The kinds that a reader may see at all."""
    return [kind for kind in reader.declarations.kinds if reader.opens(kind)]


def _fetched(reader: Reader, statement: str, values: Mapping[str, Any]) -> tuple[Happening, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    return tuple(_happening(reader, row) for row in found)


def _happening(reader: Reader, found: Any) -> Happening:
    *rest, what, on = found
    row = listed_row(reader, rest)
    told = TELLING.get(what, _as_it_is)
    entry = told(row.entry)
    return Happening(what=what, on=on, code=row.code, name=row.name, entry=entry)


def _as_it_is(entry: Entry) -> Entry:
    return entry


TELLING: Final[Mapping[What, Callable[[Entry], Entry]]] = {
    "removed": of_removal,
    "withdrawn": of_withdrawal,
}
"""How an entry that is public no more is told of."""
