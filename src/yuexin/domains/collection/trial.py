"""What the checks say of a file before it is delivered. Nothing is kept, nothing is public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.staging import waiting_reason
from yuexin.domains.collection.tally import Tally, refuse_other_count
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Submission

MOST_ROWS: Final = 100_000
"""After the batch with so many rows a trial has seen enough: somebody waits for it."""
FIRST_FINDINGS: Final = 200


class Found(NamedTuple):
    """One finding: the number of its row, its column, its rule, the text that stands there, and
    whether it rejects the row."""

    row: int
    column: str
    rule: str
    value: str
    rejects: bool


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How many rows would be rejected and how many of the others wait, by the reason that stands
    in the row itself. Whether the registers know its subject is seen only on delivery.

    `findings` are as a receipt lists them; `first` are those of the first rows. Not `whole`: the
    file holds more rows than were looked at.
    """

    received: int
    rejected: int
    waiting: Mapping[str, int]
    findings: tuple[Mapping[str, Any], ...]
    first: tuple[Found, ...]
    whole: bool


def tried(
    *, path: Path, submission: Submission, declarations: Declarations, scratch: Path, on: dt.date
) -> Trial:
    """Read and check a file, or its first rows, as a fold would that received it on this day.

    Raises a `Refusal` for what cannot be read, or does not hold the rows it declared.
    """
    resource = declarations.resources[submission.resource]
    program = CheckProgram.of(resource=resource, declarations=declarations)
    reason = waiting_reason(resource=resource).alias("reason")
    tally, whole = Tally(), True
    first: list[Found] = []
    waiting: dict[str, int] = {}
    opening = opened(path=path, form=submission.format, resource=resource, scratch=scratch)
    with opening as batches:
        for rows in batches:
            if tally.received >= MOST_ROWS:
                whole = False
                break
            checked = program.run(frame=rows.frame, received_on=pl.lit(on))
            found = tally.see(rows=rows, checked=checked)
            if len(first) < FIRST_FINDINGS:
                first += _first(found, program, FIRST_FINDINGS - len(first))
            kept = checked.typed.with_columns(checked.doubtful.alias("doubtful"))
            reasons = kept.filter(~checked.rejected).select(reason)
            for name, count in reasons.group_by("reason").len().iter_rows():
                waiting[name] = waiting.get(name, 0) + count
    if whole:
        refuse_other_count(submission=submission, received=tally.received)
    return Trial(
        received=tally.received,
        rejected=tally.rejected,
        waiting={name: count for name, count in sorted(waiting.items()) if name},
        findings=tuple(tally.listed(severity=program.severity)),
        first=tuple(first),
        whole=whole,
    )


def _first(found: pl.DataFrame, program: CheckProgram, most: int) -> list[Found]:
    few = found.sort(ROW, maintain_order=True).head(most).select(ROW, "column", "rule", "value")
    return [
        Found(row, column, rule, value or "", program.severity(column, rule) == "reject")
        for row, column, rule, value in few.iter_rows()
    ]
