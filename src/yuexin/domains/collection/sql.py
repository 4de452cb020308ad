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
    "legal_rep",
    "source_key",
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
CREATE_TEMPORARY = """
CREATE TEMP TABLE stage (
    row bigint, uscc text, org_code text, reg_no text,
    name text, name_key text, former_names text, reason text,
    entity_type text, city text, legal_rep text,
    source_key text, event_date date, valid_from date, valid_until date,
    start_given boolean, body text, shown_from date, shown_until date, term_class text,
    withheld text, public_body text, public_body_home text,
    delivery bigint DEFAULT {delivery}, agency text DEFAULT {agency},
    lineage text DEFAULT {lineage},
    resource text DEFAULT {resource}, kind text DEFAULT {kind},
    adverse boolean DEFAULT {adverse}, state boolean DEFAULT {state},
    known_at timestamptz DEFAULT {known_at}, folded_in bigint DEFAULT {delivery},
    content uuid GENERATED ALWAYS AS (digest_id(
        coalesce(uscc, '') || E'\\x1f' || coalesce(org_code, '') || E'\\x1f'
        || coalesce(reg_no, '') || E'\\x1f' || coalesce(name, '') || E'\\x1f'
        || coalesce(former_names, '') || E'\\x1f' || source_key || E'\\x1f' || body)) STORED
) ON COMMIT DROP;
CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP;
"""

# Placing looks up each row of a batch. Without this the planner, whom nobody tells how many rows
# this transaction has written, reads whole tables for every batch.
LOOK_UP = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
JOIN = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"

# The match order of domain rule 0.7: unified code, organisation code, registration number.
# Each number must lead to exactly one subject. A name alone never does.
# `placed` is narrow: what a row says is read from `stage` by delivery and row.
PLACE = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
WITH by_code AS (
    SELECT s.delivery, s.row, s.kind, s.source_key, s.content, s.reason, s.name_key, s.uscc,
        s.lineage, s.state, s.adverse, s.known_at, s.valid_from, s.start_given,
        u.id AS subject, u.delivery = s.delivery AND u.row = s.row AS fresh
    FROM stage s LEFT JOIN subject u ON u.code = s.uscc
    WHERE s.uscc IS NOT NULL
), by_number AS (
    SELECT s.delivery, s.row, s.kind, s.source_key, s.content, s.reason, s.name_key, s.uscc,
        s.lineage, s.state, s.adverse, s.known_at, s.valid_from, s.start_given,
        coalesce(CASE WHEN cardinality(o.ids) = 1 THEN o.ids[1] END, a.subject, r.subject)
            AS subject,
        false AS fresh
    FROM stage s
    LEFT JOIN LATERAL (
        SELECT array_agg(id) AS ids FROM subject WHERE substr(code, 9, 9) = s.org_code
    ) o ON s.org_code IS NOT NULL
    LEFT JOIN alias a ON a.scheme = 'org_code' AND a.value = s.org_code AND NOT a.contested
    LEFT JOIN alias r ON r.scheme = 'reg_no' AND r.value = s.reg_no AND NOT r.contested
    WHERE s.uscc IS NULL
), resolved AS (
    SELECT * FROM by_code UNION ALL SELECT * FROM by_number
), dated AS (
    -- A state without a day of its own, of a subject that has one, holds from when it was known.
    SELECT resolved.*, standing.content AS standing,
        CASE WHEN standing.content IS NULL THEN NULL
            ELSE (known_at AT TIME ZONE 'Asia/Shanghai')::date END AS known_from
    FROM resolved LEFT JOIN LATERAL (
        SELECT r.content FROM record r
        WHERE state AND NOT start_given AND NOT fresh
            AND r.subject = resolved.subject AND r.kind = resolved.kind
            AND r.superseded_at IS NULL AND split_part(r.source_key, E'\\x1f', 1) = lineage
        ORDER BY r.valid_from DESC NULLS LAST, r.known_at DESC LIMIT 1
    ) standing ON true
), reasoned AS (
    SELECT delivery, row, subject, kind, content, reason, name_key, uscc, lineage, state, adverse,
        known_at, fresh, standing, coalesce(known_from, valid_from) AS valid_from,
        source_key || coalesce(known_from::text, '') AS source_key,
        CASE
        WHEN reason <> '' THEN reason
        WHEN subject IS NULL AND uscc IS NOT NULL THEN 'UNREGISTERED'
        WHEN subject IS NULL THEN 'NUMBER_UNKNOWN'
        WHEN adverse AND NOT EXISTS (
            SELECT FROM subject_name n WHERE n.subject = dated.subject AND n.key = name_key
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
        PARTITION BY subject, kind, CASE WHEN state THEN lineage ELSE source_key END, why
        ORDER BY delivery, row)
)
SELECT ranked.delivery, ranked.row, ranked.subject, ranked.kind, ranked.fresh, why,
    ranked.known_at, ranked.source_key, ranked.valid_from, c.id AS current_id,
    coalesce(c.version, 0) + 1 AS next_version,
    CASE WHEN why = '' THEN record_id(ranked.subject, ranked.kind, ranked.source_key,
                                      coalesce(c.version, 0) + 1) END AS record,
    CASE
        WHEN why <> '' THEN 'waiting'
        WHEN ranked.delivery <> first_delivery THEN 'later'
        WHEN place > 1 AND ranked.content = first_content THEN 'unchanged'
        WHEN place > 1 THEN 'waiting'
        WHEN standing = ranked.content THEN 'unchanged'
        WHEN state AND NOT fresh AND EXISTS (
            SELECT FROM record e WHERE e.subject = ranked.subject AND e.kind = ranked.kind
                AND e.delivery = ranked.delivery AND e.superseded_at IS NULL
                AND e.content <> ranked.content
        ) THEN 'waiting'
        WHEN c.id IS NULL THEN 'new'
        WHEN c.content = ranked.content THEN 'unchanged'
        WHEN c.delivery >= ranked.delivery THEN 'waiting'
        ELSE 'changed'
    END AS action, coalesce(c.delivery > ranked.delivery, false) AS outdated
FROM ranked
LEFT JOIN record c ON c.subject = ranked.subject AND c.kind = ranked.kind
    AND c.source_key = ranked.source_key AND c.superseded_at IS NULL AND why = ''
"""

# Two rows of one delivery that say different things under one key, or give one subject two
# states: the first stands, the others wait for a person. So does one that had waited while a
# later delivery said otherwise.
KEEP_WAITING = """
INSERT INTO waiting (agency, resource, content, delivery, row, reason,
                     uscc, org_code, reg_no, name_key, staged)
SELECT s.agency, s.resource, s.content, s.delivery, s.row,
    CASE WHEN p.why <> '' THEN p.why WHEN p.outdated THEN 'OUTDATED' ELSE 'SAME_KEY' END,
    s.uscc, s.org_code, s.reg_no, s.name_key, to_jsonb(s) - 'content'
FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action = 'waiting'
ORDER BY s.delivery, s.row
ON CONFLICT DO NOTHING
"""

KEEP_LATER = """
DELETE FROM stage s WHERE NOT EXISTS (
    SELECT FROM placed p WHERE p.action = 'later' AND p.delivery = s.delivery AND p.row = s.row)
"""

SUPERSEDE = """
UPDATE record SET superseded_at = p.known_at
FROM placed p WHERE p.action = 'changed' AND record.id = p.current_id
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
SELECT DISTINCT subject FROM placed WHERE action IN ('new', 'changed')
ON CONFLICT DO NOTHING
"""

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
    "known_at",
    "folded_in",
)
