"""During a reorganisation a penalty is public nowhere; once the plan fails it is public again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import World, ago, paper

from yuexin.domains.credit.paper import facts_of
from yuexin.domains.credit.queries import credit_file
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.models import CaseEffect, CaseFile

pytestmark = pytest.mark.usefixtures("undone")
DOC_NO = "〔2026〕5号"
OTHER = "〔2026〕6号"
RULING = {
    "f-court": "佛山市示例中级人民法院", "f-ruling_no": "（2026）粤06破示例1号",
    "f-contact": "陈示例", "f-phone": "020-12345678",
}  # fmt: skip


def applied(world: World, number: str) -> str:
    given = {**RULING, "f-ruled_on": ago(10), "p-ruling": paper()}
    answer = world.sit_down("owner").post(
        f"/counter/apply/bankruptcy_shielding/{world.record(number)}", given
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def stepped(world: World, part: str, case: str, step: str, *, seen: int, **given: str) -> None:
    answer = world.step(part, case, step, seen=seen, **given)
    assert answer.status_code == 302, answer.content.decode()
    world.work()
    assert not CaseEffect.objects.filter(case=case).exclude(trouble="").exists()


def outlets(client: Client, address: str, word: str) -> set[str]:
    """Where this word of a penalty of the company is told."""
    pages = {
        "file": f"/s/{COMPANY.uscc}", "document": f"/s/{COMPANY.uscc}.json",
        "interface": f"/api/v1/subjects/{COMPANY.uscc}", "agency": "/agencies/environment/penalty",
        "record": address,
    }  # fmt: skip
    told = {name: client.get(page).content.decode() for name, page in pages.items()}
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=dt.datetime.now(dt.UTC))
    assert file is not None
    told["report"] = str(facts_of(file))
    return {name for name, said in told.items() if word in said}


EVERYWHERE = {"file", "document", "interface", "agency", "record", "report"}


def test_a_shielded_penalty_is_gone_everywhere_and_back_when_the_plan_fails(
    world: World, client: Client
) -> None:
    address = f"/s/{COMPANY.uscc}/records/{world.record('5')}"
    assert outlets(client, address, DOC_NO) == EVERYWHERE
    case = applied(world, "5")
    stepped(world, "clerk", case, "accept", seen=1)
    assert outlets(client, address, DOC_NO) == EVERYWHERE, "an application changes nothing"
    stepped(world, "signer", case, "shield", seen=2)
    assert CaseFile.objects.get(number=case).state == "shielded"
    assert client.get(address).status_code == 404
    assert outlets(client, address, DOC_NO) == set()
    other = f"/s/{COMPANY.uscc}/records/{world.record('6')}"
    assert outlets(client, other, OTHER) == EVERYWHERE, "the others stand"
    stepped(world, "signer", case, "fail", seen=3, reason="计划不能执行，法院裁定终止重整")
    assert CaseFile.objects.get(number=case).state == "restored"
    again = f"/s/{COMPANY.uscc}/records/{world.record('5')}"
    assert outlets(client, again, DOC_NO) == EVERYWHERE


def test_a_plan_that_was_performed_ends_the_publicity_for_good(
    world: World, client: Client
) -> None:
    case = applied(world, "5")
    stepped(world, "clerk", case, "accept", seen=1)
    stepped(world, "signer", case, "shield", seen=2)
    stepped(world, "signer", case, "perform", seen=3, reason="计划执行完毕")
    again = f"/s/{COMPANY.uscc}/records/{world.record('5')}"
    assert outlets(client, again, DOC_NO) == set()
    refused = world.step("signer", case, "fail", seen=4, reason="反悔")
    assert refused.status_code != 302
    assert CaseFile.objects.get(number=case).state == "performed"


def test_who_is_refused_stays_public_and_learns_what_can_be_done(
    world: World, client: Client
) -> None:
    address = f"/s/{COMPANY.uscc}/records/{world.record('5')}"
    case = applied(world, "5")
    stepped(world, "signer", case, "refuse", seen=1, reason="没有法院的裁定")
    assert outlets(client, address, DOC_NO) == EVERYWHERE
    page = world.sit_down("owner").get(f"/counter/cases/{case}").content.decode()
    assert "没有法院的裁定" in page
    assert "行政复议" in page
