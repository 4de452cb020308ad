"""A subject's whole file for a stated purpose, and who looked."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY
from tests.faces.desk.world import World
from tests.state import value

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
