"""A removal from a list is announced for its days, and goes with whatever withdraws the entry."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from django.test import Client
from tests.cast import COMPANY, OWNER, PUBLIC, TRADER, Entity
from tests.conftest import NOW
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.happenings import Happening, announced, of_subject
from yuexin.domains.credit.queries import document
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Removal
from yuexin.engines.rules.queries import ReleaseProgram, text_frame

pytestmark = pytest.mark.usefixtures("undone")

DAY = dt.timedelta(days=1)
SIGNER = Actor(id="head-ye", role="signing_officer", agency="market_regulation")
REASON = "已补报二〇二五年度年度报告，电话13800000000"
(REMOVAL,) = current().announcements["removal"].removals
STATES = [one.code for one in current().codes["market_list_states"].values]


def entry(entity: Entity = COMPANY, **changes: str) -> dict[str, str]:
    return {
        "统一社会信用代码": entity.uscc, "名称": entity.name, "列入日期": "2026-07-08",
        "列入经营异常名录原因": "1", "作出决定机关（列入）": "广东省市场监督管理局",
        "列入决定文书号": "示例异〔2026〕1号", **changes,
    }  # fmt: skip


def removed(entity: Entity = COMPANY, **changes: str) -> dict[str, str]:
    gone = {
        "移出日期": "2026-11-23", "移出经营异常名录原因": REASON, "列入状态": "已移出",
        "移出决定文书号": "示例移〔2026〕1号", "作出决定机关（移出）": "广东省市场监督管理局",
    }  # fmt: skip
    return entry(entity, **{**gone, **changes})


@pytest.fixture
def listed(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration(), TRADER.registration()])
    deliver("abnormal_operations", [entry(), entry(TRADER)], now=NOW - 30 * DAY)
    return deliver


def reader(now: dt.datetime = NOW) -> Reader:
    day = now.astimezone(dt.UTC).date()
    return Reader(declarations=current(), actor=PUBLIC, now=now, on=day)


def told(now: dt.datetime = NOW, code: str = COMPANY.uscc) -> list[Happening]:
    """The removals that are announced, which are those that the history of the file tells."""
    day = now.date()
    page = announced(
        reader=reader(now), announcements=tuple(current().announcements.values()), city="",
        after=day - 60 * DAY, until=day, page=1,
    )  # fmt: skip
    found = [one for one in page.rows if one.what == "removed" and one.code == code]
    assert page.total == len(page.rows)
    subject = value("SELECT id FROM subject WHERE code = %s", code)
    history = of_subject(reader=reader(now), subject=subject, most=100)
    assert [one for one in history if one.what == "removed"] == found
    return found


def test_a_removal_is_told_by_its_decision_and_not_by_its_entry(listed: Intake) -> None:
    assert told() == []
    listed("abnormal_operations", [removed()], now=NOW)
    (one,) = told()
    assert one.on == NOW.date()
    assert one.record is None
    said = one.entry.headline.zh
    assert "示例移〔2026〕1号" in said
    assert "广东省市场监督管理局" in said
    assert "已补报" in said
    assert "13800000000" not in said, "what an officer wrote holds nobody's number"
    assert "示例异〔2026〕1号" not in str(one)
    assert "2026-07-08" not in str(one)
    assert not one.entry.adverse
    public = document(actor=PUBLIC, code=COMPANY.uscc, now=NOW) or b""
    assert "示例移〔2026〕1号" not in public.decode(), "it stands in no file and no report"


def test_it_is_told_for_the_declared_days_from_the_day_of_removal(listed: Intake) -> None:
    listed("abnormal_operations", [removed()], now=NOW)
    last = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC) + (REMOVAL.days - 1) * DAY
    assert len(told(last)) == 1
    assert told(last + DAY) == []


def test_a_removal_that_is_delivered_when_its_days_are_over_is_never_told(listed: Intake) -> None:
    listed("abnormal_operations", [removed(移出日期="2026-10-20")], now=NOW)
    assert told() == []


@pytest.mark.parametrize("state", ["已修复", "撤销", "封存", "异议处理中"])
def test_what_was_repaired_annulled_or_sealed_is_not_published_again_by_its_removal(
    listed: Intake, state: str
) -> None:
    listed("abnormal_operations", [removed()], now=NOW)
    assert len(told()) == 1
    later = NOW + DAY
    listed("abnormal_operations", [removed(列入状态=state)], now=later)
    stored = value(
        "SELECT body->>'state' FROM record WHERE kind = 'abnormal_operation' "
        "AND superseded_at IS NULL AND subject = (SELECT id FROM subject WHERE code = %s)",
        COMPANY.uscc,
    )
    assert stored != "removed"
    assert told(later) == []


def test_an_entry_that_is_taken_back_takes_its_removal_along(listed: Intake) -> None:
    listed("abnormal_operations", [removed()], now=NOW)
    assert len(told()) == 1
    listed("abnormal_operations", [removed()], now=NOW + DAY, intent="withdraw")
    assert told(NOW + DAY) == []


def test_who_was_never_told_to_stand_in_the_list_is_not_told_to_have_left_it(
    deliver: Intake,
) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("abnormal_operations", [removed()], now=NOW)
    assert told() == []


def test_a_sole_trader_has_left_no_list(listed: Intake) -> None:
    listed("abnormal_operations", [removed(TRADER, 列入状态="恢复正常记载状态")], now=NOW)
    rows = all_rows("SELECT body->>'state' FROM record WHERE body ? 'remove_date'")
    assert rows == [("removed",)]
    assert told(code=TRADER.uscc) == []


def test_a_removal_by_a_case_is_announced(listed: Intake) -> None:
    listed("annual_reports", [COMPANY.report(2025, 填报日期="2026-10-09")])
    subject, record = all_rows(
        "SELECT r.subject, r.id FROM record r JOIN subject s ON s.id = r.subject "
        "WHERE r.kind = 'abnormal_operation' AND s.code = %s",
        COMPANY.uscc,
    )[0]
    case = open_case(
        declarations=current(), actor=OWNER, process="abnormal_removal", subject=subject,
        record=record, form={"performed": "已补报"}, papers=(), reason="", now=NOW,
    )  # fmt: skip
    take_step(
        declarations=current(), actor=SIGNER, case=case, step="remove", seen=1, form={}, papers=(),
        reason="已补报年度报告", now=NOW,
    )  # fmt: skip
    carry_out(home=listed.home, declarations=current(), clock=lambda: NOW)
    listed.settle(now=NOW)
    (one,) = told()
    assert case in one.entry.headline.zh


def test_the_pages_and_feeds_lead_from_a_removal_to_the_file(listed: Intake) -> None:
    now = dt.datetime.now(dt.UTC)
    day = (now - DAY).date().isoformat()
    listed("abnormal_operations", [removed(移出日期=day)], now=now)
    record = value("SELECT id FROM record WHERE body ? 'remove_date' AND superseded_at IS NULL")
    visitor = Client(SERVER_NAME="localhost")
    for address in (
        "/announcements?kind=removal", "/announcements.atom?kind=removal",
        f"/s/{COMPANY.uscc}/history", f"/s/{COMPANY.uscc}/feed.atom",
    ):  # fmt: skip
        page = visitor.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "示例移〔2026〕1号" in text, address
        assert f"/records/{record}" not in text, address
    assert visitor.get(f"/s/{COMPANY.uscc}/records/{record}").status_code == 404


@pytest.mark.parametrize("removal", [REMOVAL], ids=lambda one: one.kind)
@pytest.mark.parametrize("state", STATES)
def test_only_what_is_withheld_for_its_removal_alone_is_announced(
    removal: Removal, state: str
) -> None:
    declared = current().releases["public"].by_kind[removal.kind]
    program = ReleaseProgram(kind=current().kinds[removal.kind], release_kind=declared)
    bare = {"list_date": "2026-07-08", "cause": "1", "state": state}
    frame = text_frame(current().kinds[removal.kind], [{**bare, "remove_date": "2026-11-23"}])
    found = program.evaluate(frame.with_columns(event_date=pl.col("list_date")), NOW.date())
    assert found["withheld"].to_list() == ["removed"]
    alone = text_frame(current().kinds[removal.kind], [bare])
    other = program.evaluate(alone.with_columns(event_date=pl.col("list_date")), NOW.date())
    says = removal.says["state"] == state
    assert says == (state == "removed")
    assert not says or other["withheld"].to_list() == ["removed"]
