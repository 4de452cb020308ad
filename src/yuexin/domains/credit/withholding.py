"""What a release withholds from officers, by the same rules that bind the public one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from itertools import groupby

import polars as pl

from yuexin.base.dates import today as day_of
from yuexin.domains.credit.rows import Row
from yuexin.engines.declare.types import Declarations
from yuexin.engines.records.bodies import typed
from yuexin.engines.rules.queries import ReleaseProgram, frame_schema


def released(
    *, declarations: Declarations, release: str, kind: str, rows: Iterable[Row], today: dt.date
) -> tuple[Row, ...]:
    """The rows of one kind that this release shows: not withheld, and within its term.

    What a fact says today decides, also of its earlier versions.
    """
    found = tuple(rows)
    declared = declarations.releases[release].by_kind[kind]
    if not found or not (declared.withhold or declared.term):
        return found
    record_kind = declarations.kinds[kind]
    schema = frame_schema(record_kind)
    program = ReleaseProgram(
        kind=record_kind,
        release_kind=declared,
        term=declarations.terms[declared.term] if declared.term else None,
    )
    shown: list[Row] = []
    by_day = sorted(found, key=_known_on)
    for known_on, group in groupby(by_day, key=_known_on):
        known = list(group)
        judged = program.evaluate(_frame(known, schema), known_on)
        for row, withheld, until in zip(
            known, judged["withheld"].to_list(), judged["shown_until"].to_list(), strict=True
        ):
            if not withheld and (until is None or until > today):
                shown.append(row)
    return tuple(shown)


def _known_on(row: Row) -> dt.date:
    return day_of(row.known_at)


def _frame(rows: list[Row], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """What is said today of the facts of these rows, typed as the rules read it."""
    bodies = [{name: _text(row.latest.get(name)) for name in schema} for row in rows]
    return pl.DataFrame(bodies, schema=dict.fromkeys(schema, pl.String)).with_columns(
        *(typed(pl.col(name), dtype) for name, dtype in schema.items()),
        pl.Series("event_date", [row.latest_event for row in rows], dtype=pl.Date),
    )


def _text(value: object) -> str | None:
    """A value of a stored body as `body->>'field'` gives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
