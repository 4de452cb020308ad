"""The stops of a tour through one agency's late penalty, found in what is delivered."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.timely import FRESH, LATE, clocks
from yuexin.domains.credit.types import Tour

# Of the late records of a day that of a company whose delivery also had a row that went back.
STOPS: Final = f"""
SELECT p.agency, s.code, s.name, p.record, p.delivery, p.row, q.delivery, q.row
FROM (SELECT p.* FROM {FRESH} AND {LATE}) p
JOIN subject s ON s.id = p.subject AND NOT s.sole_trader AND NOT s.named_after_person
LEFT JOIN LATERAL (
    SELECT q.delivery, q.row FROM quarantined q JOIN delivery d ON d.number = q.delivery
    WHERE d.agency = p.agency
    ORDER BY q.delivery <> p.delivery, abs(q.row - p.row), q.delivery DESC LIMIT 1
) q ON true
ORDER BY (p.kind = ANY(%(adverse)s)) DESC, (q.delivery = p.delivery) DESC NULLS LAST,
    p.event_date DESC, p.record
LIMIT 1
"""
DAYS: Final = """
SELECT DISTINCT shown_from FROM public_row
WHERE version = 1 AND kind = ANY(%(kinds)s) AND shown_from <= %(today)s
ORDER BY shown_from DESC LIMIT 10
"""


def tour(*, reader: Reader) -> Tour | None:
    """A record of the latest day on which something became public too late, with its delivery and
    a rejected neighbour; none where no such day is near."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, clocks(reader, reader.today))
        days = [day for (day,) in cursor.fetchall()]
    found = (_on(reader, day) for day in days)
    return next((tour for tour in found if tour), None)


def _on(reader: Reader, day: dt.date) -> Tour | None:
    kinds = reader.declarations.kinds.values()
    adverse = [kind.id for kind in kinds if kind.adverse and not kind.adverse_when]
    with connection.cursor() as cursor:
        cursor.execute(STOPS, {**clocks(reader, day), "adverse": adverse})
        found = cursor.fetchone()
    if found is None:
        return None
    agency, code, name, record, delivery, row, other_delivery, other_row = found
    return Tour(
        agency=agency,
        label=reader.declarations.agencies[agency].label,
        on=day,
        code=code,
        name=name,
        record=record,
        delivery=delivery,
        row=row,
        rejected=(other_delivery, other_row) if other_delivery else None,
    )
