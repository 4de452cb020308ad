"""What reading deliveries again would change, and letting it take over from a moment on.

Beside the records as they live (unqualified names) stand those as they would be, had the
deliveries been read so from the start (the schema `reread`). What differs is superseded, as known
until the moment, and a new version follows, known from then: the past stays as it was shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from yuexin.base.dates import today
from yuexin.domains.subjects.judging import judge
from yuexin.domains.subjects.operations import retell_touched
from yuexin.engines.declare.types import Declarations

REREAD: Final = "reread"
EXAMPLES: Final = 10

# Of a state the end is where the next one begins: it moves in place, as when one is folded. What
# is public only counts while it may be shown; nothing becomes public before it was known.
COMPARE = f"""
CREATE TEMP TABLE reread_change ON COMMIT DROP AS
WITH living AS (
    SELECT r.*, p.record IS NOT NULL AS public, p.body AS shown, p.term_class, p.shown_from,
        p.shown_until
    FROM record r LEFT JOIN public_row p ON p.record = r.id
        AND (p.shown_until IS NULL OR p.shown_until > %(on)s)
    WHERE r.superseded_at IS NULL
), again AS (
    SELECT r.*, p.record IS NOT NULL AS public, p.body AS shown, p.term_class, p.shown_from,
        p.shown_until
    FROM {REREAD}.record r LEFT JOIN {REREAD}.public_row p ON p.record = r.id
        AND (p.shown_until IS NULL OR p.shown_until > greatest(p.shown_from, %(on)s))
    WHERE r.superseded_at IS NULL
)
SELECT subject, kind, source_key, a.id AS old, b.id AS again, NULL::uuid AS record,
    NULL::integer AS version, coalesce(a.public, false) AS was_public,
    coalesce(b.public, false) AS is_public, a.body AS old_body, b.body AS new_body,
    to_jsonb(b) - 'id' - 'version' - 'known_at' - 'content' AS said
FROM living a FULL JOIN again b USING (subject, kind, source_key)
WHERE a.id IS NULL OR b.id IS NULL
    OR (a.event_date, a.valid_from, CASE WHEN NOT kind = ANY(%(states)s) THEN a.valid_until END,
        a.body, a.public, a.shown, a.term_class, a.shown_until)
    IS DISTINCT FROM
       (b.event_date, b.valid_from, CASE WHEN NOT kind = ANY(%(states)s) THEN b.valid_until END,
        b.body, b.public, b.shown, b.term_class, b.shown_until)
    OR b.shown_from > a.shown_from AND b.shown_from > %(on)s
"""
COUNTED = """
SELECT kind, count(*) FILTER (WHERE old IS NULL), count(*) FILTER (WHERE again IS NULL),
    count(*) FILTER (WHERE old IS NOT NULL AND again IS NOT NULL),
    count(*) FILTER (WHERE is_public AND NOT was_public),
    count(*) FILTER (WHERE was_public AND NOT is_public)
FROM reread_change GROUP BY kind ORDER BY kind
"""
FIELDS = """
SELECT kind, field, count(*) FROM reread_change CROSS JOIN LATERAL (
    SELECT field FROM jsonb_object_keys(old_body || new_body) field
    WHERE old_body->field IS DISTINCT FROM new_body->field) changed
WHERE old IS NOT NULL AND again IS NOT NULL GROUP BY kind, field ORDER BY kind, field
"""
SHOWN = """
SELECT s.code, c.old FROM reread_change c JOIN subject s ON s.id = c.subject
WHERE c.was_public ORDER BY c.kind, s.code, c.old LIMIT %s
"""
# What a waiting row would become: not how its staging came to be.
WAITING = """
SELECT delivery, row, reason, jsonb_build_array(
    uscc, org_code, reg_no, name_key, staged->'source_key', staged->'valid_from',
    staged->'valid_until', staged->'shown_until', staged->'withheld', staged->'term_class',
    jsonb_strip_nulls((staged->>'body')::jsonb),
    jsonb_strip_nulls((staged->>'public_body')::jsonb)) AS said
FROM {schema}waiting
"""
WAITING_NOW, WAITING_THEN = WAITING.format(schema=""), WAITING.format(schema=f"{REREAD}.")
MOVED = f"""
SELECT (SELECT count(*) FROM {REREAD}.quarantined b LEFT JOIN quarantined a USING (delivery, row)
        WHERE a.row IS NULL),
    (SELECT count(*) FROM quarantined a LEFT JOIN {REREAD}.quarantined b USING (delivery, row)
        WHERE b.row IS NULL),
    (SELECT count(*) FROM {REREAD}.waiting b LEFT JOIN waiting a USING (delivery, row)
        WHERE a.row IS NULL),
    (SELECT count(*) FROM waiting a LEFT JOIN {REREAD}.waiting b USING (delivery, row)
        WHERE b.row IS NULL),
    (SELECT count(*) FROM ({WAITING_NOW}) a JOIN ({WAITING_THEN}) b USING (delivery, row)
        WHERE (a.reason, a.said) <> (b.reason, b.said))
