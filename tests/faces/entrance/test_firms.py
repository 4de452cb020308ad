"""My firms: claimed by whom the register names and nobody else, handed on within limits."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from tests.cast import COMPANY, OPERATOR, TRADER
from tests.domains.hall.filing.asking import IN_TIME, sent
from tests.faces.entrance import texts
from tests.faces.entrance.texts import come, last_code
from tests.intake import Intake

from yuexin.base.dates import today
from yuexin.engines.access.models import Account, Entry, Grant
from yuexin.engines.access.operations import verify_identity
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone", "registered")

NUMBER = "440106199003071231"
OTHER = "440300198501010018"
FIRM = "13900139000"
CLAIM = f"/account/firms/{COMPANY.uscc}"
DELEGATES = f"{CLAIM}/delegates"


@pytest.fixture
def registered(undone: None, deliver: Intake) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration(法定代表人="李示例")])
    deliver("annual_reports", [COMPANY.report(联系电话=FIRM), TRADER.report()])


def visitor() -> Client:
    return Client(SERVER_NAME="localhost")


def verify(login: str, name: str = "陈示例", number: str = NUMBER) -> None:
    verify_identity(
        home=settings.HOME, actor=OPERATOR, account=Account.objects.get(login=login), name=name,
        document="id_number", number=number, how="provider", now=dt.datetime.now(dt.UTC),
    )  # fmt: skip


def person(phone: str, name: str = "陈示例", number: str = NUMBER) -> tuple[Client, str]:
    client = visitor()
    login = come(client, phone)
    verify(login, name, number)
    return client, login


def owner(phone: str = "13800138011") -> tuple[Client, str]:
    client, login = person(phone)
    assert client.post(f"{CLAIM}/code").status_code == 302
    answer = client.post(CLAIM, {"code": last_code(FIRM)})
    assert answer.headers["Location"].startswith("/account/firms?claimed=")
    return client, login


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def let(client: Client, taker: str, **changes: Any) -> Any:
    name = Account.objects.get(login=taker).display_name
    until = today(dt.datetime.now(dt.UTC)) + dt.timedelta(days=30)
    given = {
        "login": taker, "name": name, "rights": ["apply"], "until": until.isoformat(),
        "reason": "代理记账", **changes,
    }  # fmt: skip
    return client.post(DELEGATES, given)


def test_whoever_the_register_names_claims_his_firm_step_by_step() -> None:
    client = visitor()
    login = come(client, "13800138011")
    listed = page(client, "/account/firms?q=岭粤示例家具")
    assert CLAIM in listed
    steps = page(client, CLAIM)
    assert "未核实" in steps
    assert login in steps, "what a window needs"
    verify(login)
    steps = page(client, CLAIM)
    assert "姓名一致" in steps
    assert "139****9000" in steps
    assert FIRM not in steps
    assert NUMBER not in steps
    client.post(f"{CLAIM}/code")
    assert client.post(CLAIM, {"code": "x"}).status_code == 400
    assert client.post(CLAIM, {"code": last_code(FIRM)}).status_code == 302
    assert "陈示例" in page(client, "/account/firms")
    assert COMPANY.name in page(client, "/account/file"), "and acts for it at once"
    assert Grant.objects.get().identity is not None


def test_a_namesake_needs_more_than_the_name() -> None:
    client, _ = person("13800138012", number=OTHER)
    assert "姓名一致" in page(client, CLAIM)
    assert client.post(CLAIM, {"code": "123456"}).status_code == 400
    client.post(f"{CLAIM}/code")
    assert client.post(CLAIM, {"code": "123456"}).status_code == 400
    assert not Grant.objects.exists()


def test_a_firm_of_others_is_claimed_by_nobody_else() -> None:
    client, _ = person("13800138013", name="李示例", number=OTHER)
    before = len(texts.texts(FIRM))
    assert client.post(f"{CLAIM}/code").status_code == 200
    assert len(texts.texts(FIRM)) == before, "the firm is not even texted"
    assert "姓名不一致" in page(client, CLAIM)
    stranger = visitor()
    come(stranger, "13800138014")
    stranger.post(f"{CLAIM}/code")
    assert len(texts.texts(FIRM)) == before
    assert stranger.post(CLAIM, {"code": "123456"}).status_code == 400
    assert client.get("/account/firms/91440000000000000X").status_code == 404
    assert visitor().get(CLAIM).headers["Location"].startswith("/sign-in")


def test_a_firm_without_a_mobile_number_goes_to_a_window() -> None:
    client, _ = person("13800138015", name="李示例", number=OTHER)
    steps = page(client, f"/account/firms/{TRADER.uscc}")
    assert "没有留手机号码" in steps
    client.post(f"/account/firms/{TRADER.uscc}/code")
    assert client.post(f"/account/firms/{TRADER.uscc}", {"code": "1"}).status_code == 400


def test_two_people_who_claim_at_once_do_not_share_a_code() -> None:
    first, _ = person("13800138016")
    second, _ = person("13800138017", number=OTHER)
    first.post(f"{CLAIM}/code")
    code = last_code(FIRM)
    assert second.post(f"{CLAIM}/code").status_code == 429, "the firm is texted once in a while"
    assert second.post(CLAIM, {"code": code}).status_code == 400
    cache.clear()
    second.post(f"{CLAIM}/code")
    assert second.post(CLAIM, {"code": code}).status_code == 400
    assert first.post(CLAIM, {"code": code}).status_code == 302
    assert first.post(CLAIM, {"code": code}).status_code == 400, "a code works once"
    assert Grant.objects.count() == 1


def test_a_code_for_one_thing_is_no_code_for_another() -> None:
    client, _ = person("13800138018")
    client.post(f"{CLAIM}/code")
    code = last_code(FIRM)
    assert client.post("/sign-in/phone/code", {"code": code}).headers["Location"] == "/sign-in"
    assert client.post("/account/confirm/phone", {"code": code}).status_code in (200, 429)
    other = f"/account/firms/{TRADER.uscc}"
    assert client.post(other, {"code": code}).status_code == 400


def test_a_representative_who_was_replaced_is_told_and_acts_no_more(deliver: Intake) -> None:
    client, _ = owner()
    changed = COMPANY.registration(法定代表人="王示例", 核准日期="2026-11-20")
    deliver("registration", [changed])
    assert client.get("/account/file").status_code == 403
    told = page(client, "/account/firms")
    assert "登记的法定代表人（经营者）已不是您" in told
    assert "这项授权已失效" in page(client, "/account")
    assert client.get(DELEGATES).status_code == 403


def test_an_owner_lets_somebody_act_sees_it_and_ends_it() -> None:
    client, _ = owner()
    helper = visitor()
    login = come(helper, "13800138019")
    assert let(client, login, rights=["apply", "read_file"]).status_code == 302
    assert "林" not in page(client, DELEGATES)
    assert login in page(client, DELEGATES)
    assert "办理申请" in page(helper, "/account/firms")
    helper.post(f"{CLAIM}/act")
    assert helper.get("/account/file").status_code == 200
    assert helper.get(DELEGATES).status_code == 403, "a delegate hands nothing on"
    assert let(helper, login).status_code == 403
    assert "查看档案" in page(client, DELEGATES), "the owner sees that it was read"
    grant = Grant.objects.get(role="delegate")
    assert helper.post(f"{CLAIM}/delegates/{grant.pk}/end").status_code == 302
    assert helper.get("/account/file").status_code == 403
    assert "已终止" in page(client, DELEGATES)


def test_a_delegate_without_the_file_does_not_read_it() -> None:
    client, _ = owner()
    helper = visitor()
    login = come(helper, "13800138020")
    let(client, login)
    helper.post(f"{CLAIM}/act")
    assert helper.get("/account/file").status_code == 403
    assert helper.post("/account/file/report").status_code == 403
    assert "谁看过" not in page(helper, "/account")


def test_terms_and_slips_are_said_and_the_form_keeps_what_was_typed() -> None:
    client, login = owner()
    helper = visitor()
    theirs = come(helper, "13800138021")
    far = (today(dt.datetime.now(dt.UTC)) + dt.timedelta(days=500)).isoformat()
    for changes, said in (
        ({"name": "别人"}, "没有这个用户名"),
        ({"login": "nobody.there"}, "没有这个用户名"),
        ({"rights": []}, "至少一项权限"),
        ({"rights": ["everything"]}, "至少一项权限"),
        ({"until": far}, "最后一天"),
        ({"until": "soon"}, "最后一天"),
        ({"agent": "91440606684400012A"}, "代码不对"),
        ({"agent": TRADER.uscc}, "不代表您填写的代理机构"),
    ):
        answer = let(client, theirs, **changes)
        assert answer.status_code == 400, changes
        assert said in answer.content.decode(), changes
        assert "代理记账" in answer.content.decode()
    assert let(client, login).status_code == 400, "nobody lets himself"
    assert not Grant.objects.filter(role="delegate").exists()


def test_giving_rights_away_asks_again_who_one_is_after_a_while() -> None:
    client, _ = owner("13800138022")
    helper = visitor()
    login = come(helper, "13800138023")
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": 0} for one in records]
    session.save()
    answer = let(client, login)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/phone")
    assert not Grant.objects.filter(role="delegate").exists()
    cache.clear()
    client.post(answer.headers["Location"])
    done = client.post(answer.headers["Location"], {"code": last_code("13800138022")})
    assert done.status_code == 302
    assert Grant.objects.filter(role="delegate").exists(), "what was asked for goes on"


def test_what_was_verified_is_erased_and_the_claim_with_it() -> None:
    client, login = owner()
    assert "440106********1231" in page(client, "/account/firms")
    assert client.post("/account/identity/erase").status_code == 302
    told = page(client, "/account/firms")
    assert "440106" not in told
    assert "您的实名信息已删除" in told
    account = Account.objects.get(login=login)
    assert [row.name for row in account.identities.all()] == [""]


def test_no_number_of_a_document_lies_anywhere_in_words() -> None:
    client, _ = owner()
    said = [page(client, a) for a in ("/account", "/account/firms", CLAIM, DELEGATES)]
    said += [f"{one.detail}{one.thing}{one.actor}" for one in Entry.objects.all()]
    said += texts.texts(FIRM)
    assert not [one for one in said if NUMBER in one or re.search(r"440106\d{8}", one)]


def test_a_person_of_several_firms_chooses_in_the_head_of_every_page(deliver: Intake) -> None:
    deliver("annual_reports", [TRADER.report(2025, 联系电话="13900139001", 填报日期="2026-04-30")])
    deliver("registration", [TRADER.registration(法定代表人="陈示例", 核准日期="2026-11-20")])
    client, _ = owner()
    other = f"/account/firms/{TRADER.uscc}"
    client.post(f"{other}/code")
    assert client.post(other, {"code": last_code("13900139001")}).status_code == 302
    assert "换一个（另有 1 个）" in page(client, "/about")
    client.post(f"{CLAIM}/act")
    assert COMPANY.uscc in page(client, "/account/file")
    assert client.post("/account/firms/93441900MA4W00011U/act").status_code == 403


def test_a_number_that_came_over_the_counter_is_no_proof(home: Home, deliver: Intake) -> None:
    client, _ = person("13800138012")
    assert client.post(f"{CLAIM}/code").status_code == 302
    now = dt.datetime.now(dt.UTC)
    sent(home, now=IN_TIME, 联系电话="13700137000")
    deliver.settle(now=now)
    cache.clear()
    assert client.post(f"{CLAIM}/code").status_code == 200
    assert not texts.texts("13700137000")
