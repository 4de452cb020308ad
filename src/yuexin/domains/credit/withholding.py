"""What a release withholds from officers, by the same rules that bind the public one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from yuexin.base.dates import today as day_of
from yuexin.domains.credit.rows import Row
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.types import Declarations
from yuexin.engines.records.queries import typed
from yuexin.engines.rules.queries import ReleaseProgram, frame_schema, release_program


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one version of a fact says, and the day on which it became known here."""

    body: Mapping[str, Any]
    event_date: dt.date | None
    known_on: dt.date


def shows_all_that_is_public(*, declarations: Declarations, release: str, kind: str) -> bool:
    """Whether a release withholds nothing of a kind, and ends nothing, that the public one does
    not: what stands in the public projection needs no judging again."""
    seen = disclose(declarations=declarations, actor=PUBLIC, kind=declarations.kinds[kind])
    if not seen.allowed:
        return False
    public = declarations.releases[seen.release].by_kind[kind]
    declared = declarations.releases[release].by_kind[kind]
    also = {(one.id, one.when) for one in public.withhold}
    kept = all((one.id, one.when) in also for one in declared.withhold)
    return kept and declared.term in ("", public.term)


def released(
    *, declarations: Declarations, release: str, kind: str, rows: Iterable[Row], on: dt.date
) -> tuple[Row, ...]:
    """The rows of one kind that this release showed on the day: not withheld, within its term.

    Each version is judged as it stood, and as closed as the fact is by what is said of it today.
    """
    found = tuple(rows)
    declared = declarations.releases[release].by_kind[kind]
    if not found or not (declared.withhold or declared.term):
        return found
    then = release_program(declarations=declarations, release=release, kind=kind)
    # What closes from then on left the days before as they stood. The rest closes every day: what
    # is sealed, or a minor's, is nobody's to look up.
    now = release_program(declarations=declarations, release=release, kind=kind, on_any_day=True)
    schema = frame_schema(declarations.kinds[kind])
    stood = _shown(then, schema, [_stood(row) for row in found], on)
    open_now = _shown(now, schema, [_stands(row) for row in found], on)
    return tuple(
        row for row, was, still in zip(found, stood, open_now, strict=True) if was and still
    )


def _stood(row: Row) -> Said:
    return Said(body=row.body, event_date=row.event_date, known_on=day_of(row.known_at))


def _stands(row: Row) -> Said:
    return Said(body=row.latest, event_date=row.latest_event, known_on=day_of(row.known_at))


def _shown(
    program: ReleaseProgram, schema: dict[str, pl.DataType], said: list[Said], on: dt.date
) -> list[bool]:
    """Of each, whether the program shows it on the day."""
    judged = judge(program=program, schema=schema, said=said)
    return [not withheld and (until is None or until > on) for withheld, until in judged]


def judge(
    *, program: ReleaseProgram, schema: dict[str, pl.DataType], said: list[Said]
) -> list[tuple[str, dt.date | None]]:
    """Of each, the rule by which the program withholds it, '' for none, and the first day on which
    it is no longer shown."""
    found: list[tuple[str, dt.date | None]] = [("", None)] * len(said)
    in_turn = sorted(range(len(said)), key=lambda place: said[place].known_on)
    for known_on, group in groupby(in_turn, key=lambda place: said[place].known_on):
        places = list(group)
        judged = program.evaluate(frame_of([said[place] for place in places], schema), known_on)
        reasons, ends = judged["withheld"].to_list(), judged["shown_until"].to_list()
        for place, withheld, until in zip(places, reasons, ends, strict=True):
            found[place] = (withheld, until)
    return found


def frame_of(said: list[Said], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """What is said, typed as the rules read it."""
    bodies = [{name: _text(item.body.get(name)) for name in schema} for item in said]
    return pl.DataFrame(bodies, schema=dict.fromkeys(schema, pl.String)).with_columns(
        *(typed(pl.col(name), dtype) for name, dtype in schema.items()),
        pl.Series("event_date", [item.event_date for item in said], dtype=pl.Date),
    )


def _text(value: object) -> str | None:
    """A value of a stored body as `body->>'field'` gives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
