"""The statements of placing. `stage` holds a batch, `placed` what became of it."""

from __future__ import annotations

from yuexin.domains.collection.waiting_sql import LINKABLE

# Registers often differ by a day about when somebody was founded, seldom by more than a year.
ONE_FOUNDING_DAYS = 366

# Placing looks up each row of a batch. Without this the planner, whom nobody tells how many rows
# this transaction has written, reads whole tables for every batch.
LOOK_UP = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
JOIN = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"

# What placing a row needs of what it says.
PASSED = (
    "kind", "source_key", "loose_key", "content", "mention", "reason", "name_key", "uscc",
    "lineage", "state", "adverse", "register", "repeated", "withdraws", "corrects", "known_at",
    "event_date", "valid_from", "start_given", "withheld",
)  # fmt: skip

# The match order of domain rule 0.7: unified code, organisation code, registration number.
# Each number must lead to exactly one subject, and the name be one that the subject has or had; a
# row without a name that is nobody's disadvantage goes by its code. A register names its subjects,
# but of a founding in another year under another name a person says whether it is the same one.
# What remains in doubt goes by what was judged of whom it mentions. A name alone never leads.
# `placed` is narrow: what a row says is read from `stage` by delivery and row.
PLACE = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
WITH by_code AS (
    SELECT s.delivery, s.row, {passed}, u.id AS subject, u.joined_to, u.est_date,
        u.delivery = s.delivery AND u.row = s.row AS fresh
    FROM stage s LEFT JOIN subject u ON u.code = s.uscc
    WHERE s.uscc IS NOT NULL
), by_number AS (
    SELECT s.delivery, s.row, {passed}, coalesce(o.subject, a.subject, r.subject) AS subject,
        u.joined_to, NULL::date AS est_date, false AS fresh
    FROM stage s
    LEFT JOIN LATERAL (
        SELECT min(id::text)::uuid AS subject FROM subject
        WHERE substring(code, 9, 9) = s.org_code HAVING count(DISTINCT coalesce(joined_to, id)) = 1
    ) o ON s.org_code IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT min(m.id::text)::uuid AS subject FROM alias JOIN subject m ON m.id = alias.subject
        WHERE scheme = 'org_code' AND value = s.org_code
        HAVING count(DISTINCT coalesce(m.joined_to, m.id)) = 1
    ) a ON s.org_code IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT min(m.id::text)::uuid AS subject FROM alias JOIN subject m ON m.id = alias.subject
        WHERE scheme = 'reg_no' AND value = s.reg_no
        HAVING count(DISTINCT coalesce(m.joined_to, m.id)) = 1
    ) r ON s.reg_no IS NOT NULL
    LEFT JOIN subject u ON u.id = coalesce(o.subject, a.subject, r.subject)
    WHERE s.uscc IS NULL
), found AS (
    SELECT * FROM by_code UNION ALL SELECT * FROM by_number
), doubted AS (
    SELECT found.*, CASE
        WHEN reason <> '' THEN reason
        WHEN subject IS NULL AND uscc IS NOT NULL THEN 'UNREGISTERED'
        WHEN subject IS NULL THEN 'NUMBER_UNKNOWN'
        WHEN fresh OR CASE
            WHEN register THEN coalesce(abs(event_date - est_date) <= {one_founding}, true)
            ELSE NOT adverse AND uscc IS NOT NULL AND coalesce(name_key, '') = '' END
        OR EXISTS (
            SELECT FROM subject_name n WHERE n.subject = found.subject AND n.key = name_key
        ) OR EXISTS (
            -- The names of a file are those of all who are joined in it.
            SELECT FROM subject m JOIN subject_name n ON n.subject = m.id
            WHERE m.joined_to = coalesce(found.joined_to, found.subject) AND n.key = name_key
        ) OR EXISTS (
            SELECT FROM subject_name n WHERE n.subject = found.joined_to AND n.key = name_key
        ) OR EXISTS (
            -- What is known to be this subject's stays its own under any name.
            SELECT FROM record r WHERE NOT register AND r.subject = found.subject
                AND r.kind = found.kind AND r.source_key = found.source_key
                AND r.superseded_at IS NULL
        ) THEN ''
        WHEN register THEN 'CODE_REUSED'
        ELSE 'NAME_DISAGREES' END AS doubt
    FROM found
), judged AS (
    SELECT doubted.*, same.subject AS led_to, same.judgement,
        CASE WHEN withdraws OR same.subject IS NOT NULL THEN ''
            WHEN unlike.subject IS NOT NULL THEN 'JUDGED_DIFFERENT' ELSE doubt END AS why
    FROM doubted
    LEFT JOIN LATERAL (
        SELECT j.subject FROM judged_pair j
        WHERE j.mention = doubted.mention AND j.subject = doubted.subject AND NOT j.same
            AND NOT withdraws
    ) unlike ON true
    LEFT JOIN LATERAL (
        SELECT j.subject, j.judgement FROM judged_pair j
        WHERE j.mention = CASE WHEN doubt = ANY({linkable}) OR unlike.subject IS NOT NULL
            THEN doubted.mention END AND j.same
    ) same ON true
), resolved AS (
    SELECT {again}, delivery, row, coalesce(led_to, subject) AS subject, fresh, judgement, doubt,
        why
    FROM judged
), dated AS (
    -- A state without a day of its own, of a subject that has one, holds from when it was known.
    SELECT resolved.*, standing.content AS standing, standing.source_key AS standing_key,
        CASE WHEN standing.content IS NULL OR withdraws THEN NULL
            ELSE (known_at AT TIME ZONE 'Asia/Shanghai')::date END AS known_from
    FROM resolved LEFT JOIN LATERAL (
        SELECT r.content, r.source_key FROM record r
        WHERE state AND NOT start_given AND NOT fresh
            AND r.subject = resolved.subject AND r.kind = resolved.kind
            AND r.superseded_at IS NULL AND split_part(r.source_key, E'\\x1f', 1) = lineage
        ORDER BY r.valid_from DESC NULLS LAST, r.known_at DESC LIMIT 1
    ) standing ON true
), reasoned AS (
    SELECT {again}, delivery, row, subject, fresh, judgement, doubt, why, standing,
        coalesce(known_from, valid_from) AS begins,
        CASE WHEN withdraws THEN coalesce(standing_key, source_key)
            ELSE source_key || coalesce(known_from::text, '') END AS key
    FROM dated
), ranked AS (
    SELECT reasoned.*,
        first_value(content) OVER same AS first_content,
        first_value(delivery) OVER same AS first_delivery,
        row_number() OVER same AS place
    FROM reasoned
    WINDOW same AS (
        PARTITION BY subject, kind, CASE WHEN state THEN lineage ELSE key END, why
        ORDER BY delivery, row)
), met AS (
    -- The record of the same fact: by its key; by its key without who decided, where a layout does
    -- not say that; for a linked delivery, the state it corrects.
    SELECT ranked.*, coalesce(c.id, near.id) AS current_id,
        coalesce(c.content, near.content) AS told,
        coalesce(c.delivery, near.delivery) AS told_in,
        coalesce(near.source_key, ranked.key) AS record_key, coalesce(elsewhere, false) AS elsewhere
    FROM ranked
    LEFT JOIN record c ON c.subject = ranked.subject AND c.kind = ranked.kind
        AND c.source_key = ranked.key AND c.superseded_at IS NULL AND why = ''
    LEFT JOIN LATERAL (
        SELECT own.*, own.id IS NULL AS elsewhere FROM (
            SELECT CASE WHEN of_own THEN r.id END AS id,
                CASE WHEN of_own THEN r.content END AS content,
                CASE WHEN of_own THEN r.delivery END AS delivery,
                CASE WHEN of_own AND NOT state THEN r.source_key END AS source_key
            FROM record r CROSS JOIN LATERAL (
                SELECT split_part(r.source_key, E'\\x1f', 1) = lineage AS of_own
            ) mine
            WHERE c.id IS NULL AND why = '' AND NOT fresh
                AND (loose_key IS NOT NULL OR state AND corrects IS NOT NULL)
                AND r.subject = ranked.subject AND r.kind = ranked.kind AND r.superseded_at IS NULL
                AND CASE WHEN state THEN of_own AND r.delivery = corrects
                    WHEN of_own THEN r.source_key = loose_key
                        OR key = loose_key AND starts_with(r.source_key, loose_key)
                    ELSE key <> loose_key AND substr(key, length(lineage) + 1)
                        = substr(r.source_key, strpos(r.source_key, E'\\x1f')) END
            ORDER BY of_own DESC, r.source_key LIMIT 1
        ) own
    ) near ON true
), numbered AS (
    SELECT met.*, 1 + coalesce((
        SELECT max(version) FROM record v WHERE v.id = current_id AND v.source_key = record_key
    ), (
        SELECT max(version) FROM record v WHERE v.subject = met.subject AND v.kind = met.kind
            AND v.source_key = record_key AND v.superseded_at IS NOT NULL AND NOT fresh
    ), 0) AS next_version,
    -- What a case took from the public (decision 29), no file that merely goes on says again: only
    -- a row that is linked to what the case delivered.
    current_id IS NOT NULL AND NOT withdraws AND withheld = '' AND told <> content
        AND corrects IS DISTINCT FROM told_in
        AND EXISTS (SELECT FROM delivery d WHERE d.number = told_in AND d.channel = 'case')
        AND NOT EXISTS (SELECT FROM public_row p WHERE p.record = current_id) AS decided
    FROM met
)
SELECT delivery, row, subject, kind, fresh, judgement, doubt, why, known_at,
    record_key AS source_key, begins AS valid_from, current_id, next_version,
    CASE WHEN why = '' THEN record_id(subject, kind, record_key, next_version) END AS record,
    CASE
        WHEN withdraws AND place > 1 THEN 'unchanged'
        WHEN withdraws AND told_in < delivery THEN 'withdrawn'
        WHEN withdraws OR why <> '' THEN 'waiting'
        WHEN delivery <> first_delivery THEN 'later'
        WHEN place > 1 AND content = first_content THEN 'unchanged'
        WHEN place > 1 THEN 'waiting'
        WHEN standing = content OR told = content THEN 'unchanged'
        WHEN decided AND EXISTS (
            SELECT FROM record e WHERE e.subject = numbered.subject AND e.kind = numbered.kind
                AND e.source_key = record_key AND e.content = numbered.content
                AND e.superseded_at IS NOT NULL
        ) THEN 'unchanged'
        WHEN decided THEN 'waiting'
        WHEN repeated AND (EXISTS (
            SELECT FROM record e WHERE e.subject = numbered.subject AND e.kind = numbered.kind
                AND e.content = numbered.content AND e.superseded_at IS NULL
        ) OR EXISTS (
            SELECT FROM record e WHERE e.subject = numbered.subject AND e.kind = numbered.kind
                AND e.content = numbered.content AND e.superseded_at IS NOT NULL
        )) THEN 'unchanged'
        WHEN state AND NOT fresh AND EXISTS (
            SELECT FROM record e WHERE e.subject = numbered.subject AND e.kind = numbered.kind
                AND e.delivery = numbered.delivery AND e.superseded_at IS NULL
                AND e.content <> numbered.content
        ) THEN 'waiting'
        WHEN elsewhere THEN 'waiting'
        WHEN current_id IS NULL THEN 'new'
        WHEN told_in >= delivery THEN 'waiting'
        ELSE 'changed'
    END AS action, coalesce(told_in > delivery AND NOT elsewhere, false) AS outdated,
    elsewhere, decided
