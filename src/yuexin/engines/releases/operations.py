"""Writes: the public projection, one row per record that may be shown, already masked."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

WITHDRAW = """
DELETE FROM public_row USING placed p
WHERE p.action IN ('changed', 'withdrawn') AND public_row.record = p.current_id
"""

PUBLISH = """
INSERT INTO public_row (record, version, subject, kind, agency, resource, event_date, valid_from,
                        valid_until, shown_from, shown_until, known_at, delivery, row,
                        term_class, body)
SELECT p.record, p.next_version, p.subject, s.kind, s.agency, s.resource, s.event_date,
    p.valid_from, s.valid_until, s.shown_from, s.shown_until, s.known_at, s.delivery, s.row,
    s.term_class, jsonb_strip_nulls((
        CASE WHEN s.public_body_home IS NOT NULL
            AND (SELECT sole_trader FROM subject WHERE id = p.subject)
        THEN s.public_body_home ELSE s.public_body END)::jsonb)
FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action IN ('new', 'changed') AND s.withheld = '' AND s.public_body IS NOT NULL
    AND (s.shown_until IS NULL OR s.shown_until > s.shown_from)
"""


def publish(*, cursor: CursorWrapper) -> None:
    """Publish what may be shown of a batch; what was corrected or taken back leaves at once."""
    cursor.execute(WITHDRAW)
    cursor.execute(PUBLISH)
