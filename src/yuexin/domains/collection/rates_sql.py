"""The statements of the rates of publicity: what came when, and what others say was decided."""

from __future__ import annotations

from yuexin.domains.collection.quality_sql import MONTH_OF_DELIVERY, SEEN
from yuexin.engines.deliveries.queries import NO_STOCK

# What a case decided here is made and shown in one act: it can be neither late nor unsound, and
# says nothing of how an agency delivers.
DELIVERED = "d.channel <> 'case'"

# New events under a clock of the law, in time or not, and rows by whether they were sound.
COUNTED = f"""
SELECT {MONTH_OF_DELIVERY}, d.agency, m.measure,
    sum(m.numerator)::bigint, sum(m.denominator)::bigint
FROM delivery_measure m JOIN delivery d ON d.number = m.delivery
WHERE {SEEN} AND {DELIVERED} AND d.resource = ANY(%(resources)s)
    AND (m.measure = 'rejected' OR m.measure = 'timely' AND {NO_STOCK})
GROUP BY 1, 2, 3
"""

# A number as two agencies write it: without spaces, whatever brackets stand around the year.
_NUMBER = "translate(upper({value}), '[]【】（）()〔〕 　', '〔〕〔〕〔〕〔〕〔〕')"

# Decisions that records of another kind name, each since when, and every row in which one of that
# number came: placed, waiting or sent back. What was delivered is concealed no more, wherever its
# row lies.
NAMED = f"""
WITH named AS (
    SELECT coalesce(s.joined_to, s.id) AS file,
        {_NUMBER.format(value="r.body->>%(field)s")} AS number,
        r.body->>%(field)s AS written, coalesce(r.body->>%(by)s, '') AS decider, d.agency AS teller,
        max(coalesce((r.body->>%(dated)s)::date, r.event_date)) AS decided,
        min(r.known_at) AS found_at, (array_agg(r.id ORDER BY r.version DESC))[1] AS record
    FROM record r JOIN delivery d ON d.number = r.delivery JOIN subject s ON s.id = r.subject
    WHERE r.kind = %(named_by)s AND coalesce(r.body->>%(field)s, '') <> ''
    GROUP BY 1, 2, 3, 4, 5
), wanted AS (
    SELECT DISTINCT number FROM named
), told AS (
    SELECT {_NUMBER.format(value="k.body->>%(to)s")} AS number, coalesce(s.joined_to, s.id) AS file,
        d.agency, min(d.received_at) AS at
    FROM record k JOIN delivery d ON d.number = k.delivery JOIN subject s ON s.id = k.subject
    WHERE k.kind = %(kind)s AND {_NUMBER.format(value="k.body->>%(to)s")} IN (TABLE wanted)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT {_NUMBER.format(value="(w.staged->>'body')::jsonb->>%(to)s")}, NULL, w.agency,
        min(d.received_at)
    FROM waiting w JOIN delivery d ON d.number = w.delivery
    WHERE w.resource = ANY(%(resources)s) GROUP BY 1, 3
    UNION ALL
    SELECT {_NUMBER.format(value="q.raw->>h.header")}, NULL, d.agency, min(d.received_at)
    FROM quarantined q JOIN delivery d ON d.number = q.delivery
    JOIN unnest(%(resources)s::text[], %(headers)s::text[]) h(resource, header)
        ON h.resource = d.resource
    GROUP BY 1, 3
)
SELECT n.written, n.decider, n.teller, n.decided, n.found_at, n.record, n.file,
    coalesce(json_agg(json_build_object('file', t.file, 'agency', t.agency,
        'on', (t.at AT TIME ZONE 'Asia/Shanghai')::date)) FILTER (WHERE t.number IS NOT NULL),
        '[]')::text
FROM named n LEFT JOIN told t USING (number)
WHERE n.decided IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY n.decided, n.written
"""

# Since when an agency delivers these resources.
CONNECTED = """
SELECT d.agency, min((d.received_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM delivery d JOIN receipt r ON r.delivery = d.number
WHERE r.state = 'folded' AND d.resource = ANY(%(resources)s) GROUP BY 1
"""

# The new events of a month, of which `timely` counts how many came in time; those that did not.
EVENT_DAYS = f"""
SELECT DISTINCT r.kind, r.event_date
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE {SEEN} AND {DELIVERED} AND d.resource = ANY(%(resources)s) AND r.version = 1
    AND r.folded_in = r.delivery
    AND r.event_date IS NOT NULL AND {NO_STOCK}
"""
LATE = f"""
SELECT r.id, s.code, s.name, s.named_after_person, d.agency, d.resource, d.number, r.row, r.kind,
    r.event_date, t.due, (d.received_at AT TIME ZONE 'Asia/Shanghai')::date AS came,
    split_part(r.source_key, E'\\x1f', 2)
FROM record r JOIN delivery d ON d.number = r.delivery JOIN subject s ON s.id = r.subject
JOIN unnest(%(kinds)s::text[], %(days)s::date[], %(dues)s::date[]) AS t(kind, day, due)
    ON t.kind = r.kind AND t.day = r.event_date
WHERE {SEEN} AND {DELIVERED} AND d.resource = ANY(%(resources)s) AND r.version = 1
    AND r.folded_in = r.delivery
    AND {NO_STOCK} AND (d.received_at AT TIME ZONE 'Asia/Shanghai')::date > t.due
ORDER BY t.due, d.number, r.row
"""
