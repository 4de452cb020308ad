"""Signing in by the province's identity provider, over HTTP, with every way to forge its word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client, override_settings
from tests.faces.entrance import people, provider
from tests.faces.entrance.provider import CLIENT, TRUE, Provider

from yuexin.engines.access.models import Account, Entry, Identity
from yuexin.engines.access.queries import identity_of

pytestmark = pytest.mark.usefixtures("undone")
GO = "/sign-in/province"


@pytest.fixture
def province() -> Iterator[Provider]:
    with provider.serving() as started:
        app = {
            "provider_id": "province", "name": "省统一身份认证平台", "client_id": CLIENT,
            "secret": "s", "settings": {
                "server_url": started.address, "scope": ["openid", "profile"],
                "claims": ["name", "document_type", "document_number"],
            },
        }  # fmt: skip
        said = {"province": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        with override_settings(SOCIALACCOUNT_PROVIDERS=said):
            yield started


def there(client: Client, **more: str) -> str:
    """The address to which the browser is led."""
    answer = client.post(GO, more)
    assert answer.status_code == 200
    found = re.search(r'<a class="act strong" href="([^"]+)"', answer.content.decode())
    assert found
    return html.unescape(found[1])


def back(client: Client, address: str) -> Any:
    split = urlsplit(address)
    return client.get(f"{split.path}?{split.query}")


def come(client: Client, province: Provider) -> Any:
    return back(client, province.approve(there(client)))


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_whoever_the_provider_verified_is_known_by_name_and_document(
    client: Client, province: Provider
) -> None:
    assert "用省统一身份认证平台登录" in client.get("/sign-in").content.decode()
    assert come(client, province).headers["Location"] == "/account"
    page = client.get("/account/firms").content.decode()
    assert "陈示例" in page
    assert "440106********1231" in page
    assert TRUE["document_number"] not in page
    account = Account.objects.get(display_name="陈示例")
    found = identity_of(home=settings.HOME, account=account)
    assert found
    assert (found.name, found.document, found.how) == ("陈示例", "id_number", "provider")
    assert [one.extra_data for one in SocialAccount.objects.all()] == [{}]
    kept = f"{dict(client.session)}{[one.detail for one in Entry.objects.all()]}"
    assert TRUE["document_number"] not in kept
    client.post("/sign-out")
    come(client, province)
    assert Account.objects.filter(display_name="陈示例").count() == 1
    assert Identity.objects.count() == 1


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.get(GO).status_code == 404
    assert client.get(f"{GO}/back?code=x&state=y").status_code == 404
    assert "身份认证平台登录" not in client.get("/sign-in").content.decode()


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody"},
    "over": {"exp": 1},
    "another nonce": {"nonce": "not-yours"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": None},
    "another than the provider tells of": {"sub": "u-2"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_is_refused(client: Client, province: Provider, lie: str) -> None:
    province.lies = LIES[lie]
    assert come(client, province).status_code == 401
    assert not is_signed_in(client)
    assert not Account.objects.filter(login__startswith="p-").exists()


def test_a_token_that_somebody_else_signed_is_refused(client: Client, province: Provider) -> None:
    province.signed_by = provider._key()
    assert come(client, province).status_code == 401
    # With the public key, which everybody knows, as a secret.
    province.signed_by, province.algorithm = provider.jwk_of(province.key), "HS256"
    assert come(client, province).status_code == 401
    province.signed_by, province.algorithm = "", "none"
    assert come(client, province).status_code == 401
    assert not is_signed_in(client)


def test_an_answer_works_once_and_in_the_browser_that_asked(
    client: Client, province: Provider
) -> None:
    answer = province.approve(there(client))
    thief = Client(SERVER_NAME="localhost")
    assert back(thief, answer).status_code == 401
    assert back(client, answer.replace("state=", "state=x")).status_code == 401
    assert back(client, answer).status_code == 302
    client.post("/sign-out")
    assert back(client, answer).status_code == 401
    assert not is_signed_in(client)


def test_a_code_that_another_browser_was_given_is_refused(
    client: Client, province: Provider
) -> None:
    """Without the verifier of PKCE, a stolen code is worth nothing."""
    theirs = Client(SERVER_NAME="localhost")
    stolen = province.approve(there(theirs)).split("code=")[1].split("&")[0]
    mine = province.approve(there(client))
    own = mine.split("code=")[1].split("&")[0]
    assert back(client, mine.replace(own, stolen)).status_code == 401
    assert not is_signed_in(client)


def test_whoever_tells_no_document_is_not_let_in(client: Client, province: Provider) -> None:
    province.person = {"sub": "u-1", "name": "陈示例"}
    answer = come(client, province)
    assert "没有开立账号" in answer.content.decode()
    assert not is_signed_in(client)
    province.person = dict(TRUE, document_type="军官证")
    assert "没有开立账号" in come(client, province).content.decode()


@pytest.mark.parametrize("number", ["440106199003071232", "'; DROP TABLE account; --", "9" * 200])
def test_a_number_that_is_none_makes_nobody_known(
    client: Client, province: Provider, number: str
) -> None:
    province.person = dict(TRUE, document_number=number)
    assert come(client, province).status_code == 302
    assert not Identity.objects.exists()
    assert number not in client.get("/account").content.decode()


def test_a_person_who_comes_back_as_another_stays_who_he_was(
    client: Client, province: Provider
) -> None:
    come(client, province)
    client.post("/sign-out")
    province.person = dict(TRUE, name="李示例", document_number="440300198501010018")
    come(client, province)
    assert "这个账号已核实为另一个人" in client.get("/account").content.decode()
    assert [one.name for one in Identity.objects.all()] == ["陈示例"]


def test_a_person_of_hong_kong_is_known_by_his_permit(client: Client, province: Provider) -> None:
    province.person = dict(TRUE, document_type="回乡证", document_number="H12345678")
    come(client, province)
    assert "H1*****78" in client.get("/account/firms").content.decode()


def test_an_officer_does_not_come_by_the_provider(client: Client, province: Provider) -> None:
    come(client, province)
    client.post("/sign-out")
    people.grant(Account.objects.get(display_name="陈示例"))
    assert come(client, province).status_code == 403
    assert not is_signed_in(client)


def test_the_browser_is_led_to_the_provider_and_home_again_only(
    client: Client, province: Provider
) -> None:
    address = there(client, next="https://evil.example/")
    assert address.startswith(f"{province.address}/authorize?")
    assert back(client, province.approve(address)).headers["Location"] == "/account"
