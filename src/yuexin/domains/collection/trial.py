"""What the checks say of a file before it is delivered. Nothing is kept, nothing is public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import polars as pl

from yuexin.base.dates import today
from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.staging import Staging, waiting_reason
from yuexin.domains.collection.tally import Tally, refuse_other_count
from yuexin.domains.collection.trial_linking import Compared, Comparing
from yuexin.domains.collection.trial_linking import comparing as comparing_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Kept
from yuexin.home.folder import Home

MOST_ROWS: Final = 100_000
"""After the batch with so many rows a trial has seen enough: somebody waits for it."""
MOST_COMPARED: Final = 20_000
"""So many rows are placed and compared with the subjects, which takes longer than checking."""
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
    """How many rows would be rejected, and how many of the others wait, by why. Of the `compared`
    ones that is what their fold would say: `matched` are linked with it, or by what was judged
    before, and do not wait; whose `asked` ones are, a person would judge. Of the rest only the
    reason that stands in the row itself is seen.

    `findings` are as a receipt lists them; `first` are those of the first rows. Not `whole`: the
    file holds more rows than were looked at.
    """

    received: int
    rejected: int
    waiting: Mapping[str, int]
    compared: int
    matched: int
    asked: int
    findings: tuple[Mapping[str, Any], ...]
    first: tuple[Found, ...]
    whole: bool


def tried(*, delivery: Kept, declarations: Declarations, home: Home) -> Trial:
    """Read and check a file, or its first rows, as its fold would, were it this delivery.

    Raises a `Refusal` for what cannot be read, or does not hold the rows it declared.
    """
    submission = delivery.submission
    resource = declarations.resources[submission.resource]
    program = CheckProgram.of(resource=resource, declarations=declarations)
    staging = Staging(home=home, delivery=delivery, resource=resource, declarations=declarations)
    on = pl.lit(today(delivery.received_at))
    tally, whole = Tally(), True
    first: list[Found] = []
    waits = _Waits(staging=staging)
    opening = opened(
        path=delivery.path, form=submission.format, resource=resource, scratch=home.scratch
    )
    with opening as batches, _comparing(staging) as comparing:
        for rows in batches:
            if tally.received >= MOST_ROWS:
                whole = False
                break
            checked = program.run(frame=rows.frame, received_on=on)
            found = tally.see(rows=rows, checked=checked)
            if len(first) < FIRST_FINDINGS:
                first += _first(found, program, FIRST_FINDINGS - len(first))
            waits.see(checked, comparing)
        compared = waits.compared(comparing)
    if whole:
        refuse_other_count(submission=submission, received=tally.received)
    return Trial(
        received=tally.received,
        rejected=tally.rejected,
        waiting={name: count for name, count in sorted(waits.by_reason.items()) if name},
        compared=compared.rows,
        matched=compared.matched,
        asked=compared.asked,
        findings=tuple(tally.listed(severity=program.severity)),
        first=tuple(first),
        whole=whole,
    )


@dataclass(kw_only=True)
class _Waits:
    """How many rows would wait, by why; '' for those that need not, by themselves."""

    staging: Staging
    by_reason: Counter[str] = field(default_factory=Counter)

    def see(self, checked: Checked, comparing: Comparing | None) -> None:
        """Compare the rows of a batch, as many as are compared; of the rest see what they say."""
        most = max(MOST_COMPARED - comparing.found.seen, 0) if comparing else 0
        if comparing and most:
            comparing.batch(self.staging.run(_part(checked, 0, most)), seen=most)
        rest = _part(checked, most, None)
        kept = rest.typed.with_columns(rest.doubtful.alias("doubtful")).filter(~rest.rejected)
        reason = waiting_reason(resource=self.staging.resource).alias("reason")
        reasons = kept.select(reason).group_by("reason").len()
        self.by_reason.update(dict(reasons.iter_rows()))

    def compared(self, comparing: Comparing | None) -> Compared:
        found = comparing.finish() if comparing else Compared()
        self.by_reason.update(found.waiting)
        return found


def _comparing(staging: Staging) -> AbstractContextManager[Comparing | None]:
    """What compares rows; nothing for a register, whose rows people judge, and for what is to be
    taken back."""
    if staging.resource.establishes or staging.delivery.submission.intent == "withdraw":
        return nullcontext()
    return comparing_of(staging)


def _part(checked: Checked, start: int, most: int | None) -> Checked:
    """Some rows of a batch."""
    return replace(
        checked,
        typed=checked.typed.slice(start, most),
        rejected=checked.rejected.slice(start, most),
        doubtful=checked.doubtful.slice(start, most),
    )


def _first(found: pl.DataFrame, program: CheckProgram, most: int) -> list[Found]:
    few = found.sort(ROW, maintain_order=True).head(most).select(ROW, "column", "rule", "value")
    return [
        Found(row, column, rule, value or "", program.severity(column, rule) == "reject")
        for row, column, rule, value in few.iter_rows()
    ]
