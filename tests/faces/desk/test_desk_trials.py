"""A file, or a mended row, that is only tried: what is said of it is what its receipt would say."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY
from tests.faces.desk.world import PERSON, World
from tests.intake import table
from tests.state import all_rows, state, value

from yuexin.domains.collection.rooms.trials import TrialView, try_view
from yuexin.domains.collection.trial import MOST_ROWS
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

WHAT = "penalties_2018|environment"


def tried(browser: Client, data: bytes, *, what: str = WHAT, **said: str) -> Any:
    file = SimpleUploadedFile("罚款.csv", data)
    return browser.post("/desk/deliveries/new", {"what": what, "file": file, "do": "try", **said})


def penalties(world: World, *rows: dict[str, str]) -> bytes:
    return table(world.intake.headers("penalties_2018"), rows).encode()


def faulty(world: World) -> bytes:
    """One sound row; one that waits for each reason of its own; one rejected for each cause."""
    rows = [
        COMPANY.penalty("61"),
        COMPANY.penalty("62", CF_NR_FK=""),
        COMPANY.penalty("63", CF_JDRQ="2026-13-40", CF_XDR_ZJHM=PERSON * 4),
        COMPANY.penalty("64", CF_XDR_SHXYM=COMPANY.uscc[:-1] + "?"),
        COMPANY.penalty("65", CF_XDR_SHXYM=""),
        COMPANY.penalty("66", CF_XDR_MC="李示例", CF_XDR_LB="自然人", CF_XDR_SHXYM=""),
    ]
    return penalties(world, *rows) + f"{PERSON},一行\r\n".encode()


def view(world: World, data: bytes, **said: Any) -> TrialView:
    offer = Offer(
        resource="penalties_2018", agency="environment", channel="desk", file_name="a.csv", **said
    )
    return try_view(
        home=world.intake.home, stream=io.BytesIO(data), offer=offer, declarations=current(),
        actor=OPERATOR, now=world.intake.now,
    )  # fmt: skip


def left(world: World) -> tuple[Any, ...]:
    """Everything that a delivery leaves behind."""
    home = world.intake.home
    return (
        value("SELECT count(*) FROM delivery"),
        value("SELECT count(*) FROM journal_entry WHERE stream = 'change'"),
        sorted(p for root in (home.deliveries, home.scratch) for p in root.rglob("*")),
        state(),
    )


def counts(page: str) -> list[int]:
    """Looked at, passed, waiting, rejected."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd></div>", page)][:4]


def form_of(page: str) -> dict[str, Any]:
    """What the mending form would send as it stands."""
    boxes = re.findall(r'<input id="f\d+" name="([^"]+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea id="f\d+" name="([^"]+)"[^>]*>([^<]*)<', page)
    sent: dict[str, Any] = {html.unescape(n): html.unescape(v) for n, v in [*boxes, *areas]}
    sent["unseen"] = re.findall(r'name="unseen" value="([^"]+)" checked', page)
    return sent


def test_a_trial_says_what_the_receipt_says_and_leaves_nothing(world: World) -> None:
    clerk, data, before = world.sit_down("clerk"), faulty(world), left(world)
    page = tried(clerk, data).content.decode()
    said = view(world, data)
    assert left(world) == before
    assert PERSON not in page
    assert counts(page) == [said.received, said.passed, said.waits, said.rejected]
    assert (said.received, said.rejected, said.compared) == (7, 3, 4)
    assert "会退回" in page
    assert "重新交付" not in page

    receipt = world.intake.bytes("penalties_2018", data, agency="environment")
    assert (said.received, said.rejected) == (receipt["rows_received"], receipt["rows_rejected"])
    assert (said.passed, said.waits) == (receipt["rows_ok"], receipt["rows_waiting"])
    assert said.matched == value(
        "SELECT count(*) FROM led_row WHERE delivery = %s", receipt["batch_id"]
    )
    assert [(one.column, one.rule, one.rows) for one in said.findings] == [
        (one["column"], one["rule"], one["rows"]) for one in receipt["findings"]
    ]
    assert {(row, one.column, one.rule) for row, one in said.first if one.rejects} == {
        (one["row"], one["field"], one["rule"]) for one in receipt["errors"]
    }
    waits = all_rows(
        "SELECT reason, count(*) FROM waiting WHERE delivery = %s GROUP BY 1", receipt["batch_id"]
    )
    assert dict(waits) == {line.reason: line.rows for line in said.waiting}


def test_what_would_be_refused_is_refused_when_tried(world: World) -> None:
    clerk, before = world.sit_down("clerk"), left(world)
    sound = penalties(world, COMPANY.penalty("65"))
    noted = []
    for data, said, code in (
        (sound, {"secrecy": "机密"}, "SECRET"),
        ("甲,乙\n1,2\n".encode(), {}, "COLUMNS"),
        (b"", {}, "EMPTY"),
    ):
        answer = tried(clerk, data, **said)
        assert answer.status_code == 400
        assert "怎么办" in answer.content.decode()
        noted.append(("trial.refused", code))
    assert tried(clerk, sound, linked_to="999999").status_code == 400
    last = all_rows("SELECT action, detail->>'code' FROM journal_entry ORDER BY id DESC LIMIT 3")
    assert last[::-1] == noted
    assert left(world)[0] == before[0]
    assert left(world)[2:] == before[2:]


@pytest.mark.parametrize(
    ("part", "status"),
    [("inspector", 403), ("owner", 403), ("auditor", 400), ("steward", 400)],
)
def test_whoever_may_not_deliver_may_not_try(world: World, part: str, status: int) -> None:
    sound = penalties(world, COMPANY.penalty("65"))
    assert tried(world.sit_down(part), sound).status_code == status
    number = world.number("others")
    answer = world.sit_down("clerk").post(f"/desk/quarantine/{number}/1/mend", {"do": "try"})
    assert answer.status_code in (403, 404)


