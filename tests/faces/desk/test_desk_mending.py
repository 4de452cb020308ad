"""A rejected row is mended by a new delivery; the kept one stays as it was."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY
from tests.faces.desk.world import PERSON, World
from tests.intake import table
from tests.state import all_rows, value

from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.queries import delivery

pytestmark = pytest.mark.usefixtures("undone")


def fields(page: str) -> dict[str, str]:
    """The columns of the form with what stands in them."""
    boxes = re.findall(r'<input id="f\d+" name="c\.([^"]+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea id="f\d+" name="c\.([^"]+)"[^>]*>([^<]*)<', page)
    return {f"c.{html.unescape(n)}": html.unescape(v) for n, v in [*boxes, *areas]}


def delivered(world: World, number: int) -> dict[str, str]:
    """The one row of a stored file, as it was delivered."""
    kept = delivery(number=number, store=world.intake.home.deliveries)
    assert kept
    (row,) = csv.DictReader(io.StringIO(kept.path.read_text(encoding="utf-8")))
    return row


def test_what_is_not_kept_unseen_is_what_was_typed(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    mend = f"/desk/quarantine/{number}/2/mend"
    filled = fields(clerk.get(mend).content.decode()) | {"c.CF_NR_FK": "8"}
    for typed, unseen, expected in (
        ("", [], ""),
        ("示例护照1", ["CF_XDR_ZJHM"], "示例护照1"),
    ):
        clerk.post(mend, filled | {"c.CF_XDR_ZJHM": typed, "unseen": unseen})
        again = value("SELECT max(number) FROM delivery")
        assert delivered(world, again)["CF_XDR_ZJHM"] == expected


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
    listed = f"/desk/quarantine?delivery={number}"
    assert "已更正<" not in clerk.get(listed).content.decode()
    unseen = re.findall(r'name="unseen" value="([^"]+)" checked', form)
    assert unseen == ["CF_XDR_ZJHM"]
    answer = clerk.post(
        f"/desk/quarantine/{number}/2/mend", filled | {"c.CF_NR_FK": "8", "unseen": unseen}
    )
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
    assert delivered(world, again)["CF_XDR_ZJHM"] == PERSON
    assert clerk.get(listed).content.decode().count("已更正<") == 1
    unmended = clerk.get(f"{listed}&unmended=1").content.decode()
    assert f"/desk/quarantine/{number}/2'" not in unmended.replace('"', "'")
    assert f"/desk/quarantine/{number}/4'" in unmended.replace('"', "'")
    mend = f"/desk/quarantine/{number}/2/mend"
    assert fields(clerk.get(mend).content.decode()) == {}
    assert fields(clerk.get(f"{mend}?again=1").content.decode())
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
        judging = chief.get(f"/desk/judging/{agency}/{resource}/{content}")
        assert judging.status_code == (404 if reason == "NATURAL_PERSON" else 200)
        assert "李示例" not in judging.content.decode()
    person = chief.get(f"/desk/deliveries/{world.number('penalties')}/rows/5").content.decode()
    assert "李示例" not in person


def test_a_file_that_is_only_called_so_mends_no_row(world: World) -> None:
    number = world.number("penalties")
    said = Offer(
        resource="penalties_2018",
        agency="environment",
        channel="desk",
        file_name=f"mend-{number}-2.csv",
        linked_to=world.number("others"),
    )
    row = COMPANY.penalty("9")
    accept(
        home=world.intake.home,
        stream=io.BytesIO(table(list(row), [row]).encode()),
        offer=said,
        declarations=current(),
        actor=OPERATOR,
        now=world.intake.now,
    )
    listed = world.sit_down("chief").get("/desk/quarantine").content.decode()
    for rejected in (number, world.number("others")):
        assert f"/desk/quarantine/{rejected}/" in listed
    assert "已更正<" not in listed


def test_a_file_called_like_a_mending_is_not_taken_from_the_form(world: World) -> None:
    number = world.number("penalties")
    file = SimpleUploadedFile(f"mend-{number}-2.csv", b"x")
    said = {"what": "penalties_2018|environment", "linked_to": str(number), "file": file}
    answer = world.sit_down("clerk").post("/desk/deliveries/new", said)
    assert answer.status_code == 400
    assert "这个文件名只用于办公台更正一行时的交付" in answer.content.decode()


def test_a_row_whose_mending_was_rejected_is_not_mended(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    mend = f"/desk/quarantine/{number}/2/mend"
    clerk.post(mend, fields(clerk.get(mend).content.decode()))
    world.intake.settle()
    again = value("SELECT max(number) FROM delivery")
    assert "已退回" in clerk.get(f"/desk/deliveries/{again}?kept=1").content.decode()
    page = clerk.get(f"/desk/quarantine/{number}/2").content.decode()
    assert "这一行已更正" not in page
    assert f"/desk/deliveries/{again}" in page, "it is among what was linked since"
    anew = f"/desk/quarantine/{again}/1/mend"
    clerk.post(anew, fields(clerk.get(anew).content.decode()) | {"c.CF_NR_FK": "8"})
    world.intake.settle()
    assert "这一行已更正" in clerk.get(f"/desk/quarantine/{number}/2").content.decode()
    stored = clerk.get(f"/desk/deliveries/{number}/rows/2").content.decode()
    assert f"已由第 {again + 1} 次交付更正" in stored


def test_what_is_mended_is_no_work_any_more(world: World) -> None:
    chief, number = world.sit_down("chief"), world.number("penalties")
    listed = f"/desk/quarantine?delivery={number}"
    assert "2 行退回，都还没有更正" in chief.get(listed).content.decode()
    assert waits_for(chief, "广东省生态环境厅")
    mend(world, number, 2, CF_NR_FK="8")
    page = chief.get(listed).content.decode()
    assert "2 行退回，其中 1 行还没有更正" in page
    assert f'href="?delivery={number}&amp;unmended=1"' in page
    left = chief.get(f"{listed}&unmended=1").content.decode()
    assert "下面只列还没有更正的" in left
    assert f"/desk/quarantine/{number}/2" not in left
    mend(world, number, 4, CF_JDRQ="2026-11-20")
    page = chief.get(listed).content.decode()
    assert "2 行退回，都已更正" in page
    assert "没有要更正的行" in page
    assert "只看还没有更正的" not in page


def test_an_agency_is_listed_for_what_is_left_to_do(world: World) -> None:
    chief, number = world.sit_down("chief"), world.number("others")
    assert waits_for(chief, "广东省住房和城乡建设厅") == ("1", "2")
    for part in ("chief", "auditor"):
        unmended = world.sit_down(part).get("/desk/deliveries?agency=housing&state=unmended")
        assert f"/desk/deliveries/{number}" in unmended.content.decode()
    assert world.sit_down("auditor").get("/desk/").content.decode().count("待更正交付") > 1
    for row in (1, 2):
        filled = COMPANY.penalty(f"7{row}", CF_CFJG="广东省住房和城乡建设厅")
        mend(world, number, row, **filled)
    assert waits_for(chief, "广东省住房和城乡建设厅") is None
    for part in ("chief", "auditor"):
        page = world.sit_down(part).get("/desk/").content.decode()
        assert "广东省住房和城乡建设厅" in page.partition("没有待办的部门")[2]
    none = chief.get("/desk/deliveries?agency=housing&state=unmended").content.decode()
    assert "没有符合条件的交付" in none


def mend(world: World, number: int, row: int, **values: str) -> None:
    """The chief mends a row of a delivery, and it is folded."""
    chief, form = world.sit_down("chief"), f"/desk/quarantine/{number}/{row}/mend"
    shown = fields(chief.get(form).content.decode())
    chief.post(form, shown | {f"c.{name}": said for name, said in values.items()})
    world.intake.settle()


def waits_for(browser: Client, agency: str) -> tuple[str, str] | None:
    """How many deliveries and rows of an agency are to be mended; none where nothing is open."""
    page = browser.get("/desk/").content.decode()
    _, there, rest = page.partition(f'<th scope="row">{agency}')
    row = re.sub(r"</?a[^>]*>", "", rest.partition("</tr>")[0])
    said = [re.search(f"label=.{name}.>([0-9]+)<", row) for name in ("待更正交付", "待更正的行")]
    return (said[0][1], said[1][1]) if there and said[0] and said[1] else None


def test_a_waiting_row_reads_like_a_file_and_says_how_it_ends(world: World) -> None:
    chief = world.sit_down("chief")
    pages = {
        reason: chief.get(f"/desk/waiting/{agency}/{resource}/{content}").content.decode()
        for agency, resource, content, reason in all_rows(
            "SELECT agency, resource, content, reason FROM waiting"
        )
    }
    entity = pages["UNREGISTERED"]
    facts = entity.partition("这一行说了什么")[2]
    assert "广州示例7号有限公司" in facts, "an entity's name is no secret"
    assert "****" in facts, "its representative's is"
    assert ">valid<" not in facts
    assert "元</td>" in facts
    assert "自动入库" in entity
    assert f"/desk/deliveries/{world.number('penalties')}" in entity.partition("接下来怎样")[2]
    person = pages["NATURAL_PERSON"]
    assert "李示例" not in person
    assert "不进入主体档案" in person.partition("接下来怎样")[2]
