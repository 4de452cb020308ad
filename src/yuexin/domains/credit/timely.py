"""What was made public on a day, and what of it came too late (Opinions IV.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.present import cited
from yuexin.domains.credit.publicity import PAGE_SIZE, listed_row
from yuexin.domains.credit.rows import COLUMNS
from yuexin.domains.credit.statements import SHOWN
from yuexin.domains.credit.types import Clock, Lateness, Published, PublishedBy, PublishedRow
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import PublishWithin, RecordKind
from yuexin.engines.deliveries.queries import NO_STOCK

# A corrected record was published before.
FIRST_SHOWN: Final = f"""
p.shown_from = %(on)s AND p.version = 1 AND {SHOWN} AND p.kind = ANY(%(kinds)s)
"""
FRESH: Final = f"""
public_row p JOIN delivery d ON d.number = p.delivery WHERE {FIRST_SHOWN} AND {NO_STOCK}
"""
LATE: Final = "p.event_date <= (%(cutoffs)s::jsonb ->> p.kind)::date"
COUNTS: Final = f"""
WITH shown AS (
    SELECT p.delivery, p.agency, count(*) AS rows, count(*) FILTER (WHERE {LATE}) AS late
    FROM public_row p WHERE {FIRST_SHOWN} GROUP BY p.delivery, p.agency
)
SELECT s.agency, {NO_STOCK}, sum(s.rows)::bigint, sum(s.late)::bigint
FROM shown s JOIN delivery d ON d.number = s.delivery GROUP BY 1, 2
"""
FIRST: Final = f"""
SELECT p.kind, p.event_date, p.shown_from
FROM public_row p JOIN delivery d ON d.number = p.delivery
WHERE p.record = %(record)s AND p.version = 1 AND {NO_STOCK}
"""
PAGE: Final = f"""
SELECT s.code, s.name, s.sole_trader, s.named_after_person,
    {", ".join(f"p.{name}" for name in COLUMNS)}, p.late
FROM (
    SELECT p.*, {LATE} AS late FROM {FRESH}
        AND (%(agency)s = '' OR p.agency = %(agency)s) AND (NOT %(late)s OR {LATE})
    ORDER BY p.event_date NULLS LAST, p.record LIMIT %(size)s OFFSET %(skip)s
) p JOIN subject s ON s.id = p.subject
ORDER BY p.event_date NULLS LAST, p.record
"""


def published(
    *, reader: Reader, on: dt.date, agency: str = "", late: bool = False, page: int = 1
) -> Published:
    """What became public on a day for the first time, by agency, and a page of its rows, as far
    as it is shown today.

    `late` asks for what came after the last working day that the law of its kind allows.
    """
    values = clocks(reader, on)
    by_agency, first_loaded = _counted(reader, values)
    chosen = [item for item in by_agency if agency in ("", item.agency)]
    total = sum(item.late if late else item.published for item in chosen)
    pages = max(1, -(-total // PAGE_SIZE))
    page = max(1, min(page, pages))
    asked = {"agency": agency, "late": late, "size": PAGE_SIZE, "skip": (page - 1) * PAGE_SIZE}
    return Published(
        on=on,
        past=on < reader.today,
        agency=agency,
        late_only=late,
        clocks=tuple(_clocks(reader)),
        by_agency=by_agency,
        first_loaded=first_loaded,
        total=total,
        page=page,
        pages=pages,
        rows=_rows(reader, {**values, **asked}) if total else (),
    )


def late_since(reader: Reader, kind: RecordKind, on: dt.date) -> dt.date | None:
    """The last event date of a kind that is late when it becomes public on that day."""
    if kind.strictest is None:
        return None
    calendar = calendar_of(declarations=reader.declarations)
    day = on
    while calendar.add_workdays(day, kind.strictest.workdays).date >= on:
        day -= dt.timedelta(days=1)
    return day


def lateness(*, reader: Reader, record: UUID) -> Lateness | None:
    """By how much a record came too late when it was first made public; none where it did not."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST, {"record": record})
        found = cursor.fetchone()
    if found is None or found[1] is None:
        return None
    kind, event, shown_from = reader.declarations.kinds[found[0]], found[1], found[2]
    calendar = calendar_of(declarations=reader.declarations)
    clock = kind.strictest
    if clock is None or calendar.add_workdays(event, clock.workdays).date >= shown_from:
        return None
    return Lateness(
        clock=_clock(reader, kind, clock), workdays=calendar.workdays_between(event, shown_from)
    )


def clocks(reader: Reader, on: dt.date) -> dict[str, Any]:
    """What the statements ask for: the kinds under a clock, since when each is late that day."""
    kinds = [k for k in reader.declarations.kinds.values() if k.strictest and reader.opens(k.id)]
    cutoffs = ", ".join(f'"{k.id}": "{late_since(reader, k, on)}"' for k in kinds)
    return {
        "today": reader.today,
        "on": on,
        "kinds": [kind.id for kind in kinds],
        "cutoffs": f"{{{cutoffs}}}",
    }


def _clocks(reader: Reader) -> Iterator[Clock]:
    for kind in reader.declarations.kinds.values():
        if kind.strictest and reader.opens(kind.id):
            yield _clock(reader, kind, kind.strictest)


def _clock(reader: Reader, kind: RecordKind, strictest: PublishWithin) -> Clock:
    law = cited(laws=reader.declarations.laws, basis=(strictest.basis,), on=reader.today)
    return Clock(label=kind.label, workdays=strictest.workdays, law=law[0])


def _counted(reader: Reader, values: Mapping[str, Any]) -> tuple[tuple[PublishedBy, ...], int]:
    """What each agency made public, and how much came as stock."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, values)
        counts = cursor.fetchall()
    fresh = {agency: (rows, late) for agency, is_fresh, rows, late in counts if is_fresh}
    by_agency = tuple(
        PublishedBy(
            agency=agency.id,
            label=agency.label,
            published=fresh[agency.id][0],
            late=fresh[agency.id][1],
        )
        for agency in reader.declarations.agencies.values()
        if agency.id in fresh
    )
    return by_agency, sum(rows for _, is_fresh, rows, _ in counts if not is_fresh)


def _rows(reader: Reader, values: Mapping[str, Any]) -> tuple[PublishedRow, ...]:
    calendar = calendar_of(declarations=reader.declarations)
    with connection.cursor() as cursor:
        cursor.execute(PAGE, values)
        found = cursor.fetchall()
    rows = []
    for *row, late in found:
        listed = listed_row(reader, row)
        day = listed.entry.event_date
        taken = calendar.workdays_between(day, values["on"]) if day else None
        rows.append(PublishedRow(row=listed, workdays=taken, late=bool(late)))
    return tuple(rows)
