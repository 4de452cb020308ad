"""The statements of placing. `stage` holds a batch, `placed` what became of it."""

from __future__ import annotations

COPIED = (
    "row",
    "uscc",
    "org_code",
    "reg_no",
    "name",
    "name_key",
    "former_names",
    "reason",
    "entity_type",
    "city",
    "operator",
    "source_key",
    "loose_key",
    "event_date",
    "valid_from",
    "valid_until",
    "start_given",
    "body",
    "shown_from",
    "shown_until",
    "term_class",
    "withheld",
    "public_body",
    "public_body_home",
)

# What all rows of a delivery share stands as defaults; `content` is the digest of what a row says.
# A batch is read back at once, so its rows are not worth compressing.
CREATE_TEMPORARY = """
CREATE TEMP TABLE stage (
    row bigint, uscc text, org_code text, reg_no text,
    name text, name_key text, former_names text, reason text,
    entity_type text, city text, operator text,
    source_key text, loose_key text, event_date date, valid_from date, valid_until date,
    start_given boolean, body text, shown_from date, shown_until date, term_class text,
    withheld text, public_body text, public_body_home text,
    delivery bigint DEFAULT {delivery}, agency text DEFAULT {agency},
    lineage text DEFAULT {lineage},
    resource text DEFAULT {resource}, kind text DEFAULT {kind},
    adverse boolean DEFAULT {adverse}, state boolean DEFAULT {state},
    register boolean DEFAULT {register}, repeated boolean DEFAULT {repeated},
    withdraws boolean DEFAULT {withdraws}, corrects bigint DEFAULT {corrects},
    known_at timestamptz DEFAULT {known_at}, folded_in bigint DEFAULT {delivery},
    content uuid GENERATED ALWAYS AS (digest_id(
        coalesce(uscc, '') || E'\\x1f' || coalesce(org_code, '') || E'\\x1f'
        || coalesce(reg_no, '') || E'\\x1f' || coalesce(name, '') || E'\\x1f'
        || coalesce(former_names, '') || E'\\x1f' || source_key || E'\\x1f' || body)) STORED
) WITH (toast_tuple_target = 8160) ON COMMIT DROP;
CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP;
"""

# Placing looks up each row of a batch. Without this the planner, whom nobody tells how many rows
# this transaction has written, reads whole tables for every batch.
LOOK_UP = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
JOIN = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"

# What placing a row needs of what it says.
PASSED = (
    "kind", "source_key", "loose_key", "content", "reason", "name_key", "uscc", "lineage", "state",
    "adverse", "register", "repeated", "withdraws", "corrects", "known_at", "valid_from",
    "start_given",
)  # fmt: skip

