"""What became of rows of a delivery that waited: the statements, and what ends a wait in words."""

from __future__ import annotations

from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.domains.collection.waiting_sql import JUDGED_DIFFERENT, LINKABLE

How = Literal["number", "matched", "judged", "taken_back", "joined"]
HOWS: Final[dict[How, Text]] = {
    "number": Text("按号码入库", "placed by its number"),
    "matched": Text("自动比对入库", "matched automatically"),
    "judged": Text("经人认定入库", "judged by a person"),
    "taken_back": Text("认定已撤回，重新等待", "taken back, waits again"),
    "joined": Text("所属主体已并入另一代码", "its entity goes on under another code"),
}
"""What ends the waiting of a row. `joined` may be true beside any of the others."""

MAY_BE_LED: Final = [*LINKABLE, JUDGED_DIFFERENT]
"""Of rows that wait again, those that a judgement may have led before."""

# A row that its number released is a record that a later delivery placed, and that no judgement
# led. What was corrected by a wrong row and holds again had been placed before; of what its agency
# took back nothing stands.
_RELEASED: Final = """
SELECT DISTINCT ON (r.row) r.row, 'number' AS how, '' AS waited_for, '' AS name, '' AS number,
    r.subject, NULL::bigint AS judgement, r.known_at AS at, r.folded_in
FROM record r
WHERE r.delivery = %(delivery)s AND r.folded_in > %(delivery)s
    AND NOT EXISTS (SELECT FROM record o
        WHERE (o.delivery, o.row) = (r.delivery, r.row) AND o.folded_in = %(delivery)s)
    AND NOT EXISTS (SELECT FROM led_row l WHERE (l.delivery, l.row) = (r.delivery, r.row))
    AND NOT EXISTS (SELECT FROM waiting w WHERE (w.delivery, w.row) = (r.delivery, r.row))
    AND EXISTS (SELECT FROM record c
        WHERE (c.subject, c.kind, c.source_key) = (r.subject, r.kind, r.source_key)
            AND c.superseded_at IS NULL)
ORDER BY r.row, r.version
"""
_LED: Final = """
SELECT l.row, CASE WHEN j.model <> '' THEN 'matched' ELSE 'judged' END, l.reason,
    coalesce(l.staged->>'name', ''), coalesce(l.uscc, l.org_code, l.reg_no, ''), l.subject,
    l.judgement, j.judged_at, NULL::bigint
FROM led_row l JOIN judgement j ON j.number = l.judgement
WHERE l.delivery = %(delivery)s
"""
# It had been placed where it was delivered before that was taken back.
_TAKEN_BACK: Final = """
SELECT w.row, 'taken_back', w.reason, coalesce(w.staged->>'name', ''),
    coalesce(w.uscc, w.org_code, w.reg_no, ''), ended.subject, ended.number, ended.judged_at,
    NULL::bigint
FROM waiting w CROSS JOIN LATERAL (
    SELECT e.number, e.subject, e.judged_at FROM judgement s JOIN judgement e
        ON (e.about, e.subject) = (s.about, s.subject) AND e.number > s.number
    WHERE s.about = w.mention AND s.of_kind = 'mention' AND s.verdict = 'same'
        AND e.verdict <> 'same' AND e.after >= w.delivery
    ORDER BY e.number DESC LIMIT 1
) ended
WHERE w.delivery = %(delivery)s AND w.reason = ANY(%(reasons)s)
"""
_RESOLVED: Final = f"""
WITH resolved AS (({_RELEASED}) UNION ALL {_LED} UNION ALL {_TAKEN_BACK})
"""
COUNTS: Final = f"""{_RESOLVED}
SELECT how, count(*), count(s.joined_to)
FROM resolved r JOIN subject s ON s.id = r.subject GROUP BY how
"""
LINES: Final = f"""{_RESOLVED}
SELECT r.row, r.how, r.waited_for, r.name, r.number, s.code,
    CASE WHEN s.named_after_person THEN '' ELSE s.name END AS subject_name, r.at, r.folded_in,
    j.number AS judgement, j.author, j.reason, j.parts, onward.code AS joined_to
FROM resolved r JOIN subject s ON s.id = r.subject
LEFT JOIN judgement j ON j.number = r.judgement
LEFT JOIN subject onward ON onward.id = s.joined_to
WHERE r.row > %(after)s
    AND (%(how)s IN ('', r.how) OR %(how)s = 'joined' AND s.joined_to IS NOT NULL)
ORDER BY r.row, r.how LIMIT %(most)s OFFSET %(from)s
"""
