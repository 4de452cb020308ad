"""The term of publicity as SQL: the class by each version of law, then the transition clauses.

A class whose condition is unknown may be the right one as well as those after it. Of the classes
that may be right the mildest counts: one that is not published, else the shortest. An earlier end
that the deciding agency delivered (`given`, exclusive) counts before the term's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from yuexin.engines.declare.types import TermClass, TermVersion
from yuexin.engines.rules import clock
from yuexin.engines.rules.render import quoted

UNCLASSIFIED: Final = "unclassified"
UNDATED: Final = "undated"


@dataclass(frozen=True, kw_only=True)
class Class:
    """One class of one version, and the column that holds whether its condition is true."""

    code: int
    column: str
    declared: TermClass | None

    @property
    def id(self) -> str:
        return self.declared.id if self.declared else UNCLASSIFIED

    @property
    def published(self) -> bool:
        # No law says how long a record of no class is public, so it is not.
        return self.declared is not None and self.declared.publish

    @property
    def end(self) -> str:
        """The day after the last day of publicity; the month's last day where a day is missing."""
        step = clock.Step(sign="+", amount=self.months, unit="MONTH")
        return f"{clock.moved('event_date', step)} + 1"

    @property
    def months(self) -> int:
        return self.declared.months_max if self.declared else 0

    @property
    def least(self) -> str:
        """The first day on which its shortest publicity is over."""
        months = self.declared.months_min if self.declared else 0
        return clock.moved("event_date", clock.Step(sign="+", amount=months, unit="MONTH"))

    @property
    def severity(self) -> tuple[bool, int, int]:
        return self.published, self.months, self.code


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the term; its last class takes what no declared class takes."""

    number: int
    declared: TermVersion
    classes: tuple[Class, ...]

    @property
    def start(self) -> str:
        return f"DATE '{self.declared.valid_from}'"

    @property
    def hidden(self) -> str:
        return ", ".join(str(item.code) for item in self.classes if not item.published)

    @property
    def contains(self) -> str:
        """Whether the event falls under this version; before the earliest, the earliest applies."""
        end = self.declared.valid_to
        upper = f"event_date < DATE '{end}'" if end else "TRUE"
        lower = f"event_date >= {self.start}" if self.number else "event_date IS NOT NULL"
        return f"{lower} AND {upper}"

    @property
    def chosen(self) -> str:
        """The class by this version: the mildest of those that may be the first that holds."""
        cases = []
        for item in sorted(self.classes, key=lambda one: one.severity):
            earlier = [one.column for one in self.classes if one.code < item.code]
            open_still = [f"{column} IS NOT TRUE" for column in earlier]
            possible = " AND ".join([f"{item.column} IS NOT FALSE", *open_still])
            cases.append(f"WHEN {possible} THEN {item.code}")
        return f"CASE {' '.join(cases)} END AS p{self.number}"

    @property
    def end(self) -> str:
        """The end by this version; none for a class that is not published."""
        ends = [f"WHEN {item.code} THEN {item.end}" for item in self.classes if item.published]
        if not ends:
            return f"CAST(NULL AS DATE) AS e{self.number}"
        return f"CASE p{self.number} {' '.join(ends)} END AS e{self.number}"

    @property
    def transition(self) -> str:
        """Judge records of earlier law that are still shown by this version from its first day on.

        By the milder clause only if that ends them earlier. No law ends before it begins.
        """
        n = self.number
        later = f"greatest(e{n}, {self.start})"
        new = f"CASE WHEN p{n} IN ({self.hidden}) THEN {self.start} ELSE {later} END"
        shown = f"till > {self.start} AND coalesce(given > {self.start}, TRUE)"
        takes = f"event_date < {self.start} AND {shown}"
        takes = f"{takes} AND {new} < till" if self.declared.clause == "milder" else takes
        return (
            f"CASE WHEN {takes} THEN {new} ELSE till END AS till, "
            f"CASE WHEN {takes} THEN p{n} ELSE code END AS code"
        )


class TermSql:
    """The SQL of a term: from each class's truth to the end, the class, and whether it hides."""

    def __init__(self, versions: Sequence[TermVersion]) -> None:
        ordered = sorted(versions, key=lambda version: version.valid_from)
        codes = iter(range(sum(len(version.classes) + 1 for version in ordered)))
        self.versions = tuple(
            Version(
                number=number,
                declared=version,
                classes=tuple(
                    Class(code=code, column=f"k{code}", declared=item)
                    for item, code in zip([*version.classes, None], codes, strict=False)
                ),
            )
            for number, version in enumerate(ordered)
        )

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        return tuple(chain.from_iterable(version.classes for version in self.versions))

    def wrap(self, truths: str) -> str:
        """A query over one with each class's truth, the `event_date` and what was `given`.

        It has `till`, `code` and `delivered_end`: the last day as delivered, where it decides.
        """
        chosen = ", ".join(version.chosen for version in self.versions)
        ends = ", ".join(version.end for version in self.versions)
        sql = f"SELECT *, {ends} FROM (SELECT *, {chosen} FROM ({truths}))"
        sql = f"SELECT *, {self._base} FROM ({sql})"
        for version in self.versions[1:]:
            if version.declared.clause != "old_law":
                sql = f"SELECT * REPLACE ({version.transition}) FROM ({sql})"
        ended = "CASE WHEN given < till THEN given - 1 END AS delivered_end"
        return f"SELECT * REPLACE (least(till, given) AS till), {ended} FROM ({sql})"

    @property
    def _base(self) -> str:
        """End and class by the law of the event date. What is not published ends at once."""
        latest_first = self.versions[::-1]
        tills = [f"WHEN {v.contains} THEN coalesce(e{v.number}, event_date)" for v in latest_first]
        codes = [f"WHEN {v.contains} THEN p{v.number}" for v in latest_first]
        return f"CASE {' '.join(tills)} END AS till, CASE {' '.join(codes)} END AS code"

    @property
    def label(self) -> str:
        """The class's id. Without an event date or a version in force there is none."""
        named = " ".join(f"WHEN {item.code} THEN {quoted(item.id)}" for item in self.classes)
        none = f"CASE WHEN event_date IS NULL THEN '{UNDATED}' ELSE '{UNCLASSIFIED}' END"
        return f"CASE code {named} ELSE {none} END"

    @property
    def repair_from(self) -> str:
        """The first day on which the shortest publicity of the class is over; none without one."""
        days = " ".join(
            f"WHEN {item.code} THEN {item.least}" for item in self.classes if item.declared
        )
        return f"CASE code {days} END" if days else "CAST(NULL AS DATE)"

    def hidden(self, known_on: str) -> str:
        """Whether the class keeps the record from being shown at all, known here on that day."""
        cases = ["WHEN code IS NULL THEN TRUE"]
        for version in self.versions:
            # Shown under the earlier law until this version came, if it was known by then.
            late = f"event_date >= {version.start} OR {known_on} >= {version.start}"
            truth = late if version.number else "TRUE"
            cases.append(f"WHEN code IN ({version.hidden}) THEN {truth}")
        return f"CASE {' '.join(cases)} ELSE FALSE END"

    def version_of(self, code: int | None) -> dt.date | None:
        """The first day of the version a class belongs to."""
        for version in self.versions:
            if code in [item.code for item in version.classes]:
                return version.declared.valid_from
        return None