# The match order of domain rule 0.7: unified code, organisation code, registration number.
# Each number must lead to exactly one subject. A name alone never does; a number alone, of a row
# that is no register's, only together with a name of the subject's.
# `placed` is narrow: what a row says is read from `stage` by delivery and row.
PLACE = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
WITH by_code AS (
    SELECT s.delivery, s.row, {passed},
        u.id AS subject, u.delivery = s.delivery AND u.row = s.row AS fresh
    FROM stage s LEFT JOIN subject u ON u.code = s.uscc
    WHERE s.uscc IS NOT NULL
), by_number AS (
    SELECT s.delivery, s.row, {passed}, coalesce(o.subject, a.subject, r.subject) AS subject,
        false AS fresh
    FROM stage s
    LEFT JOIN LATERAL (
        SELECT min(id::text)::uuid AS subject FROM subject
        WHERE substr(code, 9, 9) = s.org_code HAVING count(*) = 1
    ) o ON s.org_code IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT min(subject::text)::uuid AS subject FROM alias
        WHERE scheme = 'org_code' AND value = s.org_code HAVING count(*) = 1
    ) a ON s.org_code IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT min(subject::text)::uuid AS subject FROM alias
        WHERE scheme = 'reg_no' AND value = s.reg_no HAVING count(*) = 1
    ) r ON s.reg_no IS NOT NULL
    WHERE s.uscc IS NULL
), resolved AS (
    SELECT * FROM by_code UNION ALL SELECT * FROM by_number
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
    SELECT {again}, delivery, row, subject, fresh, standing,
        coalesce(known_from, valid_from) AS begins,
        CASE WHEN withdraws THEN coalesce(standing_key, source_key)
            ELSE source_key || coalesce(known_from::text, '') END AS key,
        CASE
        WHEN withdraws THEN ''
        WHEN reason <> '' THEN reason
        WHEN subject IS NULL AND uscc IS NOT NULL THEN 'UNREGISTERED'
        WHEN subject IS NULL THEN 'NUMBER_UNKNOWN'
        WHEN (adverse OR uscc IS NULL AND NOT register) AND NOT EXISTS (
            SELECT FROM subject_name n WHERE n.subject = dated.subject AND n.key = name_key
        ) AND NOT EXISTS (
            -- What is known to be this subject's stays its own under any name.
            SELECT FROM record r WHERE r.subject = dated.subject AND r.kind = dated.kind
                AND r.source_key = dated.source_key AND r.superseded_at IS NULL
        ) THEN 'NAME_DISAGREES'
        ELSE '' END AS why
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
    ), 0) AS next_version
    FROM met
)
SELECT delivery, row, subject, kind, fresh, why, known_at, record_key AS source_key,
    begins AS valid_from, current_id, next_version,
    CASE WHEN why = '' THEN record_id(subject, kind, record_key, next_version) END AS record,
    CASE
        WHEN withdraws AND place > 1 THEN 'unchanged'
        WHEN withdraws AND told_in < delivery THEN 'withdrawn'
        WHEN withdraws OR why <> '' THEN 'waiting'
        WHEN delivery <> first_delivery THEN 'later'
        WHEN place > 1 AND content = first_content THEN 'unchanged'
        WHEN place > 1 THEN 'waiting'
        WHEN standing = content OR told = content THEN 'unchanged'
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
    END AS action, coalesce(told_in > delivery AND NOT elsewhere, false) AS outdated, elsewhere
FROM numbered
""".format(passed=", ".join(f"s.{name}" for name in PASSED), again=", ".join(PASSED))

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

# Two rows of one delivery that say different things under one key, or give one subject two
# states: the first stands, the others wait for a person. So does one that had waited while a
# later delivery said otherwise.
KEEP_WAITING = """
INSERT INTO waiting (agency, resource, content, delivery, row, reason,
                     uscc, org_code, reg_no, name_key, staged)
SELECT DISTINCT ON (s.agency, s.resource, s.content)
    s.agency, s.resource, s.content, s.delivery, s.row,
    CASE WHEN p.why <> '' THEN p.why WHEN p.elsewhere THEN 'SAID_ELSEWHERE'
        WHEN p.outdated THEN 'OUTDATED' ELSE 'SAME_KEY' END,
    s.uscc, s.org_code, s.reg_no, s.name_key, to_jsonb(s) - 'content'
FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action = 'waiting'
ORDER BY s.agency, s.resource, s.content, s.delivery, s.row
ON CONFLICT (agency, resource, content) DO UPDATE SET delivery = excluded.delivery,
    row = excluded.row, reason = excluded.reason, staged = excluded.staged
WHERE waiting.reason = 'NOTHING_TO_WITHDRAW' AND excluded.reason <> waiting.reason
"""

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

# Rows wait for a register to know their number, or for the name an adverse row gives.
STAGE_RELEASED = """
WITH known AS (
    SELECT s.id, s.code, substr(s.code, 9, 9) AS org_code
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
), released AS (
    DELETE FROM waiting WHERE ctid IN (SELECT ctid FROM matched) RETURNING staged
)
INSERT INTO stage ({columns})
SELECT {columns} FROM (
    SELECT (jsonb_populate_record(NULL::stage, staged || jsonb_build_object(
        'known_at', %(known_at)s::timestamptz, 'folded_in', %(delivery)s::bigint,
        'shown_from', greatest((staged->>'shown_from')::date, %(known_on)s::date)))).*
    FROM released
) again
"""
CARRIED = (
    *COPIED,
    "delivery",
    "agency",
    "lineage",
    "resource",
    "kind",
    "adverse",
    "state",
    "register",
    "repeated",
    "withdraws",
    "corrects",
    "known_at",
    "folded_in",
)
