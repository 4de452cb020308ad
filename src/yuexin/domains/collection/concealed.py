"""Decisions that a second source proves and whose body never delivered them (瞒报).

Which field of which kind proves what is declared: `refers` in `declarations/records/`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.dates import Calendar, today
from yuexin.domains.collection import rates_sql as sql
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations, RecordKind, Reference

ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Concealed:
    """A decision of an `agency` that `named_by` names, by the record `record`.

    It counts from `since` on: the day on which it was both found and overdue. Delivered later it
    is late in the month in which it came (`reported_on`); what was counted stays counted.
    """

    agency: str
    kind: str
    number: str
    named_by: str
    record: UUID
    decided: dt.date
    due: dt.date
    since: dt.date
    reported_on: dt.date | None

    @property
    def month(self) -> str:
        return f"{self.since:%Y-%m}"


def concealed(*, declarations: Declarations, on: dt.date) -> tuple[Concealed, ...]:
    """All that counts as concealed on some day up to `on`, whatever was delivered since."""
    found = []
    for named_by in declarations.kinds.values():
        for reference in named_by.refers:
            kind = declarations.kinds[reference.kind]
            if kind.strictest is None:
                continue
            search = _Search(
                declarations=declarations, named_by=named_by, reference=reference, kind=kind
            )
            found += [one for one in search.run() if one.since <= on]
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class _Search:
    """What one field of one kind proves."""

    declarations: Declarations
    named_by: RecordKind
    reference: Reference
    kind: RecordKind

    def run(self) -> Iterator[Concealed]:
        values = {
            "named_by": self.named_by.id,
            "field": self.reference.field,
            "by": self.reference.by,
            "dated": self.reference.dated,
            "kind": self.kind.id,
            "to": self.reference.to,
            "resources": list(self._headers),
            "headers": list(self._headers.values()),
        }
        calendar = calendar_of(declarations=self.declarations)
        connected = self._connected()
        for number, decider, teller, decided, found_at, record, file, told in _rows(
            sql.NAMED, values
        ):
            agency = self._lineage(self._deciding(decider, teller))
            if agency not in connected:
                continue
            due, since = self._since(calendar, decided, today(found_at))
            reported = self._reported(json.loads(told), agency, str(file))
            if due < connected[agency] or (reported is not None and reported <= since):
                continue
            yield Concealed(
                agency=agency, kind=self.kind.id, number=number, named_by=self.named_by.id,
                record=record, decided=decided, due=due, since=since, reported_on=reported,
            )  # fmt: skip

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        """Of the layouts that carry the kind, the column that holds the number."""
        return {
            resource.id: column.header
            for resource in self.declarations.resources.values()
            if resource.kind == self.kind.id and not resource.testing_only
            for column in resource.columns
            if column.field == self.reference.to
        }

    def _connected(self) -> Mapping[str, dt.date]:
        """Since when who delivers the kind; nobody else conceals by not delivering."""
        found: dict[str, dt.date] = {}
        for agency, day in _rows(sql.CONNECTED, {"resources": list(self._headers)}):
            lineage = self._lineage(agency)
            found[lineage] = min(day, found.get(lineage, day))
        return found

    def _since(
        self, calendar: Calendar, decided: dt.date, found_on: dt.date
    ) -> tuple[dt.date, dt.date]:
        period = self.kind.strictest
        assert period is not None
        due = calendar.add_workdays(decided, period.workdays).date
        return due, max(found_on, due + ONE_DAY)

    def _reported(
        self, told: Sequence[Mapping[str, str]], agency: str, file: str
    ) -> dt.date | None:
        """When a row of that number came: about the same subject, or from the same agency."""
        days = [
            dt.date.fromisoformat(one["on"])
            for one in told
            if one["file"] == file or self._lineage(one["agency"]) == agency
        ]
        return min(days, default=None)

    def _deciding(self, decider: str, teller: str) -> str:
        """The agency whose code or name is given; where none is asked for, who told."""
        if not self.reference.by:
            return teller
        for agency in self.declarations.agencies.values():
            if decider in (agency.uscc, agency.zh):
                return agency.id
        return ""

    def _lineage(self, agency: str) -> str:
        """Who answers for an agency now."""
        known = self.declarations.agencies
        while agency in known and known[agency].successor:
            agency = known[agency].successor
        return agency


def _rows(statement: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
