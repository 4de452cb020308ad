"""Numbers of the law in conditions: only the declared ones, only integers, only within bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.engines.rules.made import (
    KINDS,
    day,
    number,
    records,
    rule,
    rule_version,
    term,
    term_class,
    term_version,
)

from yuexin.base.errors import Refusal
from yuexin.engines.declare.numbers import numbered
from yuexin.engines.declare.types import Parameter, RuleVersion, SubjectRule
from yuexin.engines.rules.queries import (
    SubjectProgram,
    with_least_months,
    with_months,
    with_values,
)

ON = day("2025-06-30")
START = day("2020-01-01")
RECENT = "count(penalty) FILTER (WHERE penalty.decided > on_date - INTERVAL {years} YEAR) >= {many}"


def version(*numbers: Parameter, when: str = RECENT) -> RuleVersion:
    return replace(rule_version({"yes": when}, start=START), parameters=numbers)


def declared(*numbers: Parameter, when: str = RECENT) -> SubjectRule:
    return rule(versions=[version(*numbers, when=when)])


def value_of(given: SubjectRule) -> object:
    told = {"penalty": records({"decided": day("2023-01-09")}, {"decided": day("2025-01-09")})}
    return SubjectProgram([given], KINDS).evaluate(["a"], told, ON)["value"].item()


RULE = declared(number("years", 1), number("many", 2))


@pytest.mark.parametrize(
    ("years", "many", "value"), [(1, 2, "none"), (3, 2, "yes"), (1, 1, "yes"), (10, 3, "none")]
)
def test_a_condition_reads_the_number_that_is_tried(years: int, many: int, value: str) -> None:
    tried = with_values(rule=RULE, version=START, values={"years": years, "many": many})
    assert value_of(tried) == value
    assert value_of(RULE) == "none"


def test_an_explanation_names_the_number_itself() -> None:
    told = {"penalty": records({"decided": day("2025-01-09")})}
    found = SubjectProgram([RULE], KINDS).evaluate(["a"], told, ON)["reasons"].item()
    assert "INTERVAL '1' YEAR" in found
    assert "{" not in found.replace('{"text"', "")


@pytest.mark.parametrize("values", [{"years": 0}, {"years": 11}, {"month": 3}])
def test_a_number_outside_its_bounds_or_undeclared_is_not_tried(values: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refusal:
        with_values(rule=RULE, version=START, values=values)
    assert refusal.value.code == "PARAMETER"


def test_a_version_that_the_rule_does_not_have_is_not_tried() -> None:
    with pytest.raises(Refusal):
        with_values(rule=RULE, version=day("2021-01-01"), values={"years": 2})


@pytest.mark.parametrize(
    "when",
    [
        "count(penalty) >= {other}",
        "count(penalty) >= {}",
        "count(penalty) >= {1); DROP TABLE x}",
        "count(penalty) >= {{many}}",
        "count(penalty) >= {many",
    ],
)
def test_nothing_but_a_declared_number_enters_a_condition(when: str) -> None:
    with pytest.raises(Refusal):
        SubjectProgram([declared(number("many", 2), when=when)], KINDS)


def test_a_value_that_is_no_integer_never_reaches_the_parser() -> None:
    forged = number("many", "1 OR TRUE")  # type: ignore[arg-type]
    with pytest.raises((TypeError, ValueError)):
        SubjectProgram([declared(forged, when="count(penalty) >= {many}")], KINDS)


@pytest.mark.parametrize(
    "given",
    [
        version(number("many", 2), number("many", 3), when="count(penalty) >= {many}"),
        version(number("many", 2), number("idle", 2), when="count(penalty) >= {many}"),
        version(when="count(penalty) >= {many}"),
        version(number("many", 11), when="count(penalty) >= {many}"),
        version(number("many", 1, least=5, most=2), when="count(penalty) >= {many}"),
        version(number("Many", 2), when="count(penalty) >= {Many}"),
    ],
)
def test_what_is_not_declared_once_named_and_bounded_does_not_load(given: RuleVersion) -> None:
    assert list(numbered("rules/watched", given))


def test_what_is_in_order_loads() -> None:
    assert not list(numbered("rules/watched", RULE.versions[0]))


def test_months_of_a_published_class_are_tried_within_bounds() -> None:
    closed = term_class("closed", "points = 0", publish=False)
    given = term(term_version("2020-01-01", closed, term_class("minor")))
    tried = with_months(term=given, version=START, months={"minor": 3})
    assert [one.months_max for one in tried.versions[0].classes] == [closed.months_max, 3]
    for months in ({"closed": 3}, {"minor": -1}, {"minor": 10_000}, {"none": 3}):
        with pytest.raises(Refusal):
            with_months(term=given, version=START, months=months)


def test_shortest_months_are_tried_up_to_the_longest() -> None:
    closed = term_class("closed", "points = 0", publish=False)
    given = term(term_version("2020-01-01", closed, term_class("minor")))
    longest = given.versions[0].classes[1].months_max
    tried = with_least_months(term=given, version=START, months={"minor": longest})
    one = tried.versions[0].classes[1]
    assert (one.months_min, one.months_max) == (longest, longest)
    for months in ({"closed": 0}, {"minor": -1}, {"minor": longest + 1}, {"none": 0}):
        with pytest.raises(Refusal):
            with_least_months(term=given, version=START, months=months)
