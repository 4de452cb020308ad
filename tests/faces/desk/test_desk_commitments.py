"""What a body has to check of what was promised to it: in a list, on its first page, told ahead."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, TRADER
from tests.faces.desk.test_desk_draws import seated
from tests.faces.desk.test_desk_handling import page
from tests.faces.desk.world import World

from yuexin.base.dates import today
from yuexin.domains.hall.filing.checks import checks_due, remind_offices
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.models import Notice

pytestmark = pytest.mark.usefixtures("undone")
NOW = dt.datetime(2026, 11, 10, 3, 0, tzinfo=dt.UTC)
REGISTRAR = Actor(id="registrar", role="signing_officer", agency="market_regulation")
ROOM = "/desk/commitments"


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
    return world


def test_what_is_due_and_overdue_is_listed_by_the_day_that_each_type_declares(
    promised: World,
) -> None:
    found = checks_due(declarations=current(), actor=REGISTRAR, now=NOW)
    assert [(one.matter, one.due.date, one.overdue) for one in found.lines] == [
        ("事由1", dt.date(2026, 11, 2), True), ("事由2", dt.date(2026, 11, 24), False),
    ]  # fmt: skip
    assert (found.total, found.overdue) == (2, 1)
    assert TRADER.uscc not in {one.code for one in found.lines}


def test_the_body_is_told_before_a_check_is_due_once(promised: World) -> None:
    for _ in range(2):
        list(remind_offices(declarations=current(), now=NOW))
    said = Notice.objects.filter(declared="commitment_checks_due").values_list("recipient", "key")
    assert [who for who, _ in said] == ["office:market_regulation"]


def test_an_officer_sees_it_on_the_first_page_and_begins_the_check(promised: World) -> None:
    officer = seated("checker", "signing_officer")
    assert "承诺待核查" in page(officer, "/desk/")
    told = page(officer, ROOM)
    for words in ("事由1", "已逾期", "开始核查", COMPANY.name):
        assert words in told, words
    assert "事由5" not in told, "another body accepted that one"
    line = checks_due(
        declarations=current(), actor=REGISTRAR, now=dt.datetime.now(dt.UTC)
    ).lines[0]  # fmt: skip
    opening = f"/desk/cases/about/{COMPANY.uscc}/{line.record}/commitment_check"
    begun = officer.post(opening, {"step": "begin"})
    assert begun.status_code == 302, begun.content.decode()[:2000]
    assert "核查中" in page(officer, ROOM)
    assert today(dt.datetime.now(dt.UTC)) >= line.due.date
