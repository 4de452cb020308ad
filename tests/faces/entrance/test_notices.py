"""One reads what one was told, and says where else one wants to be told."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY
from tests.conftest import NOW
from tests.engines.notices.told import contact, sent, spooled, told
from tests.engines.notices.wire import SECRET, deposit, gateway
from tests.faces.entrance import people
from tests.state import value

from yuexin.engines.access.operations import open_by_phone
from yuexin.engines.notices.channels.gateway import signature
from yuexin.engines.notices.models import Contact
from yuexin.engines.notices.types import Account, Address, Office
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")
SETTINGS = "/account/notices/settings"


def signed_in(login: str = "chen") -> Client:
    holder = people.account(login)
    people.grant(holder, role="owner", agency="", subject_code=COMPANY.uscc)
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_header_counts_what_is_unread_until_it_is_read() -> None:
    client = signed_in()
    assert "条未读" not in page(client, "/account")
    told(Account(id="chen"))
    assert "通知：1 条未读" in page(client, "/")
    listed = page(client, "/account/notices")
    (address,) = re.findall(r'href="(/account/notices/[0-9a-f-]{36})"', listed)
    shown = page(client, address)
    assert COMPANY.uscc in shown
    assert 'href="/account/notices"' in shown
    assert "条未读" not in page(client, "/")


def test_nobody_reads_another_ones_notice() -> None:
    client, other = signed_in(), signed_in("he")
    told(Account(id="chen"))
    number = value("SELECT id FROM notice")
    assert other.get(f"/account/notices/{number}").status_code == 404
    assert client.get(f"/account/notices/{uuid4()}").status_code == 404
    anybody = Client(SERVER_NAME="localhost").get(f"/account/notices/{number}")
    assert anybody.headers["Location"].startswith("/sign-in")


def test_all_are_marked_as_read_at_once_and_pages_hold() -> None:
    client = signed_in()
    for number in range(25):
        told(Account(id="chen"), key=str(number), now=NOW + dt.timedelta(seconds=number))
    assert "第 1 页，共 2 页" in page(client, "/account/notices?page=-1")
    assert "第 2 页，共 2 页" in page(client, "/account/notices?page=99999")
    assert "25 条未读" in page(client, "/account/notices?page=" + "9" * 300)
    assert client.post("/account/notices/read").status_code == 302
    assert "条未读" not in page(client, "/account/notices")


def test_an_officer_sees_what_the_office_was_told_at_the_desk() -> None:
    people.officer("lin")
    told(Office(agency="environment"))
    client = Client(SERVER_NAME="localhost")
    people.arrive(client)
    desk = page(client, "/desk/")
    assert "本部门未读的通知" in desk
    (address,) = re.findall(r'href="(/account/notices/[0-9a-f-]{36})"', desk)
    assert "发给" in page(client, address)
    assert "本部门未读的通知" not in page(client, "/desk/")


def test_an_address_is_added_by_its_code_over_the_pages(home: Home) -> None:
    for folder in home.spool.iterdir():
        shutil.rmtree(folder)
    client = signed_in()
    asked = client.post(f"{SETTINGS}/ask", {"channel": "email", "address": "chen@example.org"})
    assert asked.headers["Location"] == f"{SETTINGS}?done=sent"
    assert "发到 c***@example.org 的六位验证码" in page(client, SETTINGS)
    sent(home, now=dt.datetime.now(dt.UTC))
    found = re.search(r"验证码 (\d{6})", spooled(home)[0].get_content())
    assert found
    wrong = client.post(f"{SETTINGS}/confirm", {"channel": "email", "code": "12345"})
    assert wrong.status_code == 400
    assert "验证码不对，或已过期" in wrong.content.decode()
    right = client.post(f"{SETTINGS}/confirm", {"channel": "email", "code": found[1]})
    assert right.headers["Location"] == f"{SETTINGS}?done=confirmed"
    client.post(f"{SETTINGS}/wish", {"language": "en"})
    assert value("SELECT off FROM notice_wish") == ["email", "sms"]
    client.post(f"{SETTINGS}/drop", {"channel": "email"})
    assert "c***" not in page(client, SETTINGS)


@pytest.mark.parametrize(
    ("channel", "address"),
    [("email", "no address"), ("email", "a@b.org\r\nBcc: c@d.org"), ("sms", "12"), ("wechat", "x"),
     ("", ""), ("in_app", "x"), ("email", "a" * 1_000_000)],
)  # fmt: skip
def test_what_is_no_address_is_refused_where_it_was_typed(channel: str, address: str) -> None:
    client = signed_in()
    answer = client.post(f"{SETTINGS}/ask", {"channel": channel, "address": address})
    assert answer.status_code == 400
    assert value("SELECT count(*) FROM notice_errand") == 0


def test_codes_are_bounded_by_the_network_that_asks() -> None:
    client = signed_in()
    answers = {
        client.post(f"{SETTINGS}/confirm", {"channel": "email", "code": str(n)}).status_code
        for n in range(31)
    }
    assert answers == {400, 429}


def test_a_gateway_reports_over_http(home: Home) -> None:
    deposit(home)
    contact(people.account("he"), "+8613800138000", "sms")
    with gateway() as wire, override_settings(NOTICE_GATEWAYS={"sms": wire.url}):
        told(Address(channel="sms", value="13800138000"))
        sent(home)
    body = json.dumps({"id": wire.keys[0], "outcome": "undelivered", "error": "停机"}).encode()
    stamp = str(int(dt.datetime.now(dt.UTC).timestamp()))
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)

    def post(signed: str, content: bytes = body) -> int:
        headers = {"X-Yuexin-Timestamp": stamp, "X-Yuexin-Signature": signed}
        with override_settings(HOME=home):
            answer = client.post(
                "/api/notices/sms/receipts", content, content_type="application/json",
                headers=headers,
            )  # fmt: skip
        return answer.status_code

    signed = signature(secret=SECRET, stamp=stamp, body=body)
    assert post("") == 401
    assert post("ü" * 64) == 401
    assert post(signed, body + b" ") == 401
    assert [post(signed), post(signed)] == [204, 204]
    assert value("SELECT count(*) FROM notice_attempt WHERE outcome = 'undelivered'") == 1
    assert client.post("/api/notices/pigeon/receipts").status_code == 404
    assert client.get("/api/notices/sms/receipts").status_code == 405


def test_the_telephone_of_signing_in_is_told_without_another_code(home: Home) -> None:
    now = dt.datetime.now(dt.UTC)
    with override_settings(HOME=home):
        holder = open_by_phone(home=home, number="+8613900139001", now=now)
        client = Client(SERVER_NAME="localhost")
        client.force_login(holder)
        assert "用登录的手机 139****9001 接收" in page(client, SETTINGS)
        assert client.post(f"{SETTINGS}/own").headers["Location"] == f"{SETTINGS}?done=confirmed"
        shown = page(client, SETTINGS)
    assert "已确认" in shown
    assert "用登录的手机" not in shown
    assert Contact.objects.get(account=holder).address == "+8613900139001"


def test_who_signs_in_otherwise_has_no_telephone_to_offer() -> None:
    client = signed_in()
    assert "用登录的手机" not in page(client, SETTINGS)
    assert client.post(f"{SETTINGS}/own").status_code == 400
