"""Signing in by telephone: a code, once, soon, in one browser; nobody learns who is here."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from tests.faces.entrance import people, texts
from tests.faces.entrance.texts import PHONE, ask, come, last_code

from yuexin.engines.access.models import Account, Entry, Phone
from yuexin.engines.access.operations import open_by_phone
from yuexin.engines.access.queries import phone_of

pytestmark = pytest.mark.usefixtures("undone")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def visitor() -> Client:
    return Client(SERVER_NAME="localhost")


def page(answer: Any) -> str:
    return TOKEN.sub("", answer.content.decode())


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_person_opens_an_account_by_a_code_and_comes_back_by_another(client: Client) -> None:
    name = come(client)
    assert "我的主体" in client.get("/account").content.decode()
    client.post("/sign-out")
    cache.clear()
    assert come(visitor()) == name
    assert Account.objects.filter(login__startswith="p-").count() == 1
    row = Phone.objects.get()
    assert PHONE.encode() not in bytes(row.number) + bytes(row.digest)
    assert phone_of(home=settings.HOME, account=row.account) == f"+86{PHONE}"
    assert PHONE not in client.get("/account").content.decode()
    kept = [str(entry.detail) + entry.thing + entry.actor for entry in Entry.objects.all()]
    assert not [one for one in kept if PHONE in one]


def test_a_number_that_is_refused_is_still_in_its_field(client: Client) -> None:
    answer = ask(client, "1380013800")
    assert answer.status_code == 400
    assert 'value="1380013800" aria-invalid="true" aria-describedby="no"' in page(answer)


def test_known_and_unknown_numbers_get_the_same_pages_and_a_text_each() -> None:
    open_by_phone(home=settings.HOME, number="+8613800138001", now=dt.datetime.now(dt.UTC))
    known, unknown = visitor(), visitor()
    answers = [ask(known, "13800138001"), ask(unknown, "13800138002")]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [
        (302, "/sign-in/phone/code")
    ] * 2
    shown = [page(one.get("/sign-in/phone/code")) for one in (known, unknown)]
    assert shown[0].replace("8001", "") == shown[1].replace("8002", "")
    wrong = [page(one.post("/sign-in/phone/code", {"code": "x"})) for one in (known, unknown)]
    assert wrong[0].replace("8001", "") == wrong[1].replace("8002", "")
    assert len(texts.texts("13800138001")) == len(texts.texts("13800138002")) == 1


def test_a_code_works_once_in_its_browser_and_not_after_five_slips(client: Client) -> None:
    ask(client)
    code = last_code()
    assert visitor().post("/sign-in/phone/code", {"code": code}).headers["Location"] == "/sign-in"
    other = visitor()
    ask(other, "13800138003")
    assert other.post("/sign-in/phone/code", {"code": code}).status_code == 400, "another's code"
    assert (
        client.post("/sign-in/phone/code", {"code": f" {code[:3]} {code[3:]}"}).status_code == 302
    )
    client.post("/sign-out")
    assert client.post("/sign-in/phone/code", {"code": code}).headers["Location"] == "/sign-in"
    late = visitor()
    ask(late, "13800138004")
    for _ in range(5):
        late.post("/sign-in/phone/code", {"code": "000000x"})
    right = {"code": last_code("13800138004")}
    assert late.post("/sign-in/phone/code", right).headers["Location"] == "/sign-in"
    assert not is_signed_in(late)


def test_a_code_is_asked_for_again_without_typing_the_number(client: Client) -> None:
    assert ask(client).status_code == 302
    asked = client.get("/sign-in/phone/code").content.decode()
    assert 'name="again"' in asked
    soon = client.post("/sign-in/phone", {"again": "1"})
    assert soon.status_code == 429
    assert "138****8000" in soon.content.decode(), "the code that was sent may still be typed"
    assert visitor().post("/sign-in/phone", {"again": "1"}).status_code == 400


def test_an_old_code_is_no_code(client: Client) -> None:
    ask(client)
    session = client.session
    session["entrance.code"] = {**session["entrance.code"], "at": 0}
    session.save()
    answer = client.post("/sign-in/phone/code", {"code": last_code()})
    assert answer.headers["Location"] == "/sign-in"
    assert not is_signed_in(client)


def test_what_the_session_keeps_tells_neither_code_nor_number(client: Client) -> None:
    ask(client)
    kept = str(client.session["entrance.code"])
    assert last_code() not in kept
    assert PHONE not in kept


def test_a_number_is_not_texted_too_often() -> None:
    assert ask(visitor()).status_code == 302
    assert ask(visitor()).status_code == 429
    assert len(texts.texts()) >= 1
    before = len(texts.texts())
    ask(visitor())
    assert len(texts.texts()) == before


@pytest.mark.parametrize(
    "typed", ["", "12345", "021-12345678", "<script>", "+0012", "1380013800０x", "9" * 40]
)
def test_what_is_no_mobile_number_is_said_to_be_none(client: Client, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 400
    assert "这不是手机号码的写法" in answer.content.decode()


@pytest.mark.parametrize("typed", ["+852 6123 4567", "+853-61234567", "＋８８６ 912345678"])
def test_numbers_of_hong_kong_macao_and_taiwan_are_taken(client: Client, typed: str) -> None:
    assert ask(client, typed).status_code == 302


def test_signing_in_begins_another_session(client: Client) -> None:
    ask(client)
    before = client.cookies["session"].value
    client.post("/sign-in/phone/code", {"code": last_code()})
    assert client.cookies["session"].value != before
    thief = visitor()
    thief.cookies["session"] = before
    assert not is_signed_in(thief)


def test_where_one_goes_on_is_a_page_of_ours(client: Client) -> None:
    ask(client, next="https://evil.example/")
    answer = client.post("/sign-in/phone/code", {"code": last_code(), "next": "//evil.example"})
    assert answer.headers["Location"] == "/account"


def test_an_officer_does_not_come_by_telephone(client: Client) -> None:
    account = open_by_phone(home=settings.HOME, number=f"+86{PHONE}", now=dt.datetime.now(dt.UTC))
    people.grant(account)
    ask(client)
    answer = client.post("/sign-in/phone/code", {"code": last_code()})
    assert answer.status_code == 403
    assert not is_signed_in(client)


def test_a_closed_account_does_not_enter_by_telephone(client: Client) -> None:
    come(client)
    Account.objects.filter(login__startswith="p-").update(is_active=False)
    cache.clear()
    other = visitor()
    ask(other)
    answer = other.post("/sign-in/phone/code", {"code": last_code()})
    assert answer.headers["Location"] == "/sign-in/closed"
    assert not is_signed_in(other)


def replayed(client: Client, before: dict[str, Any], typed: str) -> Any:
    """A try that read the session before the others had written theirs."""
    session = client.session
    session["entrance.code"] = dict(before)
    session.save()
    return client.post("/sign-in/phone/code", {"code": typed})


def test_tries_at_once_are_counted_all(client: Client) -> None:
    ask(client)
    before = dict(client.session["entrance.code"])
    for _ in range(5):
        assert replayed(client, before, "000000x").status_code == 400
    assert replayed(client, before, last_code()).status_code == 400
    assert not is_signed_in(client)


def test_a_right_code_is_used_up_for_whoever_types_it_at_once(client: Client) -> None:
    ask(client)
    before, code = dict(client.session["entrance.code"]), last_code()
    assert replayed(client, before, code).status_code == 302
    client.post("/sign-out")
    assert replayed(client, before, code).status_code == 400
    assert not is_signed_in(client)
