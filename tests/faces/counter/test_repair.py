"""A penalty is repaired after its minimum, over HTTP, from the owner's page to gone everywhere."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import APPLICATION, World

from yuexin.domains.credit.paper import facts_of
from yuexin.domains.credit.queries import credit_file
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile
from yuexin.engines.notices.models import Notice


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _applied(world: World, number: str) -> str:
    answer = world.apply(number)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def test_a_repaired_penalty_is_gone_from_every_outlet(world: World, client: Client) -> None:
    address = f"/s/{COMPANY.uscc}/records/{world.record('1')}"
    assert client.get(address).status_code == 200
    case = _applied(world, "1")
    assert world.step("clerk", case, "accept", seen=1).status_code == 302
    assert world.step("signer", case, "grant", seen=2).status_code == 302
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    assert CaseFile.objects.get(number=case).state == "repaired"
    assert client.get(address).status_code == 404
    assert "〔2026〕1号" not in client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert "〔2026〕1号" not in client.get(f"/s/{COMPANY.uscc}.json").content.decode()
    assert "〔2026〕1号" not in client.get("/agencies/environment").content.decode()
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=now())
    assert file is not None
    facts = facts_of(file)
    assert "〔2026〕1号" not in str(facts)
    assert "〔2026〕2号" in str(facts), "the report tells of the others"
    assert CaseAct.objects.filter(case=case).count() == 3


@pytest.mark.usefixtures("undone")
def test_whoever_is_concerned_is_told_of_each_step_once(world: World) -> None:
    case = _applied(world, "5")
    assert Notice.objects.get(about=f"case/{case}").declared == "case_for_office"
    world.step("clerk", case, "accept", seen=1)
    told = Notice.objects.filter(about=f"case/{case}", declared="case_for_applicant")
    assert told.count() == 1
    owner = world.sit_down("owner")
    inbox = owner.get("/account/notices").content.decode()
    assert f"您的办件 {case} 有进展：已受理" in inbox
    accepted = world.intake.declarations.processes["penalty_repair"].by_state["accepted"]
    english = owner.get("/account/notices?lang=en").content.decode()
    assert case in english
    assert accepted.en in english
    assert accepted.zh not in english
    # Refused, nobody is told anything.
    world.step("clerk", case, "grant", seen=2)
    assert told.count() == 1


@pytest.mark.usefixtures("undone")
def test_the_page_says_what_was_done_last_and_dates_in_words(world: World) -> None:
    case = _applied(world, "5")
    owner = world.sit_down("owner")
    first = owner.get(f"/counter/cases/{case}?done=1").content.decode()
    assert "已经收到。" in first
    performed = dt.date.fromisoformat(APPLICATION["f-performed_on"])
    assert f"{performed.year}年{performed.month}月{performed.day}日" in first
    assert performed.isoformat() not in first
    assert world.step("owner", case, "withdraw", seen=1).status_code == 302
    page = owner.get(f"/counter/cases/{case}?done=1").content.decode()
    assert "已办理：撤回申请。" in page
    assert "已经收到" not in page
    assert "还可以申请什么" in page


@pytest.mark.usefixtures("undone")
def test_a_notice_of_a_case_that_is_over_names_no_day(world: World) -> None:
    case = _applied(world, "5")
    world.step("clerk", case, "not_accept", seen=1, reason="不属于本机关作出的处罚")
    (told,) = Notice.objects.filter(about=f"case/{case}", declared="case_for_applicant")
    assert "时限：现在没有" in told.said["zh"]["body"]
    assert "deadline: none runs now" in told.said["en"]["body"]


@pytest.mark.usefixtures("undone")
def test_nothing_was_performed_on_a_day_that_has_not_come(world: World) -> None:
    tomorrow = (now() + dt.timedelta(days=2)).date().isoformat()
    answer = world.apply("5", **{"f-performed_on": tomorrow})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "“义务履行完毕日期”不能晚于今天" in page
    assert f'value="{tomorrow}"' in page, "what was typed stays"
