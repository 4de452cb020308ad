"""The pictures of a file: drawn from what the page itself shows, and readable without them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.portal import samples

from yuexin.base.text import Text
from yuexin.domains.credit.pictures import lanes_of, ties_of
from yuexin.domains.credit.types import CreditFile, Entry, Fact
from yuexin.faces.shared.drawing import LEFT, MOST_TIES, RIGHT, ties_picture, timeline_of

HOSTILE = "</title><script>alert(1)</script>\"' onload=x"


def fact(field: str, value: str) -> Fact:
    text = Text(value, value)
    return Fact(field=field, label=text, value=text)


def entry(kind: str, **changes: Any) -> Entry:
    made = samples.entry()
    return replace(
        made, kind=kind, marks=(), valid_from=None, valid_until=None, facts=(), **changes
    )


def file_of(entries: Sequence[Entry]) -> CreditFile:
    file = samples.credit_file()
    basic = replace(file.sections[0], entries=tuple(entries))
    return replace(file, sections=(basic, *file.sections[1:]), timeline=tuple(entries))


def holder(name: str, share: str = "60", until: dt.date | None = None) -> Entry:
    facts = (fact("holder", name), fact("share", share))
    return replace(entry("shareholding"), facts=facts, valid_until=until)


def ties(file: CreditFile) -> str:
    return render_to_string("shared/_ties_picture.html", {"ties": ties_picture(file)})


def timeline(file: CreditFile) -> str:
    return render_to_string("shared/_timeline_picture.html", {"picture": timeline_of(file)})


def test_who_has_left_is_tied_no_more() -> None:
    file = file_of([])
    gone, stays = file.on, file.on + dt.timedelta(days=1)
    found = ties_of(file_of([holder("甲", until=gone), holder("乙", until=stays), holder("丙")]))
    assert [tie.name for tie in found] == ["乙", "丙"]


def test_a_tie_whose_name_the_reader_may_not_see_is_not_drawn() -> None:
    person = replace(entry("key_person"), facts=(fact("position", "董事"),))
    assert ties_of(file_of([person])) == ()
    assert ties(file_of([person])).strip() == ""


@pytest.mark.parametrize(
    ("said", "share"),
    [("60", "60"), ("33.34%", "33.34"), ("0", None), ("101", None), ("NaN", None), ("一半", None),
     ("1e999", None), ("-5", None)],
)  # fmt: skip
def test_a_share_is_drawn_where_it_can_be_one(said: str, share: str | None) -> None:
    (tie,) = ties_of(file_of([holder("甲", said)]))
    assert tie.share == (Decimal(share) if share else None)


def test_of_many_ties_the_picture_shows_some_and_the_table_all() -> None:
    names = [f"第{place}股东" for place in range(MOST_TIES + 5)]
    shown = ties(file_of([holder(name) for name in names]))
    picture, table = shown.split("<details")
    assert [name for name in names if name in picture] == names[:MOST_TIES]
    assert "另有 5 个" in picture
    assert all(name in table for name in names)


def test_hostile_names_stay_text() -> None:
    file = file_of([holder(HOSTILE), entry("penalty", headline=Text(HOSTILE, HOSTILE))])
    file = replace(file, head=replace(file.head, name=HOSTILE))
    for drawn in (ties(file), timeline(file)):
        assert "<script" not in drawn
        assert "onload=x" in drawn
        assert "\"' onload" not in drawn


def test_both_pictures_name_themselves_and_stand_beside_a_table() -> None:
    file = file_of([holder("甲")])
    for drawn in (ties(file), timeline(file)):
        assert 'role="img"' in drawn
        assert "<title" in drawn
        assert "<desc" in drawn
        assert "<table" in drawn
        assert "style=" not in drawn


def test_what_holds_is_a_bar_and_what_happened_a_point() -> None:
    day = dt.date(2024, 1, 2)
    licence = entry("licence", event_date=day)
    licence = replace(licence, valid_from=day, valid_until=dt.date(2029, 1, 2))
    penalty = entry("penalty", event_date=day)
    state = entry("registration", event_date=day)
    lanes = lanes_of(file_of([licence, penalty, state]), states=["registration"])
    points = [span.point for lane in lanes for span in lane.spans if span.start == day]
    assert points == [False, True, False]


def test_names_follow_one_another() -> None:
    (lane, *_) = lanes_of(samples.credit_file(), states=())
    assert lane.label.zh == "名称"
    assert lane.spans[-1].until is None


DAYS = st.dates(dt.date(1949, 10, 1), dt.date(2999, 12, 31))
Drawn = list[tuple[dt.date, dt.date | None]]
SPANS = st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=30)


@given(spans=SPANS)
def test_everything_is_drawn_within_the_picture(spans: Drawn) -> None:
    entries = [
        replace(entry("licence", event_date=start), valid_from=start, valid_until=until)
        for start, until in spans
    ]
    picture = timeline_of(file_of(entries))
    assert picture is not None
    bars = [bar for lane in picture.lanes for bar in lane.bars]
    assert len(bars) >= len(entries)
    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT + 2 for bar in bars)
    assert all(0 < bar.y < picture.floor for bar in bars)
    assert LEFT <= picture.today <= RIGHT
    assert len(picture.ticks) <= 6
