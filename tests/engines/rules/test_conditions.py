"""What has to hold before a penalty can be repaired, by the day and the term it is public under."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from yuexin.engines.declare.queries import current
from yuexin.engines.rules.queries import record_conditions, text_frame

ON = dt.date(2026, 11, 24)


def held(on: dt.date = ON, **penalty: str) -> dict[str, tuple[bool | None, dt.date | None]]:
    """Of each condition whether it holds, and the day on which time alone changes that."""
    declarations = current()
    version = declarations.processes["penalty_repair"].version_on(on)
    assert version is not None
    kind = declarations.kinds["penalty"]
    program = record_conditions(
        declarations=declarations, kind=kind.id, conditions=version.conditions, place="test"
    )
    frame = text_frame(kind=kind, rows=[{"penalty_types": "罚款", **penalty}])
    found = program.evaluate(frame.with_columns(event_date=pl.col("decision_date")), on)
    return {name: (truth.holds, truth.until) for name, truth in found.items()}


@pytest.mark.parametrize(
    ("decided", "period", "public"),
    [
        ("2026-08-24", (True, None), (True, dt.date(2027, 8, 25))),
        ("2026-10-20", (False, dt.date(2027, 1, 20)), (True, dt.date(2027, 10, 21))),
        ("2025-11-24", (True, None), (True, dt.date(2026, 11, 25))),
        ("2025-11-23", (True, None), (False, None)),
    ],
)
def test_a_penalty_is_repaired_between_its_shortest_period_and_its_last_day(
    decided: str, period: tuple[bool, dt.date | None], public: tuple[bool, dt.date | None]
) -> None:
    found = held(decision_date=decided)
    assert found["period"] == period
    assert found["public"] == public


def test_a_minor_penalty_that_a_body_shows_after_all_is_repaired_at_once() -> None:
    minor = held(decision_date="2026-11-02", procedure="simple")
    assert minor["public"][0] is True
    assert minor["period"] == (True, None)


def test_an_end_that_the_agency_delivered_counts() -> None:
    ended = held(decision_date="2026-05-06", publicity_end="2026-08-06")
    assert ended["public"] == (False, None)


def test_a_penalty_that_nobody_dated_cannot_be_judged() -> None:
    assert held()["public"] == (None, None)
