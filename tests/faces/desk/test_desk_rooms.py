"""Who enters which room, and whose rows he sees there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.desk.world import ROLES, World

from yuexin.faces.desk.pages import LEADS_TO
from yuexin.faces.desk.urls import urlpatterns

pytestmark = pytest.mark.usefixtures("undone")

ROOMS = {
    "/desk/": {"chief", "steward", "clerk", "registrar", "inspector", "auditor"},
    "/desk/deliveries": {"chief", "steward", "clerk", "auditor"},
    "/desk/deliveries/new": {"chief", "steward", "clerk", "auditor"},
    "/desk/layouts": {"chief", "steward", "clerk", "auditor"},
    "/desk/quality": {"chief", "steward", "clerk", "auditor"},
    "/desk/quarantine": {"chief", "steward", "clerk"},
    "/desk/waiting": {"chief", "steward"},
    "/desk/judging": {"chief", "steward"},
    "/desk/pairs": {"chief", "steward"},
    "/desk/subjects": {"chief", "steward", "clerk", "registrar", "inspector"},
    f"/desk/subjects/{COMPANY.uscc}": {"chief", "steward", "clerk", "registrar", "inspector"},
    "/desk/lists/proposed": {"chief", "steward", "registrar"},
    "/desk/checks": {"clerk", "registrar", "inspector"},
    "/desk/trials": {"chief", "steward"},
    "/desk/journal": {"chief", "auditor"},
    "/desk/corrections": {"chief", "steward", "clerk", "registrar", "inspector", "auditor"},
}


def test_every_address_of_the_desk_is_of_a_room() -> None:
    assert {pattern.name for pattern in urlpatterns} - {
        "errors",
        "receipt",
        "template",
        "subjects_table",
        "resolved_table",
        "trial_table",
        "check_table",
        "case_paper",
        "rates_table",
        "handling_numbers_table",
    } == set(LEADS_TO)


@pytest.mark.parametrize("address", ROOMS)
def test_who_is_not_signed_in_is_led_to_sign_in(client: Client, world: World, address: str) -> None:
    del world
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in")
    assert client.post(address).status_code in (302, 403, 405)


@pytest.mark.parametrize("part", ROLES)
def test_a_room_opens_to_its_roles_and_says_no_to_others_in_a_sentence(
    world: World, part: str
) -> None:
    browser = world.sit_down(part)
    for address, admitted in ROOMS.items():
        answer = browser.get(address)
        assert answer.status_code == (200 if part in admitted else 403), address
        assert "no-store" in answer.headers["Cache-Control"]
        if part not in admitted:
            page = answer.content.decode()
            assert re.search("办公台的“.+”不对.+开放", page)
            assert "怎么办" in page
            assert "declarations/roles" not in page, "no folder of ours is a rule of law"


def pages_of(world: World, what: str, row: int) -> list[str]:
    number = world.number(what)
    return [
        f"/desk/deliveries/{number}", f"/desk/deliveries/{number}/errors.csv",
        f"/desk/deliveries/{number}/receipt.json", f"/desk/deliveries/{number}/rows/{row}",
        f"/desk/quarantine/{number}/{row}",
    ]  # fmt: skip


def test_rows_of_another_agency_are_not_there(world: World) -> None:
    for part, what, row, status in (
        ("clerk", "penalties", 2, 200),
        ("clerk", "others", 1, 404),
        ("chief", "others", 1, 200),
        ("steward", "penalties", 2, 404),
    ):
        browser = world.sit_down(part)
        for address in pages_of(world, what, row):
            assert browser.get(address).status_code == status, (part, address)
    mend = f"/desk/quarantine/{world.number('others')}/1/mend"
    clerk = world.sit_down("clerk")
    assert clerk.get(mend).status_code == 404
    assert clerk.post(mend, {"c.CF_NR_FK": "1"}).status_code == 404


def test_lists_hold_the_rows_of_ones_scope_only(world: World) -> None:
    clerk, chief = world.sit_down("clerk"), world.sit_down("chief")
    steward = world.sit_down("steward")
    for address in ("/desk/deliveries", "/desk/quarantine", "/desk/quality", "/desk/"):
        assert "住房和城乡建设厅" not in clerk.get(address).content.decode(), address
        assert "住房和城乡建设厅" in chief.get(address).content.decode(), address
        assert "广东省生态环境厅" not in steward.get(address).content.decode(), address
    asked = clerk.get("/desk/deliveries?agency=housing").content.decode()
    assert "没有符合条件的交付" in asked


def test_what_makes_no_sense_in_an_address_is_refused(world: World) -> None:
    chief = world.sit_down("chief")
    for query in ("page=0", "page=x", "from=yesterday", "state=lost", "delivery=-1",
                  f"delivery={'9' * 40}", "agency=" + "a" * 500, "rule=%00"):  # fmt: skip
        assert chief.get(f"/desk/quarantine?{query}").status_code == 400, query
    assert chief.get("/desk/quality?month=2026-13").status_code == 400
    assert chief.get("/desk/quality/nobody/nothing").status_code == 404
    assert chief.get("/desk/deliveries/999999").status_code == 404
    assert chief.get(f"/desk/deliveries/{10**30}").status_code == 404
    assert chief.get("/desk/subjects/91440606684400012A").status_code == 404
    assert chief.get("/desk/journal?stream=rumour").status_code == 400


def test_who_delivered_nothing_yet_is_not_among_those_who_have_nothing_to_do(world: World) -> None:
    page = world.sit_down("chief").get("/desk/").content.decode()
    before, _, silent = page.partition("还没有交付过的部门")
    assert "国家税务总局广东省税务局" in silent
    assert "国家税务总局广东省税务局" not in before
    assert "广东省市场监督管理局" not in silent


@pytest.mark.parametrize("part", ["owner", "citizen"])
def test_whoever_is_no_officer_is_led_from_the_desk_to_the_counter(world: World, part: str) -> None:
    visitor = world.sit_down(part)
    answer = visitor.get("/desk/")
    assert answer.status_code == 403
    told = answer.content.decode()
    assert re.search(r'<a class="act" href="/counter/">去办事</a>', told)
    inside = world.sit_down("clerk").get("/desk/journal").content.decode()
    assert "去办事" not in inside, "an officer is told of another role"
