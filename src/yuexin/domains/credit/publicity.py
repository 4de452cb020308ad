"""What agencies have delivered and published: the agencies' pages and the front page's line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader, entry_of
from yuexin.domains.credit.rows import COLUMNS, Row
from yuexin.domains.credit.statements import SHOWN
from yuexin.domains.credit.types import (
    AgencySummary,
    PublicityPage,
    PublicityRow,
    ResourceSummary,
    Totals,
)
from yuexin.engines.declare.types import RecordKind
from yuexin.engines.deliveries.queries import Freshness, remembered

PAGE_SIZE = 30
DEEPEST_PAGE = 1_000
OpenRows = dict[tuple[str, str], tuple[int, int]]
NONE_OPEN = (0, 0)
CYCLES: Final[Mapping[str, Text]] = {
    "real_time": Text("实时", "real time"),
    "daily": Text("每日", "daily"),
    "weekly": Text("每周", "weekly"),
    "monthly": Text("每月", "monthly"),
    "quarterly": Text("每季", "quarterly"),
    "yearly": Text("每年", "yearly"),
    "once": Text("一次", "once"),
}

COUNT_BY_KIND = (
    f"SELECT kind, count(*) FROM public_row WHERE agency = %(agency)s AND {SHOWN} GROUP BY kind"
)
PAGE = f"""
SELECT s.code, s.name, s.sole_trader, s.named_after_person,
    {", ".join(f"p.{name}" for name in COLUMNS)}
FROM (
    SELECT * FROM public_row WHERE agency = %(agency)s AND kind = %(kind)s AND {SHOWN}
    ORDER BY event_date DESC, record LIMIT %(size)s OFFSET %(skip)s
) p JOIN subject s ON s.id = p.subject
ORDER BY p.event_date DESC, p.record
"""
# The rows that wait now, and the rejected ones that an agency has to deliver again. The same
# content counts once, in the latest batch with it.
# A batch is a delivery with those linked to it, and to those. Each row of a later one answers one
# that was open before it, and whether it is sound is counted by itself; so what is open in the end
# is the most that any of them leaves after all that came behind it. One that takes a row back
# answers none: what it took back is gone.
# Of contents their hashes are compared: a million rows sorted as a whole took three times as long.
# Both tables are the collection domain's; only their numbers are read here.
OPEN_ROWS = """
WITH RECURSIVE batch AS (
    SELECT d.number, d.number AS root, d.agency, d.resource
    FROM delivery d LEFT JOIN delivery l ON l.number = d.linked_to_id
    WHERE (d.agency, d.resource) IS DISTINCT FROM (l.agency, l.resource)
    UNION ALL
    SELECT d.number, b.root, d.agency, d.resource
    FROM delivery d JOIN batch b ON d.linked_to_id = b.number
        AND (d.agency, d.resource) = (b.agency, b.resource)
), content AS (
    SELECT deliveries, count(*) AS rows
    FROM (
        SELECT array_agg(DISTINCT delivery) AS deliveries
        FROM quarantined GROUP BY jsonb_hash_extended(raw, 0)
    ) each_one
    GROUP BY deliveries
), held AS (
    SELECT c.rows, b.number, b.root, first_value(b.root) OVER (
        PARTITION BY c.deliveries, b.agency, b.resource ORDER BY b.number DESC) AS latest
    FROM content c, unnest(c.deliveries) AS of(number) JOIN batch b USING (number)
), rejected AS (
    SELECT number, sum(rows) AS rows FROM held WHERE root = latest GROUP BY number
), answered AS (
    SELECT l.number, r.rows_received AS rows
    FROM delivery l JOIN receipt r ON r.delivery = l.number
    WHERE r.state = 'folded' AND l.linked_to_id IS NOT NULL AND l.intent <> 'withdraw'
), left_open AS (
    SELECT b.root, sum(coalesce(j.rows, 0)) OVER back
        - sum(coalesce(a.rows, 0)) OVER back + coalesce(a.rows, 0) AS rows
    FROM batch b LEFT JOIN rejected j USING (number) LEFT JOIN answered a USING (number)
    WHERE b.root IN (SELECT root FROM batch JOIN rejected USING (number))
    WINDOW back AS (PARTITION BY b.root ORDER BY b.number DESC)
)
SELECT agency, resource, sum(waiting)::bigint, sum(returned)::bigint
FROM (
    SELECT agency, resource, count(*) AS waiting, 0 AS returned
    FROM waiting GROUP BY agency, resource
    UNION ALL
    SELECT d.agency, d.resource, 0, greatest(max(o.rows), 0)
    FROM left_open o JOIN delivery d ON d.number = o.root GROUP BY d.number
) counted
GROUP BY agency, resource
"""
TOTALS = f"""
SELECT (SELECT count(*) FROM subject WHERE joined_to IS NULL),
    (SELECT count(*) FROM public_row WHERE {SHOWN}),
    count(DISTINCT agency), count(*), coalesce(sum(rows_received), 0)::bigint,
    coalesce(sum(rows_unchanged), 0)::bigint, coalesce(sum(rows_changed), 0)::bigint,
    max(received_at)
