"""A file, or a mended row, that is only tried: what is said of it is what its receipt would say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY
from tests.faces.desk.world import PERSON, World
from tests.intake import table
from tests.state import all_rows, state, value

from yuexin.domains.collection.rooms.upload import try_file
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

CLERK = Actor(id="clerk", role="clerk", agency="environment", division="440000")
WHAT = "penalties_2018|environment"


def tried(browser: Client, data: bytes, **said: str) -> Any:
    file = SimpleUploadedFile("罚款.csv", data)
    return browser.post("/desk/deliveries/new", {"what": WHAT, "file": file, "do": "try", **said})


def faulty(world: World) -> bytes:
    rows = [
        COMPANY.penalty("61"),
        COMPANY.penalty("62", CF_NR_FK=""),
        COMPANY.penalty("63", CF_JDRQ="2026-13-40", CF_XDR_ZJHM=PERSON),
        COMPANY.penalty("64", CF_XDR_SHXYM=COMPANY.uscc[:-1] + "?"),
    ]
    text = table(world.intake.headers("penalties_2018"), rows)
    return f"{text}一列\r\n".encode()


def kept(world: World) -> tuple[Any, ...]:
    """Everything that a delivery leaves behind."""
    home = world.intake.home
    return (
        value("SELECT count(*) FROM delivery"),
        value("SELECT count(*) FROM journal_entry WHERE stream = 'change'"),
        sorted(path for path in home.deliveries.rglob("*") if path.is_file()),
        state(),
    )


def counts(page: str) -> list[int]:
    """Received, sound, doubtful, rejected."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd></div>", page)][:4]


def test_a_trial_says_what_the_receipt_says_and_leaves_nothing(
    world: World, tmp_path: Path
) -> None:
    clerk, data, before = world.sit_down("clerk"), faulty(world), kept(world)
    page = tried(clerk, data).content.decode()
    assert kept(world) == before
    assert counts(page) == [5, 1, 1, 3]
    assert PERSON not in page

    path = tmp_path / "faulty.csv"
    path.write_bytes(data)
    offer = Offer(
        resource="penalties_2018", agency="environment", channel="desk", file_name=path.name
    )
    said = try_file(
        declarations=current(), actor=CLERK, path=path, offer=offer, home=world.intake.home,
        now=world.intake.now,
    )  # fmt: skip
    receipt = world.intake.bytes("penalties_2018", data, agency="environment")
    assert (said.received, said.rejected) == (receipt["rows_received"], receipt["rows_rejected"])
    assert said.doubtful == receipt["rows_waiting"]
    assert [(one.column, one.rule, one.rows) for one in said.findings] == [
        (one["column"], one["rule"], one["rows"]) for one in receipt["findings"]
    ]
    assert said.published
    assert {(row, one.column, one.rule) for row, one in said.first if one.rejects} == {
        (one["row"], one["field"], one["rule"]) for one in receipt["errors"]
    }


def test_what_would_be_refused_is_refused_when_tried(world: World) -> None:
    clerk, before = world.sit_down("clerk"), kept(world)[0]
    sound = table(world.intake.headers("penalties_2018"), [COMPANY.penalty("65")]).encode()
    for data, said, code in (
        (sound, {"secrecy": "机密"}, "SECRET"),
        ("甲,乙\n1,2\n".encode(), {}, "COLUMNS"),
        (b"", {}, "EMPTY"),
        (sound, {"linked_to": "999999"}, "LINK"),
    ):
        answer = tried(clerk, data, **said)
        assert answer.status_code != 200
        assert "怎么办" in answer.content.decode()
        if code != "LINK":
            (last,) = all_rows(
                "SELECT action, detail->>'code' FROM journal_entry ORDER BY id DESC LIMIT 1"
            )
            assert last == ("trial.refused", code)
    assert kept(world)[0] == before


def test_what_is_not_public_is_said_not_to_become_public(world: World) -> None:
    clerk = world.sit_down("clerk")
    sound = table(world.intake.headers("penalties_2018"), [COMPANY.penalty("66")]).encode()
    assert "随即公开" in tried(clerk, sound).content.decode()
    assert "不向社会公开" in tried(clerk, sound, intent="withdraw").content.decode()


def test_a_mended_row_is_tried_before_it_is_delivered(world: World) -> None:
    clerk, number = world.sit_down("clerk"), world.number("penalties")
    address, before = f"/desk/quarantine/{number}/2/mend", value("SELECT count(*) FROM delivery")
    row = {f"c.{name}": text for name, text in COMPANY.penalty("2").items()}
    typed = row | {"unseen": "CF_XDR_ZJHM", "do": "try"}
    page = clerk.post(address, typed | {"c.CF_NR_FK": "八"}).content.decode()
    assert "不符合该列的数据类型" in page
    assert "必填且应大于 0" not in page, "it is filled: what is wrong is what stands in it"
    assert counts(page) == [1, 0, 0, 1]
    page = clerk.post(address, typed | {"c.CF_NR_FK": "8"}).content.decode()
    assert counts(page) == [1, 1, 0, 0]
    assert 'value="8"' in page
    assert PERSON not in page
    assert value("SELECT count(*) FROM delivery") == before
