"""Writes: who exists, under which numbers and names. One code, one collection.

All statements work on the `stage` and `placed` tables of a fold.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

from yuexin.base.codes import SOLE_TRADER_PREFIX

# The fold lock keeps every other writer out, so looking first is enough.
ESTABLISH = """
INSERT INTO subject (id, code, name, sole_trader, entity_type, city, est_date, authority,
                     state_from, delivery, row)
SELECT DISTINCT ON (uscc) anchor_id('uscc', uscc), uscc, coalesce(name, uscc),
    starts_with(uscc, %(sole_trader)s), coalesce(entity_type, ''), coalesce(city, ''), event_date,
    %(authority)s, valid_from, delivery, row
FROM stage
WHERE reason = '' AND uscc IS NOT NULL
    AND NOT EXISTS (SELECT FROM subject s WHERE s.code = stage.uscc)
ORDER BY uscc, row
"""

# A number claimed by a second subject is contested and resolves nothing until a person decides.
LEARN_NUMBERS = """
INSERT INTO alias (scheme, value, subject, contested, delivery, row)
SELECT scheme, value, (array_agg(p.subject ORDER BY p.row))[1], count(DISTINCT p.subject) > 1,
    min(p.delivery), min(p.row)
FROM placed p JOIN stage s USING (delivery, row)
CROSS JOIN LATERAL (VALUES ('reg_no', s.reg_no), ('org_code', s.org_code)) n(scheme, value)
WHERE value IS NOT NULL AND p.action IN ('new', 'changed')
    AND (scheme <> 'org_code' OR value <> substr(s.uscc, 9, 9))
GROUP BY scheme, value
ON CONFLICT (scheme, value) DO UPDATE SET contested = true
WHERE (alias.subject <> excluded.subject OR excluded.contested) AND NOT alias.contested
"""

# A name that is a person's own, the operator's, is not a public search term.
LEARN_NAMES = """
INSERT INTO subject_name (subject, key, name, known_at, searchable, grams)
SELECT subject, key, name, known_at, searchable, bigrams(key)
FROM (
    SELECT DISTINCT ON (p.subject, s.name_key) p.subject, s.name_key AS key, s.name, s.known_at,
        NOT is_persons_name(u.sole_trader, s.name_key, s.legal_rep) AS searchable
    FROM placed p JOIN stage s USING (delivery, row) JOIN subject u ON u.id = p.subject
    WHERE p.action IN ('new', 'changed') AND s.name_key <> ''
    ORDER BY p.subject, s.name_key, searchable, p.row
) names
ON CONFLICT (subject, key) DO UPDATE SET searchable = false
WHERE subject_name.searchable AND NOT excluded.searchable
"""

LEARN_FORMER_NAMES = """
INSERT INTO subject_name (subject, key, name, known_at, searchable, grams)
SELECT DISTINCT ON (p.subject, former->>1) p.subject, former->>1, former->>0, s.known_at,
    NOT is_persons_name(u.sole_trader, former->>1, s.legal_rep), bigrams(former->>1)
FROM placed p JOIN stage s USING (delivery, row) JOIN subject u ON u.id = p.subject
CROSS JOIN LATERAL jsonb_array_elements(s.former_names::jsonb) former
WHERE p.action IN ('new', 'changed') AND s.former_names IS NOT NULL
ORDER BY p.subject, former->>1, p.delivery, p.row
ON CONFLICT (subject, key) DO UPDATE SET searchable = false
WHERE subject_name.searchable AND NOT excluded.searchable
"""

# A state to come does not name anybody yet.
REFRESH = """
UPDATE subject SET name = p.name, entity_type = p.entity_type, city = p.city,
    est_date = p.event_date, authority = %(authority)s, state_from = p.valid_from,
    delivery = p.delivery, row = p.row
FROM (
    SELECT DISTINCT ON (p.subject) p.subject, coalesce(s.name, s.uscc) AS name, s.event_date,
        p.valid_from, coalesce(s.entity_type, '') AS entity_type,
        coalesce(s.city, '') AS city, p.delivery, p.row
    FROM placed p JOIN stage s USING (delivery, row)
    WHERE p.action IN ('new', 'changed') AND NOT p.fresh
        AND p.valid_from <= (p.known_at AT TIME ZONE 'Asia/Shanghai')::date
    ORDER BY p.subject, p.valid_from DESC NULLS LAST, p.row DESC
) p
WHERE subject.id = p.subject
    AND (%(authority)s, coalesce(p.valid_from, '0001-01-01'))
        >= (subject.authority, coalesce(subject.state_from, '0001-01-01'))
"""

NAMED_AFTER_PERSON = """
UPDATE subject SET named_after_person = named.personal
FROM (
    SELECT DISTINCT u.id, EXISTS (
        SELECT FROM subject_name n WHERE n.subject = u.id AND n.name = u.name AND NOT n.searchable
    ) AS personal
    FROM placed p JOIN subject u ON u.id = p.subject
    WHERE u.sole_trader AND p.action IN ('new', 'changed')
) named
WHERE subject.id = named.id AND subject.named_after_person <> named.personal
"""

# Two rows of one register gave this code different names or facts: a person has to look.
DOUBT = """
UPDATE subject SET doubtful = true
FROM placed WHERE placed.action = 'waiting' AND placed.why = '' AND subject.id = placed.subject
"""


def establish(*, cursor: CursorWrapper, authority: int) -> None:
    """Every valid code of a register's batch is a subject from now on."""
    cursor.execute(ESTABLISH, {"authority": authority, "sole_trader": str(SOLE_TRADER_PREFIX)})


def learn_names(*, cursor: CursorWrapper) -> None:
    """Keep every other number and every name a register gave, never taking one back."""
    cursor.execute(LEARN_NUMBERS)
    cursor.execute(LEARN_NAMES)
    cursor.execute(LEARN_FORMER_NAMES)


def refresh(*, cursor: CursorWrapper, authority: int) -> None:
    """Let the prevailing registration, by authority then date, name the subject."""
    cursor.execute(REFRESH, {"authority": authority})
    cursor.execute(NAMED_AFTER_PERSON)
    cursor.execute(DOUBT)
