"""Judgements that counted and count no more: whose file held what was not its own, and when.

All of it follows from what was judged and from the records: nothing is kept of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.db import connection

# `joined`: from when until when two subjects' files were one; `beside`: the same, of each of them.
# `mistaken`: the same of a mention's rows and a subject. What the matcher leaves to people lets
# nothing go. `held`: every subject in whose file it all stood meanwhile, since it was joined, too;
# each pair has two sides. What stood there of others is what left the file with the judgement, or
# the records of the other side. Whoever says that rows are another's undoes in one act what was
# said before, and gives the reason with what he says. All this concerns few subjects, whatever the
# planner thinks of recursions: OFFSET 0 has it look each of them up.
UNDONE: Final = """
WITH RECURSIVE turned AS (
    SELECT * FROM (
        SELECT number, least(about, subject) AS one, greatest(about, subject) AS other,
            verdict = 'same' AS same, judged_at,
            lag(verdict = 'same', 1, false) OVER (
                PARTITION BY least(about, subject), greatest(about, subject) ORDER BY number) AS was
        FROM judgement WHERE of_kind = 'subject' AND NOT awaits
    ) said WHERE same <> was
), joined AS (
    SELECT * FROM (
        SELECT one, other, same, judged_at AS since, lead(number) OVER pair AS undone,
            coalesce(lead(judged_at) OVER pair, 'infinity') AS until
        FROM turned WINDOW pair AS (PARTITION BY one, other ORDER BY number)
    ) spells WHERE same
), beside AS (
    SELECT one AS subject, other, since, until, undone FROM joined
    UNION ALL
    SELECT other, one, since, until, undone FROM joined
), reach AS (
    SELECT id FROM subject WHERE code = %(code)s
    UNION
    SELECT b.other FROM reach r JOIN beside b ON b.subject = r.id
), mistaken AS (
    SELECT u.number AS undone, u.subject, begun.judged_at AS since, u.judged_at AS until
    FROM {judged} u CROSS JOIN LATERAL (
        SELECT s.judged_at FROM judgement s
        WHERE (s.about, s.subject) = (u.about, u.subject) AND s.verdict = 'same'
            AND s.number < u.number AND NOT EXISTS (
                SELECT FROM judgement o WHERE (o.about, o.subject) = (u.about, u.subject)
                    AND o.verdict <> 'same' AND o.model = ''
                    AND o.number > s.number AND o.number < u.number)
        ORDER BY s.number LIMIT 1
    ) begun
    WHERE u.of_kind = 'mention' AND u.verdict <> 'same' AND u.model = ''
), held AS (
    SELECT undone, 0 AS side, subject, since, until FROM mistaken
    UNION
    SELECT undone, side, subject, since, until
    FROM joined CROSS JOIN LATERAL (VALUES (0, one), (1, other)) AS sides(side, subject)
    WHERE undone IS NOT NULL AND {pair}
    UNION
    SELECT h.undone, h.side, b.other, greatest(h.since, b.since), least(h.until, b.until)
    FROM held h JOIN beside b ON b.subject = h.subject
        AND b.since < h.until AND b.until > h.since AND b.undone IS DISTINCT FROM h.undone
), whole AS (
    SELECT * FROM held h WHERE NOT EXISTS (
        SELECT FROM held w
        WHERE (w.undone, w.side, w.subject) = (h.undone, h.side, h.subject)
            AND w.since <= h.since AND w.until >= h.until
            AND (w.since, w.until) <> (h.since, h.until))
), foreign_facts AS (
    SELECT m.undone, 0 AS side, r.kind, r.source_key, r.subject
    FROM mistaken m CROSS JOIN LATERAL (
        SELECT * FROM record WHERE subject = m.subject AND superseded_at = m.until OFFSET 0
    ) r
    UNION
    SELECT h.undone, 1 - h.side, r.kind, r.source_key, r.subject
    FROM whole h JOIN judgement u ON u.number = h.undone AND u.of_kind = 'subject'
    CROSS JOIN LATERAL (
        SELECT * FROM record WHERE subject = h.subject AND superseded_at IS NULL
        UNION ALL
        SELECT * FROM record WHERE subject = h.subject AND superseded_at > h.since
        OFFSET 0
    ) r
    WHERE r.known_at < h.until
), facts AS (
    SELECT undone, side, count(*) AS entries, array_agg(DISTINCT kind ORDER BY kind) AS kinds
    FROM foreign_facts GROUP BY undone, side
)
SELECT u.number, u.of_kind, u.author, coalesce(nullif(u.reason, ''), moved.reason, ''),
    s.code, h.since, h.until, f.entries, f.kinds, now_of.code
