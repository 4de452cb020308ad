"""An agency delivers the repair or the revocation itself: whoever keeps a copy is told all the
same, by the same clock, and once; what stays public, or was told already, recalls nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER
from tests.engines.access.given import account, grant, key
from tests.faces.gateway.calls import Caller
from tests.intake import Intake
from tests.judging import held_row, judge
from tests.state import all_rows, value

from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.subjects.recalls import look_again, open_recalls
from yuexin.domains.subjects.recalls_told import tell_of_recalls
from yuexin.engines.access.types import Actor

pytestmark = pytest.mark.usefixtures("undone")

FEED = "/api/v1/recalls"
DAY = dt.timedelta(days=1)
CHIEF = Actor(id="chief-an", role="chief", agency="data_bureau", division="440000")
STANDS = COMPANY.penalty("41")
LISTED = {
    "统一社会信用代码": COMPANY.uscc, "名称": COMPANY.name, "列入日期": "2026-07-08",
    "列入经营异常名录原因": "1", "作出决定机关（列入）": "广东省市场监督管理局",
    "列入决定文书号": "示例异〔2026〕41号",
}  # fmt: skip


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A system of another body that looks at files and keeps copies."""

    call: Caller
    intake: Intake
    key: str

    def look(self, *codes: str) -> None:
        for code in codes or (COMPANY.uscc,):
            page = self.call.get(f"/api/v1/subjects/{code}?purpose=licensing", key=self.key)
            assert page.status == 200

    def told(self, since: int = 0) -> list[dict[str, Any]]:
        """What it is told once the worker has been round."""
        tell_of_recalls(declarations=self.intake.declarations, now=now())
        said = self.call.get(f"{FEED}?since={since}", key=self.key)
        found: list[dict[str, Any]] = said.json["recalls"]
        return found

    def confirm(self, number: int) -> int:
        return self.call.post(f"{FEED}/{number}/confirmed", key=self.key).status

    def missing(self) -> list[str]:
        found = open_recalls(declarations=self.intake.declarations, actor=CHIEF)
        return [receiver.body for one in found for receiver in one.missing]

    def penalties(self, *rows: dict[str, str], **said: Any) -> int:
        """The number of a delivery by the body that decided."""
        given: dict[str, Any] = {"agency": "environment", "now": now(), **said}
        receipt = self.intake("penalties_2018", rows, **given)
        return int(receipt["batch_id"])


@pytest.fixture
def keeper(filled: Intake, call: Caller, undone: None) -> Keeper:
    del undone
    clerk = account("ho.clerk")
    grant(clerk, agency="housing", valid_from=filled.now.date() - DAY, now=filled.now)
    said = {"now": filled.now, "expires_at": filled.now + 30 * DAY, "scopes": ["read"]}
    _, secret = key(account=clerk, agency="housing", role="clerk", purpose="licensing", **said)
    found = Keeper(call=call, intake=filled, key=secret)
    found.penalties(STANDS, TRADER.penalty("42"), COMPANY.penalty("43"))
    filled("abnormal_operations", [LISTED], now=now())
    return found


@pytest.mark.parametrize("state", ["已修复", "撤销", "封存"])
def test_a_repair_that_is_delivered_is_recalled_once_and_confirmed(
    keeper: Keeper, state: str
) -> None:
    keeper.look()
    assert keeper.told() == []
    number = keeper.penalties(STANDS | {"CF_ZT": state})
    (one,) = keeper.told()
    assert (one["number"], one["code"], one["kind"]) == (number, COMPANY.uscc, "penalty")
    assert dt.date.fromisoformat(one["due"]) > now().date()
    assert keeper.missing() == ["housing"]
    assert value("SELECT count(*) FROM notice WHERE declared = 'record_recalled'") == 1
    assert [keeper.confirm(number) for _ in range(2)] == [200, 200]
    assert keeper.missing() == []
    assert keeper.told()[0]["confirmed_at"]
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'recall.confirmed'") == 1


def test_what_is_told_again_recalls_nothing_more(keeper: Keeper) -> None:
    keeper.look()
    ended = STANDS | {"CF_ZT": "已修复"}
    number = keeper.penalties(ended)
    keeper.told()
    keeper.penalties(ended)
    keeper.penalties(ended | {"CF_NR_FK": "11"})
    keeper.penalties(ended | {"CF_NR_FK": "11"}, intent="withdraw")
    look_again(now=now())
    assert [one["number"] for one in keeper.told()] == [number]
    assert value("SELECT count(*) FROM notice WHERE declared = 'record_recalled'") == 1


