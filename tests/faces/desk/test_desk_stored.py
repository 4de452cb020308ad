"""A delivered row says where it went: to one place, by that place's own words."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY
from tests.faces.desk.world import World
from tests.state import all_rows

pytestmark = pytest.mark.usefixtures("undone")


def where(world: World, number: int, row: int) -> str:
    """The page of a row as the clerk of its agency sees it."""
    answer = world.sit_down("clerk").get(f"/desk/deliveries/{number}/rows/{row}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_that_became_a_record_leads_to_it(world: World) -> None:
    page = where(world, world.number("penalties"), 1)
    assert "已入库，成为一条记录" in page
    assert "看公开的记录" in page
    assert f"/s/{COMPANY.uscc}/records/" in page


def test_a_row_that_went_back_or_waits_says_so(world: World) -> None:
    page = where(world, world.number("penalties"), 2)
    assert "未通过校验，已退回" in page
    assert "看公开的记录" not in page
    assert "待核，等待对应到主体" in where(world, world.number("penalties"), 3)


def test_a_row_shows_the_column_that_is_empty_and_should_not_be(world: World) -> None:
    page = where(world, world.number("penalties"), 2)
    assert "CF_NR_FK" in page
    assert "CF_NR_WFFF" not in page, "empty as well, and nothing is against it"


def test_whatever_shows_a_row_journals_the_look(world: World) -> None:
    number, chief = world.number("penalties"), world.sit_down("chief")
    (waits,) = all_rows(
        "SELECT agency, resource, content FROM waiting WHERE delivery = %s AND row = 3", number
    )
    for address, row in (
        (f"/desk/deliveries/{number}/rows/1", 1),
        (f"/desk/quarantine/{number}/2", 2),
        ("/desk/waiting/{}/{}/{}".format(*waits), 3),
    ):
        assert chief.get(address).status_code == 200
        last = all_rows(
            "SELECT stream, actor, action, thing, detail->>'row' FROM journal_entry "
            "ORDER BY id DESC LIMIT 1"
        )
        assert last == [("look", "chief", "row.read", f"delivery/{number}", str(row))]
    journal = chief.get("/desk/journal").content.decode()
    assert "系统自动" in journal


def test_what_was_known_made_no_record(world: World) -> None:
    known = COMPANY.penalty("1", CF_JDRQ="2026-11-20")
    said = world.intake(
        "penalties_2018", [known, COMPANY.penalty("31", CF_JDRQ="2026-11-20")], agency="environment"
    )
    assert (said["rows_unchanged"], said["rows_new"]) == (1, 1)
    page = where(world, said["batch_id"], 1)
    assert "没有成为新的记录：内容与已收到的相同" in page
    assert "看公开的记录" not in page
    assert "已入库，成为一条记录" in where(world, said["batch_id"], 2)


def test_what_withdraws_says_so(world: World) -> None:
    known = COMPANY.penalty("1", CF_JDRQ="2026-11-20")
    said = world.intake("penalties_2018", [known], agency="environment", intent="withdraw")
    assert "这是一次撤回" in where(world, said["batch_id"], 1)
    assert "看公开的记录" not in where(world, world.number("penalties"), 1)


def test_a_mended_row_names_the_delivery_it_corrects(world: World) -> None:
    first = world.number("penalties")
    said = world.intake(
        "penalties_2018", [COMPANY.penalty("2")], agency="environment", linked_to=first
    )
    page = where(world, said["batch_id"], 1)
    assert f"更正的是第 {first} 次交付" in page
    address = "/s/" + page.partition('href="/s/')[2].partition('"')[0]
    assert f"更正的是第 {first} 次交付" in world.sit_down("citizen").get(address).content.decode()


def test_on_a_phone_no_label_is_told_again_beside_each_cell(world: World) -> None:
    page = where(world, world.number("penalties"), 1)
    cells = page.partition('class="fold pairs"')[2].partition("</table>")[0]
    assert "CF_WSH" in cells
    assert "data-label" not in cells
