"""The statements of waiting: why rows wait, what keeps them, what lets them through."""

from __future__ import annotations

# Reasons to wait that what was judged of whom a row mentions may end.
LINKABLE = (
    "NO_CODE", "CODE_CHECK", "UNREGISTERED", "NUMBER_UNKNOWN", "NAME_DISAGREES", "CODE_REUSED",
)  # fmt: skip
JUDGED_DIFFERENT = "JUDGED_DIFFERENT"

# A row that is taken back may have waited until now; else there is nothing to take back.
WITHDRAW_WAITING = """
WITH held AS (
    DELETE FROM waiting w USING placed p JOIN stage s USING (delivery, row)
    WHERE s.withdraws AND p.action = 'waiting' AND w.reason <> 'NOTHING_TO_WITHDRAW'
        AND (w.agency, w.resource, w.content) = (s.agency, s.resource, s.content)
    RETURNING p.delivery, p.row
)
UPDATE placed p SET
    action = CASE WHEN held.row IS NULL THEN 'waiting' ELSE 'withdrawn' END,
    why = CASE WHEN held.row IS NULL THEN 'NOTHING_TO_WITHDRAW' ELSE '' END
FROM placed q LEFT JOIN held USING (delivery, row)
WHERE p.action = 'waiting' AND (p.delivery, p.row) = (q.delivery, q.row)
"""

# By these names the rows that wait are found when a register tells of somebody who is called so.
NAMES_THAT_WAIT = """
SELECT DISTINCT s.name_key FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action = 'waiting' AND s.name_key <> ''
"""
# Two rows of one delivery that say different things under one key, or give one subject two
# states: the first stands, the others wait for a person. So does one that had waited while a
# later delivery said otherwise.
KEEP_WAITING = """
INSERT INTO waiting (agency, resource, content, delivery, row, reason,
                     uscc, org_code, reg_no, name_key, core, sound, mention, staged)
SELECT DISTINCT ON (s.agency, s.resource, s.content)
    s.agency, s.resource, s.content, s.delivery, s.row,
    CASE WHEN p.why <> '' THEN p.why WHEN p.elsewhere THEN 'SAID_ELSEWHERE'
        WHEN p.outdated THEN 'OUTDATED' WHEN p.decided THEN 'DECIDED_SINCE'
        ELSE 'SAME_KEY' END,
    s.uscc, s.org_code, s.reg_no, s.name_key, coalesce(heard.core, ''), coalesce(heard.sound, ''),
    s.mention, to_jsonb(s) - 'content' - 'mention'
FROM placed p JOIN stage s USING (delivery, row)
LEFT JOIN unnest(%(keys)s::text[], %(cores)s::text[], %(sounds)s::text[]) heard(key, core, sound)
    ON heard.key = s.name_key
WHERE p.action = 'waiting'
ORDER BY s.agency, s.resource, s.content, s.delivery, s.row
ON CONFLICT (agency, resource, content) DO UPDATE SET delivery = excluded.delivery,
    row = excluded.row, reason = excluded.reason, staged = excluded.staged
WHERE waiting.reason = 'NOTHING_TO_WITHDRAW' AND excluded.reason <> waiting.reason
"""

# A row that a judgement led is kept as it waited: taken back, it waits again.
KEEP_LED = """
INSERT INTO led_row (agency, resource, content, delivery, row, reason, uscc, org_code, reg_no,
                     name_key, mention, staged, subject, judgement, corrected, withdrew)
SELECT DISTINCT ON (s.agency, s.resource, s.content)
    s.agency, s.resource, s.content, s.delivery, s.row, p.doubt, s.uscc, s.org_code, s.reg_no,
    s.name_key, s.mention, to_jsonb(s) - 'content' - 'mention', p.subject, p.judgement,
    CASE WHEN p.action = 'changed' THEN p.current_id END,
    CASE WHEN p.action = 'changed' THEN to_jsonb(public_row) END
FROM placed p JOIN stage s USING (delivery, row)
LEFT JOIN public_row ON public_row.record = p.current_id
WHERE p.judgement IS NOT NULL AND p.action IN ('new', 'changed', 'unchanged')
ORDER BY s.agency, s.resource, s.content, s.delivery, s.row
ON CONFLICT (agency, resource, content) DO NOTHING
"""
FORGET_LED = """
DELETE FROM led_row l USING placed p JOIN stage s USING (delivery, row)
WHERE s.withdraws AND p.action = 'withdrawn'
    AND (l.agency, l.resource, l.content) = (s.agency, s.resource, s.content)
"""

