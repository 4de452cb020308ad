"""The statements of the quality room: sums of what was measured, by month of the receipt."""

from __future__ import annotations

from yuexin.engines.deliveries.queries import NO_STOCK

MONTH = "to_char({at} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
MONTH_OF_DELIVERY = MONTH.format(at="d.received_at")
SEEN = """
(%(everything)s OR d.agency = ANY(%(agencies)s))
AND (%(agency)s = '' OR d.agency = %(agency)s) AND (%(resource)s = '' OR d.resource = %(resource)s)
AND d.received_at >= %(since)s AND d.received_at < %(before)s
"""

DELIVERIES = f"""
SELECT {MONTH_OF_DELIVERY}, d.agency, d.resource, count(*)
FROM delivery d JOIN receipt r ON r.delivery = d.number
WHERE r.state = 'folded' AND {SEEN} GROUP BY 1, 2, 3
"""

# A deadline is counted as the public pages count it: of an agency's stock it never ran.
MEASURES = f"""
SELECT {MONTH_OF_DELIVERY}, d.agency, d.resource, m.measure,
    sum(m.numerator)::bigint, sum(m.denominator)::bigint
FROM delivery_measure m JOIN delivery d ON d.number = m.delivery
WHERE {SEEN} AND (m.measure <> 'timely' OR {NO_STOCK}) GROUP BY 1, 2, 3, 4
"""

# The least number of days within which half, and 95 of 100, of the new events came.
LAGS = f"""
WITH lag AS (
    SELECT {MONTH_OF_DELIVERY} AS month, d.agency, d.resource, l.days, sum(l.rows) AS rows
    FROM delivery_lag l JOIN delivery d ON d.number = l.delivery
    WHERE {SEEN} GROUP BY 1, 2, 3, 4
), ranked AS (
    SELECT *, sum(rows) OVER (PARTITION BY month, agency, resource ORDER BY days) AS upto,
        sum(rows) OVER (PARTITION BY month, agency, resource) AS total
    FROM lag
)
SELECT month, agency, resource, min(days) FILTER (WHERE upto * 2 >= total),
    min(days) FILTER (WHERE upto * 100 >= total * 95), max(total)::bigint
FROM ranked GROUP BY 1, 2, 3
"""

# Of each batch with rejected rows: how many rows of linked deliveries were taken within its time.
MENDED = f"""
WITH faulty AS (
    SELECT d.number, {MONTH_OF_DELIVERY} AS month, d.agency, d.resource,
        r.rows_rejected AS rejected, t.due
    FROM delivery d JOIN receipt r ON r.delivery = d.number
    JOIN unnest(%(days)s::date[], %(dues)s::date[]) AS t(day, due)
        ON t.day = (d.received_at AT TIME ZONE 'Asia/Shanghai')::date
    WHERE r.rows_rejected > 0 AND {SEEN}
), answered AS (
    SELECT f.*, least(f.rejected, coalesce((
        SELECT sum(a.rows_ok + a.rows_waiting)
        FROM delivery l JOIN receipt a ON a.delivery = l.number
        WHERE l.linked_to_id = f.number AND l.intent <> 'withdraw'
            AND (l.received_at AT TIME ZONE 'Asia/Shanghai')::date <= f.due), 0)) AS mended
    FROM faulty f
)
SELECT month, agency, resource, sum(mended)::bigint, sum(rejected)::bigint
FROM answered WHERE due < %(today)s OR mended = rejected GROUP BY 1, 2, 3
"""

DAYS_WITH_REJECTED = f"""
SELECT DISTINCT (d.received_at AT TIME ZONE 'Asia/Shanghai')::date
FROM delivery d JOIN receipt r ON r.delivery = d.number
WHERE r.rows_rejected > 0 AND {SEEN}
"""
