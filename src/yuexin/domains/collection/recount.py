"""Rows of a delivery that are let through while it is folded count by what became of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from django.db.backends.utils import CursorWrapper

# How many rows of the delivery say one thing that waits, by why; `waiting` holds it once.
WAITED: Final = """
CREATE TEMP TABLE IF NOT EXISTS waited (content uuid, why text, rows bigint) ON COMMIT DROP
"""
KEEP_WAITED: Final = """
INSERT INTO waited SELECT s.content, p.why, count(*)
FROM placed p JOIN stage s USING (delivery, row)
WHERE p.action = 'waiting' GROUP BY s.content, p.why
"""
BECAME: Final = """
SELECT w.why, sum(w.rows)::bigint, p.action, p.why, s.event_date
FROM placed p JOIN stage s USING (delivery, row) JOIN waited w USING (content)
WHERE p.action <> 'later'
GROUP BY s.content, w.why, p.action, p.why, s.event_date
"""


@dataclass(kw_only=True)
class Placed:
    """How many rows ended where, why rows wait, and the days of the events that are new.

    `linked` mentions were judged to be a subject's, `asked` ones are a person's to judge.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    linked: int = 0
    asked: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    events: dict[dt.date, int] = field(default_factory=dict)

    def rewrite(self, cursor: CursorWrapper, *, event: bool) -> None:
        """Count the rows in `placed` that waited by what became of them: rows that said the same
        as one that is new say nothing new."""
        cursor.execute(BECAME)
        for was, rows, action, why, happened in cursor.fetchall():
            self._less(was, rows)
            if action == "waiting":
                self.waiting += rows
                self.reasons[why] = self.reasons.get(why, 0) + rows
                continue
            setattr(self, action, getattr(self, action) + 1)
            self.unchanged += rows - 1
            if action == "new" and event and happened:
                self.events[happened] = self.events.get(happened, 0) + 1

    def _less(self, why: str, rows: int) -> None:
        self.waiting -= rows
        self.reasons[why] -= rows
        if not self.reasons[why]:
            del self.reasons[why]
