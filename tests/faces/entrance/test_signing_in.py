"""Signing in: password, then the second factor; what officers without one see."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.faces.entrance import people

from yuexin.engines.access.models import Entry

pytestmark = pytest.mark.usefixtures("undone")

ENROL = "/account/second-factor/activate"


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_citizen_signs_in_by_password_and_out_by_a_button(client: Client) -> None:
    people.citizen()
    assert people.sign_in(client, " HE").headers["Location"] == "/account"
    assert "个人用户" in page_of(client, "/account")
    assert client.get("/sign-out").status_code == 200
    assert is_signed_in(client)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert "已退出登录。" in page_of(client, "/sign-in")
    assert not is_signed_in(client)
    actions = Entry.objects.filter(thing="account/he").order_by("id")
    assert list(actions.values_list("action", flat=True))[-2:] == [
        "account.signed_in", "account.signed_out",
    ]  # fmt: skip


def test_an_officer_without_a_second_factor_is_led_to_it_and_sees_nothing_else(
    client: Client,
) -> None:
    people.grant(people.account())
    assert people.sign_in(client, "lin").headers["Location"] == "/account"
    for address in ("/", "/account", "/about", "/search?q=x", "/account/password"):
        assert client.get(address).headers["Location"] == ENROL
    assert client.post("/account/purpose", {"purpose": "licensing"}).headers["Location"] == ENROL


def test_an_officer_sets_up_a_second_factor_and_is_asked_for_it_from_then_on(
    client: Client,
) -> None:
    holder = people.account()
    people.grant(holder)
    people.sign_in(client, "lin")
    page = page_of(client, ENROL)
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<script" not in page
    shown = people.KEY_SHOWN.search(page)
    assert shown
    assert client.post(ENROL, {"code": "000000"}).status_code == 200
    secret = people.KEY_SHOWN.search(client.post(ENROL, {"code": "x"}).content.decode())
    assert secret
    done = client.post(ENROL, {"code": people.code(secret[1])})
    assert done.headers["Location"] == "/account/recovery-codes"
    codes = page_of(client, "/account/recovery-codes").split('<li class="code">')[1:]
    recovery = [code.split("<")[0] for code in codes]
    assert len(recovery) == 10
    kept = "".join(str(one.data) for one in Authenticator.objects.filter(user=holder))
    assert secret[1] not in kept
    assert not any(code in kept for code in recovery)

    client.post("/sign-out")
    assert people.sign_in(client, "lin").headers["Location"] == "/sign-in/code"
    assert not is_signed_in(client)
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 200
    code = people.code(secret[1])
    assert client.post("/sign-in/code", {"code": code}).headers["Location"] == "/desk/"
    client.post("/sign-out")
    people.sign_in(client, "lin")
    assert client.post("/sign-in/code", {"code": code}).status_code == 200, "a code works once"
    assert client.post("/sign-in/code", {"code": recovery[0]}).status_code == 302
    client.post("/sign-out")
    people.sign_in(client, "lin")
    assert client.post("/sign-in/code", {"code": recovery[0]}).status_code == 200


def test_whoever_guesses_learns_nothing_and_must_wait(client: Client) -> None:
    people.citizen()
    right = people.sign_in(client, "he", "wrong").content.decode()
    unknown = people.sign_in(client, "nobody", "wrong").content.decode()
    assert _error(right) == _error(unknown)
    for _ in range(4):
        people.sign_in(client, "he", "wrong")
    assert people.sign_in(client, "he").status_code == 200, "even the right password must wait"
    assert not is_signed_in(client)


def _error(page: str) -> str:
    return page.split('<p class="notice" role="alert">')[1].split("</p>")[0]


def test_codes_cannot_be_guessed_in_turn(client: Client) -> None:
    people.officer()
    people.sign_in(client, "lin")
    for guess in range(8):
        client.post("/sign-in/code", {"code": f"{guess:06}"})
    assert client.post("/sign-in/code", {"code": people.code()}).status_code == 200
    assert not is_signed_in(client)


def test_a_closed_account_does_not_enter(client: Client) -> None:
    holder = people.citizen()
    people.sign_in(client, "he")
    holder.is_active = False
    holder.save()
    assert not is_signed_in(client)
    assert people.sign_in(Client(SERVER_NAME="localhost"), "he").headers["Location"] == (
        "/sign-in/closed"
    )


def test_a_new_password_ends_the_sessions_elsewhere(client: Client) -> None:
    people.citizen()
    other = Client(SERVER_NAME="localhost")
    people.sign_in(client, "he")
    people.sign_in(other, "he")
    fresh = "nine white egrets at dawn"
    terms = {"oldpassword": people.PASSWORD, "password1": fresh, "password2": fresh}
    weak = {**terms, "password1": "12345", "password2": "12345"}
    assert client.post("/account/password", weak).status_code == 200
    assert client.post("/account/password", terms).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_where_one_goes_on_is_a_page_of_ours(client: Client) -> None:
    people.citizen()
    for outside in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert people.sign_in(client, "he", next=outside).headers["Location"] == "/account"
        client.post("/sign-out")
    assert people.sign_in(client, "he", next="/about").headers["Location"] == "/about"


def test_forms_that_are_not_ours_are_refused() -> None:
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    people.citizen()
    for address in ("/sign-in", "/sign-out", "/sign-in/demonstration", "/account/purpose"):
        response = strict.post(address, {"login": "he", "password": people.PASSWORD})
        assert response.status_code == 403
        assert "这个表单已过期" in response.content.decode()


def test_what_the_signed_in_see_is_kept_nowhere(client: Client) -> None:
    assert "no-store" not in client.get("/about").headers["Cache-Control"]
    people.citizen()
    response = people.sign_in(client, "he")
    cookie = response.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for address in ("/about", "/account"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", ["signup", "email", "reset_password", "set_password"])
def test_pages_that_nobody_needs_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"account_{name}")


@pytest.mark.parametrize("address", ["/account", "/account/password", ENROL, "/account/confirm"])
def test_a_stranger_is_asked_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/sign-in?next=")


def test_the_pages_speak_english_too(client: Client) -> None:
    page = page_of(client, "/sign-in?lang=en")
    assert "Account name" in page
    assert "登录" not in page
