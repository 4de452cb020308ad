"""Everybody on other networks is told each day how much was announced, and of whom by none."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY, TRADER
from tests.conftest import NOW
from tests.domains.credit.test_removals import entry
from tests.engines.notices.told import sent
from tests.engines.notices.wire import Wire, deposit, gateway
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import SHANGHAI, today
from yuexin.domains.credit.watching.operations import post_digests
from yuexin.domains.credit.watching.queries import values_at_sending
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.channels.gateway import signature
from yuexin.engines.notices.operations import take_report
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")
DAY = dt.timedelta(days=1)
ADVERSE = (COMPANY.uscc, COMPANY.name, TRADER.name, "示例罚", "大气污染", "罚款")
GONE = "此前公告的信息中有 1 项已经更正或者不再公示。"


@pytest.fixture(autouse=True)
def firm(deliver: Intake, home: Home) -> None:
    for folder in home.spool.iterdir():
        shutil.rmtree(folder)
    deliver("registration", [COMPANY.registration(), TRADER.registration()], now=NOW - 40 * DAY)


def at(hour: int, *, days: int = 0) -> dt.datetime:
    """This hour in Guangzhou, so many days after the day of the deliveries."""
    return dt.datetime.combine(today(NOW), dt.time(hour), SHANGHAI) + days * DAY


def fined(deliver: Intake, number: str = "1", *, days: int = 0, **changes: str) -> None:
    row = COMPANY.penalty(number, **changes)
    deliver("penalties_2018", [row], agency="environment", now=at(11, days=days))


def posted(days: int, hour: int = 1) -> int:
    return sum(post_digests(declarations=current(), now=at(hour, days=days)))


def go_out(home: Home, days: int, hour: int = 9) -> int:
    now = at(hour, days=days)
    renewed = values_at_sending(declarations=current(), clock=lambda: now)
    return sent(home, now=now, renewed=renewed)


def spooled(home: Home, network: str) -> list[dict[str, Any]]:
    folder = home.spool / network
    found = [json.loads(one.read_text()) for one in folder.glob("*.json")]
    return sorted(found, key=lambda one: str(one["title"]))


def test_a_digest_goes_to_both_networks_in_the_morning_and_names_nobody(
    deliver: Intake, home: Home
) -> None:
    fined(deliver)
    fined(deliver, "2")
    deliver("abnormal_operations", [entry(), entry(TRADER)], now=NOW)
    assert posted(0) == 0, "the day is not over"
    assert posted(1) == 2
    assert posted(1, hour=7) == 0, "once a day"
    assert go_out(home, 1, hour=7) == 0, "nobody is woken"
    assert go_out(home, 1, hour=8) == 2
    for network, account in (("wechat", "wechat"), ("weibo", "weibo")):
        (message,) = spooled(home, network)
        assert message["address"] == current().public_accounts[account].handle
        assert message["title"] == "2026年11月24日信息公告"
        told = "共公告 4 项：列入名录公告 1 项、标记经营异常状态公告 1 项、行政处罚公告 2 项。"
        assert told in message["short"]
        assert message["link"].endswith("/announcements")
        assert not [word for word in ADVERSE if word in json.dumps(message, ensure_ascii=False)]
    assert go_out(home, 1, hour=10) == 0
    kept = value("SELECT string_agg(said::text || values::text, '') FROM notice")
    assert not [word for word in ADVERSE if word in kept]


def test_a_day_without_announcements_is_told_by_none(deliver: Intake, home: Home) -> None:
    assert posted(1) == 0
    fined(deliver, days=3)
    assert posted(4) == 2
    go_out(home, 4)
    assert [one["title"] for one in spooled(home, "weibo")] == ["2026年11月27日信息公告"]


def test_what_is_withdrawn_before_it_goes_out_is_not_told(deliver: Intake, home: Home) -> None:
    fined(deliver)
    fined(deliver, "2")
    posted(1)
    fined(deliver, "1", days=1, CF_ZT="撤销")
    go_out(home, 1, hour=12)
    (message,) = spooled(home, "wechat")
    assert "共公告 1 项：行政处罚公告 1 项。" in message["body"]


def test_nothing_goes_out_where_nothing_is_left(deliver: Intake, home: Home) -> None:
    fined(deliver)
    posted(1)
    fined(deliver, days=1, CF_ZT="撤销")
    go_out(home, 1, hour=12)
    assert spooled(home, "wechat") == []
    assert all_rows("SELECT DISTINCT outcome FROM notice_attempt") == [("dropped",)]


def test_what_was_told_and_is_withdrawn_is_told_once_as_a_number(
    deliver: Intake, home: Home
) -> None:
    fined(deliver)
    fined(deliver, "2")
    posted(1)
    go_out(home, 1)
    fined(deliver, "1", days=1, CF_ZT="撤销")
    assert posted(2) == 2, "a withdrawal is told, be there nothing else"
    go_out(home, 2)
    first, second = spooled(home, "wechat")
    assert GONE in second["body"]
    assert "共公告" not in second["body"]
    assert GONE not in first["body"]
    assert not [word for word in (*ADVERSE, "行政处罚") if word in second["body"] + second["short"]]
    fined(deliver, "3", days=2)
    posted(3)
    go_out(home, 3)
    third = spooled(home, "wechat")[-1]
    assert "共公告 1 项：行政处罚公告 1 项。" in third["body"]
    assert "此前" not in third["body"], "told once"


def test_a_withdrawal_long_after_is_told_no_more(deliver: Intake, home: Home) -> None:
    fined(deliver)
    posted(1)
    go_out(home, 1)
    back = current().public_accounts["wechat"].back_days
    fined(deliver, days=back + 1, CF_ZT="撤销")
    assert posted(back + 2) == 0


@pytest.fixture
def wire(home: Home) -> Iterator[Wire]:
    for network in ("wechat", "weibo"):
        deposit(home, network)
    with gateway() as found:
        urls = {"wechat": found.url, "weibo": found.url}
        with override_settings(NOTICE_GATEWAYS=urls):
            yield found


def test_a_gateway_is_tried_again_and_its_receipt_kept(
    deliver: Intake, home: Home, wire: Wire
) -> None:
    fined(deliver)
    posted(1)
    wire.answer = lambda one: (429, b"later", {}) if one["channel"] == "weibo" else (
        200, b'{"receipt": "post-1"}', {}
    )  # fmt: skip
    go_out(home, 1)
    assert [one["to"] for one in wire.came] == ["yuexin-gd"] * 2
    tried = "SELECT channel, outcome, receipt FROM notice_attempt ORDER BY channel, id"
    assert all_rows(tried) == [("wechat", "sent", "post-1"), ("weibo", "failed", "")]
    errand = UUID(next(one["id"] for one in wire.came if one["channel"] == "wechat"))
    body = json.dumps({"id": str(errand), "outcome": "delivered"}).encode()
    now = at(10, days=1)
    stamp = str(int(now.timestamp()))
    secret = home.deposited("gateway-wechat")
    assert secret
    assert take_report(
        channel="wechat", body=body, stamp=stamp, home=home, now=now,
        signed=signature(secret=secret, stamp=stamp, body=body),
    )  # fmt: skip
    wire.answer = lambda _: (200, b'{"receipt": "post-2"}', {})
    assert go_out(home, 1, hour=12) == 1
    assert len({one["id"] for one in wire.came}) == 2, "the same message again, not another"
    assert wire.came[-1]["text"].startswith("2026年11月24日信息公告：共公告 1 项")


def test_what_a_network_refused_is_told_with_the_next_day(
    deliver: Intake, home: Home, wire: Wire
) -> None:
    fined(deliver)
    posted(1)
    wire.answer = lambda _: (400, b"no such account", {})
    go_out(home, 1)
    fined(deliver, "2", days=1)
    posted(2)
    wire.answer = lambda _: (200, b"{}", {})
    go_out(home, 2)
    last = wire.came[-1]
    assert last["title"] == "2026年11月24日至2026年11月25日信息公告"
    assert "共公告 2 项" in last["text"]


def test_the_page_of_announcements_says_where_they_are_told_too(client: Client, wire: Wire) -> None:
    del wire
    said = "每天早上也在粤信微信公众号、粤信微博汇总"
    assert said in client.get("/announcements").content.decode()
    with override_settings(NOTICE_GATEWAYS={}):
        assert "每天早上也在" not in client.get("/announcements").content.decode()