# Rows wait for a register to know their number, or for the name an adverse row gives.
RELEASE_KNOWN = """
WITH known AS (
    SELECT s.id, s.code, substring(s.code, 9, 9) AS org_code
    FROM touched t JOIN subject s ON s.id = t.subject
), matched AS (
    SELECT w.ctid FROM waiting w JOIN known k ON w.uscc = k.code
    WHERE w.reason IN ('UNREGISTERED', 'NAME_DISAGREES')
    UNION
    SELECT w.ctid FROM waiting w JOIN known k ON w.org_code = k.org_code
    WHERE w.uscc IS NULL AND w.reason IN ('NUMBER_UNKNOWN', 'NAME_DISAGREES')
    UNION
    SELECT w.ctid FROM waiting w
    JOIN alias a ON a.scheme = 'reg_no' AND a.value = w.reg_no
    JOIN known k ON k.id = a.subject
    WHERE w.uscc IS NULL AND w.reason IN ('NUMBER_UNKNOWN', 'NAME_DISAGREES')
)
DELETE FROM waiting WHERE ctid IN (SELECT ctid FROM matched) RETURNING staged
"""
# What was judged of whom they mention lets rows through.
RELEASE_JUDGED = f"""
DELETE FROM waiting w USING judged_pair j
WHERE j.mention = w.mention AND j.same AND j.judgement = ANY(%(judgements)s)
    AND w.reason = ANY(ARRAY{[*LINKABLE, JUDGED_DIFFERENT]}) RETURNING w.staged
"""
# Released rows are placed as if they came now. In the list of what is selected, the row would be
# made once for each of its columns.
STAGE_RELEASED = """
WITH released AS ({released})
INSERT INTO stage ({columns})
SELECT {columns} FROM released
CROSS JOIN LATERAL jsonb_populate_record(NULL::stage, released.staged || jsonb_build_object(
    'known_at', %(known_at)s::timestamptz, 'folded_in', %(delivery)s::bigint,
    'shown_from', greatest((released.staged->>'shown_from')::date, %(known_on)s::date))) again
"""

# Rows of mentions that are no longer judged to be these subjects, staged as they waited.
TAKE_BACK = """
CREATE TEMP TABLE taken ON COMMIT DROP AS
WITH gone AS (
    DELETE FROM led_row l USING judgement j
    WHERE j.number = ANY(%(judgements)s) AND j.of_kind = 'mention'
        AND (l.mention, l.subject) = (j.about, j.subject)
        AND NOT EXISTS (SELECT FROM judged_pair p
            WHERE (p.mention, p.subject) = (l.mention, l.subject) AND p.same)
    RETURNING l.*
)
SELECT gone.*, r.id AS record, r.source_key AS record_key, r.valid_from AS begins
FROM gone LEFT JOIN record r ON r.subject = gone.subject AND r.kind = gone.staged->>'kind'
    AND (r.delivery, r.row) = (gone.delivery, gone.row) AND r.superseded_at IS NULL
"""
RELEASE_TAKEN = "SELECT staged FROM taken"
# What they had become is withdrawn.
UNPLACE = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT s.delivery, s.row, t.subject, s.kind, false AS fresh, NULL::bigint AS judgement,
    '' AS doubt, '' AS why, s.known_at, t.record_key AS source_key, t.begins AS valid_from,
    t.record AS current_id, NULL::integer AS next_version, NULL::uuid AS record,
    'withdrawn' AS action, false AS outdated, false AS elsewhere,
    false AS decided
