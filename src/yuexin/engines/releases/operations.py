"""Writes: the public projection, one row per record that may be shown, already masked."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

WITHDRAW = """
DELETE FROM public_row USING placed p
WHERE p.action = 'changed' AND public_row.record = p.current_id
"""

PUBLISH = """
INSERT INTO public_row (record, subject, kind, agency, resource, event_date, valid_from,
                        valid_until, shown_from, shown_until, known_at, delivery, row,
                        term_class, body)
SELECT record, subject, kind,
    agency, resource, event_date, valid_from, valid_until, shown_from, shown_until, known_at,
    delivery, row, term_class, jsonb_strip_nulls(public_body::jsonb)
FROM placed
WHERE action IN ('new', 'changed') AND withheld = '' AND public_body IS NOT NULL
    AND (shown_until IS NULL OR shown_until > shown_from)
"""


def publish(*, cursor: CursorWrapper) -> None:
    """Publish what may be shown of a placed batch; a corrected version leaves at once."""
    cursor.execute(WITHDRAW)
    cursor.execute(PUBLISH)
