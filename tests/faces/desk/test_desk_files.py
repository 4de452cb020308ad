"""A subject's whole file for a stated purpose, and who looked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import COMPANY, OPERATOR, TRADER, entity
from tests.faces.desk.world import World
from tests.faces.entrance import people
from tests.state import value

from yuexin.base.dates import today
from yuexin.engines.access.models import Grant
from yuexin.engines.access.operations import delay_looks, seal

pytestmark = pytest.mark.usefixtures("undone")

FILE = f"/desk/subjects/{COMPANY.uscc}"


def test_a_purpose_is_stated_before_the_file_is_shown(world: World) -> None:
    clerk = world.sit_down("clerk")
    looks = "SELECT count(*) FROM journal_entry WHERE action LIKE 'file.%%'"
    before = value(looks)
    page = clerk.get(FILE).content.decode()
    assert "先说明查询目的" in page
    assert COMPANY.penalty("1")["CF_WSH"] not in page
    assert value(looks) == before
    stated = clerk.post("/account/purpose", {"purpose": "licensing", "next": FILE})
    assert stated.headers["Location"] == FILE
    page = clerk.get(FILE).content.decode()
    assert COMPANY.penalty("1")["CF_WSH"] in page
    assert value(looks) == before + 1


def test_each_record_leads_to_its_row_and_receipt_where_one_may_see_them(world: World) -> None:
    number = world.number("penalties")
    page = world.sit_down("clerk", purpose="licensing").get(FILE).content.decode()
    assert f"/desk/deliveries/{number}/rows/1" in page
    assert f"/desk/deliveries/{world.number('register')}" not in page
    inspector = world.sit_down("inspector", purpose="inspection").get(FILE).content.decode()
    assert COMPANY.penalty("1")["CF_WSH"] in inspector
    assert "/desk/deliveries/" not in inspector
    assert "不显示的字段" in page


def test_the_search_leads_to_files(world: World) -> None:
    clerk = world.sit_down("clerk")
    assert FILE in clerk.get("/desk/subjects?q=岭粤").content.decode()
    page = clerk.get("/desk/subjects?q=440106199003071231").content.decode()
    assert "440106199003071231" not in page


def test_the_journal_says_who_looked_for_what_and_when(world: World) -> None:
    world.sit_down("clerk", purpose="licensing").get(FILE)
    page = world.sit_down("auditor").get(f"/desk/journal?stream=look&subject={COMPANY.uscc}")
    text = page.content.decode()
    for said in ("广东省生态环境厅", "clerk", "行政许可", "查看档案", "待封存"):
        assert said in text
    assert "登录" in world.sit_down("chief").get("/desk/journal?actor=clerk").content.decode()
    none = world.sit_down("chief").get("/desk/journal?actor=nobody-at-all").content.decode()
    assert "没有符合条件的日志" in none


def test_the_journal_tells_its_chains_and_what_it_names(world: World) -> None:
    number = world.number("penalties")
    world.sit_down("clerk").get(f"/desk/deliveries/{number}/rows/2")
    world.sit_down("inspector", purpose="inspection").get(FILE)
    seal(now=world.intake.now)
    auditor = world.sit_down("auditor")
    looks = auditor.get("/desk/journal?stream=look").content.decode()
    assert "两条链" in looks
    assert re.search("已封存</span> 查看 [0-9]+", looks)
    assert not re.search("已封存</span> 变动", looks)
    assert f'<a href="/s/{COMPANY.uscc}">{COMPANY.name}</a>' in looks
    assert f'<a href="/desk/deliveries/{number}">第 {number} 次交付第 2 行</a>' in looks
    assert f"delivery/{number}" not in looks
    assert "陈示例" in looks, "the account by its name"
    changes = auditor.get("/desk/journal?stream=change").content.decode()
    assert re.search("已封存</span> 变动 [0-9]+", changes)
    assert ">operator<" not in changes
    assert ">account/" not in changes
    english = auditor.get("/desk/journal?stream=look&lang=en").content.decode()
    assert re.search("</span> Looks [0-9]+", english)


def test_the_names_of_a_page_of_the_journal_cost_no_query_a_line(
    world: World,
) -> None:
    auditor = world.sit_down("auditor")
    for _ in range(3):
        world.sit_down("inspector", purpose="inspection").get(FILE)
    with CaptureQueriesContext(connection) as asked:
        auditor.get("/desk/journal")
    named = [one for one in asked if 'FROM "account" WHERE "account"."login" IN' in one["sql"]]
    assert len(named) == 1
    assert len([one for one in asked if 'FROM "subject"' in one["sql"]]) == 1


def test_a_purpose_is_stated_for_a_name(world: World) -> None:
    page = world.sit_down("inspector").get(FILE).content.decode()
    assert COMPANY.name in page
    assert "看不到您是谁" in page
    unknown = world.sit_down("inspector").get(f"/desk/subjects/{entity(7).uscc}")
    assert unknown.status_code == 404


def test_a_file_begins_with_what_is_in_it(world: World) -> None:
    page = world.sit_down("inspector", purpose="inspection").get(FILE).content.decode()
    head, _, rest = page.partition('<nav class="contents"')
    assert "不利信息" in head
    assert 'href="#' in rest.partition("</nav>")[0]


def test_an_owner_learns_who_looked_at_his_file_and_nobody_else_does(world: World) -> None:
    world.sit_down("inspector", purpose="inspection").get(FILE)
    owner = world.sit_down("owner")
    owner.get(f"/s/{COMPANY.uscc}")
    page = owner.get("/account").content.decode()
    assert COMPANY.name in page.partition("显示名称")[0]
    looks = page.partition('id="looks"')[2]
    for said in ("共 1 次", "广东省生态环境厅", "检查人员"):
        assert said in looks
    assert "inspector" not in looks, "no login"
    assert "陈示例" not in looks, "no name"
    entries = value("SELECT count(*) FROM journal_entry WHERE stream = 'look'")
    owner.get("/account")
    assert value("SELECT count(*) FROM journal_entry WHERE stream = 'look'") == entries
    stranger = Client(SERVER_NAME="localhost")
    account = people.account("other")
    people.grant(account, role="owner", agency="", subject_code=TRADER.uscc)
    stranger.force_login(account)
    other = stranger.get("/account").content.decode()
    assert "还没有人看过" in other
    for part in ("citizen", "clerk", "auditor"):
        assert 'id="looks"' not in world.sit_down(part).get("/account").content.decode()


def test_looks_of_ones_own_people_are_said_to_be_so_and_told_by_day(world: World) -> None:
    world.sit_down("inspector", purpose="inspection").get(FILE)
    partner = Client(SERVER_NAME="localhost")
    account = people.account("partner")
    people.grant(account, role="owner", agency="", subject_code=COMPANY.uscc)
    partner.force_login(account)
    for _ in range(3):
        assert partner.get("/account/file").status_code == 200
    owner = world.sit_down("owner")
    looks = owner.get("/account").content.decode().partition('id="looks"')[2]
    assert "共 1 次" in looks, "looks of bodies"
    assert "没有说明" not in looks
    assert "没有部门" not in looks
    own = looks.partition("本主体自己的人也看过")[2].partition("</ul>")[0]
    assert own.count("<li>") == 1
    assert "主体本人 3 次" in own
    english = owner.get("/account", headers={"Accept-Language": "en"}).content.decode()
    assert "own people (yourself apart), by day" in english
    assert "本主体自己的人也看过" in owner.get("/account").content.decode()
    assert "主体本人 3 次" not in partner.get("/account").content.decode()


def test_an_owner_whose_grant_is_over_learns_nothing_more(world: World) -> None:
    world.sit_down("inspector", purpose="inspection").get(FILE)
    owner = world.sit_down("owner")
    assert "检查人员" in owner.get("/account").content.decode()
    people.end(Grant.objects.get(account__login="owner"))
    page = owner.get("/account").content.decode()
    assert 'id="looks"' not in page
    assert "检查人员" not in page


def test_whoever_looks_within_a_delay_is_told_that_his_look_waits(world: World) -> None:
    now = dt.datetime.now(dt.UTC)
    told = "本部门对这个主体的延迟告知正在进行"
    clerk = world.sit_down("clerk", purpose="enforcement")
    assert told not in clerk.get(FILE).content.decode()
    until = today(now) + dt.timedelta(days=40)
    delay_looks(
        actor=OPERATOR, code=COMPANY.uscc, body="environment", since=now, until=until,
        case="YCGZ20261124-0001", act=2, reason="立案调查", basis="personal-information-law:35",
        asked_by="clerk", approved_by="head", now=now,
    )  # fmt: skip
    page = clerk.get(FILE).content.decode()
    assert told in page
    assert f"{until.year}年{until.month}月{until.day}日" in page.partition(told)[2][:60]
    english = clerk.get(FILE, headers={"Accept-Language": "en"}).content.decode()
    assert "Your body’s looks at this entity are told later" in english
    assert told not in world.sit_down("chief", purpose="enforcement").get(FILE).content.decode()