FROM taken t JOIN stage s USING (delivery, row)
"""
# What they had corrected holds again, known from now on, as it was public; but not what was
# theirs, too.
REINSTATE = """
WITH again AS (
    SELECT DISTINCT ON (old.subject, old.kind, old.source_key) old.*, t.withdrew, (
        SELECT max(v.version) + 1 FROM record v
        WHERE (v.subject, v.kind, v.source_key) = (old.subject, old.kind, old.source_key)) AS next
    FROM taken t JOIN record old ON old.id = t.corrected
    WHERE NOT EXISTS (SELECT FROM taken own WHERE (own.delivery, own.row) = (old.delivery, old.row))
        AND EXISTS (
            SELECT FROM taken c WHERE c.record IS NOT NULL AND c.subject = old.subject
                AND c.staged->>'kind' = old.kind AND c.record_key = old.source_key)
    ORDER BY old.subject, old.kind, old.source_key, old.version DESC
), kept AS (
    INSERT INTO record (id, subject, kind, source_key, version, event_date, valid_from,
                        valid_until, known_at, delivery, row, folded_in, content, body)
    SELECT record_id(subject, kind, source_key, next), subject, kind, source_key, next, event_date,
        valid_from, valid_until, %(known_at)s, delivery, row, %(delivery)s, content, body
    FROM again
)
INSERT INTO public_row
SELECT (jsonb_populate_record(NULL::public_row, withdrew || jsonb_build_object(
    'record', record_id(subject, kind, source_key, next), 'version', next,
    'known_at', %(known_at)s::timestamptz,
    'shown_from', greatest((withdrew->>'shown_from')::date, %(known_on)s::date)))).*
FROM again WHERE withdrew IS NOT NULL
"""

# Whom waiting rows say they are about, each mention once, as the matcher reads it.
MENTIONED = """
INSERT INTO mention (mention, agency, uscc, org_code, reg_no, name, name_key, person, address,
                     phone, city, agency_city, established, on_date, not_subjects)
SELECT DISTINCT ON (w.mention) w.mention, w.agency, w.uscc, w.org_code, w.reg_no,
    w.staged->>'name', w.name_key, told->>'person', told->>'address', told->>'phone',
    coalesce(told->>'city', w.staged->>'city'), o.city, (told->>'established')::date,
    (w.staged->>'event_date')::date, coalesce((
        SELECT array_agg(p.subject) FROM judged_pair p WHERE p.mention = w.mention AND NOT p.same
    ), '{{}}')
FROM waiting w
CROSS JOIN LATERAL (SELECT coalesce(w.staged->>'evidence', '{{}}')::jsonb) e(told)
LEFT JOIN unnest(%(agencies)s::text[], %(cities)s::text[]) o(agency, city) USING (agency)
WHERE {which} AND w.reason = ANY(%(reasons)s)
ORDER BY w.mention, w.delivery, w.row
"""
ANYTHING_WAITS = """
SELECT FROM waiting WHERE delivery = %(delivery)s AND reason = ANY(%(reasons)s) LIMIT 1
"""
OF_DELIVERY = """w.delivery = %(delivery)s AND NOT EXISTS (
    SELECT FROM judgement j WHERE j.about = w.mention AND j.model IN ('', %(model)s))"""
# Only a person ends it where the row has a sound number that is not the subject's: a unified code,
# or an organisation code, which is part of that; for a code that was given twice; for what a
# register says, since that is what others are compared with; and where a person said whose it
# is not.
ASKED = """
SELECT DISTINCT w.mention::text FROM waiting w JOIN mention USING (mention)
WHERE w.reason IN ('UNREGISTERED', 'CODE_REUSED') OR (w.staged->>'register')::boolean
    OR w.reason = 'NUMBER_UNKNOWN' AND w.org_code IS NOT NULL
    OR EXISTS (SELECT FROM judged_pair p WHERE p.mention = w.mention AND NOT p.same)
