"""What a release withholds from officers, by the same rules that bind the public one."""

from __future__ import annotations

import json
from collections.abc import Iterable

import polars as pl

from yuexin.base.dates import today
from yuexin.domains.credit.rows import Row
from yuexin.engines.declare.types import Declarations
from yuexin.engines.records.bodies import typed
from yuexin.engines.rules.queries import ReleaseProgram, frame_schema


def released(
    *, declarations: Declarations, release: str, kind: str, rows: Iterable[Row]
) -> tuple[Row, ...]:
    """The rows of one kind that this release does not withhold.

    Its withhold rules decide; a term of publicity binds the public only.
    """
    found = tuple(rows)
    declared = declarations.releases[release].by_kind[kind]
    if not found or not declared.withhold:
        return found
    record_kind = declarations.kinds[kind]
    schema = frame_schema(record_kind)
    bodies = [{name: _text(row.body.get(name)) for name in schema} for row in found]
    frame = pl.DataFrame(bodies, schema=dict.fromkeys(schema, pl.String)).with_columns(
        *(typed(pl.col(name), dtype) for name, dtype in schema.items()),
        pl.Series("event_date", [row.event_date for row in found], dtype=pl.Date),
    )
    program = ReleaseProgram(kind=record_kind, release_kind=declared)
    known_on = today(max(row.known_at for row in found))
    withheld = program.evaluate(frame, known_on)["withheld"].to_list()
    return tuple(row for row, reason in zip(found, withheld, strict=True) if not reason)


def _text(value: object) -> str | None:
    """A value of a stored body as `body->>'field'` gives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
