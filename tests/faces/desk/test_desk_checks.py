"""What a body has to check, in one list: what was promised to it, who was drawn, who stands in a
list that it keeps; until when, and what came of it."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from django.apps import apps
from tests.cast import COMPANY, TRADER, Entity
from tests.faces.desk.test_desk_draws import seated
from tests.faces.desk.test_desk_handling import page
from tests.faces.desk.world import World
from tests.state import all_rows, execute, value

from yuexin.base.dates import today
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.proposals import proposed
from yuexin.domains.credit.signing.operations import sign
from yuexin.domains.hall.checking.operations import remind_offices
from yuexin.domains.hall.checking.queries import checks_due, checks_of_draw
from yuexin.domains.hall.checking.types import ChecksDue
from yuexin.domains.hall.filing.draws import announce, draw_now
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.models import Notice

pytestmark = pytest.mark.usefixtures("undone")
NOW = dt.datetime(2026, 11, 10, 3, 0, tzinfo=dt.UTC)
REGISTRAR = Actor(id="registrar", role="signing_officer", agency="market_regulation")
GUANGZHOU = Actor(id="checker", role="signing_officer", agency="guangzhou_market_regulation")
OTHER = Actor(id="signer", role="signing_officer", agency="guangzhou_market_regulation")
ROOM = "/desk/checks"
DAY = dt.timedelta(days=1)


def promise(number: int, made: str, kind: str = "审批替代型", **changes: str) -> dict[str, str]:
    return {
        "承诺编码": f"粤诺示例{number}", "承诺人类别": "法人及非法人组织",
        "承诺人名称": COMPANY.name,
        "统一社会信用代码": COMPANY.uscc, "承诺类型": kind, "承诺事由": f"事由{number}",
        "承诺内容": "诚信", "承诺日期": made, "受理单位": "广东省市场监督管理局",
        "受理单位统一社会信用代码": "11440000MBYX000102", "是否公示": "是", "履约状态": "履行中",
        **changes,
    }  # fmt: skip


@pytest.fixture
def promised(world: World) -> World:
    """One overdue, one due in two weeks, one that has time, one checked, one of another body."""
    promise_some(world)
    return world


def promise_some(world: World) -> None:
    world.intake(
        "commitments",
        [
            promise(1, "2026-09-01"),
            promise(2, "2026-09-24"),
            promise(3, "2026-09-24", "准入前承诺"),
            promise(4, "2026-09-01", 履约状态="已履约", 核查日期="2026-10-20", 核查结论="符合"),
            promise(5, "2026-09-01", 受理单位统一社会信用代码="11440600MBYX00336N"),
        ],
    )


def due(
    actor: Actor = REGISTRAR, *, now: dt.datetime = NOW, source: str = "", page: int = 1
) -> ChecksDue:
    return checks_due(declarations=current(), actor=actor, source=source, page=page, now=now)


def test_what_was_promised_is_listed_by_the_day_that_each_type_declares(promised: World) -> None:
    del promised
    found = due()
    assert [(one.detail.zh[:3], one.due.date, one.overdue) for one in found.lines] == [
        ("事由1", dt.date(2026, 11, 2), True), ("事由2", dt.date(2026, 11, 24), False),
    ]  # fmt: skip
    assert (found.total, found.overdue) == (2, 1)
    assert TRADER.uscc not in {one.code for one in found.lines}
    assert due(source="draws").lines == ()


def test_the_body_is_told_once_a_week_what_it_has_to_check(promised: World) -> None:
    del promised
    for days in (0, 1, 7):
        list(remind_offices(declarations=current(), now=NOW + days * DAY))
    said = Notice.objects.filter(declared="checks_due").values_list("recipient", "values")
    mine = [values for who, values in said if who == "office:market_regulation"]
    assert [(one["count"], one["late"]) for one in mine] == [("2", "1"), ("2", "1")]


def test_an_officer_sees_it_on_the_first_page_and_begins_the_check(promised: World) -> None:
    del promised
    officer = seated("checker", "signing_officer")
    assert "待检查" in page(officer, "/desk/")
    told = page(officer, ROOM)
    for words in ("事由1", "已逾期", "开始检查", COMPANY.name, "信用承诺（2）"):
        assert words in told, words
    assert "事由5" not in told, "another body accepted that one"
    line = due(now=dt.datetime.now(dt.UTC)).lines[0]
    begun = officer.post(
        f"/desk/cases/about/{COMPANY.uscc}/{line.record}/{line.process}", {"step": "begin"}
    )
    assert begun.status_code == 302, begun.content.decode()[:2000]
    assert "检查中" in page(officer, ROOM)
    assert today(dt.datetime.now(dt.UTC)) >= line.due.date


@pytest.fixture
def drawn(world: World) -> World:
    """The report of the company is public, and it is drawn."""
    draw(world, COMPANY)
    return world


def draw(world: World, entity: Entity) -> int:
    world.intake("annual_reports", [entity.report(2025)], name="reports.csv")
    how: dict[str, Any] = {"declarations": current(), "home": world.intake.home}
    number = announce(
        **how, filing="annual_report", period=2025, now=NOW,
        actor=Actor(id="head", role="signing_officer", agency="market_regulation"),
    ).number  # fmt: skip
    return draw_now(**how, actor=REGISTRAR, number=number, now=NOW + dt.timedelta(hours=2)).number


def begun(actor: Actor, source: str, now: dt.datetime) -> str:
    """The number of the case that checks what is due first."""
    (line,) = due(actor, now=now, source=source).lines
    subject = value("SELECT id FROM subject WHERE code = %s", line.code)
    return open_case(
        declarations=current(), actor=actor, process=line.process, subject=subject,
        record=line.record, step="begin", form={}, papers=(), reason="", now=now,
    )  # fmt: skip


def step(world: World, actor: Actor, case: str, name: str, now: dt.datetime, **form: str) -> None:
    seen = value("SELECT seen FROM case_file WHERE number = %s", case)
    take_step(
        declarations=current(), actor=actor, case=case, step=name, seen=seen, form=form, papers=(),
        reason="", now=now,
    )  # fmt: skip
    carry_out(home=world.intake.home, declarations=current(), clock=lambda: now)
    world.intake.settle(now=now)


def test_whoever_was_drawn_is_checked_by_the_body_of_his_city_within_three_months(
    drawn: World,
) -> None:
    (line,) = due(GUANGZHOU).lines
    assert (line.code, line.due.date, line.overdue) == (COMPANY.uscc, dt.date(2027, 2, 10), False)
    assert line.what.zh == "第 1 次抽取（2025 年度）"
    assert "住所是否联系得上" in line.detail.zh
    assert due().lines == (), "its own city has a body"
    late = due(GUANGZHOU, now=NOW + 120 * DAY)
    assert late.overdue == 1
    case = begun(GUANGZHOU, "draws", NOW + DAY)
    assert due(GUANGZHOU, now=NOW + DAY).lines[0].case == case
    step(
        drawn, GUANGZHOU, case, "clear", NOW + DAY,
        check_date="2026-11-11", result="1", details="与年报一致",
    )  # fmt: skip
    assert due(GUANGZHOU, now=NOW + DAY).lines == (), "it was checked"
    ((day, item, how, who),) = all_rows(
        "SELECT event_date, body->>'item', body->>'result', agency FROM public_row"
        " WHERE kind = 'spot_check'"
    )
    assert (day, how, who) == (dt.date(2026, 11, 11), "1", "guangzhou_market_regulation")
    assert item == "年度报告和公示信息"
    found = checks_of_draw(declarations=current(), actor=REGISTRAR, number=1, now=NOW + DAY)
    last = found[COMPANY.uscc].last
    assert last
    assert last.result.zh == "未发现问题"


@pytest.mark.parametrize(
    ("result", "process", "cause"),
    [("3", "abnormal_listing_false", "3"), ("4", "abnormal_listing_unreachable", "4")],
)
def test_a_problem_that_another_one_confirmed_is_public_and_proposes_an_entry(
    drawn: World, result: str, process: str, cause: str
) -> None:
    case = begun(GUANGZHOU, "draws", NOW + DAY)
    step(
        drawn, GUANGZHOU, case, "found", NOW + DAY,
        check_date="2026-11-11", result=result, details="查看了登记的住所",
    )  # fmt: skip
    assert value("SELECT count(*) FROM public_row WHERE kind = 'spot_check_problem'") == 0
    signer = Actor(id="head-ye", role="signing_officer", agency="market_regulation")
    who: dict[str, Any] = {"declarations": current(), "actor": signer, "process": process}
    assert proposed(**who, now=NOW + DAY).total == 0
    step(drawn, OTHER, case, "confirm", NOW + 2 * DAY)
    assert value("SELECT count(*) FROM public_row WHERE kind = 'spot_check_problem'") == 1
    assert value("SELECT count(*) FROM record WHERE kind = 'abnormal_operation'") == 0
    (one,) = proposed(**who, now=NOW + 2 * DAY).candidates
    assert (one.code, one.due.date if one.due else None) == (COMPANY.uscc, dt.date(2026, 11, 25))
    done = sign(**who, subjects=[one.subject], reason="", now=NOW + 2 * DAY)
    assert done.refused == ()
    carry_out(home=drawn.intake.home, declarations=current(), clock=lambda: NOW + 2 * DAY)
    drawn.intake.settle(now=NOW + 2 * DAY)
    assert value("SELECT body->>'cause' FROM record WHERE kind = 'abnormal_operation'") == cause
    assert proposed(**who, now=NOW + 3 * DAY).total == 0


def listed(entity: Entity, **changes: str) -> dict[str, str]:
    declared = current().resources["serious_dishonesty"]
    said = dict(declared.examples[0].row)
    said[declared.subject_name], said[declared.identifiers[0].column] = entity.name, entity.uscc
    return said | changes


def test_whoever_stands_in_a_list_is_checked_again_and_again_until_he_is_off(world: World) -> None:
    world.intake("serious_dishonesty", [listed(COMPANY)])
    keeper = Actor(id="keeper", role="signing_officer", agency="foshan_market_regulation")
    (line,) = due(keeper, now=NOW + 14 * DAY).lines
    assert (line.what.zh, line.due.date) == (
        current().regimes["serious_dishonesty"].zh, dt.date(2026, 12, 15)
    )  # fmt: skip
    assert due(keeper, now=NOW).lines == (), "more than thirty days ahead"
    then = NOW + 40 * DAY
    assert due(keeper, now=then).overdue == 1
    case = begun(keeper, "lists", then)
    step(world, keeper, case, "mended", then, check_date="2026-12-20", seen="已改正")
    assert due(keeper, now=then).lines == ()
    again = due(keeper, now=then + 160 * DAY)
    assert [(one.due.date, one.last.case if one.last else "") for one in again.lines] == [
        (dt.date(2027, 6, 21), case)
    ]
    off = listed(COMPANY, 移出日期="2027-02-01", 列入状态="提前移出")
    world.intake("serious_dishonesty", [off], name="off.csv", now=then + 60 * DAY)
    assert due(keeper, now=then + 160 * DAY).lines == (), "nobody who is off is followed up"


def test_who_was_drawn_before_that_was_written_down_is_worked_out_again(drawn: World) -> None:
    del drawn
    before = importlib.import_module("yuexin.domains.hall.filing.migrations.0002_drawn")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(before.OPEN)
    execute("UPDATE draw_result SET drawn = '{}'")
    assert due(GUANGZHOU).lines == ()
    before.write_down(apps, None)
    execute(before.CLOSE)
    assert [one.code for one in due(GUANGZHOU).lines] == [COMPANY.uscc]
