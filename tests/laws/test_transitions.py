"""What becomes of what began before a law came: one clause, read the same by a term of publicity,
by a list and by a case, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

import pytest
from tests.engines.rules.made import PENALTY, day, release, rows, term, term_class, term_version

from yuexin.base.dates import Calendar
from yuexin.engines.cases.stepping import standing
from yuexin.engines.cases.transitions import with_later_versions
from yuexin.engines.cases.types import Act
from yuexin.engines.declare.types import (
    CaseClock,
    CaseState,
    Process,
    ProcessVersion,
    Regime,
    RegimeVersion,
    Step,
    Transition,
    TransitionClause,
)
from yuexin.engines.rules.queries import ReleaseProgram, last_day_by_term

ONE_DAY = dt.timedelta(days=1)
COMES = "2026-04-01"


class Worked(NamedTuple):
    """What began on a day under a law of so many months, what comes, and its last day."""

    began: str
    before: int
    clause: TransitionClause
    after: int
    last: str
    confirmed: bool = True


CASES = [
    # --- old_law: by the day of the event, whatever comes ---
    Worked("2025-06-02", 36, "old_law", 12, "2028-06-02"),
    Worked("2025-06-02", 12, "old_law", 36, "2026-06-02"),
    Worked("2026-03-31", 36, "old_law", 12, "2029-03-31"),
    # --- new_law: all that stands still, shortened or lengthened ---
    Worked("2025-06-02", 36, "new_law", 12, "2026-06-02"),
    Worked("2025-06-02", 12, "new_law", 36, "2028-06-02"),
    Worked("2025-04-01", 12, "new_law", 36, "2028-04-01"),
    Worked("2025-03-31", 12, "new_law", 36, "2026-03-31"),
    # --- milder: the shorter; nothing ends before the law came ---
    Worked("2025-06-02", 36, "milder", 12, "2026-06-02"),
    Worked("2025-06-02", 12, "milder", 36, "2026-06-02"),
    Worked("2024-06-03", 36, "milder", 12, "2026-03-31"),
    # --- while nobody confirmed the clause: as if it said milder ---
    Worked("2025-06-02", 12, "new_law", 36, "2026-06-02", confirmed=False),
    Worked("2025-06-02", 36, "new_law", 12, "2026-06-02", confirmed=False),
    Worked("2025-06-02", 36, "old_law", 12, "2026-06-02", confirmed=False),
    # --- what begins under the new law is the new law's alone ---
    Worked("2026-04-01", 36, "old_law", 12, "2027-04-01"),
]


def named(one: Worked) -> str:
    sure = "" if one.confirmed else ", unconfirmed"
    return f"{one.began}: {one.before} then {one.clause} {one.after}{sure}"


@pytest.mark.parametrize("one", CASES, ids=named)
def test_a_term_ends_when_the_clause_says(one: Worked) -> None:
    declared = term(
        term_version("2020-01-01", term_class("before", months=one.before), end=COMES),
        term_version(
            COMES, term_class("after", months=one.after), clause=one.clause,
            confirmed=one.confirmed,
        ),
    )  # fmt: skip
    program = ReleaseProgram(PENALTY, release(term="shown"), declared)
    found = program.evaluate(rows({"decided": day(one.began)}), day(one.began))
    assert found["shown_until"].to_list() == [day(one.last) + ONE_DAY]


@pytest.mark.parametrize("one", CASES, ids=named)
def test_an_entry_in_a_list_ends_when_the_clause_says(one: Worked) -> None:
    said = Transition(clause=one.clause, basis="order-36", confirmed=one.confirmed)
    regime = Regime(
        id="x", zh="甲", en="x", tone="adverse", kind="penalty", rule="x", listed=(), keepers=(),
        examples=(),
        versions=(
            RegimeVersion(valid_from=day("2020-01-01"), basis=("x",), term_months=one.before),
            RegimeVersion(
                valid_from=day(COMES), basis=("x",), term_months=one.after, transition=said
            ),
        ),
    )  # fmt: skip
    assert last_day_by_term(regime=regime, entered=day(one.began)) == day(one.last)


class Stepped(NamedTuple):
    """A case opened and accepted on days, its days to decide, what comes, and when they end."""

    opened: str
    accepted: str
    before: int
    clause: TransitionClause
    after: int
    due: str
    confirmed: bool = True
    milder: str = "shorter"


STEPPED = [
    Stepped("2026-03-30", "2026-03-31", 15, "new_law", 10, "2026-04-22"),
    Stepped("2026-03-31", "2026-04-01", 15, "new_law", 10, "2026-04-16"),
    Stepped("2026-03-31", "2026-04-01", 10, "new_law", 15, "2026-04-23"),
    Stepped("2026-03-31", "2026-04-01", 15, "old_law", 10, "2026-04-23"),
    Stepped("2026-03-31", "2026-04-01", 15, "milder", 10, "2026-04-16"),
    Stepped("2026-03-31", "2026-04-01", 10, "milder", 15, "2026-04-16"),
    # One's own time to do something: the longer is the milder.
    Stepped("2026-03-31", "2026-04-01", 10, "milder", 15, "2026-04-23", milder="longer"),
    Stepped("2026-03-31", "2026-04-01", 15, "milder", 10, "2026-04-23", milder="longer"),
    Stepped("2026-03-31", "2026-04-01", 10, "new_law", 15, "2026-04-16", confirmed=False),
    Stepped("2026-03-31", "2026-04-01", 15, "old_law", 10, "2026-04-16", confirmed=False),
    Stepped("2026-04-01", "2026-04-01", 15, "old_law", 10, "2026-04-16"),
]


def process_of(one: Stepped) -> Process:
    said = Transition(clause=one.clause, basis="order-36", confirmed=one.confirmed)

    def version(start: str, limit: int, carried: Transition | None = None) -> ProcessVersion:
        clock = CaseClock(
            id="decide", zh="决定", en="decide", limit=limit, basis="order-36",
            milder=one.milder,  # type: ignore[arg-type]
        )  # fmt: skip
        return ProcessVersion(
            valid_from=day(start), basis=("order-36",), clocks=(clock,), transition=carried
        )

    return Process(
        id="trial", zh="试", en="trial", letters="SH", about="subject", opened_by=("applicant",),
        versions=(version("2020-01-01", one.before), version(COMES, one.after, said)),
        states=(
            CaseState(id="open", zh="甲", en="open"), CaseState(id="on", zh="乙", en="on"),
        ),
        steps=(
            Step(id="apply", zh="申请", en="apply", to="open", by=("applicant",)),
            Step(
                id="accept", zh="受理", en="accept", after=("open",), to="on", by=("office",),
                starts=("decide",),
            ),
        ),
        examples=(),
    )  # fmt: skip


def due(one: Stepped, process: Process) -> dt.date | None:
    version = process.version_on(day(one.opened))
    assert version is not None
    taken = [("apply", one.opened), ("accept", one.accepted)]
    acts = [Act(step=step, by="lin", party="office", on=day(on)) for step, on in taken]
    now = standing(process=process, version=version, acts=acts, calendar=Calendar())
    assert now is not None
    return now.clocks["decide"].due


@pytest.mark.parametrize("one", STEPPED, ids=str)
def test_a_clock_of_a_case_counts_as_the_clause_says(one: Stepped) -> None:
    assert due(one, process_of(one)) == day(one.due)


def test_a_case_opened_before_a_law_was_declared_changes_over_all_the_same() -> None:
    one = Stepped("2026-03-31", "2026-04-01", 15, "new_law", 10, "2026-04-16")
    now = process_of(one)
    of_then = process_of(one._replace(before=20))
    alone = replace(of_then, versions=of_then.versions[:1])
    assert due(one, alone) == day("2026-04-30")
    found = with_later_versions(opened_under=alone, now=now, on=day(one.opened))
    assert due(one, found) == day(one.due)
    # What was mended of the version by which it was opened is not the law of this case.
    assert [version.clocks[0].limit for version in found.versions] == [20, 10]
