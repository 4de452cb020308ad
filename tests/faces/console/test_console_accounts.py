"""`yuexin account` over the real database: what it prints, and what the demonstration asks for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth import authenticate
from psycopg.conninfo import conninfo_to_dict
from tests.cast import COMPANY, TRADER
from tests.intake import Intake

from yuexin.engines.access.models import Account, Entry
from yuexin.engines.deliveries.models import Delivery
from yuexin.faces.console.main import main
from yuexin.home.cluster import is_embedded
from yuexin.home.folder import Home
from yuexin.sample.players import PARTS

ROOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["account", *arguments], input=typed)


@pytest.mark.usefixtures("database", "home")
def test_an_operator_opens_grants_and_ends() -> None:
    assert run("open", "Lin", "--name", "林示例").exit_code == 0
    assert run("open", "lin", "--name", "林示例").exit_code == 2
    assert run("password", "lin", typed="short\n").exit_code == 2
    assert run("password", "lin", typed="seven grey herons\n").exit_code == 0
    assert authenticate(username="lin", password="seven grey herons")
    terms = ["--role", "clerk", "--agency", "environment", "--reason", "到任"]
    given = run("grant", "lin", *terms)
    assert given.exit_code == 0
    found = ROOM.search(given.output)
    assert found
    listed = json.loads(run("list", "--json").stdout)
    assert [one["role"] for one in listed[0]["grants"]] == ["clerk"]
    assert run("end-grant", found[0], "--reason", "调离").exit_code == 0
    assert json.loads(run("list", "--json").stdout)[0]["grants"] == []
    issued = run("key", "issue", "--label", "系统", "--agency", "environment", "--scope", "read")
    secret = issued.stdout.strip().splitlines()[-1]
    assert secret.startswith("yx_")
    key = json.loads(run("key", "list", "--json").stdout)[0]["id"]
    assert run("key", "end", key, "--reason", "示例").exit_code == 0
    assert json.loads(run("key", "list", "--json").stdout) == []
    assert run("close", "lin", "--reason", "离职").exit_code == 0
    assert not Account.objects.get(login="lin").is_active
    assert run("forget-factor", "lin").exit_code == 0
    assert {one.actor for one in Entry.objects.all()} == {"operator"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["password", "nobody"],
        ["grant", "nobody", "--role", "clerk", "--reason", "x"],
        ["end-grant", "00000000-0000-0000-0000-000000000000", "--reason", "x"],
        ["key", "end", "0", "--reason", "x"],
    ],
)
@pytest.mark.usefixtures("database", "home")
def test_what_is_not_there_is_refused(arguments: list[str]) -> None:
    assert run(*arguments, typed="x\n").exit_code == 2


@pytest.fixture
def embedded(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The home of the tests' own server, as the operator's."""
    sockets = Path(str(conninfo_to_dict(own_database)["host"]))
    home = Home(sockets.parents[1])
    if not is_embedded(home=home, host=str(sockets)):
        pytest.skip("the tests run on a server of the operator's")
    monkeypatch.setenv("YUEXIN_HOME", str(home.path))
    yield home
    home.demonstration.unlink(missing_ok=True)
    shutil.rmtree(home.path / "sample", ignore_errors=True)


def invented(home: Home) -> None:
    """Let the sample's manifest hold whatever was delivered so far, with nobody planted in it."""
    (home.path / "sample" / "truth").mkdir(parents=True)
    (home.path / "sample" / "truth" / "rows.csv").write_text("code,part\n", "utf-8")
    told = [{"sha256": sha256} for sha256 in Delivery.objects.values_list("sha256", flat=True)]
    (home.path / "sample" / "manifest.json").write_text(json.dumps(told), "utf-8")


def test_the_cast_is_opened_once_beside_a_sample(embedded: Home, deliver: Intake) -> None:
    assert run("cast").exit_code == 2, "no sample"
    deliver("registration", [COMPANY.registration()])
    invented(embedded)
    first = json.loads(run("cast", "--json").stdout)
    assert [one["login"] for one in first] == [part.login for part in PARTS]
    assert len({one["password"] for one in first}) == len(PARTS) == 11
    owner = Account.objects.get(login="demo.owner").grants.get()
    assert owner.subject_code == COMPANY.uscc
    Account.objects.get(login="demo.clerk").grants.get()
    deliver("registration", [TRADER.registration()])
    assert json.loads(run("cast", "--json").stdout) == first, "again resets nothing"
    assert Account.objects.count() == len(PARTS)


def test_no_cast_is_opened_where_something_else_was_delivered(
    embedded: Home, deliver: Intake
) -> None:
    deliver("registration", [COMPANY.registration()])
    invented(embedded)
    deliver("registration", [TRADER.registration()])
    assert run("cast").exit_code == 2
    assert not embedded.demonstration.exists()


def test_no_cast_is_opened_where_somebody_has_an_account(embedded: Home, deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    invented(embedded)
    assert run("open", "lin", "--name", "林示例").exit_code == 0
    assert run("cast").exit_code == 2
    assert not embedded.demonstration.exists()


@pytest.mark.usefixtures("own_database")
def test_no_cast_is_opened_on_a_database_of_somebody_else(home: Home) -> None:
    result = run("cast")
    assert result.exit_code == 2
    assert not home.demonstration.exists()
    assert not Account.objects.exists()
