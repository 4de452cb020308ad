"""What a case says to its applicant reaches whoever acts for the firm on that day, and no other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import APPLICATION, World, paper
from tests.faces.entrance import people

from yuexin.base.dates import today
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import delegate, own_by_register, verify_identity
from yuexin.engines.access.queries import actor_of, identity_of
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.models import Notice

pytestmark = pytest.mark.usefixtures("undone")
CHEN, LI = ("陈示例", "440106199003071231"), ("李示例", "440300198501010018")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def let(world: World, login: str, *rights: str) -> Grant:
    people.account(login)
    return given(world, login, *rights)


def given(world: World, login: str, *rights: str) -> Grant:
    owner, taker = world.accounts["owner"], Account.objects.get(login=login)
    actor = actor_of(
        declarations=current(), account=owner.pk, grant_id=owner.grants.get().pk, purpose="",
        on=today(now()),
    )  # fmt: skip
    return delegate(
        declarations=current(), actor=actor, login=login, name=taker.display_name, rights=rights,
        valid_to=today(now()) + dt.timedelta(days=30), reason="代理记账", now=now(),
    )  # fmt: skip


def representative(world: World, login: str, who: tuple[str, str]) -> Account:
    """An account that acts for the company as the one whom its register names."""
    name, number = who
    account = people.account(login)
    verify_identity(
        home=world.intake.home, actor=OPERATOR, account=account, name=name, document="id_number",
        number=number, how="window", now=now(),
    )  # fmt: skip
    identity = identity_of(home=world.intake.home, account=account)
    assert identity
    own_by_register(account=account, identity=identity, code=COMPANY.uscc, now=now())
    return account


def applied(world: World, account: Account, number: str = "5") -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    record = world.record(number)
    answer = client.post(
        f"/counter/apply/penalty_repair/{record}", {**APPLICATION, "p-proof": paper()}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def told(case: str, notice: str) -> set[str]:
    found = Notice.objects.filter(about=f"case/{case}", declared=notice)
    return {one.recipient.removeprefix("account:") for one in found}


def end_owner(world: World) -> None:
    people.end(world.accounts["owner"].grants.get())


def test_a_delegate_is_told_while_he_acts_and_the_owner_of_what_he_did(world: World) -> None:
    held = let(world, "bookkeeper", "apply")
    case = applied(world, held.account)
    assert told(case, "case_by_delegate") == {"owner"}
    (said,) = Notice.objects.filter(about=f"case/{case}", declared="case_by_delegate")
    assert said.in_app
    assert "申请信用修复" in said.said["zh"]["title"]
    assert said.link == f"/counter/cases/{case}"
    inbox = world.sit_down("owner").get("/account/notices").content.decode()
    assert "受托人 陈示例 办理了“行政处罚信用修复”：申请信用修复" in inbox
    world.step("clerk", case, "accept", seen=1)
    assert told(case, "case_for_applicant") == {"bookkeeper"}


def test_after_the_end_of_a_delegation_the_owner_is_told_and_the_delegate_nothing(
    world: World,
) -> None:
    held = let(world, "bookkeeper", "apply")
    let(world, "reader", "read_notices", "read_file")
    let(world, "second", "apply")
    case = applied(world, held.account)
    people.end(held)
    world.step("clerk", case, "accept", seen=1)
    assert told(case, "case_for_applicant") == {"owner", "second"}, "who may apply, no reader"


def test_a_delegate_who_may_apply_no_more_is_told_no_more(world: World) -> None:
    held = let(world, "bookkeeper", "apply")
    case = applied(world, held.account)
    people.end(held)
    given(world, "bookkeeper", "file_reports")
    world.step("clerk", case, "accept", seen=1)
    assert told(case, "case_for_applicant") == {"owner"}


def test_after_a_change_of_representative_the_new_one_is_told(world: World) -> None:
    end_owner(world)
    old = representative(world, "chen", CHEN)
    case = applied(world, old)
    world.step("clerk", case, "accept", seen=1)
    assert told(case, "case_for_applicant") == {"chen"}
    world.intake("registration", [COMPANY.registration(法定代表人="李示例")], now=now())
    representative(world, "li", LI)
    refused = world.step("signer", case, "refuse", seen=2, reason="整改没有完成")
    assert refused.status_code == 302
    assert told(case, "case_for_applicant") == {"chen", "li"}
    last = Notice.objects.filter(about=f"case/{case}", declared="case_for_applicant").latest(
        "told_at"
    )
    assert last.recipient == "account:li"
    assert "不予修复" in last.said["zh"]["title"]


def test_what_an_owner_does_himself_is_told_to_nobody_as_a_delegates(world: World) -> None:
    case = applied(world, world.accounts["owner"])
    assert told(case, "case_by_delegate") == set()


def test_where_nobody_acts_any_more_nobody_is_told(world: World) -> None:
    held = let(world, "bookkeeper", "apply")
    case = applied(world, held.account)
    end_owner(world)
    world.step("clerk", case, "accept", seen=1)
    assert told(case, "case_for_applicant") == set()
