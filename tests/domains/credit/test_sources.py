"""An empty section says no more than its sources allow."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from yuexin.domains.credit.sources import Supplies, emptiness, supplies
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.freshness import Freshness

ON = dt.date(2026, 11, 24)
SECTION = current().sections["administration"]
KINDS = ("licence", "penalty")
AWAITED = (
    ("housing", "licences_2018"), ("housing", "penalties_2018"),
    ("environment", "licences_2018"), ("environment", "penalties_2018"),
    ("market_regulation", "licences_2018"), ("market_regulation", "penalties_2018"),
)  # fmt: skip


def came(agency: str, resource: str, day: int = 24, late_since: dt.date | None = None) -> Freshness:
    return Freshness(
        agency=agency,
        resource=resource,
        deliveries=1,
        last_received_at=dt.datetime(2026, 11, day, 4, tzinfo=dt.UTC),
        late_since=late_since,
    )


def stand(*delivered: Freshness, kinds: tuple[str, ...] = KINDS, city: str = "") -> Supplies:
    """The sources of the section, where these delivered and the others did not."""
    by_source = {(item.agency, item.resource): item for item in delivered}
    every = [
        by_source.get((agency, item.id), Freshness(agency=agency, resource=item.id))
        for item in current().resources.values()
        for agency in item.providers
    ]
    return supplies(declarations=current(), freshness=every, kinds=kinds, city=city, on=ON)


ALL_IN = [came(*source) for source in AWAITED]


@pytest.mark.parametrize("past", [False, True])
def test_where_nothing_came_nothing_is_said_to_be_missing(past: bool) -> None:
    state, note = emptiness(section=SECTION, found=stand(), past=past)
    assert state == "not_yet"
    assert note.zh == "本平台尚未收到此类数据。"
    state, _ = emptiness(section=SECTION, found=stand(kinds=()), past=past)
    assert state == "not_collected"


def test_before_anything_came_it_is_said_when_the_first_did() -> None:
    first = dt.datetime(2026, 11, 29, 4, tzinfo=dt.UTC)
    later = [
        dataclasses.replace(came("housing", "licences_2018"), deliveries=0, last_received_at=None,
                            first_received_at=first + dt.timedelta(days=days))
        for days in (0, 3)
    ]  # fmt: skip
    state, note = emptiness(section=SECTION, found=stand(*later), past=True)
    assert state == "not_yet"
    assert "还没有收到此类数据；最早收到是在2026年12月2日" in note.zh


@pytest.mark.parametrize(
    ("city", "named"),
    [
        ("440300", {"深圳"}), ("440600", {"佛山"}), ("440606", {"佛山"}), ("440100", {"广州"}),
        ("440800", set()), ("", {"广州", "深圳", "佛山"}), ("110000", {"广州", "深圳", "佛山"}),
    ],
)  # fmt: skip
def test_an_agency_of_a_city_is_awaited_for_subjects_of_that_city(
    city: str, named: set[str]
) -> None:
    silent = stand(kinds=("abnormal_operation",), city=city).silent
    assert {item.agency.zh[:2] for item in silent} == named | {"广东"}


def test_none_is_said_up_to_the_day_on_which_the_last_source_was_seen() -> None:
    weeks_ago = came("housing", "penalties_2018", day=2)
    state, note = emptiness(section=SECTION, found=stand(*ALL_IN, weeks_ago), past=False)
    assert state == "none"
    assert note.zh == "无行政管理信息（截至2026年11月2日交付的数据）。"
    assert "2 November 2026" in note.en


@pytest.mark.parametrize("silent", AWAITED)
def test_none_is_never_said_while_one_source_has_not_delivered(silent: tuple[str, str]) -> None:
    found = stand(*(item for item in ALL_IN if (item.agency, item.resource) != silent))
    state, note = emptiness(section=SECTION, found=found, past=False)
    assert state == "partial"
    agency, kind = current().agencies[silent[0]], current().resources[silent[1]].kind
    assert note.zh.startswith(f"{agency.zh}的{current().kinds[kind].zh}尚未交付过")
    assert "无行政许可" not in note.zh


def test_late_sources_are_named_with_their_day_beside_those_that_never_came() -> None:
    late = came("housing", "licences_2018", late_since=dt.date(2026, 11, 20))
    others = [item for item in ALL_IN if item.agency != "market_regulation"]
    state, note = emptiness(section=SECTION, found=stand(*others, late), past=False)
    assert state == "late"
    assert note.zh == (
        "广东省住房和城乡建设厅的行政许可自2026年11月20日起未按期交付，此处可能不完整。"
        "广东省市场监督管理局的行政许可、行政处罚尚未交付过，此处可能不完整。"
    )


def test_a_source_that_is_late_by_an_unknown_calendar_is_late_provisionally() -> None:
    late = came("housing", "licences_2018", late_since=dt.date(2027, 1, 5))
    note = stand(*ALL_IN, dataclasses.replace(late, provisional=True)).missing
    assert "自2027年1月5日起（该年节假日安排尚未公布，暂按周一至周五计）未按期交付" in note.zh
    assert "since 5 January 2027 (provisional" in note.en


def test_on_a_past_day_absence_proves_nothing() -> None:
    state, note = emptiness(section=SECTION, found=stand(*ALL_IN), past=True)
    assert state == "past"
    assert "不能由此认定当时没有" in note.zh
    assert SECTION.empty_zh not in note.zh


def test_another_layout_of_the_same_agency_is_the_same_source() -> None:
    food_drug = came("food_drug", "licences_2016")
    assert len(stand(*ALL_IN, food_drug).all) == len(AWAITED) + 1
    assert len(stand(*ALL_IN).all) == len(AWAITED), "an agency that has ended is not awaited"
    trial = stand(came("market_regulation", "registration"), kinds=("registration",))
    assert trial.silent == (), "a resource for trials is not awaited"


def test_many_sources_are_named_by_number() -> None:
    each = tuple(
        dataclasses.replace(item, late_since=dt.date(2026, 11, day))
        for day, item in enumerate(ALL_IN, start=10)
    )
    assert "等 6 项未按期交付" in stand(*each).missing.zh
    assert "and 2 more" in stand(*each).missing.en
