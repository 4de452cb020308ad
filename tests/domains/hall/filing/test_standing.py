"""A year's standings fit together, and repeated lines come back out of their text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.dates import today
from yuexin.domains.hall.filing.lines import LINE, NAMED, PART, composed, decomposed, plain
from yuexin.engines.declare.queries import calendar_of, current, surely_late, year_standing
from yuexin.engines.declare.types import Filed

CALENDAR = calendar_of(declarations=current())
REPORT = current().filings["annual_report"]
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31))


@given(on=DAYS, period=st.integers(2014, 2029), filed=st.none() | DAYS)
def test_a_year_is_filed_once_its_window_opens_and_corrected_only_while_it_is_open(
    on: dt.date, period: int, filed: dt.date | None
) -> None:
    if filed is not None and filed > on:
        filed = None
    known = Filed(entity_type="1130", est_date=None, state="1", first_filed=filed)
    found = year_standing(filing=REPORT, period=period, entity=known, on=on, calendar=CALENDAR)
    assert found.opens is not None
    assert found.due is not None
    assert CALENDAR.is_workday(found.due.date)
    inside = found.opens <= on <= found.due.date
    if on < found.opens:
        assert not found.may_file
    elif filed is None:
        assert found.may_file
        assert found.late == (not inside)
    else:
        assert found.may_file == inside


@given(period=st.integers(-5, 12_000), filed=DAYS)
def test_what_is_surely_late_is_late_for_filers_of_every_class(period: int, filed: dt.date) -> None:
    late = surely_late(filing=REPORT, period=period, filed=filed, calendar=CALENDAR)
    types = ("9500", "9100", "7200", "1130")
    each = [
        year_standing(
            filing=REPORT, period=period, entity=Filed(entity_type=one, est_date=None, state="1"),
            on=filed, calendar=CALENDAR,
        )
        for one in types
    ]  # fmt: skip
    assert late == all(found.late for found in each)


def test_a_provisional_window_says_so() -> None:
    known = Filed(entity_type="1130", est_date=None, state="1")
    day = today(dt.datetime(2040, 3, 1, tzinfo=dt.UTC))
    far = year_standing(filing=REPORT, period=2039, entity=known, on=day, calendar=CALENDAR)
    near = year_standing(filing=REPORT, period=2025, entity=known, on=day, calendar=CALENDAR)
    assert far.due is not None
    assert near.due is not None
    assert far.due.provisional
    assert not near.due.provisional


NAMES = ("股东", "认缴额（万元）", "认缴时间")
CELLS = st.text(max_size=20)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), CELLS), max_size=5))
def test_repeated_lines_come_back_out_of_their_text_as_they_went_in(
    lines: list[dict[str, str]],
) -> None:
    text = composed(names=NAMES, lines=lines)
    told = [{n: plain(v) for n, v in line.items() if plain(v)} for line in lines]
    back = decomposed(names=NAMES, text=text)
    assert back is not None
    assert list(back) == [line for line in told if line]
    assert composed(names=NAMES, lines=back) == text


@pytest.mark.parametrize(
    "text", ["张示例认缴一百万元", f"地址{NAMED}x", f"股东{NAMED}a{PART}股东{NAMED}b", LINE]
)
def test_a_text_that_was_not_composed_here_is_not_taken_apart(text: str) -> None:
    assert decomposed(names=NAMES, text=text) is None