def test_whether_it_becomes_public_is_said_as_it_is(world: World) -> None:
    clerk, sound = world.sit_down("clerk"), penalties(world, COMPANY.penalty("66"))
    assert "随即公开" in tried(clerk, sound).content.decode()
    withdrawn = tried(clerk, sound, intent="withdraw").content.decode()
    assert "随即收回" in withdrawn
    assert "随即公开。 登记" not in withdrawn
    bad = penalties(world, COMPANY.penalty("66", CF_JDRQ="x"))
    assert "行一经交付" not in tried(clerk, bad).content.decode()
    public = {one.kind for one in current().releases["public"].kinds}
    closed = next(one.id for one in current().resources.values() if one.kind not in public)
    offer = Offer(
        resource=closed, agency=current().resources[closed].providers[0], channel="console",
        file_name="a.csv",
    )  # fmt: skip
    row = current().resources[closed].examples[0].row
    data = table(world.intake.headers(closed), [row]).encode()
    said = try_view(
        home=world.intake.home, stream=io.BytesIO(data), offer=offer, declarations=current(),
        actor=OPERATOR, now=world.intake.now,
    )  # fmt: skip
    assert not said.public
    assert said.received == 1


def test_a_trial_stops_when_it_has_seen_enough(world: World) -> None:
    text = penalties(world, COMPANY.penalty("70", CF_NR_FK=""))
    row = text.splitlines(keepends=True)[-1]
    said = view(world, text + row * (2 * MOST_ROWS), declared_rows=4)
    assert MOST_ROWS <= said.received < 2 * MOST_ROWS
    assert (said.rejected, said.whole) == (said.received, False)


def test_a_nul_in_a_row_costs_that_row_alone(world: World) -> None:
    sound = COMPANY.penalty("67")
    bad = json.dumps({**sound, "CF_WSH": "坏", "CF_SY": "x\x00y"}, ensure_ascii=False)
    data = f"[{bad}, {json.dumps(sound, ensure_ascii=False)}]".encode()
    said = view(world, data)
    receipt = world.intake.bytes("penalties_2018", data, name="a.json", agency="environment")
    assert receipt["state"] == "folded", receipt["refusal"]
    assert (said.passed, said.rejected) == (receipt["rows_ok"], receipt["rows_rejected"])
    assert receipt["rows_ok"] >= 1


def test_a_mended_row_is_tried_before_it_is_delivered(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    address, before = f"/desk/quarantine/{number}/2/mend", value("SELECT count(*) FROM delivery")
    row = form_of(clerk.get(address).content.decode()) | {"do": "try"}
    page = clerk.post(address, row | {"c.CF_NR_FK": "八"}).content.decode()
    assert "不是以万元计的数字" in page
    assert "必填且应大于 0" not in page, "it is filled: what is wrong is what stands in it"
    assert "会退回 1 行" in page
    looks = "SELECT count(*) FROM journal_entry WHERE action = 'row.mending'"
    assert value(looks) == 1, "who tries what he took out does not take it out again"
    page = clerk.post(address, row | {"c.CF_NR_FK": "8"}).content.decode()
    assert "校验通过，可以交付" in page
    assert PERSON not in page
    assert value("SELECT count(*) FROM delivery") == before


@pytest.mark.parametrize("unseen", [["CF_XDR_ZJHM"], []])
def test_what_is_delivered_is_what_was_tried(world: World, unseen: list[str]) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    address = f"/desk/quarantine/{number}/2/mend"
    row = form_of(clerk.get(address).content.decode()) | {"c.CF_NR_FK": "8", "unseen": unseen}
    tried_page = clerk.post(address, row | {"do": "try"}).content.decode()
    assert form_of(tried_page)["unseen"] == unseen
    clerk.post(address, form_of(tried_page))
    world.intake.settle()
    last = value("SELECT max(number) FROM delivery")
    kept = all_rows("SELECT rows_received, rows_rejected FROM receipt WHERE delivery = %s", last)
    assert "校验通过，可以交付" in tried_page
    assert kept == [(1, 0)]
    stored = all_rows("SELECT sha256 FROM delivery WHERE number = %s", last)[0][0]
    text = (world.intake.home.deliveries / stored[:2] / stored).read_text(encoding="utf-8")
    assert (PERSON in text) == bool(unseen)


def test_a_faulty_value_that_is_not_shown_is_not_kept_unseen(world: World) -> None:
    """It would be rejected again; whoever mends the row types it anew or leaves it empty."""
    rows = penalties(world, COMPANY.penalty("68", CF_XDR_ZJHM=PERSON * 4))
    receipt = world.intake.bytes("penalties_2018", rows, agency="environment")
    assert receipt["rows_rejected"] == 1
    clerk, address = world.sit_down("clerk"), f"/desk/quarantine/{receipt['batch_id']}/1/mend"
    row = form_of(clerk.get(address).content.decode())
    assert row["unseen"] == []
    page = clerk.post(address, row | {"unseen": ["CF_XDR_ZJHM"], "do": "try"}).content.decode()
    assert "校验通过，可以交付" in page
    assert "请重新填写" in page
    assert PERSON not in page
    clerk.post(address, form_of(page) | {"unseen": ["CF_XDR_ZJHM"]})
    world.intake.settle()
    assert value("SELECT rows_rejected FROM receipt ORDER BY delivery DESC LIMIT 1") == 0
