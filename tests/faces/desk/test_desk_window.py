"""The window: an officer of a register sees document and licence, and somebody acts for a firm."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.faces.desk.world import World
from tests.faces.entrance import people

from yuexin.engines.access.models import Account, Entry, Grant, Identity
from yuexin.engines.notices.models import Notice

pytestmark = pytest.mark.usefixtures("undone")

NUMBER = "440106199003071231"
GIVEN = {
    "login": "chen", "code": COMPANY.uscc, "document": "id_number", "number": NUMBER,
    "name": "陈示例", "person": "1", "licence": "1", "reason": "核对身份证和营业执照正本",
}  # fmt: skip


@pytest.fixture
def officer(world: World) -> Client:
    return sit_down(world, "foshan_market_regulation")


def sit_down(world: World, agency: str) -> Client:
    account = people.account(f"w.{agency[:6]}")
    TOTP.activate(account, people.SECRET)
    people.grant(account, agency=agency)
    world.accounts[f"window {agency}"] = account
    return world.sit_down(f"window {agency}")


@pytest.fixture
def chen(undone: None) -> Account:
    del undone
    return people.account("chen")


def confirm(officer: Client, **changes: str) -> Any:
    return officer.post("/desk/window", {**GIVEN, **changes})


def test_a_person_who_comes_with_document_and_licence_acts_for_his_firm(
    officer: Client, chen: Account
) -> None:
    assert "/desk/window" in officer.get("/desk/").content.decode()
    shown = officer.get(f"/desk/window?login=CHEN&code={COMPANY.uscc}").content.decode()
    assert COMPANY.name in shown
    assert "陈示例" in shown
    assert confirm(officer).headers["Location"] == f"/desk/window?done=chen&firm={COMPANY.uscc}"
    assert "已办结" in officer.get(f"/desk/window?done=chen&firm={COMPANY.uscc}").content.decode()
    grant = Grant.objects.get(account=chen)
    assert (grant.role, grant.granted_by) == ("owner", "w.foshan")
    mine = Client(SERVER_NAME="localhost")
    people.sign_in(mine, "chen")
    assert mine.get("/account/file").status_code == 200
    kept = [f"{one.detail}{one.thing}" for one in Entry.objects.all()]
    assert not [one for one in kept if NUMBER in one]


def test_whoever_was_verified_at_the_window_is_told(officer: Client, chen: Account) -> None:
    del chen
    assert confirm(officer, name="李示例").status_code == 400
    assert not Notice.objects.filter(declared="claim_verified").exists()
    confirm(officer)
    told = Notice.objects.get(declared="claim_verified")
    assert told.link == "/account/firms"
    mine = Client(SERVER_NAME="localhost")
    people.sign_in(mine, "chen")
    page = mine.get("/account/notices").content.decode()
    assert f"您现在可以以 {COMPANY.name} 的名义办事" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": ""}, "已核对营业执照和本人"),
        ({"licence": ""}, "已核对营业执照和本人"),
        ({"document": "library_card"}, "请选择证件类型"),
        ({"number": "440106199003071232"}, "校验位不符"),
        ({"number": "'; DROP TABLE account; --"}, "公民身份号码应为18/15位"),
        ({"document": "hmt_residence"}, "请核对证件类型"),
        ({"name": "李示例"}, "没有把您列为该主体"),
        ({"name": ""}, "请填写证件上的姓名"),
        ({"reason": " "}, "请写明核验了什么"),
        ({"login": "nobody.there"}, "没有这个用户名"),
        ({"code": "91440000000000000X"}, "没有这个主体"),
        ({"code": TRADER.uscc}, "不在您所辖的区划"),
    ],
)
def test_what_is_amiss_is_said_gives_nothing_and_repeats_no_number(
    officer: Client, chen: Account, changes: dict[str, str], said: str
) -> None:
    answer = confirm(officer, **changes)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert NUMBER not in page
    assert changes.get("number", NUMBER) not in page
    assert not Grant.objects.filter(account=chen).exists()
    assert not Identity.objects.exists()


def test_a_person_of_hong_kong_comes_with_his_permit(officer: Client, chen: Account) -> None:
    assert confirm(officer, document="hk_macao_permit", number="h1234 5678").status_code == 302
    assert Identity.objects.get(account=chen).document == "hk_macao_permit"


def test_agencies_that_keep_no_register_have_no_window(world: World, chen: Account) -> None:
    del chen
    for browser in (
        sit_down(world, "environment"),
        world.sit_down("owner"),
        world.sit_down("chief"),
    ):
        assert browser.get("/desk/window").status_code == 403
        assert confirm(browser).status_code == 403
    assert not Identity.objects.exists()


def test_nobody_confirms_himself(world: World, officer: Client) -> None:
    del world
    answer = confirm(officer, login="w.foshan")
    assert answer.status_code == 400
    assert "不得给自己授权" in answer.content.decode()
    assert not Identity.objects.exists()
