"""Whoever is listed wrongly objects within thirty days; what was wrong is annulled everywhere."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.domains.credit.handling.rows import abnormal
from tests.faces.counter.world import World, ago, paper
from tests.faces.entrance import people

from yuexin.engines.cases.models import CaseEffect, CaseFile
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.records.models import Record

pytestmark = pytest.mark.usefixtures("undone")
DISPUTED = "异议处理中"
SAID = {"f-why": "年度报告已在六月公示", "f-contact": "陈示例", "f-phone": "020-12345678"}


def listed(world: World, *, days_ago: int) -> str:
    """The record of an entry of COMPANY, told with its register's stock."""
    now = dt.datetime.now(dt.UTC)
    row = abnormal(COMPANY, 列入日期=ago(days_ago))
    world.intake("abnormal_operations", [row, abnormal(TRADER)], now=now)
    agency = Delivery.objects.latest("number").agency
    for part, role in (("register", "clerk"), ("registrar", "signing_officer")):
        account = people.account(part)
        TOTP.activate(account, people.SECRET)
        people.grant(account, role=role, agency=agency)
        world.accounts[part] = account
    found = Record.objects.get(
        kind="abnormal_operation", body__list_date=ago(days_ago), superseded_at=None
    )
    return str(found.pk)


def objected(world: World, record: str) -> str:
    answer = world.sit_down("owner").post(
        f"/counter/apply/listing_objection/{record}", {**SAID, "p-evidence": paper()}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def test_a_wrong_entry_is_disputed_then_annulled_and_public_no_more(
    world: World, client: Client
) -> None:
    record = listed(world, days_ago=10)
    address = f"/s/{COMPANY.uscc}/records/{record}"
    assert "三十日内向作出决定的机关提出书面异议" in client.get(address).content.decode()
    page = world.sit_down("owner").get(f"/counter/apply/listing_objection/{record}")
    assert "自公示之日起未满三十日" in page.content.decode()
    case = objected(world, record)
    assert DISPUTED in client.get(address).content.decode()
    for part, step, seen in (
        ("register", "accept", 1), ("register", "find_wrong", 2), ("registrar", "annul", 3),
    ):  # fmt: skip
        given = {} if step == "accept" else {"reason": "报告已按期公示"}
        answer = world.step(part, case, step, seen=seen, **given)
        assert answer.status_code == 302, answer.content.decode()
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    assert CaseFile.objects.get(number=case).state == "annulled"
    assert client.get(address).status_code == 404
    assert "穗市监示例异" not in client.get(f"/s/{COMPANY.uscc}").content.decode()


def test_after_thirty_days_the_page_says_why_not_and_what_to_do(world: World) -> None:
    record = listed(world, days_ago=60)
    owner = world.sit_down("owner")
    where = f"/counter/apply/listing_objection/{record}"
    page = owner.get(where).content.decode()
    for said in ("自公示之日起未满三十日", "不符合", "可以申请行政复议"):
        assert said in page, said
    answer = owner.post(where, {**SAID, "p-evidence": paper()})
    assert answer.status_code == 400
    assert not CaseFile.objects.filter(process="listing_objection").exists()
