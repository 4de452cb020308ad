"""One file for subjects that were judged the same. Their records stay their own (decision 23).

All statements work on two tables of a fold: `touched`, the files whose verdicts are told again,
and `regrouped`, the subjects whose file changes its members.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

# Whose file changes with these judgements.
REMEMBER = """
INSERT INTO regrouped (subject)
SELECT m.id FROM judgement j
JOIN subject s ON s.id IN (j.about, j.subject)
JOIN subject m ON coalesce(m.joined_to, m.id) = coalesce(s.joined_to, s.id)
WHERE j.number = ANY(%(judgements)s) AND j.of_kind = 'subject'
ON CONFLICT DO NOTHING
"""
# A pair is one whichever of the two a judgement names first.
LET_GO = """
DELETE FROM joined_pair p USING judgement j
WHERE j.number = ANY(%(judgements)s) AND j.of_kind = 'subject' AND NOT j.awaits
    AND ((p.subject, p.goes_on_as) = (j.about, j.subject)
        OR (p.subject, p.goes_on_as) = (j.subject, j.about))
"""
HOLD = """
INSERT INTO joined_pair (subject, goes_on_as, judgement)
SELECT about, subject, number FROM judgement
WHERE number = ANY(%(judgements)s) AND of_kind = 'subject' AND verdict = 'same' AND NOT awaits
"""
POINT = """
WITH RECURSIVE onward AS (
    SELECT r.subject, p.goes_on_as AS leads_to, 1 AS steps
    FROM regrouped r JOIN joined_pair p USING (subject)
    UNION ALL
    SELECT o.subject, p.goes_on_as, o.steps + 1
    FROM onward o JOIN joined_pair p ON p.subject = o.leads_to
), last AS (
    SELECT DISTINCT ON (subject) subject, leads_to FROM onward ORDER BY subject, steps DESC
)
UPDATE subject SET joined_to = last.leads_to
FROM regrouped r LEFT JOIN last USING (subject)
WHERE subject.id = r.subject AND subject.joined_to IS DISTINCT FROM last.leads_to
"""
TOUCH = """
INSERT INTO touched (subject)
SELECT DISTINCT coalesce(s.joined_to, s.id) FROM regrouped r JOIN subject s ON s.id = r.subject
ON CONFLICT DO NOTHING
"""
FORGET_VERDICTS = """
WITH members AS (
    SELECT s.id FROM subject s
    WHERE s.joined_to IS NOT NULL AND s.id IN (SELECT subject FROM regrouped)
), unjudged AS (
    DELETE FROM judged USING members m WHERE judged.subject = m.id
)
DELETE FROM verdict USING members m WHERE verdict.subject = m.id
"""

# What touches a member touches the file.
TOUCH_FILES = """
INSERT INTO touched (subject)
SELECT s.joined_to FROM subject s JOIN touched t ON t.subject = s.id WHERE s.joined_to IS NOT NULL
ON CONFLICT DO NOTHING
"""
LEAVE_MEMBERS = """
DELETE FROM touched USING subject s WHERE s.id = touched.subject AND s.joined_to IS NOT NULL
"""
# Every member of a joined file that was touched.
WITH_MEMBERS = """
INSERT INTO regrouped (subject)
SELECT m.id FROM touched t JOIN subject j ON j.joined_to = t.subject
CROSS JOIN LATERAL (VALUES (j.id), (t.subject)) AS m(id)
ON CONFLICT DO NOTHING
"""
# Of a state one holds at a time in a file, whichever of its codes told it.
CLOSE_STATES = """
WITH ordered AS (
    SELECT r.id, r.valid_until, lead(r.valid_from) OVER (
        PARTITION BY coalesce(s.joined_to, s.id), r.kind, split_part(r.source_key, E'\\x1f', 1)
        ORDER BY r.valid_from, r.known_at, r.id) AS ends
    FROM regrouped g JOIN subject s ON s.id = g.subject
    JOIN record r ON r.subject = g.subject AND r.kind = ANY(%(states)s)
        AND r.superseded_at IS NULL
), closed AS (
    UPDATE record SET valid_until = o.ends FROM ordered o
    WHERE record.id = o.id AND record.valid_until IS DISTINCT FROM o.ends
    RETURNING record.id, record.valid_until
)
UPDATE public_row SET valid_until = c.valid_until FROM closed c WHERE public_row.record = c.id
"""
RESTORE_ECHOES = """
INSERT INTO public_row
SELECT (jsonb_populate_record(NULL::public_row, e.withdrew)).*
FROM echo e JOIN record r ON r.id = e.record AND r.superseded_at IS NULL
WHERE e.subject IN (SELECT subject FROM regrouped) AND e.withdrew IS NOT NULL
"""
FORGET_ECHOES = "DELETE FROM echo WHERE subject IN (SELECT subject FROM regrouped)"
# What two codes of a file say of one fact counts once: as it was told last.
FIND_ECHOES = """
WITH told AS (
    SELECT r.id, r.subject, row_number() OVER (
        PARTITION BY coalesce(s.joined_to, s.id), r.kind, r.source_key
        ORDER BY r.known_at DESC, r.delivery DESC, r.row DESC) AS place
    FROM regrouped g JOIN subject s ON s.id = g.subject
    JOIN record r ON r.subject = g.subject AND r.superseded_at IS NULL
        AND NOT r.kind = ANY(%(states)s)
), hidden AS (
    DELETE FROM public_row p USING told t WHERE p.record = t.id AND t.place > 1 RETURNING p.*
)
INSERT INTO echo (record, subject, withdrew)
SELECT t.id, t.subject, to_jsonb(h) FROM told t LEFT JOIN hidden h ON h.record = t.id
WHERE t.place > 1
"""


def hold(*, cursor: CursorWrapper, judgements: Sequence[int]) -> None:
    """Let these judgements of subjects count from now on: files are joined, or split again."""
    said = {"judgements": list(judgements)}
    for statement in (REMEMBER, LET_GO, HOLD, POINT, TOUCH, FORGET_VERDICTS):
        cursor.execute(statement, said)


def settle(*, cursor: CursorWrapper, states: Sequence[str]) -> None:
    """Let touched files that are joined, and files just split, be one and each its own again.

    `states` are the kinds of which one fact holds at a time.
    """
    for statement in (TOUCH_FILES, LEAVE_MEMBERS, WITH_MEMBERS):
        cursor.execute(statement)
    cursor.execute("SELECT FROM regrouped LIMIT 1")
    if not cursor.rowcount:
        return
    said = {"states": list(states)}
    cursor.execute(RESTORE_ECHOES)
    cursor.execute(FORGET_ECHOES)
    cursor.execute(CLOSE_STATES, said)
    cursor.execute(FIND_ECHOES, said)
