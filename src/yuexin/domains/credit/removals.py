"""Decisions by which an entry left its list, for the days on which they are announced.

The entry itself is withheld from then on, so what is told of its removal is read from the record as
it stands, and of it only what is declared: whatever corrects, repairs, annuls, seals or takes back
the entry takes its removal along. An entry that was told here with its removal from the beginning
is not announced: nobody was told that it stood.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import polars as pl

from yuexin.base.text import Text
from yuexin.domains.credit.types import Entry
from yuexin.engines.declare.types import SOLE_TRADERS, Announcement, Removal
from yuexin.engines.releases.queries import without_mobiles

REMOVED: Final = """
SELECT r.subject, r.id, r.kind, d.agency, d.resource, NULL::date, NULL::date, NULL::date,
    (r.body->>'remove_date')::date + said.days, r.known_at, r.delivery, r.row,
    (SELECT jsonb_object_agg(field, r.body->field) FROM unnest(said.gives) AS field
        WHERE r.body ? field),
    'removed', greatest(
        (r.body->>'remove_date')::date, (r.known_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM jsonb_to_recordset(%(removals)s::jsonb)
    AS said (kind text, says jsonb, gives text[], days integer, traders boolean)
JOIN record r ON r.kind = said.kind AND r.superseded_at IS NULL AND r.body ? 'remove_date'
JOIN delivery d ON d.number = r.delivery
WHERE r.body @> said.says AND (r.body->>'remove_date')::date + said.days > %(today)s
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
    AND (said.traders IS NULL OR said.traders = (
        SELECT t.sole_trader FROM subject t WHERE t.id = r.subject))
    AND EXISTS (SELECT FROM record o WHERE o.subject = r.subject AND o.kind = r.kind
        AND o.source_key = r.source_key AND o.superseded_at IS NOT NULL
        AND NOT o.body ? 'remove_date')
"""


def removals_of(announcements: Iterable[Announcement]) -> tuple[Removal, ...]:
    """The removals that are announced under these headings."""
    return tuple(removal for one in announcements for removal in one.removals)


def as_asked(removals: Iterable[Removal]) -> str:
    """What the statement reads of the declarations."""
    said = [
        {
            "kind": one.kind,
            "says": one.says,
            "gives": list(one.gives),
            "days": one.days,
            "traders": SOLE_TRADERS[one.entity],
        }
        for one in removals
    ]
    return json.dumps(said, ensure_ascii=False)


def of_removal(entry: Entry) -> Entry:
    """The entry as its removal tells of it: by what was decided, in the words of who decided. It
    is adverse no longer, and leads to nothing that is public."""
    zh, en = (
        pl.select(without_mobiles(pl.lit(" · ".join(words)))).item()
        for words in zip(*((one.value.zh, one.value.en) for one in entry.facts), strict=True)
    )
    return replace(entry, adverse=False, headline=Text(zh, en), marks=(), facts=(), remedies=())
