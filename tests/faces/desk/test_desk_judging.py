"""A person judges whose a row is, and whether two codes are one, and takes it back."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, TRADER
from tests.faces.desk.world import World
from tests.state import all_rows, value

pytestmark = pytest.mark.usefixtures("undone")

NAMELESS = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="", CF_XDR_MC=COMPANY.name)


def waiting_row(world: World) -> str:
    """The address of a row that names somebody, and nothing more."""
    world.intake("penalties_2018", [NAMELESS])
    ((agency, resource, content),) = all_rows(
        "SELECT agency, resource, content FROM waiting WHERE delivery = "
        "(SELECT max(delivery) FROM waiting)"
    )
    return f"/desk/judging/{agency}/{resource}/{content}"


def seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_row_is_judged_and_taken_back(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    listed = chief.get("/desk/judging").content.decode()
    assert address in listed
    page = chief.get(address).content.decode()
    assert COMPANY.uscc in page
    assert "字号和行业" in page, "each field is compared in words"
    said = {"verdict": "same", "code": COMPANY.uscc, "seen": seen(page)}
    assert chief.post(address, said).status_code == 302
    assert value(
        "SELECT count(*) FROM led_row WHERE judgement = (SELECT max(number) FROM judgement)"
    )
    led = chief.get(address).content.decode()
    assert "已认定为" in led
    refused = chief.post(
        address, {"verdict": "taken_back", "code": COMPANY.uscc, "seen": seen(led)}
    )
    assert refused.status_code == 400
    assert "须写明理由" in refused.content.decode()
    again = {"verdict": "taken_back", "code": COMPANY.uscc, "seen": seen(led), "reason": "弄错了"}
    assert chief.post(address, again).status_code == 302
    assert "可能是哪个主体" in chief.get(address).content.decode()


def test_who_judges_late_sees_what_was_judged(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    first = chief.get(address).content.decode()
    said = {"verdict": "unsure", "code": COMPANY.uscc, "seen": seen(first)}
    assert chief.post(address, said).status_code == 302
    late = chief.post(address, said | {"verdict": "same"})
    assert late.status_code == 400
    assert "刚刚已认定" in late.content.decode()


def test_nonsense_is_refused_in_words(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    for said in ({}, {"verdict": "same"}, {"verdict": "x", "code": COMPANY.uscc}):
        assert "请选定" in chief.post(address, said).content.decode()
    unknown = {"verdict": "same", "other": "91440606MA4W00011X", "seen": "9" * 30}
    assert chief.post(address, unknown).status_code == 400


def test_two_codes_become_one_file_and_part_again(world: World) -> None:
    chief = world.sit_down("chief")
    address = f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}"
    page = chief.get(address).content.decode()
    assert TRADER.uscc in page
    said = {"verdict": "same", "keeps": COMPANY.uscc, "reason": "个转企", "seen": seen(page)}
    assert chief.post(address, said).status_code == 302
    page = chief.get(address).content.decode()
    assert "个转企" in page
    back = {"verdict": "taken_back", "reason": "不是一家", "seen": seen(page)}
    assert chief.post(address, back).status_code == 302
    assert value("SELECT count(*) FROM joined_pair") == 0


def test_two_codes_that_are_typed_lead_to_their_page(world: World) -> None:
    chief = world.sit_down("chief")
    answer = chief.get("/desk/pairs", {"code": TRADER.uscc, "other": COMPANY.uscc})
    assert answer.headers["Location"] == f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}"
    assert chief.get(f"/desk/pairs/{TRADER.uscc}/91440606MA4W00011X").status_code == 404
