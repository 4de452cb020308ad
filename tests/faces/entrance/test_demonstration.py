"""One click signs in where everything is invented, and there only."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from psycopg.conninfo import conninfo_to_dict
from tests.cast import COMPANY
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.base.dates import today
from yuexin.engines.access.models import Grant
from yuexin.faces.shared.demonstration import Player, demonstration, keep_cast
from yuexin.home.cluster import is_embedded
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

PLAYER = Player(part="clerk", login="demo.clerk", password=people.PASSWORD)
OWNER = Player(part="owner", login="demo.owner", password=people.PASSWORD)
WANTED = {"login": PLAYER.login}
CLICK = "/sign-in/demonstration"
CONFIRM = "/account/confirm/demonstration"


@pytest.fixture
def stage(database: str) -> Iterator[Home]:
    """The home of the tests' own server, made a demonstration."""
    sockets = Path(str(conninfo_to_dict(database)["host"]))
    home = Home(sockets.parents[1])
    if not is_embedded(home=home, host=str(sockets)):
        pytest.skip("the tests run on a server of the operator's")
    keep_cast(home=home, cast=(PLAYER,))
    people.grant(people.account(PLAYER.login))
    with override_settings(HOME=home, ALLOWED_HOSTS=["*"]):
        yield home
    home.demonstration.unlink()


def asking(**changes: Any) -> bool:
    request = RequestFactory(SERVER_NAME="localhost").get("/", **changes)
    return demonstration(request)


def test_one_click_signs_in_as_one_of_the_cast_without_a_second_factor(
    client: Client, stage: Home
) -> None:
    assert PLAYER.login in client.get("/sign-in").content.decode()
    assert client.post(CLICK, {**WANTED, "next": "/about"}).headers["Location"] == "/about"
    page = client.get("/account").content.decode()
    assert "窗口与经办人员" in page
    assert client.get(CLICK).status_code == 405


def test_only_the_cast_enters_by_one_click(client: Client, stage: Home) -> None:
    people.citizen("somebody")
    for login in ("somebody", "nobody", ""):
        assert client.post(CLICK, {"login": login}).status_code == 404


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_known_by_its_names_and_addresses(
    stage: Home, host: str, peer: str
) -> None:
    assert asking(HTTP_HOST=host, REMOTE_ADDR=peer)


@pytest.mark.parametrize(
    "changes",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "10.0.0.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "yuexin.example"},
        {"HTTP_HOST": "localhost.evil.example"},
        {"HTTP_HOST": "10.0.0.1:8000"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_whoever_does_not_sit_at_this_machine_must_show_a_password(
    client: Client, stage: Home, changes: dict[str, Any]
) -> None:
    assert asking()
    assert not asking(**changes)
    assert client.post(CLICK, WANTED, **changes).status_code == 404
    assert PLAYER.login not in client.get("/sign-in", **changes).content.decode()


def test_a_home_that_was_not_made_one_is_no_demonstration(client: Client, stage: Home) -> None:
    stage.demonstration.rename(stage.path / "elsewhere")
    try:
        assert not asking()
        assert client.post(CLICK, WANTED).status_code == 404
    finally:
        (stage.path / "elsewhere").rename(stage.demonstration)


def test_a_database_that_is_not_the_homes_own_is_no_demonstration(
    client: Client, stage: Home, tmp_path: Path
) -> None:
    other = Home.at(path=tmp_path / "home")
    shutil.copy(stage.demonstration, other.demonstration)
    with override_settings(HOME=other):
        assert not asking()
        assert client.post(CLICK, WANTED).status_code == 404


def test_a_session_of_one_click_ends_when_it_is_used_elsewhere(client: Client, stage: Home) -> None:
    client.post(CLICK, WANTED)
    assert client.get("/account").status_code == 200
    away = client.get("/account", REMOTE_ADDR="203.0.113.7")
    assert away.headers["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302, "and it is over here, too"


def test_from_elsewhere_it_is_said_why_one_click_is_not_offered(
    client: Client, stage: Home
) -> None:
    said = "才能一键登录"
    assert said not in client.get("/sign-in").content.decode()
    assert said in client.get("/sign-in", REMOTE_ADDR="203.0.113.7").content.decode()
    with override_settings(HOME=Home(stage.path / "elsewhere")):
        assert said not in client.get("/sign-in").content.decode()


def test_an_owner_who_came_by_one_click_delegates_and_confirms_as_he_came(
    client: Client, stage: Home, deliver: Intake
) -> None:
    deliver("registration", [COMPANY.registration()])
    keep_cast(home=stage, cast=(PLAYER, OWNER))
    people.grant(people.account(OWNER.login), role="owner", agency="", subject_code=COMPANY.uscc)
    taker = people.account("accountant")
    client.post(CLICK, {"login": OWNER.login})
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": 0} for one in records]
    session.save()
    last = today(dt.datetime.now(dt.UTC)) + dt.timedelta(days=30)
    given = {
        "login": taker.login, "name": taker.display_name, "rights": ["apply"],
        "until": last.isoformat(), "reason": "代理记账",
    }  # fmt: skip
    asked = client.post(f"/account/firms/{COMPANY.uscc}/delegates", given)
    there = asked.headers["Location"]
    assert there.startswith("/account/confirm/demonstration")
    page = client.get(there).content.decode()
    assert "没有密码" in page
    assert 'type="password"' not in page
    assert not Grant.objects.filter(role="delegate").exists()
    assert client.post(there).status_code == 302
    assert Grant.objects.get(role="delegate").account == taker


def test_the_confirmation_of_one_click_is_there_for_nobody_else(
    client: Client, stage: Home
) -> None:
    people.citizen("somebody")
    people.sign_in(client, "somebody")
    assert client.get("/account").status_code == 200
    for answer in (client.get(CONFIRM), client.post(CONFIRM)):
        assert answer.status_code == 404
