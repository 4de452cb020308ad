"""What a public report said before it was corrected, as the public read it then."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.text import Text
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import value_text
from yuexin.engines.declare.types import Declarations
from yuexin.engines.releases.models import ReleaseRow

# Only of what is public now, and of an entity whose home is not its address.
BEFORE: Final = """
SELECT o.id, o.body, o.known_at, o.superseded_at
FROM record c JOIN record o ON o.subject = c.subject AND o.kind = c.kind
    AND o.source_key = c.source_key AND o.superseded_at IS NOT NULL
JOIN subject s ON s.id = c.subject
WHERE c.id = %(record)s AND c.superseded_at IS NULL AND NOT s.sole_trader
ORDER BY o.known_at
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact that differed: what stood there before, and what took its place."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A correction: when the earlier version was public, and what it changed."""

    shown_from: dt.datetime
    corrected_at: dt.datetime
    changes: tuple[Change, ...]


def corrections_of(*, declarations: Declarations, record: UUID) -> tuple[Correction, ...]:
    """The corrections of a public report, the first before the others (publicity-regulation
    Art. 11: what stood before and after is public, with the days)."""
    shown = ReleaseRow.objects.filter(record=record).first()
    if shown is None or shown.kind not in declarations.filed_kinds:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, {"record": record})
        rows = cursor.fetchall()
    versions = [
        (_seen(declarations, shown.kind, body), known, until) for _, body, known, until in rows
    ]
    current = _seen(declarations, shown.kind, _current(record))
    found = []
    for place, (said, known, until) in enumerate(versions):
        after = versions[place + 1][0] if place + 1 < len(versions) else current
        found.append(
            Correction(shown_from=known, corrected_at=until, changes=_changes(
                declarations, shown.kind, said, after
            ))
        )  # fmt: skip
    return tuple(found)


def _current(record: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM record WHERE id = %s", [record])
        found = cursor.fetchone()
    return found[0] if found else {}


def _seen(declarations: Declarations, kind: str, body: Any) -> Mapping[str, Any]:
    """What the public read of a version: the fields open to it, each switched one by its flag."""
    told: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    declared = declarations.kinds[kind]
    decision = disclose(declarations=declarations, actor=PUBLIC, kind=declared)
    return {
        one.field: told[one.field]
        for one in decision.visible
        if told.get(one.field) is not None and (not one.when or told.get(one.when) is True)
    }


def _changes(
    declarations: Declarations, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Change, ...]:
    declared = declarations.kinds[kind]
    nothing = Text("未公示", "not public")
    return tuple(
        Change(
            label=field.label,
            before=value_text(declarations, field, before[field.id])
            if field.id in before else nothing,
            after=value_text(declarations, field, after[field.id])
            if field.id in after else nothing,
        )
        for field in declared.fields
        if before.get(field.id) != after.get(field.id)
    )  # fmt: skip
