"""What is shown today, and the hot statement: the public file of a code, for machines."""

from __future__ import annotations

# Whether a row of the public projection is shown on the day.
SHOWN = "shown_from <= %(today)s AND (shown_until IS NULL OR shown_until > %(today)s)"

# One statement, one round trip: the public file of a code as bytes.
DOCUMENT = f"""
SELECT json_build_object(
    'code', s.code, 'name', s.name, 'established', s.est_date, 'city', s.city,
    'type', s.entity_type,
    'verdicts', (SELECT json_object_agg(v.rule, v.value) FROM verdict v
        WHERE v.subject = s.id AND v.valid_from <= %(today)s
            AND (v.valid_until IS NULL OR v.valid_until > %(today)s)),
    'records', (SELECT json_agg(json_build_object(
            'record', p.record, 'kind', p.kind, 'agency', p.agency, 'resource', p.resource,
            'delivery', p.delivery, 'row', p.row, 'known_at', p.known_at,
            'event_date', p.event_date, 'valid_from', p.valid_from,
            'valid_until', p.valid_until, 'shown_until', p.shown_until, 'facts', p.body)
            ORDER BY p.event_date DESC, p.record)
        FROM public_row p WHERE p.subject = s.id AND {SHOWN}))::text
FROM subject s WHERE s.code = %(code)s
"""
