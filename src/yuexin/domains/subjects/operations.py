"""Writes: who exists, under which numbers and names. One code, one collection.

All statements work on the `stage` and `placed` tables of a fold.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

ESTABLISH = """
INSERT INTO subject (id, code, name, sole_trader, entity_type, city, est_date, authority,
                     state_from, delivery, row)
SELECT DISTINCT ON (uscc) anchor_id('uscc', uscc), uscc, coalesce(name, uscc),
    starts_with(uscc, '92'), coalesce(entity_type, ''),
    coalesce(city, ''), event_date, %(authority)s, valid_from, delivery, row
FROM stage WHERE reason = '' AND uscc IS NOT NULL
ORDER BY uscc, row
ON CONFLICT (code) DO NOTHING
"""

# A number claimed by a second subject is contested and resolves nothing until a person decides.
LEARN_NUMBERS = """
INSERT INTO alias (scheme, value, subject, contested, delivery, row)
SELECT DISTINCT ON (scheme, value) scheme, value, subject, false, delivery, row
FROM placed CROSS JOIN LATERAL (VALUES ('reg_no', reg_no), ('org_code', org_code)) n(scheme, value)
WHERE value IS NOT NULL AND action IN ('new', 'changed')
    AND (scheme <> 'org_code' OR value <> substr(uscc, 9, 9))
ORDER BY scheme, value, row
ON CONFLICT (scheme, value) DO UPDATE SET contested = true
WHERE alias.subject <> excluded.subject AND NOT alias.contested
"""

# A name that is a person's own, the operator's, is not a public search term.
LEARN_NAMES = """
INSERT INTO subject_name (subject, key, name, known_at, searchable, grams)
SELECT DISTINCT ON (subject, name_key) subject, name_key, name, known_at,
    NOT (starts_with(uscc, '92') AND name_key = coalesce(legal_rep, '')),
    bigrams(name_key)
FROM placed WHERE action IN ('new', 'changed') AND name_key <> ''
ORDER BY subject, name_key, row
ON CONFLICT DO NOTHING
"""

LEARN_FORMER_NAMES = """
INSERT INTO subject_name (subject, key, name, known_at, searchable, grams)
SELECT DISTINCT ON (subject, former->>1) subject, former->>1, former->>0, known_at, true,
    bigrams(former->>1)
FROM placed CROSS JOIN LATERAL jsonb_array_elements(former_names::jsonb) former
WHERE action IN ('new', 'changed') AND former_names IS NOT NULL
ORDER BY subject, former->>1, delivery, row
ON CONFLICT DO NOTHING
"""

REFRESH = """
UPDATE subject SET name = p.name, entity_type = p.entity_type, city = p.city,
    est_date = p.event_date, authority = %(authority)s, state_from = p.valid_from,
    delivery = p.delivery, row = p.row
FROM (
    SELECT DISTINCT ON (subject) subject, coalesce(name, uscc) AS name, event_date, valid_from,
        coalesce(entity_type, '') AS entity_type,
        coalesce(city, '') AS city, delivery, row
    FROM placed WHERE action IN ('new', 'changed') AND NOT fresh
    ORDER BY subject, valid_from DESC NULLS LAST, row DESC
) p
WHERE subject.id = p.subject
    AND (%(authority)s, coalesce(p.valid_from, '0001-01-01'))
        >= (subject.authority, coalesce(subject.state_from, '0001-01-01'))
"""


# Two rows of one register gave this code different names or facts: a person has to look.
DOUBT = """
UPDATE subject SET doubtful = true
FROM placed WHERE placed.action = 'waiting' AND placed.why = '' AND subject.id = placed.subject
"""


def establish(*, cursor: CursorWrapper, authority: int) -> None:
    """Every valid code of a register's batch is a subject from now on."""
    cursor.execute(ESTABLISH, {"authority": authority})


def learn_names(*, cursor: CursorWrapper) -> None:
    """Keep every other number and every name a register gave, never taking one back."""
    cursor.execute(LEARN_NUMBERS)
    cursor.execute(LEARN_NAMES)
    cursor.execute(LEARN_FORMER_NAMES)


def refresh(*, cursor: CursorWrapper, authority: int) -> None:
    """Let the prevailing registration, by authority then date, name the subject."""
    cursor.execute(REFRESH, {"authority": authority})
    cursor.execute(DOUBT)
