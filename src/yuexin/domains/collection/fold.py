"""Fold a delivery into the records of its subjects. Delivering the same rows twice changes nothing.

One transaction holds the whole delivery and its receipt: it is visible whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from django.db import transaction

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection import measures, place
from yuexin.domains.collection.checks.program import FINDINGS, Checked, CheckProgram
from yuexin.domains.collection.reading.batches import ROW, Rows, opened
from yuexin.domains.collection.staging import Staging
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Counts, Kept

Progress = Callable[[str, int], None]
SAMPLE_FINDINGS = 50


@dataclass(kw_only=True)
class Tally:
    """What a fold counts while it runs."""

    received: int = 0
    rejected: int = 0
    erased: int = 0
    findings: dict[tuple[str, str], int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    prints: list[pl.Series] = field(default_factory=list)

    def see(self, checked: Checked) -> None:
        """Count what a batch filled, and remember its rows by their prints."""
        for header, count in checked.filled.items():
            self.filled[header] = self.filled.get(header, 0) + count
        self.prints.append(checked.prints)

    def add(self, findings: pl.DataFrame) -> None:
        for column, rule, count in findings.group_by("column", "rule").len().rows():
            self.findings[column, rule] = self.findings.get((column, rule), 0) + count

    def listed(self, severity: Callable[[str, str], str]) -> list[dict[str, Any]]:
        """Findings by column and rule, with what each leads to, its count and the denominator."""
        ordered = sorted(self.findings.items(), key=lambda item: (-item[1], item[0]))
        return [
            {
                "column": column,
                "rule": rule,
                "severity": severity(column, rule),
                "rows": count,
                "of": self.received,
            }
            for (column, rule), count in ordered[:SAMPLE_FINDINGS]
        ]


@dataclass(frozen=True, kw_only=True)
class Folded:
    counts: Counts
    findings: list[dict[str, Any]]


def fold(
    *, delivery: Kept, declarations: Declarations, scratch: Path, progress: Progress | None = None
) -> Folded:
    """Read, check, place and count one delivery, within the caller's transaction.

    Raises a `Refusal` when the delivery cannot be read or does not hold the rows it declared;
    nothing of it is then visible.
    """
    resource = declarations.resources[delivery.submission.resource]
    staging = Staging(delivery=delivery, resource=resource, declarations=declarations)
    program = CheckProgram.of(resource=resource, declarations=declarations)
    tally = Tally()
    with transaction.atomic(), place.placing(staging) as placing:
        opening = opened(
            path=delivery.path, form=delivery.reads_as, resource=resource, scratch=scratch
        )
        with opening as batches:
            prepared = _prepared(batches, program, staging)
            for rows, checked, staged in ahead(prepared):
                tally.see(checked)
                _set_aside(placing, program, rows, checked, tally)
                placing.batch(staged)
                if progress:
                    progress("rows", tally.received)
        _refuse_other_count(delivery, tally.received)
        placed = placing.finish(progress)
        measures.keep(
            delivery=delivery,
            declarations=declarations,
            counted=measures.Counted(
                program=program,
                rejected=tally.rejected,
                findings=tally.findings,
                filled=tally.filled,
                prints=tally.prints,
                reasons=placed.reasons,
                events=placed.events,
            ),
        )
    counts = Counts(
        received=tally.received,
        rejected=tally.rejected,
        erased=tally.erased,
        new=placed.new,
        changed=placed.changed,
        unchanged=placed.unchanged,
        waiting=placed.waiting,
    )
    return Folded(counts=counts, findings=tally.listed(program.severity))


def _prepared(
    batches: Iterator[Rows], program: CheckProgram, staging: Staging
) -> Iterator[tuple[Rows, Checked, pl.DataFrame]]:
    """Everything that needs no database, so that it can run beside the database's work."""
    received_on = pl.lit(today(staging.delivery.received_at))
    for rows in batches:
        checked = program.run(frame=rows.frame, received_on=received_on)
        if rows.without:
            checked = program.excused(checked, cells=rows.without)
        yield rows, checked, staging.run(checked)


T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, the next one being made in a thread while this one is used."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        following = maker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = maker.submit(next, items, None)
            yield item


def _set_aside(
    placing: place.Placing, program: CheckProgram, rows: Rows, checked: Checked, tally: Tally
) -> None:
    """Put the rejected rows into quarantine with their findings and their raw text."""
    misshapen = rows.misshapen.select(
        pl.col(ROW).cast(pl.Int64),
        pl.lit("").alias("column"),
        pl.lit("SHAPE").alias("rule"),
        pl.col("raw").alias("value"),
    )
    findings = pl.concat([checked.findings, misshapen.cast(pl.Schema(FINDINGS))])
    tally.received += rows.count
    tally.erased += len(rows.erased)
    tally.rejected += int(checked.rejected.sum()) + rows.misshapen.height
    tally.add(findings)
    if findings.is_empty():
        return
    placing.quarantine(
        raw=rows.frame.filter(checked.rejected),
        misshapen=rows.misshapen,
        findings=findings,
        severity=program.severity,
    )


def _refuse_other_count(delivery: Kept, received: int) -> None:
    declared = delivery.submission.declared_rows
    if declared is None or declared == received:
        return
    raise Refusal(
        code="ROW_COUNT",
        what=Text(
            f"申报 {declared} 行，实收 {received} 行",
            f"{declared} rows declared, {received} received",
        ),
        where=delivery.submission.file_name,
        rule="receipt: rows_declared = rows_received",
        remedy=Text("核对后重新交付完整文件", "deliver the complete file again"),
    )