FROM delivery d LEFT JOIN receipt r ON r.delivery = d.number AND r.state = 'folded'
"""


def agencies(*, reader: Reader) -> tuple[AgencySummary, ...]:
    """Every agency that provides something, with what it delivered and what it shows."""
    found = []
    open_rows = _open_rows()
    for agency in reader.declarations.agencies.values():
        if rows := _provided(reader, agency.id):
            shown = sum(_counts(reader, agency.id).values())
            found.append(_summary(reader, agency.id, rows, open_rows, shown))
    return tuple(found)


def publicity(*, reader: Reader, agency: str, kind: str, page: int) -> PublicityPage | None:
    """One kind of record that an agency published, newest first."""
    if agency not in reader.declarations.agencies:
        return None
    counts = _counts(reader, agency)
    kinds = sorted(
        (k for k in reader.declarations.kinds.values() if counts.get(k.id)), key=_decisions_first
    )
    if kind and kind not in reader.declarations.kinds:
        return None
    chosen = kind or (kinds[0].id if kinds else "")
    total = counts.get(chosen, 0)
    pages = min(-(-total // PAGE_SIZE), DEEPEST_PAGE)
    page = max(1, min(page, pages or 1))
    return PublicityPage(
        agency=agency,
        label=reader.declarations.agencies[agency].label,
        kind=chosen,
        kinds=tuple((k.id, k.label_of_all, counts[k.id]) for k in kinds),
        page=page,
        pages=pages,
        total=total,
        rows=_page(reader, agency, chosen, page) if total else (),
    )


def totals(*, reader: Reader) -> Totals:
    """The front page's lines, as of now."""
    open_rows = _open_rows().values()
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"today": reader.today})
        subjects, records, agency_count, deliveries, rows, repeated, changed, last = (
            cursor.fetchone()
        )
    return Totals(
        subjects=subjects,
        records=records,
        agencies=agency_count,
        deliveries=deliveries,
        rows=rows,
        waiting=sum(waiting for waiting, _ in open_rows),
        returned=sum(returned for _, returned in open_rows),
        repeated=repeated,
        changed=changed,
        last_received_at=last,
    )


def _provided(reader: Reader, agency: str) -> tuple[Freshness, ...]:
    """What the agency provides; a resource for trials only once it was delivered."""
    resources = reader.declarations.resources
    return tuple(
        item
        for item in reader.freshness
        if item.agency == agency and (item.deliveries or not resources[item.resource].testing_only)
    )


def _decisions_first(kind: RecordKind) -> tuple[bool, bool]:
    """Penalties, then licences: what has to be published within seven working days."""
    return (not kind.publish_within, not kind.adverse)


def _open_rows() -> OpenRows:
    return remembered(key=("open rows",), count=_counted_open_rows)


def _counted_open_rows() -> OpenRows:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ROWS)
        return {(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()}


def _counts(reader: Reader, agency: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_BY_KIND, {"agency": agency, "today": reader.today})
        return {kind: count for kind, count in cursor.fetchall() if reader.opens(kind)}


def _page(reader: Reader, agency: str, kind: str, page: int) -> tuple[PublicityRow, ...]:
    values: dict[str, Any] = {
        "agency": agency,
        "kind": kind,
        "today": reader.today,
        "size": PAGE_SIZE,
        "skip": (page - 1) * PAGE_SIZE,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAGE, values)
        return tuple(listed_row(reader, found) for found in cursor.fetchall())


def listed_row(reader: Reader, found: Any) -> PublicityRow:
    """A row of a list: what is found of a sole trader there does not lead to a person's name."""
    code, name, sole_trader, named_after_person, *rest = found
    values = dict(zip(COLUMNS, rest, strict=True))
    values["body"] = json.loads(values["body"])
    if named_after_person:
        values["body"] = {k: v for k, v in values["body"].items() if name not in str(v)}
        name = ""
    entry = entry_of(reader, Row(**values), sole_trader=sole_trader)
    return PublicityRow(code=code, name=name, entry=entry)


def _summary(
    reader: Reader, agency: str, rows: tuple[Freshness, ...], open_rows: OpenRows, shown: int
) -> AgencySummary:
    resources = reader.declarations.resources
    return AgencySummary(
        agency=agency,
        label=reader.declarations.agencies[agency].label,
        resources=tuple(
            ResourceSummary(
                resource=f.resource,
                label=resources[f.resource].label,
                code=resources[f.resource].code,
                cycle=CYCLES[resources[f.resource].cycle],
                deliveries=f.deliveries,
                rows=f.rows,
                waiting=open_rows.get((agency, f.resource), NONE_OPEN)[0],
                returned=open_rows.get((agency, f.resource), NONE_OPEN)[1],
                last_received_at=f.last_received_at,
                due=f.due,
                late_since=f.late_since,
                provisional=f.provisional,
            )
            for f in rows
        ),
        shown=shown,
    )
