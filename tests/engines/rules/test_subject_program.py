"""What a rule says of a subject, until when, and because of which records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

import polars as pl
import pytest
from tests.engines.rules.made import KINDS, day, records, rule, rule_version

from yuexin.base.errors import Refusal
from yuexin.engines.declare.types import RuleExample, SubjectRule
from yuexin.engines.rules.queries import SubjectProgram, check_rule

ON = day("2025-06-30")
HEAVY = "count(penalty) FILTER (WHERE penalty.amount > 100) >= 2"


def said(declared: SubjectRule, *given: Mapping[str, object], on: dt.date = ON) -> pl.DataFrame:
    program = SubjectProgram([declared], KINDS)
    return program.evaluate(["a"], {"penalty": records(*given)}, on)


def value_of(when: str, *given: Mapping[str, object]) -> str | None:
    found = said(rule(yes=when), *given)["value"].to_list()
    assert len(found) == 1
    return None if found[0] is None else str(found[0])


def until_of(when: str, *given: Mapping[str, object], on: dt.date = ON) -> object:
    return said(rule(yes=when), *given, on=on)["until"].item()


def reasons_of(declared: SubjectRule, *given: Mapping[str, object]) -> list[dict[str, object]]:
    found = json.loads(said(declared, *given)["reasons"].item())
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("when", "value"),
    [
        ("count(penalty) = 0", "yes"),
        ("count(penalty) FILTER (WHERE penalty.grave) < 1", "yes"),
        ("sum(penalty.amount) = 0", None),
        ("sum(penalty.amount) IS NULL AND max(penalty.decided) IS NULL", "yes"),
        ("coalesce(sum(penalty.amount), 0) = 0", "yes"),
        ("min(penalty.points) > 0", None),
        ("count(licence) = 0 AND count(licence) FILTER (WHERE licence.grave) = 0", "yes"),
    ],
)
def test_over_no_records_a_count_is_0_and_everything_else_unknown(
    when: str, value: str | None
) -> None:
    assert value_of(when) == value


@pytest.mark.parametrize(
    ("amounts", "value"),
    [
        ([], "none"),
        ([200], "none"),
        ([200, None], None),
        ([None, None, 1], None),
        ([200, 300, None], "yes"),
        ([None, 1], "none"),
    ],
)
def test_a_verdict_is_given_only_if_unknown_records_cannot_change_it(
    amounts: list[int | None], value: str | None
) -> None:
    assert value_of(HEAVY, *({"amount": amount} for amount in amounts)) == value


@pytest.mark.parametrize(
    ("when", "value"),
    [
        ("count(penalty) FILTER (WHERE penalty.points > 1) = 1", None),
        ("count(penalty) FILTER (WHERE penalty.points > 1) <> 1", None),
        ("count(penalty) FILTER (WHERE penalty.points > 1) = 5", "none"),
        ("count(penalty) FILTER (WHERE penalty.points > 1) BETWEEN 1 AND 2", "yes"),
        ("3 > count(penalty) FILTER (WHERE penalty.points > 1)", "yes"),
        ("count(penalty) FILTER (WHERE penalty.points > 1) IN (1, 2)", None),
        ("count(penalty) FILTER (WHERE coalesce(penalty.points, 0) > 1) = 1", "yes"),
        (
            "count(penalty) FILTER (WHERE penalty.points > 1 AND penalty.points IS NOT NULL) = 1",
            "yes",
        ),
        ("count(penalty) FILTER (WHERE penalty.points > 1) <= count(penalty)", "yes"),
        ("sum(penalty.points) > 1", None),
        ("sum(penalty.points) FILTER (WHERE penalty.points IS NOT NULL) = 5", "yes"),
        ("max(penalty.points) FILTER (WHERE penalty.points > 1) = 5", None),
    ],
)
def test_one_record_of_two_without_points_leaves_numbers_open(when: str, value: str | None) -> None:
    assert value_of(when, {"points": 5}, {"word": "no points"}) == value


def test_unknown_stops_the_search_and_false_goes_on() -> None:
    declared = rule(bad="max(penalty.points) > 5", fair="count(penalty) = 1")
    values = [said(declared, {"points": points})["value"].item() for points in (9, 1, None)]
    assert values == ["bad", "fair", None]


def test_sums_of_money_are_exact() -> None:
    tenths = [{"amount": "0.1"}] * 3
    assert value_of("sum(penalty.amount) = 0.3", *tenths) == "yes"


def test_reasons_name_each_conjunct_and_the_records_that_made_it_so() -> None:
    declared = rule(
        bad="count(penalty) FILTER (WHERE penalty.points > 5) >= 1 AND max(penalty.points) < 100 "
        "AND on_date > DATE '2020-01-01'"
    )
    found = reasons_of(
        declared,
        {"points": 9, "record": "z"},
        {"points": 1, "record": "b"},
        {"points": 7, "record": "c"},
    )
    assert [(item["truth"], item["records"]) for item in found] == [
        (True, ["c", "z"]),
        (True, ["b", "c", "z"]),
        (True, []),
    ]
    assert found[0]["text"] == "count(penalty) FILTER(WHERE penalty.points > 5) >= 1"


def test_reasons_of_a_subject_that_no_outcome_fits_are_all_that_did_not() -> None:
    declared = rule(a="count(penalty) > 5", b="count(licence) > 0 AND count(penalty) = 1")
    found = reasons_of(declared, {})
    assert [item["truth"] for item in found] == [False, False, True]


def test_reasons_of_the_unknown_are_the_records_that_leave_it_open() -> None:
    heavy = reasons_of(rule(bad=HEAVY), {"amount": 500, "record": "x"}, {"record": "y"})
    assert heavy == [
        {
            "text": "count(penalty) FILTER(WHERE penalty.amount > 100) >= 2",
            "truth": None,
            "records": ["y"],
        }
    ]
    declared = rule(bad="sum(penalty.amount) > 1")
    total = reasons_of(declared, {"amount": 500, "record": "x"}, {"record": "y"})
    assert total[0]["records"] == ["y"]


def test_reasons_name_the_first_twenty_records_once() -> None:
    when = (
        "count(penalty) FILTER (WHERE penalty.points > 1) + "
        "count(penalty) FILTER (WHERE penalty.points > 2) > 1"
    )
    given = ({"points": 9, "record": f"{n:02}"} for n in range(30, 0, -1))
    found = reasons_of(rule(bad=when), *given)
    assert found[0]["records"] == [f"{n:02}" for n in range(1, 21)]


@pytest.mark.parametrize(
    ("when", "given", "until"),
    [
        ("penalty.decided > on_date - INTERVAL 2 YEAR", "2024-02-29", "2026-03-01"),
        ("penalty.decided >= on_date - INTERVAL 2 YEAR", "2024-02-29", "2026-03-01"),
        ("penalty.decided > on_date - INTERVAL 2 YEAR", "2024-03-01", "2026-03-01"),
        ("penalty.decided >= on_date - INTERVAL 2 YEAR", "2024-03-01", "2026-03-02"),
        ("penalty.decided > on_date - INTERVAL 1 MONTH", "2025-05-31", "2025-07-01"),
        ("on_date <= penalty.decided + INTERVAL 1 MONTH", "2025-05-31", "2025-07-01"),
        ("penalty.decided <= on_date", "2025-07-15", "2025-07-15"),
        ("penalty.decided < on_date", "2025-07-15", "2025-07-16"),
        ("penalty.decided = on_date", "2025-07-15", "2025-07-15"),
        ("penalty.decided = on_date", "2025-06-30", "2025-07-01"),
        ("penalty.decided <> on_date + INTERVAL 10 DAY", "2025-07-10", "2025-07-01"),
        ("on_date BETWEEN penalty.decided AND DATE '2025-08-31'", "2025-06-01", "2025-09-01"),
        ("penalty.decided > on_date - INTERVAL 1 YEAR", "2020-01-01", None),
        ("penalty.decided > on_date", "9999-12-31", "9999-12-31"),
        ("penalty.decided >= on_date - INTERVAL 1 DAY", "9999-12-31", None),
        ("penalty.decided > on_date AND penalty.points > 5", "2026-01-01", None),
        ("penalty.decided > on_date AND penalty.amount > 5", "2026-01-01", "2026-01-01"),
    ],
)
def test_until_is_the_day_on_which_time_changes_a_record(
    when: str, given: str, until: str | None
) -> None:
    # Of the record, points are too few and the amount is unknown.
    row = {"decided": day(given), "points": 1}
    found = until_of(f"count(penalty) FILTER (WHERE {when}) >= 1", row)
    assert found == (day(until) if until else None)


def test_until_follows_aggregates_that_are_compared_with_time() -> None:
    when = "max(penalty.decided) < on_date - INTERVAL 1 MONTH"
    given = {"decided": day("2025-06-30")}, {"decided": day("2024-06-30")}
    # On 31 July a month ago is 30 June still.
    assert until_of(when, *given) == day("2025-08-01")
    assert until_of("on_date >= DATE '2025-12-01'") == day("2025-12-01")


def test_until_heeds_only_outcomes_up_to_the_one_that_decided() -> None:
    declared = rule(
        bad="count(penalty) FILTER (WHERE penalty.decided > on_date) >= 1",
        fair="count(penalty) FILTER (WHERE penalty.ends > on_date) >= 1",
    )
    found = said(declared, {"decided": day("2025-09-01"), "ends": day("2025-08-01")})
    assert found.select("value", "until").row(0) == ("bad", day("2025-09-01"))


VERSIONS = (
    rule_version({"old": "count(penalty) >= 1"}, start=day("2020-01-01"), end=day("2025-01-01")),
    rule_version({"new": "count(penalty) >= 1"}, start=day("2025-07-01")),
)


@pytest.mark.parametrize(
    ("on", "value", "until"),
    [
        ("2019-12-31", None, "2020-01-01"),
        ("2020-01-01", "old", "2025-01-01"),
        ("2024-12-31", "old", "2025-01-01"),
        ("2025-01-01", None, "2025-07-01"),
        ("2025-07-01", "new", None),
    ],
)
def test_the_version_in_force_on_the_day_counts(
    on: str, value: str | None, until: str | None
) -> None:
    found = said(rule(versions=VERSIONS), {"word": "x"}, on=day(on))
    assert found.select("value", "until").row(0) == (value, day(until) if until else None)
    assert (found["reasons"].item() == "[]") == (value is None)


def test_a_version_replaces_an_earlier_one_that_names_no_end() -> None:
    versions = rule_version({"a": "TRUE"}), rule_version({"b": "TRUE"}, start=day("2025-01-01"))
    assert said(rule(versions=versions))["value"].to_list() == ["b"]


def test_a_timeline_is_a_chain_of_intervals() -> None:
    declared = rule(
        bad="count(penalty) FILTER (WHERE penalty.decided > on_date - INTERVAL 1 YEAR) >= 2",
        fair="count(penalty) FILTER (WHERE penalty.decided > on_date - INTERVAL 1 YEAR) >= 1",
    )
    program = SubjectProgram([declared, rule("other", versions=VERSIONS)], KINDS)
    given = records(
        {"decided": day("2025-02-01")},
        {"decided": day("2025-03-01")},
        {"decided": day("2025-04-01"), "subject": "b"},
    )
    found = program.timeline(["b", "a"], {"penalty": given}, ON)
    assert found.columns == ["subject", "rule", "valid_from", "valid_until", "value", "reasons"]
    assert found.drop("reasons").rows() == [
        ("b", "watched", ON, day("2026-04-01"), "fair"),
        ("b", "watched", day("2026-04-01"), None, "none"),
        ("b", "other", ON, day("2025-07-01"), None),
        ("b", "other", day("2025-07-01"), None, "new"),
        ("a", "watched", ON, day("2026-02-01"), "bad"),
        ("a", "watched", day("2026-02-01"), day("2026-03-01"), "fair"),
        ("a", "watched", day("2026-03-01"), None, "none"),
        ("a", "other", ON, day("2025-07-01"), None),
        ("a", "other", day("2025-07-01"), None, "new"),
    ]
    short = program.timeline(["a"], {"penalty": given}, ON, limit=2)
    ends = [day("2026-02-01"), day("2026-03-01"), day("2025-07-01"), None]
    assert short["valid_until"].to_list() == ends
    assert program.timeline(["a"], {"penalty": given}, ON, limit=1).height == 2


@pytest.mark.parametrize("on", [ON, day("2025-07-02")])
def test_who_has_no_record_is_told_the_same_alone_and_among_others(on: dt.date) -> None:
    rules = [
        rule("clean", clean="count(penalty) = 0"),
        rule("new", versions=VERSIONS),
        rule("licensed", yes="count(licence) > 0 AND count(penalty) = 0"),
    ]
    licence = {"licence": records({"subject": "b"})}
    among = SubjectProgram(rules, KINDS).timeline(["a", "b"], licence, on)
    together = SubjectProgram(rules, KINDS)
    for first in ({}, licence):
        together.timeline(["b"], first, on)
        alone = together.timeline(["a"], {}, on)
        assert among.filter(pl.col("subject") == "a").rows() == alone.rows()
    assert alone.filter(pl.col("rule") == "clean")["value"].to_list() == ["clean"]
    assert "b" not in alone["subject"]


def test_every_subject_gets_every_rule_in_the_order_given() -> None:
    program = SubjectProgram([rule("r2", x="count(penalty) > 0"), rule("r1", y="TRUE")], KINDS)
    found = program.evaluate(["b", "a", "b"], {"penalty": records({})}, ON)
    assert found.select("subject", "rule", "value").rows() == [
        ("b", "r2", "none"),
        ("b", "r1", "y"),
        ("a", "r2", "x"),
        ("a", "r1", "y"),
        ("b", "r2", "none"),
        ("b", "r1", "y"),
    ]


def test_nobody_and_nothing_give_empty_frames() -> None:
    program = SubjectProgram([rule(bad=HEAVY)], KINDS)
    assert program.evaluate([], {}, ON).is_empty()
    assert program.timeline([], {}, ON).is_empty()
    assert SubjectProgram([], KINDS).evaluate(["a"], {}, ON).is_empty()
    assert SubjectProgram([], KINDS).needed == {}
    assert program.evaluate([], {}, ON).schema == program.evaluate(["a"], {}, ON).schema


def test_the_program_names_the_fields_it_needs() -> None:
    declared = rule(
        bad="count(penalty) FILTER (WHERE penalty.event_date > on_date) > 1 AND "
        "max(penalty.points) > 1 AND count(licence) > 1"
    )
    assert SubjectProgram([declared], KINDS).needed == {
        "penalty": frozenset({"decided", "points"}),
        "licence": frozenset(),
    }


def test_columns_of_the_wrong_type_are_not_read() -> None:
    program = SubjectProgram([rule(bad="sum(penalty.amount) > 1")], KINDS)
    wrong = records({}).with_columns(amount=pl.lit("5"))
    with pytest.raises(ValueError, match="penalty: column 'amount' must be Decimal"):
        program.evaluate(["a"], {"penalty": wrong}, ON)


def example(outcome: str, **row: str) -> RuleExample:
    return RuleExample(name="one", on=ON, records={"penalty": (row,)}, outcome=outcome)


def checked(*examples: RuleExample) -> None:
    declared = rule(
        bad="sum(penalty.amount) > 1 AND count(penalty) FILTER (WHERE "
        "list_contains(penalty.types, '2') AND penalty.decided < on_date) = 1"
    )
    made = {**declared.__dict__, "examples": examples}
    check_rule(SubjectRule(**made), KINDS)


def test_worked_examples_run() -> None:
    checked(
        example("bad", amount="1.5", types="1;2", decided="2025-01-01"),
        example("none", amount="1.5", types="1", decided="2025-01-01", grave="true", points="3"),
        example("null", types="2", decided="2025-01-01", amount=""),
    )


def test_a_worked_example_that_fails_says_what_came_out() -> None:
    with pytest.raises(Refusal) as caught:
        checked(example("none", types="2", decided="2025-01-01"))
    assert "gives “null”" in caught.value.what.en
    assert "rules/watched “one”" in caught.value.where


@pytest.mark.parametrize(
    "row", [{"amuont": "1"}, {"decided": "1.5.2025"}, {"grave": "yes"}, {"amount": "much"}]
)
def test_a_worked_example_that_cannot_be_read_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        checked(example("none", **row))
    assert "cannot be read" in caught.value.what.en


def test_a_public_rule_reads_public_fields_only() -> None:
    declared = rule(bad="sum(penalty.amount) > 1")
    with pytest.raises(Refusal) as caught:
        check_rule(SubjectRule(**{**declared.__dict__, "scope": "public", "examples": ()}), KINDS)
    assert "penalty.amount, which is not public" in caught.value.what.en


def test_what_is_forgotten_of_whoever_has_no_records_is_asked_again() -> None:
    rules = [
        rule("first", yes="count(licence) >= 1 OR on_date > DATE '2025-07-01'"),
        rule("second", yes="count(penalty) >= 1"),
    ]
    forgetful = SubjectProgram(rules, KINDS, most_said=2)
    days = [ON + dt.timedelta(days=number) for number in range(4)]
    # Only the first rule is silent where there are penalties: it is remembered, the second is not.
    told = {"penalty": records({"amount": 1})}
    for on in days:
        forgetful.evaluate(["a"], told, on)
    for on in [*days, *days]:
        fresh = SubjectProgram(rules, KINDS)
        for given in ({}, told):
            found = forgetful.evaluate(["a", "b"], given, on)
            assert found.rows() == fresh.evaluate(["a", "b"], given, on).rows()


def test_a_rule_tells_sole_traders_from_all_others() -> None:
    declared = rule(yes="count(penalty) FILTER (WHERE NOT penalty.sole_trader) >= 1")
    program = SubjectProgram([declared], KINDS)
    assert program.needed == {"penalty": frozenset({"sole_trader"})}
    told = records({}, {}).with_columns(sole_trader=pl.Series([True, False]))
    (why,) = json.loads(program.evaluate(["a"], {"penalty": told}, ON)["reasons"].item())
    assert len(why["records"]) == 1
    alone = told.filter(pl.col("sole_trader"))
    assert program.evaluate(["a"], {"penalty": alone}, ON)["value"].item() == "none"
