"""What stands in a file: of two registers the higher, and only what is cut is said to be cut."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from tests.cast import CLERK, COMPANY, PUBLIC, TRADER, Entity
from tests.intake import Intake

from yuexin.domains.credit import files
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.types import CreditFile, Entry
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import Freshness

pytestmark = pytest.mark.usefixtures("undone")

EARLY = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
PATIENCE = 10.0


def file_of(
    deliver: Intake, entity: Entity, actor: Actor = PUBLIC, on: dt.date | None = None
) -> CreditFile:
    file = credit_file(actor=actor, code=entity.uscc, on=on, now=deliver.now)
    assert file is not None
    return file


def resources(file: CreditFile) -> list[str]:
    """From which resources the section of basic information is filled."""
    (basic,) = [section for section in file.sections if section.id == "basic"]
    return [entry.source.resource for entry in basic.entries]


@pytest.mark.parametrize("actor", [PUBLIC, CLERK], ids=lambda actor: actor.id)
def test_the_extract_gives_way_to_the_registrar(deliver: Intake, actor: Actor) -> None:
    deliver("register_extract", [COMPANY.extract(企业名称="佛山旧名示例有限公司")], now=EARLY)
    assert resources(file_of(deliver, COMPANY, actor)) == ["register_extract"]
    deliver("registration", [COMPANY.registration()], now=LATER)
    now = file_of(deliver, COMPANY, actor)
    assert resources(now) == ["registration"]
    assert {entry.source.resource for entry in now.timeline} == {"register_extract", "registration"}
    before = file_of(deliver, COMPANY, actor, LATER.date() - dt.timedelta(days=1))
    assert resources(before) == ["register_extract"]


def test_an_extract_that_comes_later_gives_way_too(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()], now=EARLY)
    deliver("register_extract", [COMPANY.extract()], now=LATER)
    assert resources(file_of(deliver, COMPANY)) == ["registration"]


def cut(entry: Entry) -> set[str]:
    return {fact.field for fact in entry.facts if fact.masked}


def report_of(deliver: Intake, entity: Entity, actor: Actor = PUBLIC) -> Entry:
    deliver("registration", [entity.registration()])
    row = entity.report(
        通信地址="广州市天河区示例路1号", 邮政编码="510000", 联系电话="13800138000",
        电子邮箱="office@example.com", 股东出资信息="陈示例认缴500万元",
    )  # fmt: skip
    deliver("annual_reports", [row])
    (entry,) = [e for e in file_of(deliver, entity, actor).timeline if e.kind == "annual_report"]
    return entry


@pytest.mark.parametrize(("filed", "late"), [("2026-06-30", False), ("2026-07-01", True)])
def test_a_report_that_came_late_says_so(deliver: Intake, filed: str, late: bool) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("annual_reports", [COMPANY.report(报告年度="2025", 填报日期=filed)])
    (entry,) = [e for e in file_of(deliver, COMPANY).timeline if e.kind == "annual_report"]
    assert ("filed_late" in {mark.id for mark in entry.marks}) == late


def test_a_report_that_was_told_again_is_not_said_to_be_late(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    for filed in ("2026-05-04", "2026-08-03"):
        deliver("annual_reports", [COMPANY.report(报告年度="2025", 填报日期=filed)])
    (entry,) = [e for e in file_of(deliver, COMPANY).timeline if e.kind == "annual_report"]
    assert "filed_late" not in {mark.id for mark in entry.marks}


def test_only_what_is_cut_is_said_to_be_cut(deliver: Intake) -> None:
    entry = report_of(deliver, COMPANY)
    shown = {fact.field: fact.value.zh for fact in entry.facts}
    assert shown["phone"] == "138****00"
    assert {"mail_address", "postcode", "email", "contributions"} <= shown.keys()
    assert cut(entry) == {"phone"}


def test_of_a_sole_trader_the_home_is_said_to_be_cut(deliver: Intake) -> None:
    assert cut(report_of(deliver, TRADER)) == {"mail_address"}


def test_to_an_officer_nothing_is_cut(deliver: Intake) -> None:
    assert cut(report_of(deliver, TRADER, CLERK)) == set()


def test_the_registration_comes_before_the_people_however_new_they_are(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    person = current().resources["key_people"].examples[0].row
    deliver("key_people", [{**person, "统一社会信用代码": COMPANY.uscc}], now=LATER)
    (basic,) = [s for s in file_of(deliver, COMPANY).sections if s.id == "basic"]
    assert [entry.kind for entry in basic.entries] == ["registration", "key_person"]


def test_a_day_before_anything_came_says_so_and_when_it_did(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()], now=LATER)
    before = file_of(deliver, COMPANY, on=dt.date(2025, 6, 30))
    notes = {section.id: (section.state, section.note.zh) for section in before.sections}
    assert notes["basic"] == (
        "not_yet",
        "到这一天为止，本平台还没有收到此类数据；最早收到是在2026年6月1日。",
    )
    assert notes["administration"] == ("not_yet", "本平台尚未收到此类数据。")


def test_bureaus_of_other_cities_are_not_awaited(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(所在城市="深圳")])
    notes = "".join(section.note.zh for section in file_of(deliver, COMPANY).sections)
    assert "佛山市" not in notes
    assert "广州市" not in notes


def test_no_reader_waits_for_what_another_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answered = Event(), Event()

    def freshness(*, declarations: Declarations, on: dt.date) -> tuple[Freshness, ...]:
        if on == EARLY.date():
            asked.set()
            assert answered.wait(PATIENCE)
        return ()

    monkeypatch.setattr(files, "freshness", freshness)
    slow, quick = (
        Reader(declarations=current(), actor=PUBLIC, now=LATER, on=day.date())
        for day in (EARLY, LATER)
    )
    with ThreadPoolExecutor(max_workers=2) as threads:
        first = threads.submit(lambda: slow.freshness)
        assert asked.wait(PATIENCE)
        try:
            assert threads.submit(lambda: quick.freshness).result(PATIENCE) == ()
            assert not first.done()
        finally:
            answered.set()
        assert first.result(PATIENCE) == ()


@pytest.mark.parametrize(("day", "left"), [("2026-11-24", 366), ("2025-11-24", 1)])
def test_a_period_of_a_year_counts_its_first_and_its_last_day(
    deliver: Intake, day: str, left: int
) -> None:
    deliver("registration", [COMPANY.registration()])
    rating = current().resources["environmental_ratings"].examples[0].row
    row = {**rating, "统一社会信用代码": COMPANY.uscc, "公布日期": day}
    deliver("environmental_ratings", [row])
    (rated,) = [e for e in file_of(deliver, COMPANY).timeline if e.kind == "environmental_rating"]
    (mark,) = [m for m in rated.marks if m.id == "days_left"]
    assert mark.label.zh == f"公示期剩余 {left} 天（含今天）"
    assert rated.shown_until == deliver.now.date() + dt.timedelta(days=left)
