"""Writes: who exists, under which numbers and names. One code, one collection.

All statements work on the `stage` and `placed` tables of a fold.
"""

from __future__ import annotations

import json

from django.db.backends.utils import CursorWrapper

from yuexin.base.codes import SOLE_TRADER_PREFIX
from yuexin.domains.subjects.learning import RETOLD, learn, retell
from yuexin.engines.declare.types import Declarations, RecordKind

# The fold lock keeps every other writer out, so looking first is enough.
ESTABLISH = """
INSERT INTO subject (id, code, name, sole_trader, entity_type, city, est_date, authority,
                     state_from, represented_by, gone, delivery, row, prominence)
SELECT DISTINCT ON (uscc) anchor_id('uscc', uscc), uscc, coalesce(name, uscc),
    starts_with(uscc, %(sole_trader)s), coalesce(entity_type, ''), coalesce(city, ''), event_date,
    %(authority)s, valid_from, {representative}, {gone}, delivery, row,
    prominence({ended}, {capital}, event_date, starts_with(uscc, %(sole_trader)s))
FROM stage CROSS JOIN LATERAL (SELECT body::jsonb) AS said(says)
WHERE reason = '' AND uscc IS NOT NULL
    AND NOT EXISTS (SELECT FROM subject s WHERE s.code = stage.uscc)
ORDER BY uscc, row
"""

# The prevailing registration, by authority then date, names the subject. A state that was to come
# when it came names nobody.
REFRESH = """
UPDATE subject SET name = coalesce(p.name, subject.code), entity_type = p.entity_type,
    city = p.city, est_date = p.event_date, authority = p.authority, state_from = p.valid_from,
    represented_by = p.representative, gone = p.gone, delivery = p.delivery, row = p.row,
    prominence = prominence(p.ended, p.capital, p.event_date, subject.sole_trader)
FROM (
    SELECT DISTINCT subject FROM placed
    WHERE kind = %(kind)s AND NOT fresh AND action IN ('new', 'changed', 'withdrawn')
) changed CROSS JOIN LATERAL (
    SELECT r.subject, r.event_date, r.valid_from, r.delivery, r.row, r.body->>'{name}' AS name,
        coalesce(r.body->>'entity_type', '') AS entity_type, coalesce(r.body->>'city', '') AS city,
        coalesce((%(authorities)s::jsonb->>d.resource)::smallint, 0) AS authority,
        {ended} AS ended, {capital} AS capital, {representative} AS representative, {gone} AS gone
    FROM record r JOIN delivery d ON d.number = r.delivery
    WHERE r.subject = changed.subject AND r.kind = %(kind)s AND r.superseded_at IS NULL
        AND r.valid_from <= (r.known_at AT TIME ZONE 'Asia/Shanghai')::date
    ORDER BY authority DESC, r.valid_from DESC, r.folded_in DESC, r.delivery DESC, r.row DESC
    LIMIT 1
) p
WHERE subject.id = p.subject AND (subject.delivery, subject.row) <> (p.delivery, p.row)
"""

RERANK = """
UPDATE subject_name n SET rank = name_rank(s.prominence, n.valid_until IS NOT NULL, n.key)
FROM (
    SELECT DISTINCT subject FROM placed
    WHERE kind = %(kind)s AND NOT fresh AND action IN ('new', 'changed', 'withdrawn')
) changed JOIN subject s ON s.id = changed.subject
WHERE n.subject = s.id
    AND n.rank <> name_rank(s.prominence, n.valid_until IS NOT NULL, n.key)
"""
# What of a registration tells how prominent its subject is, by the fields that its kind declares.
ENDED = "coalesce({body}->>'{state}' = ANY(ARRAY[{ended}]::text[]), false)"
CAPITAL = "{body}->>'{capital}'"
REPRESENTATIVE = "coalesce({body}->>'{person}', '')"

# A name that no record says any more stays as it was, and so does whose it is.
NAMED_AFTER_PERSON = """
UPDATE subject SET named_after_person = NOT n.searchable
FROM (
    SELECT DISTINCT subject FROM placed
    WHERE kind = %(kind)s AND action IN ('new', 'changed', 'withdrawn')
) changed JOIN subject_name n USING (subject)
WHERE subject.id = changed.subject AND subject.sole_trader AND n.name = subject.name
    AND subject.named_after_person = n.searchable
"""

# Two rows of one register gave this code different names or facts: a person has to look.
DOUBT = """
UPDATE subject SET doubtful = true
FROM placed WHERE placed.action = 'waiting' AND placed.why = '' AND subject.id = placed.subject
"""


def establish(*, cursor: CursorWrapper, authority: int, kind: RecordKind) -> None:
    """Every valid code of a register's batch is a subject from now on."""
    cursor.execute(
        ESTABLISH.format(**_told(kind, body="says")),
        {"authority": authority, "sole_trader": str(SOLE_TRADER_PREFIX)},
    )


def learn_names(*, cursor: CursorWrapper, declarations: Declarations) -> None:
    """Let what the current records say name the subjects of a placed batch, and number them."""
    learn(cursor=cursor, declarations=declarations)
    resources = declarations.resources.values()
    authorities = json.dumps({item.id: item.authority for item in resources})
    for kind in declarations.kinds.values():
        if kind.names:
            said = {"kind": kind.id, "authorities": authorities}
            told = _told(kind, body="r.body")
            cursor.execute(REFRESH.format(name=kind.names.name, **told), said)
            cursor.execute(RERANK, said)
            cursor.execute(NAMED_AFTER_PERSON, said)


def retell_touched(*, cursor: CursorWrapper, declarations: Declarations) -> None:
    """Let names and numbers of every subject in `touched` say what its current records say."""
    cursor.execute(RETOLD)
    cursor.execute("INSERT INTO retold SELECT subject FROM touched")
    retell(cursor=cursor, declarations=declarations)


def doubt(*, cursor: CursorWrapper) -> None:
    """Mark the subjects of which two rows of a register's batch say different things."""
    cursor.execute(DOUBT)


def _told(kind: RecordKind, *, body: str) -> dict[str, str]:
    """What a register's rows tell of their subject, as SQL over their body."""
    names = kind.names
    assert names is not None
    ended, gone = (", ".join(f"'{one}'" for one in said) for said in (names.ended, names.gone))
    return {
        "ended": ENDED.format(body=body, state=names.state, ended=ended),
        "gone": ENDED.format(body=body, state=names.state, ended=gone),
        "capital": CAPITAL.format(body=body, capital=names.capital),
        "representative": REPRESENTATIVE.format(body=body, person=kind.evidence.get("person", "")),
    }
