"""Deliveries at the desk: numbers that add up, downloads that do no harm, files handed in."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY, entity
from tests.faces.desk.world import FORMULA, PERSON, PERSONS, World
from tests.intake import table
from tests.state import all_rows, value

from yuexin.base.digest import sha256_hex
from yuexin.domains.collection.rooms.asked import Wanted
from yuexin.domains.collection.rooms.delivered import deliveries
from yuexin.domains.collection.rooms.held import quarantine, waiting
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

CHIEF = Actor(id="chief", role="chief", agency="data_bureau", division="440000")
WHAT = "penalties_2018|environment"


def hand_in(browser: Client, data: bytes, *, name: str = "罚款.csv", **said: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return browser.post("/desk/deliveries/new", {"what": WHAT, "file": file, **said})


def penalties(world: World, number: str = "40") -> bytes:
    return table(world.intake.headers("penalties_2018"), [COMPANY.penalty(number)]).encode()


def test_the_sums_of_the_list_are_the_sums_of_the_receipts(world: World) -> None:
    del world
    who: dict[str, Any] = {"declarations": current(), "actor": CHIEF, "page": 1}
    found = deliveries(wanted=Wanted(), **who)
    sums = all_rows(
        "SELECT sum(rows_received), sum(rows_ok), sum(rows_waiting), sum(rows_rejected) "
        "FROM receipt"
    )[0]
    shown = found.sums
    assert (shown.received, shown.ok, shown.waiting, shown.rejected) == sums
    assert found.total == value("SELECT count(*) FROM delivery")
    assert quarantine(wanted=Wanted(), **who).total == sums[3]
    assert waiting(wanted=Wanted(), **who).total == sums[2]
    parts = [quarantine(wanted=Wanted(agency=a), **who).total for a in ("environment", "housing")]
    assert sum(parts) == sums[3]


def test_that_all_rows_became_records_is_said_where_they_did(world: World) -> None:
    clerk, said = world.sit_down("clerk"), "1 行全部入库"
    seen = []
    for intent in ("report", "report", "withdraw"):
        kept = hand_in(clerk, penalties(world, "41"), intent=intent)
        world.intake.settle()
        seen.append(said in clerk.get(kept.headers["Location"]).content.decode())
    assert seen == [True, False, False], "new, told again, taken back"


def test_a_delivery_shows_its_receipt_in_words(world: World) -> None:
    page = world.sit_down("clerk").get(f"/desk/deliveries/{world.number('penalties')}")
    text = page.content.decode()
    receipt = world.receipts["penalties"]
    for said in (receipt["sha256"], receipt["signature"]["value"], "必填且应大于 0"):
        assert said in text
    assert re.search(r"<td class=\"n\" data-label=\"行数 / 全部\">1 / 5</td>", text)
    assert "相对人为自然人" in text
    refused = world.sit_down("clerk").get(f"/desk/deliveries/{world.number('refused')}")
    assert world.receipts["refused"]["refusal"]["zh"] in refused.content.decode()


def test_the_errors_are_a_table_that_no_spreadsheet_computes(world: World) -> None:
    number = world.number("penalties")
    answer = world.sit_down("clerk").get(f"/desk/deliveries/{number}/errors.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert {row[0] for row in rows[1:]} == {"2", "4"}
    cells = [cell for row in rows for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert PERSON not in text
    auditor = world.sit_down("auditor")
    assert auditor.get(f"/desk/deliveries/{number}").status_code == 200
    assert auditor.get(f"/desk/deliveries/{number}/errors.csv").status_code == 403


def test_the_receipt_is_given_as_it_was_signed(world: World) -> None:
    number = world.number("penalties")
    told = world.sit_down("auditor").get(f"/desk/deliveries/{number}/receipt.json").json()
    assert told["batch_id"] == number
    assert told["signature"] == world.receipts["penalties"]["signature"]
    assert told["rows_rejected"] == 2


def test_a_file_that_is_handed_in_is_kept_and_said_to_be(world: World) -> None:
    clerk, data = world.sit_down("clerk"), penalties(world)
    answer = hand_in(clerk, data, linked_to=str(world.number("penalties")))
    number = value("SELECT max(number) FROM delivery")
    assert answer.headers["Location"] == f"/desk/deliveries/{number}?kept=1"
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert sha256_hex(data) in page
    assert "尚未处理" in page
    kept = all_rows(
        "SELECT agency, channel, file_name, linked_to_id, submitted_by, sha256 FROM delivery "
        "WHERE number = %s", number,
    )[0]  # fmt: skip
    assert kept == (
        "environment", "desk", "罚款.csv", world.number("penalties"), "clerk", sha256_hex(data)
    )  # fmt: skip
    world.intake.settle()
    page = clerk.get(f"/desk/deliveries/{number}").content.decode()
    assert "更正哪次交付" in page
    first = clerk.get(f"/desk/deliveries/{world.number('penalties')}").content.decode()
    assert f"/desk/deliveries/{number}" in first


def test_what_may_not_be_handed_in_is_refused_with_the_form(world: World) -> None:
    clerk, data = world.sit_down("clerk"), penalties(world)
    before = value("SELECT count(*) FROM delivery")
    foreign = clerk.post(
        "/desk/deliveries/new",
        {"what": "penalties_2018|housing", "file": SimpleUploadedFile("a.csv", data)},
    )
    assert foreign.status_code == 400
    assert clerk.post("/desk/deliveries/new", {"what": WHAT}).status_code == 400
    assert hand_in(clerk, b"").status_code == 400
    assert hand_in(clerk, data, linked_to=str(world.number("others"))).status_code == 400
    secret = hand_in(clerk, data, secrecy="机密")
    assert secret.status_code == 400
    assert "密级" in secret.content.decode()
    assert hand_in(clerk, data, name="绝密★长期.csv").status_code == 400
    assert value("SELECT count(*) FROM delivery") == before


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    clerk, before = world.sit_down("clerk", checked=True), value("SELECT count(*) FROM delivery")
    mend = f"/desk/quarantine/{world.number('penalties')}/2/mend"
    assert hand_in(clerk, penalties(world)).status_code == 403
    assert clerk.post(mend, {"c.CF_NR_FK": "1"}).status_code == 403
    assert value("SELECT count(*) FROM delivery") == before


def test_a_file_too_large_is_refused_before_it_is_read(world: World) -> None:
    clerk = world.sit_down("clerk")
    answer = clerk.generic(
        "POST", "/desk/deliveries/new", b"", "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 << 30),
    )  # fmt: skip
    assert answer.status_code == 413
    assert "MB" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.csv", "<script>alert(1)</script>.csv", "a\u202evsc.exe.csv", "'; DROP--.csv",
     "名" * 300 + ".csv", "a." + "名" * 250, "=cmd|x.csv"],
)  # fmt: skip
def test_a_hostile_file_name_is_only_a_name(world: World, name: str) -> None:
    clerk = world.sit_down("clerk")
    answer = hand_in(clerk, penalties(world, "77"), name=name)
    assert answer.status_code == 302
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "<script>alert" not in page
    stored = value("SELECT file_name FROM delivery ORDER BY number DESC LIMIT 1")
    assert "/" not in stored
    assert [path.name for path in world.intake.home.scratch.iterdir()] == []


def test_a_delivery_says_what_became_of_the_rows_that_waited(world: World) -> None:
    number = world.number("penalties")
    address = f"/desk/deliveries/{number}"
    page = world.sit_down("chief").get(address).content.decode()
    told = page.partition("处理时待核")[2].partition("</dd>")[0]
    assert f"/desk/waiting?delivery={number}" in told
    assert "现在还有 2 行在等" in told
    assert "/desk/waiting" not in world.sit_down("clerk").get(address).content.decode()
    withdrawn = [entity(7).penalty("3"), COMPANY.penalty("5", **PERSONS)]
    world.intake("penalties_2018", withdrawn, agency="environment", intent="withdraw")
    told = world.sit_down("chief").get(address).content.decode().partition("处理时待核")[2]
    assert "现在没有在等的了" in told.partition("</dd>")[0]


def test_of_one_row_it_is_said_whether_it_is_public(world: World) -> None:
    clerk = world.sit_down("clerk")
    kept = hand_in(clerk, penalties(world, "51"))
    world.intake.settle()
    page = clerk.get(kept.headers["Location"]).content.decode()
    assert "现在是公开的" in page
    assert f"/s/{COMPANY.uscc}/records/" in page
    assert "依法公开的种类已同时公开" not in page
    number = value("SELECT max(number) FROM delivery")
    hand_in(clerk, penalties(world, "51"), intent="withdraw")
    world.intake.settle()
    assert "现在是公开的" not in clerk.get(f"/desk/deliveries/{number}").content.decode()
    many = clerk.get(f"/desk/deliveries/{world.number('penalties')}").content.decode()
    assert "现在是公开的" not in many
    assert "现在不公开" not in many


def test_whoever_delivered_is_named(world: World) -> None:
    clerk = world.sit_down("clerk")
    kept = hand_in(clerk, penalties(world, "52"))
    page = clerk.get(kept.headers["Location"]).content.decode()
    told = page.partition("交付人")[2].partition("</dd>")[0]
    assert "陈示例" in told
    assert "clerk" in told
    by_command = clerk.get(f"/desk/deliveries/{world.number('penalties')}").content.decode()
    assert "运维人员" in by_command.partition("交付人")[2].partition("</dd>")[0]


def test_a_month_of_quality_says_which_way_is_good(world: World) -> None:
    page = world.sit_down("chief").get("/desk/quality?month=2026-11").content.decode()
    assert "这个月交付 1 次" in page
    assert "–" not in page.partition("按部门和资源")[2].partition("停更的资源")[0]
    for measure, good in (("退回率", "越低越好"), ("主体匹配率", "越高越好")):
        assert good in page.partition(f'<th scope="row">{measure}')[2].partition("</th>")[0]


# --- rows that waited ---


def test_an_agency_sees_what_became_of_its_rows_that_waited(world: World) -> None:
    nameless = {"CF_XDR_SHXYM": "", "CF_XDR_MC": COMPANY.name}
    rows = [COMPANY.penalty("71", **nameless), entity(9).penalty("72")]
    number = int(world.intake("penalties_2018", rows, agency="environment")["batch_id"])
    world.intake("registration", [entity(9).registration()])
    clerk, address = world.sit_down("clerk"), f"/desk/deliveries/{number}/resolved"
    assert address in clerk.get(f"/desk/deliveries/{number}").content.decode()
    page = clerk.get(address).content.decode()
    for told in ("自动比对入库", "按号码入库", COMPANY.uscc, entity(9).uscc, "全称相同"):
        assert told in page
    only = clerk.get(f"{address}?how=number").content.decode()
    assert entity(9).uscc in only
    assert COMPANY.uscc not in only
    assert clerk.get(f"{address}?how=nonsense").status_code == 400
    table = b"".join(clerk.get(f"{address}.csv")).decode("utf-8-sig")
    first, second = list(csv.DictReader(io.StringIO(table)))
    assert (first["行号 row"], first["主体代码 code"]) == ("1", COMPANY.uscc)
    assert (second["结果 how"], second["等待的原因 waited for"]) == (
        "按号码入库 placed by its number",
        "",
    )
    assert "字号和行业：全称相同" in first["比对 compared"]
    english = clerk.get(f"{address}?lang=en").content.decode()
    assert "matched automatically" in english.lower()


def test_rows_that_waited_are_told_to_nobody_else(world: World) -> None:
    number = world.number("others")
    for tail in ("resolved", "resolved.csv"):
        address = f"/desk/deliveries/{number}/{tail}"
        assert world.sit_down("clerk").get(address).status_code == 404
        assert world.sit_down("owner").get(address).status_code == 403
        assert world.sit_down("chief").get(address).status_code == 200