FROM numbered
""".format(
    passed=", ".join(f"s.{name}" for name in PASSED),
    again=", ".join(PASSED),
    linkable=f"ARRAY{list(LINKABLE)}",
    one_founding=ONE_FOUNDING_DAYS,
)

WHY_WAITING = "SELECT why, count(*) FROM placed WHERE action = 'waiting' GROUP BY why"

NEW_EVENTS = """
SELECT s.event_date, count(*) FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action = 'new' AND s.event_date IS NOT NULL GROUP BY s.event_date
"""

TEACHES = "SELECT FROM placed WHERE action IN ('new', 'changed') AND kind = ANY(%(kinds)s) LIMIT 1"

KEEP_LATER = """
DELETE FROM stage s WHERE NOT EXISTS (
    SELECT FROM placed p WHERE p.action = 'later' AND p.delivery = s.delivery AND p.row = s.row)
"""

SUPERSEDE = """
UPDATE record SET superseded_at = p.known_at
FROM placed p WHERE p.action IN ('changed', 'withdrawn') AND record.id = p.current_id
"""

INSERT_RECORDS = """
INSERT INTO record (id, subject, kind, source_key, version, event_date, valid_from, valid_until,
                    known_at, delivery, row, folded_in, content, body)
SELECT p.record, p.subject, s.kind, p.source_key, p.next_version, s.event_date, p.valid_from,
    s.valid_until, s.known_at, s.delivery, s.row, s.folded_in, s.content,
    jsonb_strip_nulls(s.body::jsonb)
FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action IN ('new', 'changed')
"""

REMEMBER_TOUCHED = """
INSERT INTO touched (subject)
SELECT DISTINCT subject FROM placed
WHERE action IN ('new', 'changed') OR action = 'withdrawn' AND current_id IS NOT NULL
ON CONFLICT DO NOTHING
"""

MOVED = "SELECT DISTINCT kind FROM placed"