"""

# Mentions that may be compared again: of which nothing holds, and a person said at most whose they
# are not.
OPEN = """NOT EXISTS (SELECT FROM judged_pair p WHERE p.mention = {w}.mention AND p.same)
    AND NOT EXISTS (
        SELECT FROM judgement j
        WHERE j.about = {w}.mention AND j.of_kind = 'mention' AND j.model = ''
            AND j.verdict <> 'different' AND NOT EXISTS (
                SELECT FROM judgement k
                WHERE (k.about, k.subject) = (j.about, j.subject) AND k.number > j.number))"""
# Older rows that may be about subjects of which this delivery tells first, by a name or a number:
# `touched` are all that it tells of. So many at once; `relink` compares the rest.
OTHERS_WAIT = "SELECT FROM waiting WHERE delivery <> %(delivery)s LIMIT 1"
WAKE = f"""
CREATE TEMP TABLE woken ON COMMIT DROP AS
WITH named AS (
    SELECT DISTINCT n.core, n.sound FROM touched t JOIN subject_name n USING (subject)
    WHERE n.delivery = %(delivery)s AND n.core <> ''
), coded AS (
    SELECT s.code, substring(s.code, 9, 9) AS org_code
    FROM touched t JOIN subject s ON s.id = t.subject WHERE s.delivery = %(delivery)s
), numbered AS (
    SELECT a.scheme, a.value FROM touched t JOIN alias a USING (subject)
    WHERE a.delivery = %(delivery)s
), met AS (
    SELECT w.mention, w.delivery, w.reason FROM named JOIN waiting w USING (core)
    UNION ALL
    SELECT w.mention, w.delivery, w.reason FROM named JOIN waiting w USING (sound)
    UNION ALL
    SELECT w.mention, w.delivery, w.reason FROM coded JOIN waiting w ON w.uscc = code
    UNION ALL
    SELECT w.mention, w.delivery, w.reason FROM coded JOIN waiting w USING (org_code)
    UNION ALL
    SELECT w.mention, w.delivery, w.reason FROM numbered n JOIN waiting w ON w.org_code = n.value
    WHERE n.scheme = 'org_code'
    UNION ALL
    SELECT w.mention, w.delivery, w.reason FROM numbered n JOIN waiting w ON w.reg_no = n.value
    WHERE n.scheme = 'reg_no'
)
SELECT DISTINCT met.mention FROM met
WHERE met.delivery <> %(delivery)s AND met.reason = ANY(%(reasons)s) AND {OPEN.format(w="met")}
LIMIT %(most)s
"""
WOKEN = "w.mention IN (SELECT mention FROM woken)"
OPEN_MENTIONS = f"""
SELECT count(DISTINCT o.mention) FROM waiting o
WHERE o.reason = ANY(%(reasons)s) AND {OPEN.format(w="o")}
"""
NEXT_OPEN = f"""w.mention IN (
    SELECT o.mention FROM waiting o
    WHERE o.mention > %(last)s AND o.reason = ANY(%(reasons)s) AND {OPEN.format(w="o")}
    GROUP BY o.mention ORDER BY o.mention LIMIT %(most)s)"""
PIECE = """
SELECT count(*), (SELECT mention FROM mention ORDER BY mention DESC LIMIT 1) FROM mention
"""
SAID_LAST = """
SELECT DISTINCT ON (j.about) j.about::text, j.subject::text, j.verdict, j.model <> ''
FROM judgement j JOIN mention m ON m.mention = j.about
WHERE j.of_kind = 'mention' ORDER BY j.about, j.number DESC
"""
ROWS_OF = """
SELECT count(*) FROM waiting WHERE mention = ANY(%(mentions)s) AND reason = ANY(%(reasons)s)
"""
