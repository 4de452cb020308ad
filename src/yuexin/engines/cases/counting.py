"""From which day the clocks of one case count, where that is not the day of the step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from yuexin.engines.cases.types import Counts
from yuexin.engines.declare.queries import promised_by
from yuexin.engines.declare.types import Declarations, ProcessVersion


def counts_of(
    *, declarations: Declarations, version: ProcessVersion, body: Mapping[str, object]
) -> Counts:
    """For each clock that counts from a promise, its first day and its months, as the record says
    them when the case is opened."""
    promised = promised_by(declarations=declarations, body=body)
    if promised is None or not promised.version.check_months:
        return {}
    return {
        one.id: (promised.on, promised.version.check_months)
        for one in version.clocks
        if one.counts_from == "promise"
    }


def bound(*, version: ProcessVersion, counts: Counts) -> ProcessVersion:
    """The version with the clocks of one case."""
    if not counts:
        return version
    clocks = (
        replace(one, begun=counts[one.id][0], limit=counts[one.id][1]) if one.id in counts else one
        for one in version.clocks
    )
    return replace(version, clocks=tuple(clocks))


def counts_to(counts: Counts) -> dict[str, object]:
    """As the first act keeps them."""
    return {name: [day.isoformat(), months] for name, (day, months) in counts.items()}


def counts_from(said: Mapping[str, tuple[str, int]]) -> Counts:
    """As the first act says them."""
    return {name: (dt.date.fromisoformat(day), months) for name, (day, months) in said.items()}
