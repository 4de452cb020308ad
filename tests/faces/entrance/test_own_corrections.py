"""A firm in whose file entries of another one stood is told so, by nobody's name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import CLERK, COMPANY, TRADER
from tests.faces.entrance import people
from tests.intake import Intake
from tests.judging import held_row, judge
from tests.state import value

from yuexin.domains.credit.queries import credit_file

pytestmark = pytest.mark.usefixtures("undone")

WRONG = "粤环示例罚〔2026〕31号"
REASON = "另有一家同名企业"
CONFIRMED = "SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed'"


def owner(login: str, *, of: str) -> Client:
    holder = people.account(login)
    people.grant(holder, role="owner", agency="", subject_code=of)
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def mine(deliver: Intake, undone: None) -> Client:
    """The owner's browser, once he and a clerk looked and the judgement was taken back."""
    del undone
    now = dt.datetime.now(dt.UTC)
    before = now - dt.timedelta(days=1)
    rows = [COMPANY.registration(), TRADER.registration()]
    deliver("registration", rows, now=before)
    nameless = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="", CF_WSH=WRONG)
    deliver("penalties_2018", [nameless], agency="environment", now=before)
    judge(deliver, held_row(), "same", COMPANY.uscc, now=dt.datetime.now(dt.UTC))
    browser = owner("owner", of=COMPANY.uscc)
    assert WRONG in page(browser, "/account/file")
    assert credit_file(actor=CLERK, code=COMPANY.uscc, on=None, now=dt.datetime.now(dt.UTC))
    judge(deliver, held_row(), "same", TRADER.uscc, now=dt.datetime.now(dt.UTC), reason=REASON)
    return browser


def test_an_owner_is_told_who_looked_meanwhile(mine: Client) -> None:
    home = page(mine, "/account")
    told = home.partition('id="corrections"')[2].partition('id="looks"')[0]
    assert "您的档案里有 1 条别的主体的内容，已移出" in told
    for said in ("广东省生态环境厅", "窗口与经办人员"):
        assert said in told
    for hidden in (CLERK.id, WRONG, REASON, TRADER.name, TRADER.uscc):
        assert hidden not in home, hidden
    assert "#corrections" in page(mine, "/account/file")


def test_an_owner_who_looked_himself_confirms_it_once(mine: Client) -> None:
    home = page(mine, "/account")
    address = home.partition('action="/account/corrections/')[2].partition('"')[0]
    for _ in range(2):
        assert mine.post(f"/account/corrections/{address}").status_code == 302
    assert value(CONFIRMED) == 1
    assert "/account/corrections/" not in page(mine, "/account")
    assert mine.post("/account/corrections/999").status_code == 404


def test_no_other_firm_is_told(mine: Client) -> None:
    home = page(mine, "/account")
    number = home.partition('action="/account/corrections/')[2].partition('"')[0]
    other = owner("other", of=TRADER.uscc)
    assert "更正" not in page(other, "/account")
    assert other.post(f"/account/corrections/{number}").status_code == 404
    people.citizen("he")
    visitor = Client(SERVER_NAME="localhost")
    assert visitor.post(f"/account/corrections/{number}").status_code == 302
    assert value(CONFIRMED) == 0


@pytest.mark.usefixtures("mine")
def test_the_public_page_tells_of_it_and_only_there(client: Client) -> None:
    told = page(client, f"/s/{COMPANY.uscc}")
    assert "更正说明" in told
    assert "留有副本的请重新查阅" in told
    assert "更正说明" in page(client, f"/s/{COMPANY.uscc}/timeline")
    assert "更正说明" not in page(client, f"/s/{TRADER.uscc}")
