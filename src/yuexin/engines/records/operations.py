"""Writes: facts of kind `state` end where the next one begins."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

# A subject's very first state has no end to set.
CLOSE_STATES = """
WITH touched_keys AS (
    SELECT DISTINCT p.subject, p.kind, s.lineage
    FROM placed p JOIN stage s USING (delivery, row)
    WHERE p.action IN ('new', 'changed', 'withdrawn') AND NOT p.fresh AND p.kind = ANY(%(kinds)s)
), ordered AS (
    SELECT r.id, r.valid_until,
        lead(r.valid_from) OVER (PARTITION BY r.subject, r.kind, k.lineage
                                 ORDER BY r.valid_from, r.known_at, r.id) AS ends
    FROM touched_keys k JOIN record r
        ON r.subject = k.subject AND r.kind = k.kind AND r.superseded_at IS NULL
        AND split_part(r.source_key, E'\\x1f', 1) = k.lineage
), closed AS (
    UPDATE record SET valid_until = o.ends FROM ordered o
    WHERE record.id = o.id AND record.valid_until IS DISTINCT FROM o.ends
    RETURNING record.id, record.valid_until
)
UPDATE public_row SET valid_until = c.valid_until FROM closed c WHERE public_row.record = c.id
"""


def close_states(*, cursor: CursorWrapper, kinds: list[str]) -> None:
    """Set the end of each state to the start of the next, per subject, kind and agency."""
    cursor.execute(CLOSE_STATES, {"kinds": kinds})