"""
DIGEST = f"""
SELECT count(*), encode(sha256(convert_to(coalesce(
    string_agg(line, E'\\n' ORDER BY line), ''), 'UTF8')), 'hex')
FROM (
    SELECT digest_id(concat_ws(E'\\x1f', subject, kind, source_key, old, said))::text AS line
    FROM reread_change
    UNION ALL
    SELECT digest_id(to_jsonb(q)::text)::text FROM (
        (SELECT delivery, row, findings FROM {REREAD}.quarantined
            EXCEPT SELECT delivery, row, findings FROM quarantined) UNION ALL
        (SELECT delivery, row, NULL::jsonb FROM quarantined
            EXCEPT SELECT delivery, row, NULL::jsonb FROM {REREAD}.quarantined)) q
    UNION ALL
    SELECT digest_id(to_jsonb(w)::text)::text FROM (
        ({WAITING_THEN} EXCEPT {WAITING_NOW}) UNION ALL
        (SELECT delivery, row, '', NULL::jsonb FROM waiting
            EXCEPT SELECT delivery, row, '', NULL::jsonb FROM {REREAD}.waiting)) w
) lines
"""

TAKE_OVER = (
    # What goes on as it is takes the digest by which a row is known to say the same again.
    f"""
    UPDATE record SET content = b.content FROM {REREAD}.record b
    WHERE record.superseded_at IS NULL AND b.superseded_at IS NULL
        AND (record.subject, record.kind, record.source_key) = (b.subject, b.kind, b.source_key)
        AND record.content <> b.content
        AND NOT EXISTS (SELECT FROM reread_change c WHERE c.old = record.id)
    """,
    f"""
    WITH moved AS (
        UPDATE record SET valid_until = b.valid_until FROM {REREAD}.record b
        WHERE record.superseded_at IS NULL AND b.superseded_at IS NULL
            AND record.kind = ANY(%(states)s)
            AND (record.subject, record.kind, record.source_key)
                = (b.subject, b.kind, b.source_key)
            AND record.valid_until IS DISTINCT FROM b.valid_until
            AND NOT EXISTS (SELECT FROM reread_change c WHERE c.old = record.id)
        RETURNING record.id, record.valid_until)
    UPDATE public_row SET valid_until = moved.valid_until FROM moved
    WHERE public_row.record = moved.id
    """,
    """
    WITH gone AS (
        DELETE FROM public_row USING reread_change c WHERE public_row.record = c.old
        RETURNING public_row.record, public_row.shown_from)
    INSERT INTO taken_down (record, subject, kind, agency, folded_in, ended_at, shown_from, ended)
    SELECT c.old, c.subject, c.kind, '', %(after)s, %(now)s, gone.shown_from, true
    FROM gone JOIN reread_change c ON c.old = gone.record
    WHERE c.was_public AND NOT c.is_public AND gone.shown_from <= %(on)s
    """,
    """
    UPDATE record SET superseded_at = %(now)s FROM reread_change c WHERE record.id = c.old
    """,
    """
    UPDATE reread_change c SET version = 1 + coalesce((
        SELECT max(v.version) FROM record v WHERE v.subject = c.subject AND v.kind = c.kind
            AND v.source_key = c.source_key AND v.superseded_at IS NOT NULL), 0)
    WHERE c.again IS NOT NULL
    """,
    """
    UPDATE reread_change SET record = record_id(subject, kind, source_key, version)
    WHERE again IS NOT NULL
    """,
    f"""
    INSERT INTO subject SELECT * FROM {REREAD}.subject b
    ON CONFLICT (id) DO UPDATE SET
        (name, named_after_person, entity_type, city, est_date, authority, state_from, doubtful,
         delivery, row)
        = (excluded.name, excluded.named_after_person, excluded.entity_type, excluded.city,
           excluded.est_date, excluded.authority, excluded.state_from, excluded.doubtful,
           excluded.delivery, excluded.row)
    WHERE subject IS DISTINCT FROM excluded
    """,
    f"""
    INSERT INTO record (id, subject, kind, source_key, version, event_date, valid_from,
        valid_until, known_at, delivery, row, folded_in, content, body)
    SELECT c.record, c.subject, c.kind, c.source_key, c.version, b.event_date, b.valid_from,
        b.valid_until, %(now)s, b.delivery, b.row, b.folded_in, b.content, b.body
    FROM reread_change c JOIN {REREAD}.record b ON b.id = c.again
    """,
    f"""
    INSERT INTO public_row (record, version, subject, kind, agency, resource, event_date,
        valid_from, valid_until, shown_from, shown_until, known_at, delivery, row, term_class, body)
    SELECT c.record, c.version, p.subject, p.kind, p.agency, p.resource, p.event_date,
        p.valid_from, p.valid_until, greatest(p.shown_from, %(on)s), p.shown_until, %(now)s,
        p.delivery, p.row, p.term_class, p.body
    FROM reread_change c JOIN {REREAD}.public_row p ON p.record = c.again
    WHERE p.shown_until IS NULL OR p.shown_until > greatest(p.shown_from, %(on)s)
    """,
    "DELETE FROM quarantined",
    f"INSERT INTO quarantined SELECT * FROM {REREAD}.quarantined",
    "DELETE FROM waiting",
    f"INSERT INTO waiting SELECT * FROM {REREAD}.waiting",
    "DELETE FROM led_row",
    f"INSERT INTO led_row SELECT * FROM {REREAD}.led_row",
    "CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP",
    "INSERT INTO touched SELECT DISTINCT subject FROM reread_change",
)


@dataclass(frozen=True, kw_only=True)
class KindDifference:
    """What of one kind would be otherwise: records, and how many values of each field."""

    kind: str
    new: int
    gone: int
    changed: int
    published: int
    withdrawn: int
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Rows that would go into quarantine or out of it, begin to wait, end waiting, or wait with
    another content or reason."""

    into_quarantine: int
    out_of_quarantine: int
    into_waiting: int
    out_of_waiting: int
    waiting_otherwise: int


