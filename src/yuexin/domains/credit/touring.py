"""The stops of a tour through one agency's late penalty, found in what is delivered."""

from __future__ import annotations

from typing import Final

from django.db import connection

from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.timely import FRESH, LATE, clocks
from yuexin.domains.credit.types import Tour

# A late record of a company whose delivery also had a row that went back; else the latest of all.
STOPS: Final = f"""
SELECT p.agency, s.code, s.name, p.record, p.delivery, p.row, q.delivery, q.row
FROM (SELECT p.*, {LATE} AS late FROM {FRESH}) p
JOIN subject s ON s.id = p.subject AND NOT s.sole_trader AND NOT s.named_after_person
LEFT JOIN LATERAL (
    SELECT q.delivery, q.row FROM quarantined q JOIN delivery d ON d.number = q.delivery
    WHERE d.agency = p.agency
    ORDER BY q.delivery <> p.delivery, abs(q.row - p.row), q.delivery DESC LIMIT 1
) q ON true
ORDER BY p.late DESC, (p.kind = ANY(%(adverse)s)) DESC, (q.delivery = p.delivery) DESC NULLS LAST,
    p.event_date DESC, p.record
LIMIT 1
"""


def tour(*, reader: Reader) -> Tour | None:
    """One late record with its delivery and a rejected neighbour; none where nothing is there."""
    kinds = reader.declarations.kinds.values()
    adverse = [kind.id for kind in kinds if kind.adverse and not kind.adverse_when]
    with connection.cursor() as cursor:
        cursor.execute(STOPS, {**clocks(reader), "adverse": adverse})
        found = cursor.fetchone()
    if found is None:
        return None
    agency, code, name, record, delivery, row, other_delivery, other_row = found
    return Tour(
        agency=agency,
        label=reader.declarations.agencies[agency].label,
        code=code,
        name=name,
        record=record,
        delivery=delivery,
        row=row,
        rejected=(other_delivery, other_row) if other_delivery else None,
    )