def test_a_removal_and_a_row_taken_back_are_recalled_as_well(keeper: Keeper) -> None:
    keeper.look()
    gone = {"移出日期": "2026-11-23", "移出经营异常名录原因": "已补报", "列入状态": "已移出"}
    keeper.intake("abnormal_operations", [LISTED | gone], now=now())
    keeper.penalties(STANDS, intent="withdraw")
    assert [one["kind"] for one in keeper.told()] == ["abnormal_operation", "penalty"]


def test_what_stays_public_or_nobody_saw_is_no_recall(keeper: Keeper) -> None:
    keeper.look(TRADER.uscc)
    keeper.penalties(STANDS | {"CF_ZT": "已修复"})
    keeper.penalties(TRADER.penalty("42", CF_NR_FK="11"))
    keeper.look()
    assert keeper.told() == []
    assert keeper.missing() == []


def test_the_end_of_a_term_is_no_recall(keeper: Keeper) -> None:
    then = now() - 1200 * DAY
    old = TRADER.penalty("44", CF_JDRQ=then.date().isoformat())
    keeper.penalties(old, now=then)
    assert value("SELECT shown_until <= current_date FROM public_row WHERE body->>'doc_no' = %s",
                 old["CF_WSH"])  # fmt: skip
    keeper.look(TRADER.uscc)
    keeper.penalties(old | {"CF_BGSYY": "个人隐私", "CF_BGSSP": "示例审〔2026〕1号"})
    assert keeper.told() == []
    keeper.penalties(old | {"CF_ZT": "撤销"})
    assert len(keeper.told()) == 1, "that it counts no more is known to whoever uses it by law"


def test_one_delivery_of_many_is_one_recall_and_one_notice(keeper: Keeper) -> None:
    keeper.look(COMPANY.uscc, TRADER.uscc)
    rows = [STANDS, TRADER.penalty("42"), COMPANY.penalty("43")]
    number = keeper.penalties(*(row | {"CF_ZT": "已修复"} for row in rows))
    found = keeper.told()
    assert [one["number"] for one in found] == [number] * 3
    assert {one["code"] for one in found} == {COMPANY.uscc, TRADER.uscc}
    ((said,),) = all_rows("SELECT said::text FROM notice WHERE declared = 'record_recalled'")
    assert "等 2 个主体" in said
    assert "生态环境厅的交付" in said
    assert "〔2026〕" not in said
    assert keeper.told(since=number) == []
    assert keeper.confirm(number) == 200
    assert all(one["confirmed_at"] for one in keeper.told())


def test_what_is_judged_or_read_again_later_is_told_to_whoever_has_the_number(
    keeper: Keeper,
) -> None:
    """It has the number of the delivery that was folded last, which may be known already."""
    keeper.look()
    nameless = {"CF_XDR_SHXYM": "", "CF_FRDB": "", "CF_ZT": "撤销"}
    number = keeper.penalties(COMPANY.penalty("43", CF_ZT="撤销"), STANDS | nameless)
    assert len(keeper.told()) == 1
    assert keeper.confirm(number) == 200
    judge(keeper.intake, held_row(), "same", COMPANY.uscc, now=now())
    (one,) = keeper.told(since=number)
    assert (one["number"], one["confirmed_at"]) == (number, None)
    assert keeper.missing() == ["housing"]
    assert keeper.confirm(number) == 200
    assert keeper.missing() == []
    assert value("SELECT count(*) FROM notice WHERE declared = 'record_recalled'") == 2


def test_a_rebuild_finds_the_same_and_tells_nobody_again(keeper: Keeper) -> None:
    keeper.look()
    keeper.penalties(STANDS | {"CF_ZT": "已修复"})
    found = keeper.told()
    for check in (True, False):
        rebuilt = rebuild(
            home=keeper.intake.home, declarations=keeper.intake.declarations, check=check,
            now=now(),
        )  # fmt: skip
        assert rebuilt.differences == ()
    assert keeper.told() == found != []
    assert value("SELECT count(*) FROM notice WHERE declared = 'record_recalled'") == 1
