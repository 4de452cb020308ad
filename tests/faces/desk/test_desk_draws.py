"""A draw is announced at the desk by one, made by another, and read by whoever has to check."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from click.testing import CliRunner
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.faces.desk.test_desk_handling import page
from tests.faces.desk.world import World
from tests.faces.entrance import people
from tests.state import value

from yuexin.domains.hall.filing.draws import announce, draw_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.console.main import main

pytestmark = pytest.mark.usefixtures("undone")
DRAWS = "/desk/draws"


def seated(login: str, role: str, agency: str = "market_regulation") -> Client:
    account = people.account(login)
    TOTP.activate(account, people.SECRET)
    people.grant(account, role=role, agency=agency)
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    return client


@pytest.fixture
def reported(world: World) -> World:
    world.intake("annual_reports", [COMPANY.report(2025), TRADER.report(2025)])
    return world


def announced(world: World) -> None:
    """By the head of the register, two hours ago."""
    announce(
        declarations=current(), home=world.intake.home, filing="annual_report", period=2025,
        actor=Actor(id="head", role="signing_officer", agency="market_regulation"),
        now=dt.datetime.now(dt.UTC) - dt.timedelta(hours=2),
    )  # fmt: skip


def test_an_announcement_is_told_and_left_to_another(reported: World) -> None:
    head, other = seated("head", "signing_officer"), seated("other", "clerk")
    said = head.post(DRAWS, {"filing": "annual_report", "period": "2025"})
    assert said.status_code == 302
    told = page(head, said.headers["Location"])
    for words in ("第 1 次抽取已公告，已通知本部门", "起由另一人抽取", "您公告的", "负责人"):
        assert words in told, words
    assert "现在抽取" not in told
    assert "第 1 次抽取已公告" in page(other, "/desk/"), "in the inbox of the office"
    assert "第 1 次抽取已公告" not in page(reported.sit_down("clerk"), "/desk/")


def test_who_announced_may_not_draw_and_who_drew_reads_whom_to_check(reported: World) -> None:
    head, other = seated("head", "signing_officer"), seated("other", "clerk")
    announced(reported)
    assert "现在抽取" not in page(head, DRAWS)
    refused = head.post(DRAWS, {"draw": "1"})
    assert refused.status_code == 400
    assert "请本部门另一位" in refused.content.decode()
    assert "现在抽取" in page(other, DRAWS)
    done = other.post(DRAWS, {"draw": "1"})
    assert "第 1 次抽取已完成，抽中 1 户" in page(other, done.headers["Location"])
    (code,) = draw_of(declarations=current(), number=1).drawn  # type: ignore[union-attr]
    name = {COMPANY.uscc: COMPANY.name, TRADER.uscc: TRADER.name}[code]
    checker = seated("checker", "inspector")
    start = page(checker, "/desk/")
    assert "第 1 次抽中 1 户" in start
    assert "抽中 1 户，请核查" in start
    told = page(checker, f"{DRAWS}/1")
    for words in (name, code, "由所在城市的机关检查", "广州市市场监督管理局", "已检查 0 户"):
        assert words in told, words
    assert f"/desk/cases/about/{code}" not in told, "the body of its city checks it"
    local = seated("local", "inspector", "guangzhou_market_regulation")
    assert f"/desk/cases/about/{code}" in page(local, f"{DRAWS}/1")
    assert "第 1 次抽取" in page(local, "/desk/checks")
    assert reported.sit_down("auditor").get(f"{DRAWS}/1").status_code == 403
    assert checker.get(f"{DRAWS}/9").status_code == 404


def test_the_public_page_tells_how_to_draw_again_without_the_platform(
    reported: World, client: Client, tmp_path: Path
) -> None:
    announced(reported)
    seated("other", "clerk").post(DRAWS, {"draw": "1"})
    found = draw_of(declarations=current(), number=1)
    assert found
    told = page(client, "/draws/1")
    command = f"--population population.txt --seed {found.seed} --permille {found.permille}"
    assert command in told
    file = tmp_path / "population.txt"
    file.write_bytes(client.get("/draws/1/population.txt").content)
    given = command.replace("population.txt", str(file)).split()
    again = CliRunner().invoke(main, ["draw", *given])
    assert again.exit_code == 0, again.output
    assert found.seed_sha256 in again.output
    assert found.population_sha256 in again.output
    assert again.output.split()[-1] == found.drawn[-1]
    wrong = CliRunner().invoke(main, ["draw", "--population", str(file), "--seed", "示例"])
    assert wrong.exit_code != 0
    assert "64 位十六进制数" in wrong.output
    assert value("SELECT count(*) FROM draw_result") == 1
