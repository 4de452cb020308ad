"""A rejected row is mended by a new delivery; the kept one stays as it was."""

from __future__ import annotations

import html
import json
import re

import pytest
from tests.cast import COMPANY
from tests.faces.desk.world import PERSON, World
from tests.state import all_rows, value

pytestmark = pytest.mark.usefixtures("undone")


def fields(page: str) -> dict[str, str]:
    """The columns of the form with what stands in them."""
    boxes = re.findall(r'<input id="f\d+" name="c\.([^"]+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea id="f\d+" name="c\.([^"]+)"[^>]*>([^<]*)<', page)
    return {f"c.{html.unescape(n)}": html.unescape(v) for n, v in [*boxes, *areas]}


def test_a_row_is_mended_and_delivered_again(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    kept = all_rows("SELECT raw::text, findings::text FROM quarantined WHERE delivery = %s", number)
    page = clerk.get(f"/desk/quarantine/{number}/2").content.decode()
    assert "必填且应大于 0" in page
    assert f"/desk/quarantine/{number}/2/mend" in page
    form = clerk.get(f"/desk/quarantine/{number}/2/mend").content.decode()
    filled = fields(form)
    assert filled["c.CF_WSH"] == COMPANY.penalty("2")["CF_WSH"]
    assert filled["c.CF_XDR_ZJHM"] == ""
    assert PERSON not in form
    assert "原值含个人信息" in form
    answer = clerk.post(f"/desk/quarantine/{number}/2/mend", filled | {"c.CF_NR_FK": "8"})
    again = value("SELECT max(number) FROM delivery")
    assert answer.headers["Location"] == f"/desk/deliveries/{again}?kept=1"
    world.intake.settle()
    said = all_rows(
        "SELECT d.linked_to_id, d.agency, d.channel, d.intent, r.rows_received, r.rows_new "
        "FROM delivery d JOIN receipt r ON r.delivery = d.number WHERE d.number = %s", again,
    )  # fmt: skip
    assert said == [(number, "environment", "desk", "report", 1, 1)]
    now = all_rows("SELECT raw::text, findings::text FROM quarantined WHERE delivery = %s", number)
    assert now == kept
    page = clerk.get(f"/desk/quarantine/{number}/2").content.decode()
    assert "这一行已更正并重新交付" in page
    assert f"/desk/deliveries/{again}" in page
    other = clerk.get(f"/desk/quarantine/{number}/4").content.decode()
    assert "这一行已更正并重新交付" not in other


def test_a_row_as_delivered_is_shown_masked_and_the_look_is_journaled(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    page = clerk.get(f"/desk/deliveries/{number}/rows/2").content.decode()
    assert COMPANY.penalty("2")["CF_WSH"] in page
    assert PERSON not in page
    assert "44****31" in page
    assert f"/desk/quarantine/{number}/2" in page
    detail = json.loads(
        value("SELECT detail::text FROM journal_entry WHERE action = 'row.read' ORDER BY id DESC")
    )
    assert (detail["row"], detail["body"]) == (2, "environment")
    assert clerk.get(f"/desk/deliveries/{number}/rows/6").status_code == 404
    assert clerk.get(f"/desk/deliveries/{number}/rows/0").status_code == 404


def test_a_waiting_row_names_whom_it_may_be_and_no_natural_person(world: World) -> None:
    chief = world.sit_down("chief")
    listed = chief.get("/desk/waiting").content.decode()
    assert "李示例" not in listed
    assert "广州示例7号有限公司" in listed
    for agency, resource, content, reason in all_rows(
        "SELECT agency, resource, content, reason FROM waiting"
    ):
        page = chief.get(f"/desk/waiting/{agency}/{resource}/{content}").content.decode()
        assert "李示例" not in page
        assert PERSON not in page
        if reason == "UNREGISTERED":
            assert "没有代码、旧号码或名称相同的主体" in page
    person = chief.get(f"/desk/deliveries/{world.number('penalties')}/rows/5").content.decode()
    assert "李示例" not in person
