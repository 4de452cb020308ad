"""Everything that is to be checked, as one statement over all subjects.

What was promised, who was drawn and who stands in a list come as the same columns; which body does
the check, when it was done last and whether a case is open follows for all of them alike. Which
body that is, is what `engines.cases` says of one case.
"""

from __future__ import annotations

from typing import Final

from yuexin.domains.subjects.verdicts import stored_on

PAGE: Final = 50
PROMISED: Final = """
    SELECT 'commitments' AS source, '' AS list, 0::bigint AS draw, r.body->>%(of_type)s AS type,
        r.body->>%(matter)s AS matter, r.id, r.subject, r.kind, r.source_key, r.body, r.delivery,
        r.event_date AS since, t.months, %(check)s AS process, %(check_office)s AS office_by,
        %(check_decided)s AS decided, false AS repeats
    FROM record r JOIN unnest(%(types)s::text[], %(first)s::date[], %(last)s::date[],
        %(months)s::int[]) AS t (type, first, last, months)
        ON t.type = r.body->>%(of_type)s AND t.first <= r.event_date
        AND (t.last IS NULL OR t.last > r.event_date)
    WHERE r.kind = %(kind)s AND r.superseded_at IS NULL AND r.body ? %(made)s
        AND NOT r.body ? %(checked)s AND r.event_date IS NOT NULL
        AND coalesce(r.body->>%(state)s, '') = ANY(%(running)s)
        AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
"""
DRAWN: Final = """
    SELECT 'draws', '', t.draw, '', t.period, r.id, r.subject, r.kind, r.source_key, r.body,
        r.delivery, t.since, t.months, t.process, t.office_by, t.decided, false
    FROM unnest(%(draw)s::bigint[], %(draw_on)s::date[], %(draw_kind)s::text[],
        %(draw_field)s::text[], %(draw_period)s::text[], %(draw_months)s::int[],
        %(draw_process)s::text[], %(draw_office)s::text[], %(draw_decided)s::text[])
        AS t (draw, since, kind, field, period, months, process, office_by, decided)
    JOIN draw_result d ON d.draw = t.draw CROSS JOIN unnest(d.drawn) AS drawn (code)
    JOIN subject s ON s.code = drawn.code
    JOIN record r ON r.subject = s.id AND r.kind = t.kind AND r.superseded_at IS NULL
        AND r.body->>t.field = t.period
    WHERE NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
"""
EVIDENT: Final = "w.rule = ANY(%(list_rule)s) AND NOT w.reasons = '[]'::jsonb"
# The latest of the entries by which somebody stands in a list, while nothing ends it.
LISTED: Final = f"""
    SELECT * FROM (SELECT DISTINCT ON (t.list, v.subject) 'lists', t.list, 0::bigint, '', '',
        r.id, r.subject, r.kind, r.source_key, r.body, r.delivery,
        greatest(r.event_date, t.first) AS since, t.months, t.process, t.office_by, t.decided, true
    FROM unnest(%(list)s::text[], %(list_rule)s::text[], %(list_value)s::text[],
        %(list_kind)s::text[], %(list_first)s::date[], %(list_months)s::int[],
        %(list_process)s::text[], %(list_office)s::text[], %(list_decided)s::text[])
        AS t (list, rule, value, kind, first, months, process, office_by, decided)
    JOIN {stored_on(on="%(on)s", where=EVIDENT)} v
        ON v.rule = t.rule AND v.value = t.value
    CROSS JOIN jsonb_array_elements(v.reasons) AS reason
    CROSS JOIN jsonb_array_elements_text(reason->'records') AS named
    JOIN record r ON r.id = named::uuid AND r.kind = t.kind AND r.superseded_at IS NULL
    WHERE reason->'truth' = 'true' AND r.event_date IS NOT NULL
        AND NOT EXISTS (SELECT FROM {stored_on(on="%(on)s")} e
            JOIN unnest(%(end_list)s::text[], %(end_rule)s::text[], %(end_value)s::text[])
                AS over (list, rule, value) ON over.rule = e.rule AND over.value = e.value
            WHERE over.list = t.list AND e.subject = v.subject)
    ORDER BY t.list, v.subject, r.event_date DESC, r.id) member
    WHERE since + make_interval(months => months) <= %(ahead)s
"""
ALL: Final = f"""
WITH body AS (
    SELECT * FROM unnest(%(codes)s::text[], %(bodies)s::text[]) AS b (code, id)
), local AS (
    SELECT * FROM unnest(%(above)s::text[], %(cities)s::text[], %(below)s::text[])
        AS l (above, city, id)
), heir AS (
    SELECT * FROM unnest(%(ended)s::text[], %(heirs)s::text[]) AS h (ended, id)
), thing AS (
{PROMISED} UNION ALL {DRAWN} UNION ALL {LISTED}
), placed AS (
    SELECT t.*, s.code, CASE t.office_by WHEN 'decided_by' THEN coalesce(b.id, d.agency)
            WHEN 'local' THEN coalesce(l.id, d.agency) WHEN 'told' THEN d.agency
            ELSE t.office_by END AS office
    FROM thing t JOIN subject s ON s.id = t.subject JOIN delivery d ON d.number = t.delivery
    LEFT JOIN body b ON b.code = t.body->>t.decided
    LEFT JOIN local l ON l.above = d.agency AND l.city = s.city
), looked AS (
    SELECT p.id, p.source, p.list, p.draw, p.type, p.matter, p.code, p.process, p.since, p.months,
        p.repeats, coalesce(h.id, p.office) AS office, last.number AS last, last."on" AS last_on,
        last.state AS last_state, coalesce(now.number, '') AS "case",
        (greatest(p.since, CASE WHEN p.repeats THEN last."on" END)
            + make_interval(months => p.months))::date AS ends,
        p.repeats OR last.number IS NULL AS is_due
    FROM placed p LEFT JOIN heir h ON h.ended = p.office
    LEFT JOIN LATERAL (
        SELECT f.number, f.state, (f.changed_at AT TIME ZONE 'Asia/Shanghai')::date AS "on"
        FROM case_file f WHERE f.subject = p.subject AND f.process = p.process
            AND f.kind = p.kind AND f.source_key = p.source_key AND NOT f.is_open
            AND (f.changed_at AT TIME ZONE 'Asia/Shanghai')::date >= p.since
        ORDER BY f.changed_at DESC, f.number DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
        SELECT min(f.number) AS number FROM case_file f
        WHERE f.subject = p.subject AND f.process = p.process
            AND f.kind = p.kind AND f.source_key = p.source_key AND f.is_open) now ON true
)
"""
# Who was drawn is to be checked from then on; of the rest is listed what is due soon.
OWN: Final = """
FROM looked WHERE is_due AND (ends <= %(ahead)s OR source = 'draws')
    AND office = ANY(%(own)s) AND NOT code = ANY(%(not_of)s)
"""
COLUMNS: Final = """id, source, list, draw, type, matter, code, process, since, months, office,
    last, last_on, last_state, "case" """
COUNTED: Final = f"""{ALL}
SELECT source, count(*), count(*) FILTER (WHERE ends <= %(over)s) {OWN} GROUP BY source
"""
LINES: Final = f"""{ALL}
SELECT {COLUMNS} {OWN} AND (%(source)s = '' OR source = %(source)s)
ORDER BY ends, code, id LIMIT {PAGE} OFFSET %(from)s
"""
OF_DRAW: Final = f"""{ALL}
SELECT {COLUMNS} FROM looked WHERE source = 'draws' AND draw = %(which)s
"""
OFFICES: Final = f"""{ALL}
SELECT office, source, count(*), count(*) FILTER (WHERE ends <= %(over)s)
FROM looked WHERE is_due AND (ends <= %(ahead)s OR source = 'draws')
GROUP BY office, source ORDER BY office, source
"""
