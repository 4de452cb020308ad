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
from yuexin.domains.collection.tally import Tally, refuse_other_count
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Submission

FIRST_FINDINGS: Final = 50


class Found(NamedTuple):
    """One finding: the number of its row, its column, its rule, and whether it rejects the row."""

    row: int
    column: str
    rule: str
    rejects: bool


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How many rows would be rejected and, of the others, wait for a doubtful code.

    Whom the others are about is seen only when they are delivered. `findings` are as a receipt
    lists them; `first` are those of the first rows.
    """

    received: int
    rejected: int
    doubtful: int
    findings: tuple[Mapping[str, Any], ...]
    first: tuple[Found, ...]


def tried(
    *, path: Path, submission: Submission, declarations: Declarations, scratch: Path, on: dt.date
) -> Trial:
    """Read and check a file as a fold would that received it on this day.

    Raises a `Refusal` for what cannot be read, or does not hold the rows it declared.
    """
    resource = declarations.resources[submission.resource]
    program = CheckProgram.of(resource=resource, declarations=declarations)
    tally, doubtful = Tally(), 0
    first: list[Found] = []
    opening = opened(path=path, form=submission.format, resource=resource, scratch=scratch)
    with opening as batches:
        for rows in batches:
            checked = program.run(frame=rows.frame, received_on=pl.lit(on))
            found = tally.see(rows, checked).sort(ROW, maintain_order=True)
            few = found.head(FIRST_FINDINGS - len(first)).select(ROW, "column", "rule")
            first += [
                Found(row, column, rule, program.severity(column, rule) == "reject")
                for row, column, rule in few.iter_rows()
            ]
            doubtful += int((checked.doubtful & ~checked.rejected).sum())
    refuse_other_count(submission, tally.received)
    return Trial(
        received=tally.received,
        rejected=tally.rejected,
        doubtful=doubtful,
        findings=tuple(tally.listed(program.severity)),
        first=tuple(first),
    )
