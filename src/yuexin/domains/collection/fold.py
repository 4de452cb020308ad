"""Fold a delivery into the records of its subjects. Delivering the same rows twice changes nothing.

One transaction holds the whole delivery and its receipt: it is visible whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl
from django.db import connection, transaction

from yuexin.base.dates import today
from yuexin.domains.collection import measures, place
from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.linking import Linking
from yuexin.domains.collection.reading.batches import Rows, opened
from yuexin.domains.collection.staging import Staging
from yuexin.domains.collection.tally import Tally, refuse_other_count
from yuexin.domains.subjects.persons import keep_indexed
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Counts, Kept
from yuexin.home.folder import Home

Progress = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class Folded:
    """How a delivery counts; `linked` mentions were judged with it to be somebody's, `asked` ones
    are for people."""

    counts: Counts
    findings: list[dict[str, Any]]
    linked: int = 0
    asked: int = 0


def fold(
    *,
    delivery: Kept,
    declarations: Declarations,
    linking: Linking,
    home: Home,
    progress: Progress | None = None,
) -> Folded:
    """Read, check, place, link and count one delivery, within the caller's transaction.

    Raises a `Refusal` when the delivery cannot be read or does not hold the rows it declared;
    nothing of it is then visible.
    """
    resource = declarations.resources[delivery.submission.resource]
    staging = Staging(home=home, delivery=delivery, resource=resource, declarations=declarations)
    program = CheckProgram.of(resource=resource, declarations=declarations)
    tally, prints = Tally(), list[pl.Series]()
    with transaction.atomic(), place.placing(staging, linking) as placing:
        with connection.cursor() as cursor:
            keep_indexed(cursor=cursor, kind=declarations.kinds[resource.kind])
        opening = opened(
            path=delivery.path, form=delivery.reads_as, resource=resource, scratch=home.scratch
        )
        with opening as batches:
            prepared = _prepared(batches, program, staging)
            for rows, checked, staged in ahead(prepared):
                findings = tally.see(rows=rows, checked=checked)
                prints.append(checked.prints)
                if not findings.is_empty():
                    # Rejected rows go into quarantine with their findings and their raw text.
                    placing.quarantine(
                        raw=rows.frame.filter(checked.rejected),
                        misshapen=rows.misshapen,
                        findings=findings,
                        severity=program.severity,
                    )
                placing.batch(staged)
                if progress:
                    progress("rows", tally.received)
        refuse_other_count(submission=delivery.submission, received=tally.received)
        placed = placing.finish(progress)
        measures.keep(
            delivery=delivery,
            declarations=declarations,
            counted=measures.Counted(
                program=program,
                rejected=tally.rejected,
                findings=tally.findings,
                filled=tally.filled,
                prints=prints,
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
    return Folded(
        counts=counts,
        findings=tally.listed(severity=program.severity),
        linked=placed.linked,
        asked=placed.asked,
    )


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
