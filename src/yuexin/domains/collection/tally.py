"""What is counted of a file while its batches are checked, be it folded or only tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.checks.program import FINDINGS, Checked
from yuexin.domains.collection.reading.batches import ROW, Rows
from yuexin.engines.deliveries.types import Submission

SAMPLE_FINDINGS: Final = 50


@dataclass(kw_only=True)
class Tally:
    """What is counted of a file, batch by batch."""

    received: int = 0
    rejected: int = 0
    erased: int = 0
    findings: dict[tuple[str, str], int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)

    def see(self, *, rows: Rows, checked: Checked) -> pl.DataFrame:
        """Count a batch. Returns all its findings, a row of a wrong shape among them."""
        for header, count in checked.filled.items():
            self.filled[header] = self.filled.get(header, 0) + count
        misshapen = rows.misshapen.select(
            pl.col(ROW).cast(pl.Int64),
            pl.lit("").alias("column"),
            pl.lit("SHAPE").alias("rule"),
            pl.col("raw").alias("value"),
        )
        findings = pl.concat([checked.findings, misshapen.cast(pl.Schema(FINDINGS))])
        self.received += rows.count
        self.erased += len(rows.erased)
        self.rejected += int(checked.rejected.sum()) + rows.misshapen.height
        for column, rule, count in findings.group_by("column", "rule").len().rows():
            self.findings[column, rule] = self.findings.get((column, rule), 0) + count
        return findings

    def listed(self, *, severity: Callable[[str, str], str]) -> list[dict[str, Any]]:
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


def refuse_other_count(*, submission: Submission, received: int) -> None:
    """Refuse a file that does not hold the rows that were declared of it."""
    declared = submission.declared_rows
    if declared is None or declared == received:
        return
    raise Refusal(
        code="ROW_COUNT",
        what=Text(
            f"申报 {declared} 行，实收 {received} 行",
            f"{declared} rows declared, {received} received",
        ),
        where=submission.file_name,
        rule="receipt: rows_declared = rows_received",
        remedy=Text("核对后重新交付完整文件", "deliver the complete file again"),
    )
