"""An entry in a list ends when its law and the transition clause say, on whatever day it began: the
rule that judges the living and the declared terms never differ."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuexin.base.dates import add_months
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Regime, RegimeVersion, Transition, TransitionClause
from yuexin.engines.rules.check_regimes import compare_terms
from yuexin.engines.rules.queries import last_day_by_term

TERMED = [
    one
    for one in current().regimes.values()
    if not one.terms_by_case and any(version.term_months for version in one.versions)
]
ENTERED = st.dates(dt.date(2004, 1, 1), dt.date(2032, 12, 31))


@pytest.mark.parametrize("regime", TERMED, ids=lambda regime: regime.id)
@settings(max_examples=12, deadline=None)
@given(entered=ENTERED)
def test_a_rule_ends_an_entry_when_its_law_says(regime: Regime, entered: dt.date) -> None:
    first = min(version.valid_from for version in regime.versions)
    compare_terms(declarations=current(), regime=regime, entered=max(first, entered))


def version(
    start: str, months: int, clause: TransitionClause, *, confirmed: bool = True
) -> RegimeVersion:
    return RegimeVersion(
        valid_from=dt.date.fromisoformat(start),
        basis=("serious-list-measures",),
        term_months=months,
        transition=Transition(clause=clause, basis="serious-list-measures", confirmed=confirmed),
    )


def ended(entered: str, *versions: RegimeVersion) -> str:
    regime = Regime(
        id="x", zh="甲", en="x", tone="adverse", kind="serious_dishonesty", rule="x", listed=(),
        keepers=(), versions=versions, examples=(),
    )  # fmt: skip
    return str(last_day_by_term(regime=regime, entered=dt.date.fromisoformat(entered)))


OLD = version("2016-04-01", 60, "milder")


def test_the_old_law_keeps_its_term_where_the_clause_is_confirmed() -> None:
    assert ended("2019-06-01", OLD, version("2021-09-01", 36, "old_law")) == "2024-06-01"


def test_the_milder_term_holds_where_nobody_confirmed_the_clause() -> None:
    for clause in get_args(TransitionClause):
        new = version("2021-09-01", 36, clause, confirmed=False)
        assert ended("2019-06-01", OLD, new) == "2022-06-01"
        longer = version("2021-09-01", 84, clause, confirmed=False)
        assert ended("2019-06-01", OLD, longer) == "2024-06-01"


def test_the_new_law_may_lengthen_what_has_not_ended() -> None:
    assert ended("2019-06-01", OLD, version("2021-09-01", 84, "new_law")) == "2026-06-01"
    assert ended("2016-05-01", OLD, version("2021-09-01", 84, "new_law")) == "2021-05-01"


def test_what_the_new_law_would_have_ended_before_it_ends_on_its_first_day() -> None:
    assert ended("2018-01-02", OLD, version("2021-09-01", 36, "milder")) == "2021-08-31"


def test_clauses_follow_one_another() -> None:
    second, third = version("2021-09-01", 36, "milder"), version("2026-04-01", 12, "old_law")
    assert ended("2023-12-01", OLD, second, third) == "2026-12-01"
    shorter = version("2026-04-01", 12, "milder")
    assert ended("2024-12-01", OLD, second, shorter) == "2026-03-31"
    assert ended("2026-04-01", OLD, second, shorter) == "2027-04-01"


def test_a_list_without_a_term_ends_by_nothing_but_a_later_law() -> None:
    endless = version("2014-10-01", 0, "milder")
    assert ended("2015-01-01", endless) == "None"
    assert ended("2015-01-31", endless, version("2024-05-01", 120, "milder")) == str(
        add_months(dt.date(2015, 1, 31), 120)
    )
