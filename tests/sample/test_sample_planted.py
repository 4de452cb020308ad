"""What was planted to be never shown: there once, hidden by law, and plain to search for."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from tests.sample.reading import Province

from yuexin.engines.declare.queries import current
from yuexin.sample.cast import EACH, PLANTED
from yuexin.sample.publicity import LAWS, Weight, decided_for_end, is_public
from yuexin.sample.vocabulary import TELLINGS, Telling

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize("part", PLANTED)
def test_each_part_is_planted(province: Province, part: str) -> None:
    assert len(province.planted[part]) >= EACH
    codes = {subject["code"] for subject in province.subjects}
    assert {entry["code"] for entry in province.planted[part]} <= codes


@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.resource)
def test_what_the_law_hides_of_each_resource_is_planted(
    province: Province, telling: Telling
) -> None:
    reasons = list(telling.hidden.values())
    reasons += ["closed"] if telling.closed else ["expired"] if telling.ends else []
    for why, count in Counter(reasons).items():
        found = province.planted[f"{why}_{telling.resource}"]
        assert len(found) == EACH * count
        for entry in found:
            row = province.truth[str(entry["file"]), int(str(entry["row"]))]
            assert (row["public"], row["why"], row["faults"]) == ("no", why, "")
            assert row["code"] == ("" if why == "natural_person" else entry["code"])


def test_each_planted_string_stands_in_its_row_and_nowhere_else(province: Province) -> None:
    lines = {
        (file, number): "\n".join(line)
        for file, table in province.files.items()
        for number, line in enumerate(table)
    }
    everything = "\n".join(lines.values())
    planted = [entry for entries in province.planted.values() for entry in entries]
    for entry in planted:
        row = lines[str(entry["file"]), int(str(entry["row"]))]
        strings = entry["strings"]
        assert isinstance(strings, list)
        assert strings
        for string in strings:
            assert len(string) >= 8
            # An address may stand as domicile and as place of business.
            assert everything.count(string) == row.count(string) > 0


def test_planted_penalties_must_not_be_public(province: Province) -> None:
    for part in PLANTED:
        for entry in province.planted[part]:
            row = province.truth[str(entry["file"]), int(str(entry["row"]))]
            if row["resource"].startswith("penalties"):
                assert row["public"] == "no"
                assert row["faults"] == ""


def test_a_minor_was_not_of_age(province: Province) -> None:
    rows = province.played("minor_penalty")
    assert {bool(row["CF_XDR_SHXYM"]) for row in rows} == {True, False}
    for row in rows:
        born = dt.datetime.strptime(row["CF_XDR_ZJHM"][6:14], "%Y%m%d").date()  # noqa: DTZ007
        decided = dt.date.fromisoformat(row["CF_JDRQ"])
        assert decided < born.replace(year=born.year + 18)


def test_a_namesake_bears_the_name_of_a_firms_operator(province: Province) -> None:
    for row, entry in zip(province.played("namesake"), province.planted["namesake"], strict=True):
        firm = next(
            told
            for told in map(province.delivered, province.rows)
            if told.get("统一社会信用代码") == entry["code"] and "法定代表人" in told
        )
        assert row["CF_XDR_LB"] == "自然人"
        assert row["CF_XDR_MC"] == firm["法定代表人"]
        assert row["CF_XDR_SHXYM"] == ""


def test_an_over_age_penalty_is_older_than_five_years(province: Province) -> None:
    rows = province.played("over_age_penalty")
    assert len(rows) == EACH
    for row in rows:
        assert dt.date.fromisoformat(row["CF_JDRQ"]) < TODAY.replace(year=TODAY.year - 5)


@pytest.mark.parametrize(
    ("decided", "weight", "today", "public"),
    [
        ("2025-11-25", "general", "2026-11-24", True),
        ("2025-11-24", "general", "2026-11-24", True),
        ("2025-11-23", "general", "2026-11-24", False),
        ("2023-11-25", "serious", "2026-11-24", True),
        ("2023-11-24", "serious", "2026-11-24", True),
        ("2023-11-23", "serious", "2026-11-24", False),
        ("2026-11-01", "minor", "2026-11-24", False),
        ("2026-11-24", "minor", "2026-11-24", False),
        # Order 58 showed a fine for three years; Order 36 cut it to one on its first day.
        ("2024-06-01", "general", "2026-03-31", True),
        ("2024-06-01", "general", "2026-04-01", False),
        # What had ended under the notice of 2019 is not brought back.
        ("2022-05-01", "minor", "2022-12-01", True),
        ("2022-05-01", "minor", "2023-05-02", False),
        ("2026-11-25", "general", "2026-11-24", False),
    ],
)
def test_publicity_follows_the_law_in_force(
    decided: str, weight: Weight, today: str, *, public: bool
) -> None:
    shown = is_public(
        decided=dt.date.fromisoformat(decided), weight=weight, today=dt.date.fromisoformat(today)
    )
    assert shown == public


def test_no_day_of_decision_ends_where_no_law_lets_it() -> None:
    with pytest.raises(ValueError, match="no publicity ends"):
        decided_for_end(end=TODAY, weight="minor", today=TODAY)


def test_the_truth_and_the_declared_term_know_the_same_laws() -> None:
    declared = current().terms["penalty_publicity"].versions
    assert [law.since for law in LAWS] == [version.valid_from for version in declared]
    assert {version.clause for version in declared[1:]} == {"milder"}
    for law, version in zip(LAWS, declared, strict=True):
        months = {one.id: one.months_max if one.publish else 0 for one in version.classes}
        general = next(months[name] for name in ("general", "other", "any") if name in months)
        assert law.general == general
        assert law.minor == months.get("minor", general)
        assert law.serious == months.get("serious", general)
