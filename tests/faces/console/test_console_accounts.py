"""`yuexin account` over the real database: what it prints, and what the demonstration asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth import authenticate
from tests.database import Cluster

from yuexin.engines.access.models import Account, Entry
from yuexin.faces.console.main import main
from yuexin.home.folder import Home

ROOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["account", *arguments], input=typed)


@pytest.mark.usefixtures("database", "home")
def test_an_operator_opens_grants_and_ends(cluster: Cluster) -> None:
    del cluster
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


@pytest.mark.usefixtures("own_database")
def test_no_cast_is_opened_beside_anything_real(home: Home, tmp_path: Path) -> None:
    result = run("cast")
    assert result.exit_code == 2
    assert not home.demonstration.exists()
    assert not Account.objects.exists()