@dataclass(frozen=True, kw_only=True)
class Unlike:
    """Everything that reading again would change. `lines` counts it; `digest` names exactly it."""

    kinds: tuple[KindDifference, ...]
    moved: Moved
    examples: tuple[str, ...]
    lines: int
    digest: str


def compare(*, cursor: CursorWrapper, declarations: Declarations, now: dt.datetime) -> None:
    """Put what differs into `reread_change`, as of this moment."""
    cursor.execute("DROP TABLE IF EXISTS reread_change")
    cursor.execute(COMPARE, _said(declarations, now))


def unlike(*, cursor: CursorWrapper, declarations: Declarations) -> Unlike:
    """What `compare` found, counted and named."""
    cursor.execute(FIELDS)
    fields: dict[str, list[tuple[str, int]]] = {}
    for kind, name, count in cursor.fetchall():
        fields.setdefault(kind, []).append((name, count))
    cursor.execute(COUNTED)
    kinds = tuple(
        KindDifference(
            kind=kind,
            new=new,
            gone=gone,
            changed=changed,
            published=published,
            withdrawn=withdrawn,
            fields=tuple(fields.get(kind, ())),
        )
        for kind, new, gone, changed, published, withdrawn in cursor.fetchall()
    )
    cursor.execute(MOVED)
    names = [one.name for one in fields_of(Moved)]
    moved = Moved(**dict(zip(names, cursor.fetchone(), strict=True)))
    cursor.execute(SHOWN, [EXAMPLES])
    page = declarations.addresses["record"]
    examples = tuple(page.of(code=code, record=record) for code, record in cursor.fetchall())
    cursor.execute(DIGEST)
    lines, digest = cursor.fetchone()
    return Unlike(kinds=kinds, moved=moved, examples=examples, lines=lines, digest=digest)


def take_over(
    *, cursor: CursorWrapper, declarations: Declarations, after: int, now: dt.datetime
) -> None:
    """Let what differs hold from this moment on, behind the delivery that was folded last, and
    judge again whom it is about."""
    said = _said(declarations, now) | {"after": after}
    for statement in TAKE_OVER:
        cursor.execute(statement, said)
    retell_touched(cursor=cursor, declarations=declarations)
    judge(cursor=cursor, declarations=declarations, now=now)
    cursor.execute("DROP TABLE touched, reread_change")


def _said(declarations: Declarations, now: dt.datetime) -> dict[str, Any]:
    states = [kind.id for kind in declarations.kinds.values() if kind.temporal == "state"]
    return {"on": today(now), "now": now, "states": states}
