"""Which records a case may be opened about on a day, by the shortest months of their term as they
stand and as they are tried: each judged by the conditions on the record by which such a case is
opened. What is asked of the file besides goes by no term, and is left to whoever opens the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.subjects.facts import Share
from yuexin.domains.subjects.whatif.types import OPEN, SHUT, WAYS, Change
from yuexin.engines.cases.queries import standing_case_sql
from yuexin.engines.declare.types import (
    Declarations,
    Process,
    Term,
)
from yuexin.engines.rules.queries import RecordConditions, record_conditions, with_least_months


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The conditions of a process beside themselves under a term with other shortest months."""

    programs: Mapping[str, RecordConditions]
    kind: str
    change: Change
    beside: tuple[str, ...]

    @classmethod
    def of(cls, declarations: Declarations, change: Change) -> Opening:
        """Raises a `Refusal` where the process does not go by the term, or for such months."""
        process = declarations.processes.get(change.process)
        stands = declarations.terms[change.term]
        if process is None or stands not in terms_of(declarations, process, change.on):
            raise _unasked(change)
        version = process.version_on(change.on)
        tried = with_least_months(term=stands, version=change.version, months=change.numbers)
        standing = standing_case_sql(declarations=declarations, process=process)
        return cls(
            programs={
                way: RecordConditions(
                    kind=declarations.kinds[stands.kind],
                    term=term,
                    conditions=version.of_record if version else (),
                    place=f"processes/{process.id}",
                )
                for way, term in zip(WAYS, (stands, tried), strict=True)
            },
            kind=stands.kind,
            change=change,
            beside=("event_date", f"{standing} AS in_the_way"),
        )

    @property
    def needed(self) -> Mapping[str, frozenset[str]]:
        return {self.kind: self.programs[WAYS[0]].needed | self.programs[WAYS[1]].needed}

    def judged(self, share: Share) -> pl.DataFrame:
        records = share.records[self.kind].with_columns(
            pl.col("event_date").str.to_date("%Y-%m-%d")
        )
        free = records["in_the_way"] == "f"
        ways = [
            pl.select(
                pl.when(free & program.hold(records, self.change.on))
                .then(pl.lit(OPEN))
                .otherwise(pl.lit(SHUT))
                .alias(way)
            )[way]
            for way, program in self.programs.items()
        ]
        return share.subjects.join(records.select("subject").with_columns(ways), on="subject")


def terms_of(declarations: Declarations, process: Process, on: dt.date) -> Iterator[Term]:
    """The terms by whose shortest months the conditions of a process go on a day."""
    version = process.version_on(on)
    if version is None or process.about != "record":
        return
    shown = declarations.releases["public"].by_kind
    for kind in process.kinds:
        program = record_conditions(
            declarations=declarations,
            kind=kind,
            conditions=version.of_record,
            place=f"processes/{process.id}",
        )
        term = declarations.terms.get(shown[kind].term) if kind in shown else None
        if program.by_term and term:
            yield term


def _unasked(change: Change) -> Refusal:
    return Refusal(
        code="PARAMETER",
        what=Text(
            f"办件“{change.process}”的条件不看期限“{change.term}”",
            f"the conditions of “{change.process}” do not go by the term “{change.term}”",
        ),
        where=change.process,
        rule="processes",
        remedy=Text("从列出的数字中选择", "choose among the numbers that are listed"),
    )
