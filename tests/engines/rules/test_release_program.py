"""From when to when a record is shown, by which class, or why it is not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from tests.engines.rules.made import (
    KINDS,
    KNOWN_ON,
    LICENCE,
    PENALTY,
    day,
    release,
    rows,
    term,
    term_class,
    term_version,
)

from yuexin.base.errors import Refusal
from yuexin.engines.declare.types import (
    Release,
    ReleaseKind,
    TermExample,
    TermVersion,
    TransitionClause,
    WithholdExample,
)
from yuexin.engines.rules.queries import ReleaseProgram, check_term, check_withholding

EARLIER = term_version("2020-01-01", term_class("general", months=36), end="2026-04-01")


def shown(
    frame: pl.DataFrame,
    *versions: TermVersion,
    known_on: dt.date = KNOWN_ON,
    delivered_end: str = "",
) -> list[tuple[dt.date | None, str, str]]:
    declared = term(*versions, delivered_end=delivered_end)
    program = ReleaseProgram(PENALTY, release(term="shown"), declared)
    return program.evaluate(frame, known_on).select("shown_until", "term_class", "withheld").rows()


def decided(*days: str) -> pl.DataFrame:
    return rows(*({"decided": day(one)} for one in days))


def test_without_a_term_a_record_is_shown_from_the_day_it_is_known() -> None:
    found = ReleaseProgram(LICENCE, ReleaseKind(kind="licence")).evaluate(
        decided("2024-01-31"), KNOWN_ON
    )
    assert found.schema == {
        "shown_from": pl.Date,
        "shown_until": pl.Date,
        "term_class": pl.String,
        "withheld": pl.String,
    }
    assert found.rows() == [(KNOWN_ON, None, "", "")]


def test_the_first_withhold_rule_that_holds_or_is_unknown_withholds() -> None:
    program = ReleaseProgram(PENALTY, release(state="status <> '1'", minor="grave"))
    frame = rows(
        {"status": "1", "grave": False},
        {"status": "1", "grave": True},
        {"status": "1"},
        {"status": "2", "grave": True},
        {"grave": False},
    )
    found = program.evaluate(frame, KNOWN_ON)["withheld"].to_list()
    assert found == ["", "minor", "minor", "state", "state"]


@pytest.mark.parametrize(
    ("event", "months", "until"),
    [
        ("2025-01-31", 1, "2025-03-01"),
        ("2024-01-31", 1, "2024-03-01"),
        ("2025-05-30", 3, "2025-08-31"),
        ("2025-11-30", 3, "2026-03-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2024-03-15", 36, "2027-03-16"),
    ],
)
def test_the_last_day_is_counted_and_months_are_clipped(
    event: str, months: int, until: str
) -> None:
    version = term_version("2020-01-01", term_class("general", months=months))
    assert shown(decided(event), version) == [(day(until), "general", "")]


def test_the_law_of_the_event_date_counts_and_before_the_earliest_the_earliest() -> None:
    later = term_version("2026-04-01", term_class("short", months=3))
    found = shown(decided("2015-06-01", "2026-03-31", "2026-04-01"), EARLIER, later)
    assert [name for _, name, _ in found] == ["general", "general", "short"]


def test_versions_count_by_date_in_whatever_order_they_stand() -> None:
    later = term_version("2026-04-01", term_class("short", months=3))
    days = decided("2015-06-01", "2026-03-31", "2026-04-01")
    assert shown(days, later, EARLIER) == shown(days, EARLIER, later)


def test_a_confirmed_transition_replaces_the_end_of_what_is_still_shown() -> None:
    later = term_version("2026-04-01", term_class("general", months=48), clause="new_law")
    found = shown(decided("2023-03-31", "2023-03-30", "2024-05-31"), EARLIER, later)
    # Shown up to and with 31 March 2026, the first had ended when the new law came.
    assert found == [
        (day("2026-04-01"), "general", ""),
        (day("2026-03-31"), "general", ""),
        (day("2028-06-01"), "general", ""),
    ]


@pytest.mark.parametrize(
    ("clause", "confirmed"),
    [("old_law", False), ("new_law", False), ("milder", False), ("milder", True)],
)
def test_the_milder_holds_where_the_clause_says_so_and_where_nobody_confirmed_one(
    clause: TransitionClause, confirmed: bool
) -> None:
    classes = term_class("serious", "points > 5", months=60), term_class("light", months=24)
    later = term_version("2026-04-01", *classes, clause=clause, confirmed=confirmed)
    frame = rows(*({"decided": day("2024-05-31"), "points": points} for points in (9, 1)))
    assert shown(frame, EARLIER, later) == [
        (day("2027-06-01"), "general", ""),
        (day("2026-06-01"), "light", ""),
    ]


def test_a_later_law_ends_nothing_before_its_own_first_day() -> None:
    later = term_version(
        "2026-04-01", term_class("short", months=3), clause="new_law", confirmed=False
    )
    assert shown(decided("2024-05-31"), EARLIER, later) == [(day("2026-04-01"), "short", "")]


def test_an_end_that_was_delivered_counts_where_it_is_the_earlier() -> None:
    version = term_version("2020-01-01", term_class("general", months=12))
    frame = rows(
        {"decided": day("2026-03-03"), "ends": day("2026-06-03")},
        {"decided": day("2026-03-03"), "ends": day("2027-03-02")},
        {"decided": day("2026-03-03"), "ends": day("2027-03-04")},
        {"decided": day("2026-03-03"), "ends": day("9999-12-31")},
        {"decided": day("2026-03-03"), "ends": day("2020-01-01")},
        {"decided": day("2026-03-03")},
    )
    found = [until for until, _, _ in shown(frame, version, delivered_end="ends")]
    by_term = day("2027-03-04")
    assert found == [
        day("2026-06-04"),
        day("2027-03-03"),
        by_term,
        by_term,
        day("2020-01-02"),
        by_term,
    ]
    assert {until for until, _, _ in shown(frame, version)} == {by_term}


def test_what_had_ended_as_delivered_is_not_judged_by_a_later_law() -> None:
    later = term_version("2026-04-01", term_class("light", publish=False), clause="new_law")
    frame = rows(
        {"decided": day("2025-05-31"), "ends": day("2026-03-31")},
        {"decided": day("2025-05-31"), "ends": day("2026-04-01")},
    )
    assert shown(frame, EARLIER, later, delivered_end="ends") == [
        (day("2026-04-01"), "general", ""),
        (day("2026-04-01"), "light", "term:light"),
    ]


def test_an_end_that_was_delivered_publishes_nothing_that_the_law_does_not() -> None:
    version = term_version("2020-01-01", term_class("light", publish=False))
    frame = rows(
        {"decided": day("2026-03-03"), "ends": day("2029-01-01")}, {"ends": day("2029-01-01")}
    )
    found = shown(frame, version, delivered_end="ends")
    assert [withheld for _, _, withheld in found] == ["term:light", "term:undated"]
    assert found[1][0] == KNOWN_ON


@pytest.mark.parametrize("field", ["word", "nothing"])
def test_an_end_that_is_no_date_is_refused(field: str) -> None:
    declared = term(EARLIER, delivered_end=field)
    with pytest.raises(Refusal) as caught:
        ReleaseProgram(PENALTY, release(term="shown"), declared)
    assert field in caught.value.what.en


def test_a_kind_may_have_several_terms() -> None:
    public, shared = term(EARLIER), dataclasses.replace(term(EARLIER), id="shared")
    for declared in (public, shared):
        program = ReleaseProgram(PENALTY, release(term=declared.id), declared)
        found = program.evaluate(decided("2024-05-31"), KNOWN_ON)
        assert found["shown_until"].to_list() == [day("2027-06-01")]
    with pytest.raises(Refusal, match="shared"):
        ReleaseProgram(PENALTY, release(term="shown"), shared)


def test_by_the_old_law_a_later_one_leaves_old_records_alone() -> None:
    later = term_version("2026-04-01", term_class("short", months=3), clause="old_law")
    assert shown(decided("2024-05-31"), EARLIER, later) == [(day("2027-06-01"), "general", "")]


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_a_later_law_does_not_publish_ends_on_its_first_day(confirmed: bool) -> None:
    later = term_version(
        "2026-04-01", term_class("light", publish=False), clause="new_law", confirmed=confirmed
    )
    before = shown(decided("2024-05-31"), EARLIER, later, known_on=day("2026-03-31"))
    after = shown(decided("2024-05-31"), EARLIER, later, known_on=day("2026-04-01"))
    ended = shown(decided("2021-05-31"), EARLIER, later)
    assert before == [(day("2026-04-01"), "light", "")]
    assert after == [(day("2026-04-01"), "light", "term:light")]
    assert ended == [(day("2024-06-01"), "general", "")]


def test_transitions_follow_one_another() -> None:
    second = term_version("2022-01-01", term_class("second", months=60), clause="new_law")
    third = term_version("2024-01-01", term_class("third", months=48), clause="new_law")
    first = term_version("2020-01-01", term_class("first", months=12))
    found = shown(decided("2020-12-31", "2020-06-30", "2021-03-31"), first, second, third)
    # The second of these had ended before the second law, so no later law brings it back.
    assert [name for _, name, _ in found] == ["first", "first", "third"]
    assert found[2][0] == day("2025-04-01")


def test_a_class_that_is_not_published_is_withheld_and_stays_so() -> None:
    base = term_version("2020-01-01", term_class("light", publish=False))
    later = term_version("2026-04-01", term_class("general", months=36), clause="new_law")
    found = shown(decided("2025-05-31"), base, later)
    assert found == [(day("2025-05-31"), "light", "term:light")]


def test_of_classes_that_cannot_be_known_the_mildest_counts() -> None:
    classes = (
        term_class("serious", "amount >= 100", months=36),
        term_class("light", "amount < 1 AND grave IS NOT TRUE", months=3),
        term_class("general", months=12),
    )
    frame = rows(
        {"decided": day("2025-01-01"), "amount": "500"},
        {"decided": day("2025-01-01")},
        {"decided": day("2025-01-01"), "grave": True},
    )
    found = shown(frame, term_version("2020-01-01", *classes))
    assert [name for _, name, _ in found] == ["serious", "light", "general"]


def test_where_the_class_may_be_one_that_is_not_published_the_record_is_withheld() -> None:
    classes = term_class("light", "word = 'simple'", publish=False), term_class("general")
    frame = rows({"decided": day("2025-01-01")}, {"decided": day("2025-01-01"), "word": "full"})
    found = shown(frame, term_version("2020-01-01", *classes))
    assert [withheld for _, _, withheld in found] == ["term:light", ""]


def test_a_record_of_no_class_no_date_or_no_law_is_never_open_ended() -> None:
    version = term_version("2020-01-01", term_class("some", "points > 5"), end="2022-01-01")
    frame = rows(
        {"decided": day("2021-01-01"), "points": 1},
        {"points": 9},
        {"decided": day("2023-01-01"), "points": 9},
    )
    assert shown(frame, version) == [
        (day("2021-01-01"), "unclassified", "term:unclassified"),
        (KNOWN_ON, "undated", "term:undated"),
        (day("2023-01-01"), "unclassified", "term:unclassified"),
    ]


def test_an_end_beyond_the_calendar_is_open() -> None:
    version = term_version("2020-01-01", term_class("long", months=12))
    assert shown(decided("9999-12-31"), version) == [(None, "long", "")]


def test_a_record_without_its_declared_term_is_refused() -> None:
    with pytest.raises(Refusal, match="shown"):
        ReleaseProgram(PENALTY, release(term="shown"))
    with pytest.raises(Refusal, match="shown"):
        ReleaseProgram(PENALTY, release(), term(EARLIER))
    with pytest.raises(Refusal):
        ReleaseProgram(LICENCE, release(term="shown"), term(EARLIER))


@pytest.mark.parametrize("months", [-1, 10**12])
def test_a_term_of_impossible_length_is_refused_when_it_is_read(months: int) -> None:
    declared = term(term_version("2020-01-01", term_class("general", months=months)))
    with pytest.raises(Refusal) as caught:
        ReleaseProgram(PENALTY, release(term="shown"), declared)
    assert str(months) in caught.value.what.en


def test_columns_of_the_wrong_type_are_not_read() -> None:
    program = ReleaseProgram(PENALTY, release(it="list_contains(types, '1')"))
    with pytest.raises(ValueError, match="'types' must be"):
        program.evaluate(rows({}).with_columns(types=pl.lit("1")), KNOWN_ON)
    with pytest.raises(ValueError, match="'types' must be"):
        program.evaluate(rows({}).drop("types"), KNOWN_ON)


def test_an_explanation_names_the_class_and_each_conjunct() -> None:
    classes = (
        term_class("serious", "amount >= 100 AND points > 5", months=36),
        term_class("general", months=12),
    )
    program = ReleaseProgram(
        PENALTY,
        release(term="shown", minor="grave"),
        term(EARLIER, term_version("2026-04-01", *classes, clause="new_law")),
    )
    found = program.explain(rows({"decided": day("2025-01-01"), "amount": "5", "grave": False}))
    assert (found.term_class, found.version) == ("general", day("2026-04-01"))
    assert [(c.owner, c.text, c.truth) for c in found.conditions] == [
        ("withhold:minor", "grave", False),
        ("term:serious", "amount >= 100", False),
        ("term:serious", "points > 5", None),
        ("term:general", "TRUE", True),
    ]


def test_an_explanation_names_an_end_that_was_delivered_where_it_decides() -> None:
    declared = term(EARLIER, delivered_end="ends")
    program = ReleaseProgram(PENALTY, release(term="shown"), declared)
    for ends, wanted in (("2025-06-30", day("2025-06-30")), ("2029-01-01", None)):
        found = program.explain(rows({"decided": day("2025-01-01"), "ends": day(ends)}))
        assert (found.term_class, found.delivered_end) == ("general", wanted)


def test_an_explanation_without_a_term_is_about_the_withhold_rules() -> None:
    found = ReleaseProgram(PENALTY, release(minor="grave")).explain(rows({}))
    assert (found.term_class, found.version, found.delivered_end) == ("", None, None)
    assert [c.truth for c in found.conditions] == [None]


def test_one_record_is_explained_at_a_time() -> None:
    with pytest.raises(ValueError, match="one record"):
        ReleaseProgram(PENALTY, release()).explain(rows({}, {}))


EXAMPLE = TermExample(
    name="one",
    known_on=KNOWN_ON,
    record={"decided": "2024-05-31"},
    term_class="general",
    shown_until=day("2027-06-01"),
)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"shown_until": day("2027-05-31")}, "and gives “term_class: general, withheld: , shown"),
        ({"shown_until": None}, "shown_until: 2027-06-01"),
        ({"term_class": "light"}, "must give “term_class: light"),
        ({"withheld": "term:general"}, "withheld: term:general"),
        ({"record": {"decidet": "2024-05-31"}}, "cannot be read"),
        ({"record": {"decided": "31 May 2024"}}, "cannot be read"),
    ],
)
def test_a_worked_example_of_a_term_that_fails_says_so(changed: dict[str, Any], says: str) -> None:
    declared = term(EARLIER)
    check_term(dataclasses.replace(declared, examples=(EXAMPLE,)), KINDS)
    wrong = dataclasses.replace(EXAMPLE, **changed)
    with pytest.raises(Refusal) as caught:
        check_term(dataclasses.replace(declared, examples=(wrong,)), KINDS)
    assert says in caught.value.what.en
    assert caught.value.where == "terms/shown “one”"


@pytest.mark.parametrize(
    ("status", "withheld", "right"),
    [
        ("1", "", True),
        ("2", "state", True),
        ("", "state", True),
        ("2", "", False),
        ("1", "state", False),
    ],
)
def test_a_worked_example_of_a_release_says_which_rule_withholds(
    status: str, withheld: str, right: bool
) -> None:
    example = WithholdExample(name="one", record={"status": status}, withheld=withheld)
    item = dataclasses.replace(release(term="shown", state="status <> '1'"), examples=(example,))
    declared = Release(
        id="open", zh="open", en="open", audience="public", basis=("law",), kinds=(item,)
    )
    if right:
        check_withholding(declared, KINDS)
        return
    with pytest.raises(Refusal) as caught:
        check_withholding(declared, KINDS)
    assert caught.value.where == "releases/open/penalty “one”"


def test_many_records_come_back_in_their_order() -> None:
    count = 300_000
    frame = pl.DataFrame({"points": range(count)}).select(
        pl.col("points").cast(pl.Int64), pl.lit(day("2025-01-01")).alias("event_date")
    )
    program = ReleaseProgram(PENALTY, release(even="points IN (0, 7, 299999)"))
    found = program.evaluate(frame, KNOWN_ON)["withheld"]
    assert found.len() == count
    assert (found == "even").arg_true().to_list() == [0, 7, 299_999]


def test_money_is_exact() -> None:
    frame = rows({"amount": Decimal("0.1")}, {"amount": Decimal("9999999999999999.9999")})
    program = ReleaseProgram(PENALTY, release(it="amount + 0.2 = 0.3 OR amount * 9999 > 1"))
    assert program.evaluate(frame, KNOWN_ON)["withheld"].to_list() == ["it", "it"]


def test_every_kind_compiles_without_rules() -> None:
    for kind in KINDS.values():
        made = ReleaseKind(kind=kind.id)
        assert ReleaseProgram(kind, made).evaluate(rows(), KNOWN_ON).is_empty()
