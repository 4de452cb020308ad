"""What holds of every rule: one is all, time is foreseen, and unknown is never false."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.rules.made import KINDS, day, records, rule, rule_version

from yuexin.engines.rules.queries import SubjectProgram

START = day("2024-01-25")
FORESEEN_DAYS = 30
SUBJECTS = ["a", "b", "c", "d", "e", "f"]
NUMBERS = {subject: number for number, subject in enumerate(SUBJECTS)}
MONTH = "INTERVAL 1 MONTH"
PROGRAM = SubjectProgram(
    [
        rule(
            "recent",
            many=f"count(penalty) FILTER (WHERE penalty.decided > on_date - {MONTH} "
            "AND penalty.points > 2) >= 2",
            some=f"count(penalty) FILTER (WHERE penalty.decided >= on_date - {MONTH}) >= 1",
        ),
        rule(
            "current",
            yes="count(licence) FILTER (WHERE on_date BETWEEN licence.decided AND "
            f"licence.ends + {MONTH} - INTERVAL 1 DAY) >= 1",
        ),
        rule(
            "today",
            yes="count(penalty) FILTER (WHERE penalty.decided = on_date + INTERVAL 10 DAY "
            "OR penalty.ends <> on_date - INTERVAL 3 DAY) = 1",
            no="count(licence) > 0",
        ),
        rule(
            "last",
            late=f"max(penalty.decided) FILTER (WHERE penalty.ends > on_date) < on_date - {MONTH}",
            sum="sum(penalty.points) FILTER (WHERE NOT penalty.decided > on_date) BETWEEN 3 AND 9",
        ),
        rule(
            "both",
            yes="count(penalty) FILTER (WHERE penalty.ends > on_date) > "
            "count(licence) FILTER (WHERE licence.ends > on_date) "
            "AND min(licence.decided) <= on_date",
        ),
        rule(
            "law",
            versions=[
                rule_version({"old": "count(penalty) >= 1"}, end=day("2024-02-14")),
                rule_version(
                    {"new": "coalesce(sum(penalty.points), 0) > 3 OR on_date = DATE '2024-02-29'"},
                    start=day("2024-02-20"),
                ),
            ],
        ),
    ],
    KINDS,
)
DAYS = st.none() | st.dates(dt.date(2023, 12, 20), dt.date(2024, 4, 5))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "subject": st.sampled_from(SUBJECTS),
            "decided": DAYS,
            "ends": DAYS,
            "points": st.none() | st.integers(0, 6),
        }
    ),
    max_size=16,
)
FILES = st.fixed_dictionaries({"penalty": ROWS, "licence": ROWS}).map(
    lambda file: {kind: records(*some) for kind, some in file.items() if some}
)


def of(file: Mapping[str, pl.DataFrame], subject: str) -> dict[str, pl.DataFrame]:
    return {kind: frame.filter(pl.col("subject") == subject) for kind, frame in file.items()}


@settings(max_examples=15, deadline=None)
@given(FILES)
def test_one_subject_gives_what_it_gives_among_all(file: Mapping[str, pl.DataFrame]) -> None:
    together = PROGRAM.evaluate(SUBJECTS, file, START)
    alone = [PROGRAM.evaluate([subject], of(file, subject), START) for subject in SUBJECTS]
    assert together.equals(pl.concat(alone))
    every = PROGRAM.everybody(file, START)
    recorded = {subject for frame in file.values() for subject in frame["subject"]}
    for name, bare in every.items():
        said = together.filter(pl.col("rule") == name).select("subject", "value", "until")
        told = said.filter(pl.col("subject").is_in(list(recorded)))
        assert bare.sort("subject").equals(told.sort("subject"), null_equal=True)


@settings(max_examples=15, deadline=None)
@given(FILES)
def test_subjects_may_go_by_numbers(file: Mapping[str, pl.DataFrame]) -> None:
    def numbered(frame: pl.DataFrame) -> pl.DataFrame:
        number = pl.col("subject").replace_strict(NUMBERS, return_dtype=pl.UInt32())
        return frame.drop("record").with_columns(number)

    by_id = PROGRAM.everybody(file, START)
    by_number = PROGRAM.everybody({kind: numbered(one) for kind, one in file.items()}, START)
    for name, bare in by_id.items():
        same = {(NUMBERS[subject], *said) for subject, *said in bare.iter_rows()}
        assert set(by_number[name].iter_rows()) == same


@settings(max_examples=6, deadline=None)
@given(FILES, st.integers(0, 30))
def test_before_until_time_changes_no_value(file: Mapping[str, pl.DataFrame], later: int) -> None:
    on = START + dt.timedelta(days=later)
    now = PROGRAM.evaluate(SUBJECTS, file, on)
    for step in range(1, FORESEEN_DAYS):
        then = on + dt.timedelta(days=step)
        still = (pl.col("until").is_null() | (pl.col("until") > then)).alias("still")
        after = PROGRAM.evaluate(SUBJECTS, file, then)
        kept = now.select(still).to_series()
        assert after["value"].filter(kept).equals(now["value"].filter(kept), null_equal=True)


@settings(max_examples=4, deadline=None)
@given(FILES)
def test_a_timeline_is_what_judging_on_each_day_gives(file: Mapping[str, pl.DataFrame]) -> None:
    line = PROGRAM.timeline(SUBJECTS, file, START, limit=100)
    for step in range(0, FORESEEN_DAYS, 3):
        then = START + dt.timedelta(days=step)
        due = line.filter(
            (pl.col("valid_from") <= then)
            & (pl.col("valid_until").is_null() | (pl.col("valid_until") > then))
        )
        found = PROGRAM.evaluate(SUBJECTS, file, then)
        said = ["subject", "rule", "value"]
        assert due.select(said).equals(found.select(said))


KNOWN = ("points", "decided")
GUESSES: Mapping[str, Sequence[object]] = {
    "points": (0, 3, 6),
    "decided": (day("2023-12-01"), day("2024-01-20"), day("2024-03-01")),
}
OPEN = st.fixed_dictionaries(
    {
        "points": st.none() | st.integers(0, 6),
        "decided": st.none() | st.sampled_from(GUESSES["decided"]),
    }
)
SOUND = SubjectProgram(
    [
        rule(
            "count",
            two="count(penalty) FILTER (WHERE penalty.points > 2 AND penalty.decided < "
            "on_date) >= 2",
            one="count(penalty) FILTER (WHERE penalty.points > 2) = 1",
        ),
        rule(
            "values",
            high="sum(penalty.points) > 6 OR max(penalty.points) = 6",
            late="min(penalty.decided) FILTER (WHERE penalty.points < 5) > on_date",
        ),
        rule(
            "compare",
            yes="count(penalty) FILTER (WHERE penalty.points > 2) <> "
            "count(penalty) FILTER (WHERE penalty.decided <= on_date)",
        ),
    ],
    KINDS,
)


def completions(given: Sequence[Mapping[str, object]]) -> list[list[dict[str, object]]]:
    """Every file that this one may be, where each gap is filled by one of three guesses."""
    gaps = [(i, name) for i, row in enumerate(given) for name in KNOWN if row[name] is None]
    found = []
    for filled in itertools.product(*(GUESSES[name] for _, name in gaps)):
        whole = [dict(row) for row in given]
        for (i, name), guess in zip(gaps, filled, strict=True):
            whole[i][name] = guess
        found.append(whole)
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(OPEN, min_size=1, max_size=3))
def test_a_verdict_on_gaps_holds_however_they_are_filled(given: list[dict[str, object]]) -> None:
    verdict = SOUND.evaluate(["a"], {"penalty": records(*given)}, START)["value"].to_list()
    files = completions(given)
    names = [str(number) for number in range(len(files))]
    named = zip(names, files, strict=True)
    rows = [{**row, "subject": name} for name, file in named for row in file]
    found = SOUND.evaluate(names, {"penalty": records(*rows)}, START)["value"].to_list()
    for number, value in enumerate(verdict):
        # A maximum over no record stays unknown, so of the whole files only the known ones count.
        possible = set(found[number :: len(verdict)]) - {None}
        assert value is None or possible <= {value}