FROM whole h JOIN facts f USING (undone, side)
CROSS JOIN LATERAL (SELECT * FROM judgement WHERE number = h.undone OFFSET 0) u
CROSS JOIN LATERAL (SELECT code FROM subject WHERE id = h.subject OFFSET 0) s
LEFT JOIN LATERAL (
    SELECT reason FROM judgement WHERE number = h.undone + 1 AND act = u.act OFFSET 0
) moved ON true
LEFT JOIN LATERAL (
    SELECT t.code FROM judged_pair p JOIN subject t ON t.id = p.subject
    WHERE p.mention = u.about AND p.same OFFSET 0
) now_of ON true
ORDER BY u.number DESC, (h.subject IN (u.about, u.subject)) DESC, s.code, h.since
"""
ALL: Final = UNDONE.format(judged="judgement", pair="true")
OF_ONE: Final = UNDONE.format(
    judged="""reach CROSS JOIN LATERAL (
        SELECT * FROM judgement WHERE subject = reach.id AND model = '' AND verdict <> 'same'
        OFFSET 0)""",
    pair="one IN (SELECT id FROM reach)",
)
UNDID: Final = """
SELECT EXISTS (SELECT FROM judgement
    WHERE judged_at > %s AND (of_kind = 'subject' OR (verdict <> 'same' AND model = '')))
"""
# Of most subjects nobody has said anything that could have been wrong.
DISPUTED: Final = """
SELECT FROM subject s WHERE s.code = %s AND (
    EXISTS (SELECT FROM judgement j
        WHERE j.subject = s.id AND j.model = '' AND j.verdict <> 'same')
    OR EXISTS (SELECT FROM judgement j WHERE j.subject = s.id AND j.of_kind = 'subject')
    OR EXISTS (SELECT FROM judgement j WHERE j.about = s.id AND j.of_kind = 'subject'))
"""


@dataclass(frozen=True, kw_only=True)
class WrongFile:
    """What was read under a code from a moment to before another held so many entries of others,
    of these kinds."""

    code: str
    since: dt.datetime
    until: dt.datetime
    entries: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Undone:
    """By the judgement `number` an earlier one counts no more: of a mention's rows, or of two
    subjects. The first of the `files` is whom the judgement names; `now_of` is the code of whom
    the rows are judged to be today, if of anybody."""

    number: int
    by_pair: bool
    author: str
    reason: str
    files: tuple[WrongFile, ...]
    now_of: str

    @property
    def since(self) -> dt.datetime:
        return self.files[0].since

    @property
    def until(self) -> dt.datetime:
        return self.files[0].until

    @property
    def code(self) -> str:
        return self.files[0].code

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(file.code for file in self.files))

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for file in self.files for kind in file.kinds)

    def of(self, code: str) -> tuple[WrongFile, ...]:
        """What of it concerns what was read under one code."""
        return tuple(file for file in self.files if file.code == code)


def undid(*, since: dt.datetime) -> bool:
    """Whether anybody judged anything since a moment that may have undone a judgement."""
    with connection.cursor() as cursor:
        cursor.execute(UNDID, [since])
        return bool(cursor.fetchone()[0])


def undone() -> tuple[Undone, ...]:
    """Every judgement that counted and counts no more, the last first. One that let nothing in, or
    all of which had left before, is none."""
    return tuple(_found(ALL, ""))


def undone_of(*, code: str) -> tuple[Undone, ...]:
    """Those of them that concern what was read under a code."""
    with connection.cursor() as cursor:
        cursor.execute(DISPUTED, [code])
        if not cursor.rowcount:
            return ()
    return tuple(one for one in _found(OF_ONE, code) if one.of(code))


def _found(statement: str, code: str) -> Iterator[Undone]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"code": code})
        rows = cursor.fetchall()
    for number, group in groupby(rows, key=lambda row: int(row[0])):
        files = list(group)
        _, of_kind, author, reason, *_, now_of = files[0]
        yield Undone(
            number=number,
            by_pair=of_kind == "subject",
            author=author,
            reason=reason,
            files=tuple(
                WrongFile(code=code, since=since, until=until, entries=entries, kinds=tuple(kinds))
                for _, _, _, _, code, since, until, entries, kinds, _ in files
            ),
            now_of=now_of or "",
        )
