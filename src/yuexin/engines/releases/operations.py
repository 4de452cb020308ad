"""Writes: the public projection, one row per record that may be shown, already masked."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from yuexin.engines.declare.types import RecordKind

# Whether what a row says is shown to the public, from when it is known.
SHOWS = """s.withheld = '' AND s.public_body IS NOT NULL
    AND (s.shown_until IS NULL OR s.shown_until > s.shown_from)"""

# What was corrected or taken back leaves at once. What so left the public before its term was over,
# was taken back, or says from now on that it counts no more, was taken down: whoever had been shown
# it is to know. The end of a term is none; what counted no more already is not taken down twice. Of
# a row that a judgement takes out of a file, whoever looked is told as of a correction.
WITHDRAW = f"""
WITH gone AS (
    DELETE FROM public_row USING placed p
    WHERE p.action IN ('changed', 'withdrawn') AND public_row.record = p.current_id
    RETURNING public_row.record, public_row.shown_from, public_row.shown_until
), left_now AS (
    SELECT p.current_id, p.subject, s.kind, s.agency, s.folded_in, p.known_at,
        CASE WHEN g.shown_from <= on_day AND coalesce(g.shown_until > on_day, true)
            AND (p.action = 'withdrawn' OR NOT ({SHOWS})) THEN g.shown_from END AS shown_from,
        p.action = 'withdrawn' AND s.withdraws AS taken_back,
        p.action = 'withdrawn' AND NOT s.withdraws AS was_anothers,
        p.action = 'changed' AND v.codes ? (s.body::jsonb->>v.field) AND NOT EXISTS (
            SELECT FROM record r WHERE r.id = p.current_id AND v.codes ? (r.body->>v.field)
        ) AS counts_no_more,
        EXISTS (SELECT FROM delivery d WHERE d.number = s.folded_in AND d.channel = 'case') AS ruled
    FROM placed p JOIN stage s USING (delivery, row)
    LEFT JOIN gone g ON g.record = p.current_id
    LEFT JOIN jsonb_to_recordset(%(over)s::jsonb) AS v(kind text, field text, codes jsonb)
        ON v.kind = s.kind
    CROSS JOIN LATERAL (SELECT (p.known_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day) today
    WHERE p.action IN ('changed', 'withdrawn') AND p.current_id IS NOT NULL
)
INSERT INTO taken_down (record, subject, kind, agency, folded_in, ended_at, shown_from, ended)
SELECT current_id, subject, kind, agency, folded_in, known_at, shown_from,
    NOT was_anothers AND (shown_from IS NOT NULL OR taken_back OR coalesce(counts_no_more, false))
FROM left_now WHERE shown_from IS NOT NULL OR taken_back OR counts_no_more OR ruled
"""

PUBLISH = f"""
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
WHERE p.action IN ('new', 'changed') AND {SHOWS}
"""


def publish(*, cursor: CursorWrapper, kinds: Iterable[RecordKind]) -> None:
    """Publish what may be shown of a batch; what was corrected or taken back leaves at once. What
    was taken down before its time is kept as such; `kinds` say when one counts no more."""
    over = [
        {"kind": one.id, "field": one.stages.field, "codes": one.stages.over}
        for one in kinds
        if one.stages and one.stages.over
    ]
    cursor.execute(WITHDRAW, {"over": json.dumps(over)})
    cursor.execute(PUBLISH)
