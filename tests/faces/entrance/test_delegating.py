"""Whoever is let act for a firm, and its owners, learn it; a form says all that is amiss."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.base.dates import today
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.notices.models import Notice

pytestmark = pytest.mark.usefixtures("undone", "registered")

FIRM = f"/account/firms/{COMPANY.uscc}"
DELEGATES = f"{FIRM}/delegates"
GIVEN, ENDED, CHANGED = "delegation_given", "delegation_ended", "delegate_changed"


@pytest.fixture
def registered(undone: None, deliver: Intake) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()])


def signed_in(login: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    people.sign_in(client, login)
    return client


def owner(login: str = "chen", code: str = COMPANY.uscc) -> Client:
    people.grant(people.account(login), role="owner", agency="", subject_code=code)
    return signed_in(login)


def let(client: Client, taker: Account, **changes: Any) -> Any:
    until = today(dt.datetime.now(dt.UTC)) + dt.timedelta(days=30)
    given = {
        "login": taker.login, "name": taker.display_name, "rights": ["apply"],
        "until": until.isoformat(), "reason": "代理记账", **changes,
    }  # fmt: skip
    return client.post(DELEGATES, given)


def page(client: Client, address: str, **headers: Any) -> str:
    return str(client.get(address, **headers).content.decode())


def told(login: str) -> dict[str, Notice]:
    return {one.declared: one for one in Notice.objects.filter(recipient=f"account:{login}")}


def test_every_fault_of_a_delegation_stands_at_its_field_and_in_one_list() -> None:
    client, taker = owner(), people.account("lin")
    answer = let(
        client, taker, name="别人", rights=[], until="2020-01-01", agent="X" * 18, reason=" "
    )
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "有 5 处要改" in said
    for field in ("login", "rights", "until", "agent", "reason"):
        assert f'<a href="#{field}">' in said
        assert f'id="{field}"' in said
        assert f'id="{field}-fault"' in said
    for field in ("login", "until", "agent", "reason"):
        (shown,) = re.findall(rf'<input id="{field}"[^>]*>', said)
        assert 'aria-invalid="true"' in shown
        assert f"{field}-fault" in shown
    for typed in ("lin", "别人", "2020-01-01", "X" * 18):
        assert f'value="{typed}"' in said
    assert not Grant.objects.filter(role="delegate").exists()
    right = let(client, taker, reason="")
    assert right.content.decode().count('aria-invalid="true"') == 1


def test_whoever_is_let_act_and_the_owners_are_told() -> None:
    client, taker = owner(), people.account("lin")
    owner("wu")
    let(client, taker)
    given = told("lin")[GIVEN]
    assert COMPANY.name in given.said["zh"]["title"]
    assert "办理申请" in given.said["zh"]["body"]
    assert "Apply" in given.said["en"]["body"]
    assert given.link == "/account/firms"
    for login in ("chen", "wu"):
        assert told(login)[CHANGED].link == DELEGATES
    assert set(told("lin")) == {GIVEN}
    grant = Grant.objects.get(role="delegate")
    client.post(f"{DELEGATES}/{grant.pk}/end", {"reason": "不再合作"})
    ended = told("lin")[ENDED]
    assert COMPANY.name in ended.said["zh"]["title"]
    assert "由委托人终止" in ended.said["zh"]["body"]
    assert "不再合作" in ended.said["zh"]["body"]
    assert Notice.objects.filter(declared=CHANGED).count() == 4


def test_a_delegate_who_leaves_is_told_and_so_is_the_owner() -> None:
    client, taker = owner(), people.account("lin")
    let(client, taker)
    grant = Grant.objects.get(role="delegate")
    signed_in("lin").post(f"{DELEGATES}/{grant.pk}/end")
    assert "由您自己终止" in told("lin")[ENDED].said["zh"]["body"]
    (last,) = Notice.objects.filter(declared=CHANGED, key__endswith="ended")
    assert last.recipient == "account:chen"
    assert "已自行不再受托" in last.said["zh"]["body"]


def test_whose_delegation_ended_reads_of_which_firm_and_what_to_do() -> None:
    client, taker = owner(), people.account("lin")
    let(client, taker)
    helper = signed_in("lin")
    assert helper.get("/counter/cases").status_code == 200
    client.post(f"{DELEGATES}/{Grant.objects.get(role='delegate').pk}/end")
    said = page(helper, "/counter/cases")
    assert f"{COMPANY.name}：这项授权已于" in said
    assert "请委托人重新委托" in said
    assert 'href="/account/firms"' in said
    mine = page(helper, "/account/firms")
    assert COMPANY.name in mine
    assert "受托已于" in mine
    let(client, taker)
    assert "受托已于" not in page(helper, "/account/firms"), "who acts again reads no end"


def test_the_owner_learns_that_it_was_his_delegate_who_looked() -> None:
    client, taker = owner(), people.account("lin")
    agent = people.account("boss")
    people.grant(agent, role="owner", agency="", subject_code=TRADER.uscc)
    people.grant(taker, role="owner", agency="", subject_code=TRADER.uscc)
    let(client, taker, rights=["read_file"], agent=TRADER.uscc)
    helper = signed_in("lin")
    helper.post(f"{FIRM}/act")
    assert helper.get("/account/file").status_code == 200
    looks = page(client, "/account").partition('id="looks"')[2]
    assert "您委托的人" in looks
    assert taker.display_name in looks
    assert TRADER.uscc in looks or TRADER.name in looks
    assert "没有部门" not in looks
    client.get("/account/file")
    theirs = page(helper, "/account").partition('id="looks"')[2]
    assert "本主体自己的人也看过" in theirs
    assert "没有部门" not in theirs
    assert "您委托的人" not in theirs


def test_a_delegate_without_the_file_reads_which_right_is_missing_and_who_gives_it() -> None:
    client, taker = owner(), people.account("lin")
    let(client, taker)
    answer = signed_in("lin").get("/account/file")
    assert answer.status_code == 403
    said = answer.content.decode()
    assert "委托人没有给您“查看本主体的档案”的权限" in said
    assert "法定代表人" in said
    assert "不代表任何主体" not in said
    english = page(signed_in("lin"), "/account/file", HTTP_ACCEPT_LANGUAGE="en")
    assert "You were not given the right “Read the file”" in english


def test_what_was_done_again_on_one_day_is_one_line() -> None:
    client, taker = owner(), people.account("lin")
    let(client, taker, rights=["read_file"])
    helper = signed_in("lin")
    for _ in range(3):
        helper.get("/account/file")
    said = page(client, DELEGATES)
    assert len(re.findall("<li>查看档案", said)) == 1
    assert re.search('查看档案 <span class="soft">[2-9] 次', said)
    assert f"subject/{COMPANY.uscc}" not in said


def test_the_page_says_what_to_bring_where_somebody_cannot_act_online() -> None:
    said = page(owner(), DELEGATES).partition('id="paper"')[2]
    assert "授权委托书" in said
    assert "受理窗口" in said


def test_whoever_was_verified_meanwhile_acts_at_once_or_finds_the_button() -> None:
    holder = people.account("chen")
    client = signed_in("chen")
    assert "认领或选择一个主体" in page(client, "/account")
    people.grant(holder, role="owner", agency="", subject_code=COMPANY.uscc)
    assert client.get("/counter/").status_code == 200, "the only one there is"
    people.citizen("he")
    other = signed_in("he")
    people.grant(
        Account.objects.get(login="he"), role="owner", agency="", subject_code=COMPANY.uscc
    )
    for address in ("/account", "/account/file", "/counter/"):
        assert f'action="{FIRM}/act"' in page(other, address), address
    other.post(f"{FIRM}/act")
    assert other.get("/counter/").status_code == 200
