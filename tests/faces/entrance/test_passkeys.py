"""Passkeys in a real browser, with an authenticator of its own; what another site gets of one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from tests.faces.desk.serving import serving
from tests.faces.entrance import people, texts

from yuexin.engines.access.models import Account, Entry

T = TypeVar("T")
CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PASSKEY = "form[data-passkey] button"


@pytest.fixture
def site(database: str) -> Iterator[str]:
    del database
    with serving() as address, override_settings(ALLOWED_HOSTS=["localhost"]):
        yield address.replace("127.0.0.1", "localhost")
    connections.close_all()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def aside(call: Callable[[], T]) -> T:
    """Beside the browser's loop, where the database may be asked."""

    def called() -> T:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(called).result()


def device(page: Page) -> tuple[CDPSession, str]:
    """A phone that unlocks itself: its passkeys lie in it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


def come(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#phone", number)
    page.click("text=获取短信验证码")
    page.wait_for_url(f"{site}/sign-in/phone/code")
    page.fill("#code", aside(lambda: texts.last_code(number)))
    page.click("main button")
    page.wait_for_url(f"{site}/account")


def make(page: Page, site: str) -> None:
    page.goto(f"{site}/account/passkeys/new")
    page.click(PASSKEY)
    page.wait_for_url(f"{site}/account#passkeys")


def leave(page: Page, site: str) -> None:
    page.click("text=退出登录")
    page.wait_for_url(f"{site}/sign-in")


def test_a_passkey_is_made_signs_in_confirms_and_is_deleted(site: str, browser: Browser) -> None:
    page = browser.new_page(locale="zh-CN")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    device(page)
    come(page, site, "13700137001")
    make(page, site)
    assert "通行密钥 1" in page.inner_text("main")
    leave(page, site)
    page.click(PASSKEY)
    page.wait_for_url(f"{site}/account")
    login = page.inner_text("dd.code")
    assert login.startswith("p-")
    page.goto(f"{site}/account/confirm/passkey?next=/account/firms")
    page.click(PASSKEY)
    page.wait_for_url(f"{site}/account/firms")
    page.goto(f"{site}/account")
    page.click("#passkeys + ul a")
    page.click("main button")
    page.wait_for_url(f"{site}/account#passkeys")
    assert "通行密钥 1" not in page.inner_text("main")
    leave(page, site)
    with page.expect_navigation():
        page.click(PASSKEY)
    page.goto(f"{site}/account")
    assert "/sign-in" in page.url
    assert wrong == []
    rows = Entry.objects.filter(thing=f"account/{login}")
    done = aside(lambda: set(rows.values_list("action", flat=True)))
    assert {"account.factor_added", "account.factor_removed"} <= done


def test_a_page_without_scripts_offers_no_passkey(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    assert not page.is_visible(PASSKEY)
    assert page.is_visible("text=获取短信验证码")


def test_a_passkey_shown_to_another_site_opens_nothing(site: str, browser: Browser) -> None:
    page = browser.new_page(locale="zh-CN")
    session, authenticator = device(page)
    come(page, site, "13700137002")
    make(page, site)
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    (credential,) = held["credentials"]
    aside(lambda: opens_nothing(credential, site))


def opens_nothing(credential: dict[str, Any], site: str) -> None:
    host = site.removeprefix("http://").partition(":")[0]
    client = Client(SERVER_NAME=host, SERVER_PORT=site.rpartition(":")[2])
    lies: list[dict[str, Any]] = [
        {"origin": "https://evil.example"},
        {"origin": f"https://{host}.evil.example"},
        {"challenge": "AAAA"},
        {"verified": False},
        {"rp": "evil.example"},
    ]
    for lie in lies:
        assert shown(client, credential, site, **lie) == "/sign-in", lie
        assert client.get("/account").status_code == 302
    answer = signed(client, credential, site)
    assert client.post("/sign-in/passkey", answer).headers["Location"] == "/account"
    client.post("/sign-out")
    assert client.post("/sign-in/passkey", answer).headers["Location"] == "/sign-in", "used up"


def test_an_officer_does_not_come_by_passkey(site: str, browser: Browser) -> None:
    page = browser.new_page(locale="zh-CN")
    device(page)
    come(page, site, "13700137003")
    make(page, site)
    login = page.inner_text("dd.code")
    leave(page, site)
    aside(lambda: people.grant(Account.objects.get(login=login)))
    page.click(PASSKEY)
    page.wait_for_load_state("networkidle")
    assert "公职人员账号请用用户名、密码和动态口令登录" in page.inner_text("main")


def shown(client: Client, credential: dict[str, Any], site: str, **lie: Any) -> str:
    answer = client.post("/sign-in/passkey", signed(client, credential, site, **lie))
    return str(answer.headers["Location"])


def signed(client: Client, credential: dict[str, Any], site: str, **lie: Any) -> dict[str, str]:
    """What a browser would send after the key was shown, with its signature over what it says."""
    asked = client.get("/sign-in/passkey", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    said = json.dumps({
        "type": "webauthn.get", "origin": lie.get("origin", site), "crossOrigin": False,
        "challenge": lie.get("challenge", asked["request_options"]["publicKey"]["challenge"]),
    }).encode()  # fmt: skip
    relying = hashlib.sha256(lie.get("rp", credential["rpId"]).encode()).digest()
    flags = 0x05 if lie.get("verified", True) else 0x01
    data = relying + bytes([flags]) + (999).to_bytes(4, "big")
    key = load_der_private_key(base64.b64decode(credential["privateKey"]), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signature = key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
    identifier = url_safe(base64.b64decode(credential["credentialId"]))
    response = {
        "clientDataJSON": url_safe(said), "authenticatorData": url_safe(data),
        "signature": url_safe(signature),
        "userHandle": url_safe(base64.b64decode(credential["userHandle"])),
    }  # fmt: skip
    whole = {
        "id": identifier, "rawId": identifier, "type": "public-key", "response": response,
        "clientExtensionResults": {},
    }  # fmt: skip
    return {"credential": json.dumps(whole)}


def url_safe(data: bytes) -> str:
    return re.sub("=+$", "", base64.urlsafe_b64encode(data).decode())
